package io.ringside.perf.scenario;

/** The order and kind of a disk workload's requests, by the names that users of fio know. */
public enum DiskPattern {
    /** Random places, read. */
    RANDREAD("randread", true, 0),
    /** Random places, written. */
    RANDWRITE("randwrite", true, 100),
    /** From the start on, read; again from the start at the end. */
    READ("read", false, 0),
    /** From the start on, written; again from the start at the end. */
    WRITE("write", false, 100),
    /** Random places, half read and half written. */
    RANDRW("randrw", true, 50);

    private final String label;
    private final boolean random;
    private final int writePercent;

    DiskPattern(final String label, final boolean random, final int writePercent) {
        this.label = label;
        this.random = random;
        this.writePercent = writePercent;
    }

    /** The name on the command line and in reports. */
    public String label() {
        return label;
    }

    /** Whether places are drawn at random. */
    public boolean isRandom() {
        return random;
    }

    /** How many requests of a hundred write. */
    public int writePercent() {
        return writePercent;
    }

    /** Whether the medium is changed. */
    public boolean writes() {
        return writePercent > 0;
    }

    /** The pattern of a name; every name is listed in the error. */
    public static DiskPattern of(final String label) throws UsageException {
        final StringBuilder known = new StringBuilder();
        for (final DiskPattern pattern : values()) {
            if (pattern.label.equals(label)) {
                return pattern;
            }
            known.append(known.isEmpty() ? "" : ", ").append(pattern.label);
        }
        throw new UsageException("unknown pattern '" + label + "': use one of " + known);
    }
}
