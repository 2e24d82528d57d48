package io.ringside.device.media;

/** How a medium is opened. */
public enum Access {
    /** Writes are refused; the medium is never changed. */
    READ_ONLY,
    /** Reads and writes. */
    READ_WRITE
}
