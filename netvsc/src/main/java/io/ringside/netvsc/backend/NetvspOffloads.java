package io.ringside.netvsc.backend;

/**
 * What a network device does for its guest. Segments carry checksums that the host does, so there
 * are no large sends without them.
 *
 * @param checksums it fills checksums in, and tells which of those received are right
 * @param largeSends how it may be asked to cut long frames of TCP
 * @param coalescing it hands over long frames of TCP in one
 */
public record NetvspOffloads(boolean checksums, LargeSends largeSends, boolean coalescing) {
    /** Everything. */
    public static final NetvspOffloads ALL = new NetvspOffloads(true, LargeSends.BOTH, true);

    /** Nothing. */
    public static final NetvspOffloads NONE = new NetvspOffloads(false, LargeSends.NONE, false);

    /** Refuses large sends or coalescing without checksums. */
    public NetvspOffloads {
        if ((largeSends != LargeSends.NONE || coalescing) && !checksums) {
            throw new IllegalArgumentException(
                    "needs checksums: largeSends=" + largeSends + " coalescing=" + coalescing);
        }
    }
}
