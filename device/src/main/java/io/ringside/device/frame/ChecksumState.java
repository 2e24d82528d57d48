package io.ringside.device.frame;

/** How far somebody has got with the transport checksum of a frame. */
public enum ChecksumState {
    /** It stands in the frame, and nobody has checked it. */
    PRESENT,
    /**
     * It is still to be done: its field holds the sum of the pseudo header alone, and whoever puts
     * the frame on a wire adds the rest.
     */
    BLANK,
    /** It stands in the frame, and somebody whom the receiver trusts has found it right. */
    VALIDATED
}
