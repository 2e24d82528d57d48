package io.ringside.netvsc.protocol;

/**
 * Which piece of a coalesced packet a frame is: one word, from version 6.1 on. The pieces of one
 * packet are consecutive messages of one transfer-page packet; the guest joins their frames.
 *
 * <pre>
 *  bit    31            16 15         8 7          0
 *       +----------------+-------------+------------+
 *       |      id        |    flags    |  version   |
 *       +----------------+-------------+------------+
 * </pre>
 *
 * <p>Source: {@code struct rndis_pktinfo_id}, hyperv_net.h. Threads: any.
 */
public final class FragmentInfo {
    /** The version that there is. */
    public static final int VERSION = 1;

    /** Most pieces of one packet. */
    public static final int MOST_FRAGMENTS = 562;

    public static final int SUB_ALLOCATION = 1;
    public static final int FIRST = 1 << 1;
    public static final int LAST = 1 << 2;

    private static final int FLAGS_SHIFT = 8;
    private static final int ID_SHIFT = 16;
    private static final int U8 = 0xff;

    private FragmentInfo() {}

    /** A word of version 1. */
    public static int of(final int flags, final int id) {
        return VERSION | (flags & U8) << FLAGS_SHIFT | id << ID_SHIFT;
    }

    /** The version, 0 to 255. */
    public static int version(final int word) {
        return word & U8;
    }

    /** All flags, 0 to 255. */
    public static int flags(final int word) {
        return word >>> FLAGS_SHIFT & U8;
    }

    /** Whether it is the first piece. */
    public static boolean isFirst(final int word) {
        return (flags(word) & FIRST) != 0;
    }

    /** Whether it is the last piece. */
    public static boolean isLast(final int word) {
        return (flags(word) & LAST) != 0;
    }

    /** The number of the packet, 0 to 65535. */
    public static int id(final int word) {
        return word >>> ID_SHIFT;
    }
}
