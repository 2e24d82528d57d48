package io.ringside.perf.scenario;

/** What a disk leaves to its two ends. */
public enum DiskFeature implements Feature {
    /** Pages of the guest stay mapped in the host, and payload is copied into them or out. */
    PERSISTENT("persistent", "pages stay mapped, payload is copied into them or out of them"),
    /** A request names its pages in pages of their own. */
    INDIRECT(
            "indirect", "a request lists its pages in pages of their own, so that it can be large"),
    /** The ring has four pages. */
    RING4("ring4", "a ring of four pages has room for four times as many requests"),
    /** The drive's model runs in another thread than the processor that it is called by. */
    ELSEWHERE(
            "ioreq",
            "the model is in another thread, and the processor waits at each exit; with --clock"
                    + " wall it waits as long as handing over takes on this machine"),
    /** The disk has two rings. */
    TWO_QUEUES("2q", "two rings, each with its own event channel"),
    /** The controller has channels beside the first. */
    SUB_CHANNELS("subchannels", "requests are spread over four channels in place of one");

    private final String label;
    private final String meaning;

    DiskFeature(final String label, final String meaning) {
        this.label = label;
        this.meaning = meaning;
    }

    @Override
    public String label() {
        return label;
    }

    @Override
    public String meaning() {
        return meaning;
    }
}
