package io.ringside.netvsc.backend;

/**
 * What a network device does for its guest. Segments carry checksums that the host does, so there
 * is no segmentation without them.
 *
 * @param checksums it fills checksums in, and tells which of those received are right
 * @param segmentation it cuts long frames of TCP
 * @param coalescing it hands over long frames of TCP in one
 */
public record NetvspOffloads(boolean checksums, boolean segmentation, boolean coalescing) {
    /** Everything. */
    public static final NetvspOffloads ALL = new NetvspOffloads(true, true, true);

    /** Nothing. */
    public static final NetvspOffloads NONE = new NetvspOffloads(false, false, false);

    /** Refuses segmentation or coalescing without checksums. */
    public NetvspOffloads {
        if ((segmentation || coalescing) && !checksums) {
            throw new IllegalArgumentException(
                    "needs checksums: segmentation=" + segmentation + " coalescing=" + coalescing);
        }
    }
}
