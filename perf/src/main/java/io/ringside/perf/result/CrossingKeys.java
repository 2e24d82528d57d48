package io.ringside.perf.result;

import io.ringside.hypervisor.Crossing;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Names of crossings in JSON, CSV and cost profiles: {@code PORT_EXIT} is {@code portExit}. */
public final class CrossingKeys {
    private CrossingKeys() {}

    /** The key of a crossing. */
    public static String of(final Crossing crossing) {
        return of(crossing.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    /** The key of its cost on the host's half, where a profile tells that apart. */
    static String ofHost(final Crossing crossing) {
        final String key = of(crossing);
        return "host" + Character.toUpperCase(key.charAt(0)) + key.substring(1);
    }

    /** The key of a label in a cost profile: {@code port-exit} is {@code portExit}. */
    public static String of(final String label) {
        final StringBuilder key = new StringBuilder();
        for (final String word : label.split("-", -1)) {
            key.append(
                    key.isEmpty() || word.isEmpty()
                            ? word
                            : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
        return key.toString();
    }

    /** The label in a cost profile of a key, as people read it: {@code port-exit}. */
    public static String label(final String key) {
        final StringBuilder label = new StringBuilder();
        for (int i = 0; i < key.length(); i++) {
            final char letter = key.charAt(i);
            if (Character.isUpperCase(letter)) {
                label.append('-');
            }
            label.append(Character.toLowerCase(letter));
        }
        return label.toString();
    }

    /** The crossing of a key; null if there is none. */
    public static @Nullable Crossing crossing(final String key) {
        for (final Crossing crossing : Crossing.values()) {
            if (of(crossing).equals(key)) {
                return crossing;
            }
        }
        return null;
    }
}
