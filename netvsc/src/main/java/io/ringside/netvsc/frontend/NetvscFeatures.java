package io.ringside.netvsc.frontend;

/**
 * What a frontend uses if the host has it.
 *
 * @param checksums the host does and checks the sums of TCP and UDP
 * @param largeSends the host cuts long frames of TCP; only together with {@code checksums}
 * @param vlanTags a VLAN tag travels beside the frame
 * @param receiveScaling received frames are spread over all channels by their hash
 * @param coalescing the host may hand over several received segments as one frame
 */
public record NetvscFeatures(
        boolean checksums,
        boolean largeSends,
        boolean vlanTags,
        boolean receiveScaling,
        boolean coalescing) {
    /** Everything. */
    public static final NetvscFeatures ALL = new NetvscFeatures(true, true, true, true, true);

    /** Nothing. */
    public static final NetvscFeatures NONE = new NetvscFeatures(false, false, false, false, false);
}
