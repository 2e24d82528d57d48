package io.ringside.perf.costs;

import io.ringside.hypervisor.Crossing;
import io.ringside.perf.measure.HalfCounts;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What the crossings of a run were charged, and what an operation would have taken at the ends of
 * the profile's range.
 *
 * <p>A run takes place at nominal cost; the ends are arithmetic on its counts, as if slower or
 * faster crossings changed none of them. A half that does not wait for the other hides its charges
 * behind the other's, and how much of them no count tells: so the band is the widest, the
 * difference of both halves taken together, but never shorter than what either half is still
 * charged.
 *
 * <pre>
 * low  = max(elapsed - (nominal - low of both halves), charged at low to either half)
 * high = elapsed + (high - nominal of both halves)
 * </pre>
 *
 * <p>All figures are nanoseconds an operation. Threads: any; immutable.
 */
public final class ChargedTime {
    /** One end of a device. */
    public enum Half {
        /** The guest's. */
        FRONTEND,
        /** The host's. */
        BACKEND
    }

    /**
     * What one kind of crossing was charged on one half.
     *
     * @param key the kind
     * @param half where it was crossed
     * @param crossings how many an operation
     * @param nanos charged an operation
     * @param least what would have been, at the low end of the range
     * @param most the same at the high end
     */
    public record Charge(
            CostKey key, Half half, double crossings, double nanos, double least, double most) {
        /** At one point of the range. */
        public double nanos(final Band band) {
            return switch (band) {
                case LOW -> least;
                case NOMINAL -> nanos;
                case HIGH -> most;
            };
        }
    }

    private final CostProfile profile;
    private final List<Charge> charges;
    private final double elapsedNanos;

    private ChargedTime(
            final CostProfile profile, final List<Charge> charges, final double elapsedNanos) {
        this.profile = profile;
        this.charges = List.copyOf(charges);
        this.elapsedNanos = elapsedNanos;
    }

    /**
     * What a run was charged.
     *
     * @param profile the one that it was charged by, at nominal cost
     * @param frontend what the guest's half crossed
     * @param backend what the host's half crossed
     * @param operations how many operations ended; none count as one
     * @param elapsedNanos how long all of them took together
     */
    public static ChargedTime of(
            final CostProfile profile,
            final HalfCounts frontend,
            final HalfCounts backend,
            final long operations,
            final long elapsedNanos) {
        final double divisor = Math.max(1, operations);
        final List<Charge> charges = new ArrayList<>();
        add(charges, profile, Half.FRONTEND, frontend, divisor);
        add(charges, profile, Half.BACKEND, backend, divisor);
        return new ChargedTime(profile, charges, elapsedNanos / divisor);
    }

    private static void add(
            final List<Charge> charges,
            final CostProfile profile,
            final Half half,
            final HalfCounts counts,
            final double operations) {
        for (final Crossing crossing : Crossing.values()) {
            final long count = counts.count(crossing);
            if (count != 0) {
                charges.add(
                        new Charge(
                                CostKey.of(crossing),
                                half,
                                count / operations,
                                charged(profile, Band.NOMINAL, crossing, count) / operations,
                                charged(profile, Band.LOW, crossing, count) / operations,
                                charged(profile, Band.HIGH, crossing, count) / operations));
            }
        }
    }

    /** In whole nanoseconds a crossing, as a processor charges them. */
    private static double charged(
            final CostProfile profile, final Band band, final Crossing crossing, final long count) {
        return (double) profile.crossingCosts(band).nanos(crossing) * count;
    }

    /** Every kind that was crossed: the guest's half first, each in the order of the keys. */
    public List<Charge> charges() {
        return charges;
    }

    /** What one half is charged for an operation. */
    public double charged(final Half half, final Band band) {
        double sum = 0;
        for (final Charge charge : charges) {
            if (charge.half() == half) {
                sum += charge.nanos(band);
            }
        }
        return sum;
    }

    /** What an operation took, and would have taken at the ends of the range. */
    public double operationNanos(final Band band) {
        final double frontend = charged(Half.FRONTEND, band);
        final double backend = charged(Half.BACKEND, band);
        final double difference =
                frontend
                        - charged(Half.FRONTEND, Band.NOMINAL)
                        + backend
                        - charged(Half.BACKEND, Band.NOMINAL);
        return band == Band.LOW
                ? Math.max(elapsedNanos + difference, Math.max(frontend, backend))
                : elapsedNanos + difference;
    }

    /** What was crossed on either half. */
    public Set<CostKey> used() {
        final Set<CostKey> used = EnumSet.noneOf(CostKey.class);
        for (final Charge charge : charges) {
            used.add(charge.key());
        }
        return used;
    }

    /** What was crossed and has an assumed cost: if anything, the time is a prediction. */
    public List<CostKey> assumed() {
        return profile.assumed(used());
    }
}
