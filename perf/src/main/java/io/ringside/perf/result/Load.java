package io.ringside.perf.result;

import org.jspecify.annotations.Nullable;

/** How hard a device was driven in one of the runs that a row holds. */
public enum Load {
    /**
     * As hard as it goes: a disk with all its requests in flight, a network card at the highest
     * rate without loss. Headline figures and counts are of this one.
     */
    HIGHEST("highest", "at the highest rate"),
    /** Each frame of a stream that is given, once. */
    REPLAY("replay", "replay of the capture"),
    /** At 50 % of the highest rate; latency from the intended start. */
    HALF("at50Percent", "at 50 % of it"),
    /** At 90 % of the highest rate; latency from the intended start. */
    MOST("at90Percent", "at 90 % of it");

    private final String key;
    private final String label;

    Load(final String key, final String label) {
        this.key = key;
        this.label = label;
    }

    /** The name in JSON and CSV. */
    public String key() {
        return key;
    }

    /** The name for people. */
    public String label() {
        return label;
    }

    /** The load of a key; null if there is none. */
    public static @Nullable Load of(final String key) {
        for (final Load load : values()) {
            if (load.key.equals(key)) {
                return load;
            }
        }
        return null;
    }
}
