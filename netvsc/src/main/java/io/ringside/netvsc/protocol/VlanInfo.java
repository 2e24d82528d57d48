package io.ringside.netvsc.protocol;

/**
 * The VLAN tag of a frame, in another order than on the wire: one word.
 *
 * <pre>
 *  bit    31            16 15            4  3  2     0
 *       +----------------+----------------+---+--------+
 *       |       0        |     VLAN       |cfi|priority|
 *       +----------------+----------------+---+--------+
 *
 *  on the wire            15    13  12  11            0
 *                       +---------+---+----------------+
 *                       |priority |cfi|      VLAN      |
 *                       +---------+---+----------------+
 * </pre>
 *
 * <p>Source: {@code struct ndis_pkt_8021q_info}, hyperv_net.h. Threads: any.
 */
public final class VlanInfo {
    private static final int PRIORITY_MASK = 7;
    private static final int CFI_SHIFT = 3;
    private static final int VLAN_SHIFT = 4;
    private static final int VLAN_MASK = 0xfff;
    private static final int TAG_PRIORITY_SHIFT = 13;
    private static final int TAG_CFI_SHIFT = 12;

    private VlanInfo() {}

    /** The word of a tag as it stands on the wire. */
    public static int ofTag(final int tag) {
        return tag >>> TAG_PRIORITY_SHIFT & PRIORITY_MASK
                | (tag >>> TAG_CFI_SHIFT & 1) << CFI_SHIFT
                | (tag & VLAN_MASK) << VLAN_SHIFT;
    }

    /** The tag of a word, as it stands on the wire: 16 bits. */
    public static int tag(final int word) {
        return (word & PRIORITY_MASK) << TAG_PRIORITY_SHIFT
                | (word >>> CFI_SHIFT & 1) << TAG_CFI_SHIFT
                | word >>> VLAN_SHIFT & VLAN_MASK;
    }
}
