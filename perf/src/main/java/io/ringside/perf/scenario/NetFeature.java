package io.ringside.perf.scenario;

/** What a network card leaves to its two ends. */
public enum NetFeature implements Feature {
    /** A queue has a port for each of its rings. */
    SPLIT("split", "sent and received packets have an event channel each"),
    /** Pages that packets are sent from stay granted. */
    KEPT("kept", "the sender's pages stay granted, for one that uses the same ones again"),
    /** Pages are taken back before what was received is looked at. */
    REVOKED("revoked", "a received page's grant is taken back before anybody sees the packet"),
    /** The backend keeps pages mapped, and payload is copied into them or out of them. */
    STAGING("staging", "pages stay mapped in the host, payload is copied into them or out of them"),
    /** Several frames go in one message. */
    AGGREGATION("aggregation", "up to 64 small frames of one batch share a message"),
    /** Frames are never copied into the send buffer. */
    PAGES("pages", "every frame is named by its pages, and none is copied into the send buffer"),
    /** Checksums and the cutting of long frames are left to the other end. */
    OFFLOADS("offloads", "checksums and the cutting of long frames are left to the other end"),
    /** The chip lets time pass between interrupts. */
    MODERATED("itr", "at most 8,000 interrupts a second, whatever arrives between them"),
    /** The chip's model runs in another thread than the processor that it is called by. */
    ELSEWHERE(
            "ioreq",
            "the model is in another thread, and the processor waits at each exit; with --clock"
                    + " wall it waits as long as handing over takes on this machine"),
    /** The card has two queues. */
    TWO_QUEUES("2q", "two queues, each with its own rings");

    private final String label;
    private final String meaning;

    NetFeature(final String label, final String meaning) {
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
