package io.ringside.device.guest;

/** How a frame to be sent ended. */
public enum NetStatus {
    /** The other side took it; whether the network did is not known. */
    OK,
    /** The other side refused or dropped it, and said so. */
    ERROR,
    /** The device went while it was under way: whether the other side saw it is not known. */
    GONE
}
