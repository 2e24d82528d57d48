package io.ringside.perf.scenario;

/** Which way the frames of a workload go. */
public enum NetDirection {
    /** The guest sends. */
    TX,
    /** The guest receives. */
    RX
}
