package io.ringside.perf.scenario;

/** What a network card leaves to its two ends. */
public enum NetFeature implements Feature {
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
