package io.ringside.perf.result;

/** What a cost rests on. */
public enum Basis {
    /** Measured on the machine of the run. */
    MEASURED,
    /** Read in a publication that the source names. */
    PUBLISHED,
    /** Computed from published figures. */
    DERIVED,
    /** Nobody published it; results that rest on it are predictions. */
    ASSUMED
}
