package io.ringside.perf.costs;

import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.CrossingCosts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What everything costs on one kind of machine, figure by figure.
 *
 * @param name as options and reports have it
 * @param about one line
 * @param file where it was read, in words
 * @param costs the figures that it lists; all others are {@link Cost#NOTHING}
 */
public record CostProfile(String name, String about, String file, Map<CostKey, Cost> costs) {
    /** Copies the map; its order is that of the keys. */
    public CostProfile {
        final Map<CostKey, Cost> copy = new EnumMap<>(CostKey.class);
        copy.putAll(costs);
        costs = Collections.unmodifiableMap(copy);
    }

    /** One figure; where it is not listed, that of the key that holds instead, or nothing. */
    public Cost cost(final CostKey key) {
        final Cost listed = costs.get(key);
        if (listed != null) {
            return listed;
        }
        final CostKey otherwise = key.otherwise();
        return otherwise == null ? Cost.NOTHING : cost(otherwise);
    }

    /** What processors are charged, in whole nanoseconds. */
    public CrossingCosts crossingCosts() {
        return crossingCosts(Band.NOMINAL);
    }

    /** The same at an end of the range, which the name then tells. */
    public CrossingCosts crossingCosts(final Band band) {
        final Map<Crossing, Integer> nanos = new EnumMap<>(Crossing.class);
        for (final Crossing crossing : Crossing.values()) {
            nanos.put(crossing, whole(CostKey.of(crossing), band));
        }
        return new CrossingCosts(
                switch (band) {
                    case LOW -> name + " (low)";
                    case NOMINAL -> name;
                    case HIGH -> name + " (high)";
                },
                about,
                nanos,
                Map.of(
                        Crossing.HYPERCALL, whole(CostKey.HOST_HYPERCALL, band),
                        Crossing.UPCALL, whole(CostKey.HOST_UPCALL, band)),
                whole(CostKey.EXIT_HAND_OVER, band));
    }

    private int whole(final CostKey key, final Band band) {
        return Math.toIntExact(Math.round(cost(key).nanos(band)));
    }

    /** Whether any figure that it lists is assumed. */
    public boolean isPrediction() {
        return !assumed(EnumSet.allOf(CostKey.class)).isEmpty();
    }

    /**
     * Which of these keys are assumed: what was charged by one of them is a prediction.
     *
     * @param used what a run crossed, or a model took time for
     * @return in the order of the keys
     */
    public List<CostKey> assumed(final Set<CostKey> used) {
        final List<CostKey> assumed = new ArrayList<>();
        for (final CostKey key : CostKey.values()) {
            if (used.contains(key) && cost(key).basis() == Basis.ASSUMED) {
                assumed.add(key);
            }
        }
        return assumed;
    }
}
