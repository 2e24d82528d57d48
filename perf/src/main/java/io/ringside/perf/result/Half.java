package io.ringside.perf.result;

/** The two ends of a device. */
public enum Half {
    /** The guest's: a frontend, or a driver of emulated hardware. */
    GUEST,
    /** The host's: a backend, or a device model. */
    HOST
}
