package io.ringside.perf.result;

/** Which clock the times of a job are of; no column and no chart ever holds both. */
public enum Clock {
    /** Real threads on a real machine: charged crossings take their time. */
    WALL("wall clock: measured on this machine"),
    /** A run of events on the profile's costs: the same on every machine, to the digit. */
    MODELLED("modelled clock: computed from the profile's costs");

    private final String label;

    Clock(final String label) {
        this.label = label;
    }

    /** The name for people. */
    public String label() {
        return label;
    }
}
