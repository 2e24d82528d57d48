package io.ringside.device.guest;

/** How a block request ended. */
public enum BlockStatus {
    /** Done in full. */
    OK,
    /** The medium or the peer failed it; nothing may be assumed of the data. */
    ERROR,
    /** The device does not know the operation. */
    UNSUPPORTED
}
