package io.ringside.perf.costs;

import java.util.Locale;

/** What a figure rests on. */
public enum Basis {
    /** Measured on the host that runs this. */
    MEASURED("measured"),
    /** Published: read at its source, or in a verbatim excerpt of it. */
    PUBLISHED("source"),
    /** Computed from figures that were published or measured. */
    DERIVED("derived"),
    /** Assumed; or published, but only seen quoted or remembered. */
    ASSUMED("assumed");

    private final String key;

    Basis(final String key) {
        this.key = key;
    }

    /** The key under which a profile gives the reason for such a figure. */
    public String key() {
        return key;
    }

    /** As tables show it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
