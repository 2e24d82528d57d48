package io.ringside.hypervisor;

import java.util.EnumMap;
import java.util.Map;

/**
 * What each crossing costs, in nanoseconds, and where the figures come from.
 *
 * @param name the profile's name, as reports show it
 * @param source where the figures come from
 * @param nanos cost of each crossing; what is not listed costs nothing
 */
public record CrossingCosts(String name, String source, Map<Crossing, Integer> nanos) {
    /** Counts crossings and charges nothing: what they really cost here is what they take. */
    public static final CrossingCosts COUNTS =
            new CrossingCosts("counts", "charges nothing", Map.of());

    /** Copies the map and refuses negative costs. */
    public CrossingCosts {
        final EnumMap<Crossing, Integer> copy = new EnumMap<>(Crossing.class);
        copy.putAll(nanos);
        copy.forEach((crossing, cost) -> {
            if (cost < 0) {
                throw new IllegalArgumentException(
                        "negative cost: crossing=" + crossing + " nanos=" + cost);
            }
        });
        nanos = Map.copyOf(copy);
    }

    /** Cost of one crossing in nanoseconds. */
    public int nanos(final Crossing crossing) {
        return nanos.getOrDefault(crossing, 0);
    }
}
