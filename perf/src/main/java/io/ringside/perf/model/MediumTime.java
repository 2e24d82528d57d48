package io.ringside.perf.model;

/**
 * How long a medium takes.
 *
 * @param latencyNanos from a request to its first byte
 * @param parallel how many requests it works on at once; 0 for any number
 * @param bytesPerSecond what it carries in all; 0 for any rate
 */
public record MediumTime(long latencyNanos, int parallel, long bytesPerSecond) {
    /** A medium in memory: whoever asks copies its bytes, and nothing else takes time. */
    public static final MediumTime MEMORY = new MediumTime(0, 0, 0);

    /** Whether bytes are copied by a processor, rather than fetched by the medium. */
    boolean isMemory() {
        return latencyNanos == 0 && bytesPerSecond == 0;
    }

    /** Refuses what no medium does. */
    public MediumTime {
        if (latencyNanos < 0 || parallel < 0 || bytesPerSecond < 0) {
            throw new IllegalArgumentException(
                    "out of range: latencyNanos="
                            + latencyNanos
                            + " parallel="
                            + parallel
                            + " bytesPerSecond="
                            + bytesPerSecond);
        }
    }
}
