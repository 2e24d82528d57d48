package io.ringside.perf.result;

import io.ringside.hypervisor.Crossing;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Names of crossings in JSON, CSV and cost profiles: {@code PORT_EXIT} is {@code portExit}. */
public final class CrossingKeys {
    private CrossingKeys() {}

    /** The key of a crossing. */
    public static String of(final Crossing crossing) {
        final StringBuilder key = new StringBuilder();
        for (final String word : crossing.name().toLowerCase(Locale.ROOT).split("_", -1)) {
            key.append(
                    key.isEmpty()
                            ? word
                            : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
        return key.toString();
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
