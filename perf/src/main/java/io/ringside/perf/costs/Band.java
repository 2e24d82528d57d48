package io.ringside.perf.costs;

/** Where in the range of its figures a profile is taken. */
public enum Band {
    /** Every figure at its least. */
    LOW,
    /** Every figure as it stands. */
    NOMINAL,
    /** Every figure at its most. */
    HIGH
}
