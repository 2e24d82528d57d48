package io.ringside.perf.scenario;

/** A choice that a device leaves to its two ends, to be measured against the device without it. */
public interface Feature {
    /** The name on the command line and in reports. */
    String label();

    /** What it is, in words. */
    String meaning();
}
