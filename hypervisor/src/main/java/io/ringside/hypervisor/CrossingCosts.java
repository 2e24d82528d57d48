package io.ringside.hypervisor;

import java.util.EnumMap;
import java.util.Map;

/**
 * What each crossing costs, in nanoseconds, and where the figures come from.
 *
 * @param name the profile's name, as reports show it
 * @param source where the figures come from
 * @param nanos cost of each crossing; what is not listed costs nothing
 * @param hostNanos cost of those that a host's half pays otherwise than a guest's does
 * @param handOverNanos what an exit costs in addition where another thread answers it
 */
public record CrossingCosts(
        String name,
        String source,
        Map<Crossing, Integer> nanos,
        Map<Crossing, Integer> hostNanos,
        int handOverNanos) {
    /** Counts crossings and charges nothing: what they really cost here is what they take. */
    public static final CrossingCosts COUNTS =
            new CrossingCosts("counts", "charges nothing", Map.of());

    /** Copies the maps and refuses negative costs. */
    public CrossingCosts {
        nanos = checked(nanos);
        hostNanos = checked(hostNanos);
        if (handOverNanos < 0) {
            throw new IllegalArgumentException("negative cost: handOverNanos=" + handOverNanos);
        }
    }

    /** Both halves pay the same, and handing an exit over costs nothing. */
    public CrossingCosts(
            final String name, final String source, final Map<Crossing, Integer> nanos) {
        this(name, source, nanos, Map.of(), 0);
    }

    private static Map<Crossing, Integer> checked(final Map<Crossing, Integer> nanos) {
        final EnumMap<Crossing, Integer> copy = new EnumMap<>(Crossing.class);
        copy.putAll(nanos);
        copy.forEach((crossing, cost) -> {
            if (cost < 0) {
                throw new IllegalArgumentException(
                        "negative cost: crossing=" + crossing + " nanos=" + cost);
            }
        });
        return Map.copyOf(copy);
    }

    /** Cost of one crossing in nanoseconds. */
    public int nanos(final Crossing crossing) {
        return nanos.getOrDefault(crossing, 0);
    }

    /** The same list as the host's half pays it. */
    public CrossingCosts ofHost() {
        if (hostNanos.isEmpty()) {
            return this;
        }
        final EnumMap<Crossing, Integer> all = new EnumMap<>(Crossing.class);
        all.putAll(nanos);
        all.putAll(hostNanos);
        return new CrossingCosts(name, source, all, hostNanos, handOverNanos);
    }

    /** The same where handing an exit over is not charged: it really happens. */
    public CrossingCosts withoutHandOver() {
        return new CrossingCosts(name, source, nanos, hostNanos, 0);
    }
}
