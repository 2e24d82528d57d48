package io.ringside.perf.result;

import io.ringside.hypervisor.Crossing;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * Crossings for one operation, by half and kind; what is not listed did not happen.
 *
 * @param guest of the guest's half
 * @param host of the host's half
 */
public record Crossings(Map<Crossing, Series> guest, Map<Crossing, Series> host) {
    /** None. */
    public static final Crossings NONE = new Crossings(Map.of(), Map.of());

    /** Copies the maps, in the order of the crossings. */
    public Crossings {
        guest = ordered(guest);
        host = ordered(host);
    }

    /** Those of a half. */
    public Map<Crossing, Series> of(final Half half) {
        return switch (half) {
            case GUEST -> guest;
            case HOST -> host;
        };
    }

    /** The median of one kind; 0 where it did not happen. */
    public double median(final Half half, final Crossing crossing) {
        final Series series = of(half).get(crossing);
        return series == null ? 0 : series.median();
    }

    /**
     * These forks and further ones; a kind that one of them lacks happened 0 times in all its
     * forks.
     */
    Crossings plus(final int forks, final Crossings further, final int furtherForks) {
        return new Crossings(
                plus(guest, forks, further.guest, furtherForks),
                plus(host, forks, further.host, furtherForks));
    }

    private static Map<Crossing, Series> plus(
            final Map<Crossing, Series> first,
            final int forks,
            final Map<Crossing, Series> second,
            final int furtherForks) {
        final Map<Crossing, Series> all = new EnumMap<>(Crossing.class);
        for (final Crossing crossing : Crossing.values()) {
            final Series one = first.get(crossing);
            final Series other = second.get(crossing);
            if (one != null || other != null) {
                all.put(
                        crossing,
                        (one == null ? Series.of(new double[forks]) : one)
                                .plus(other == null ? Series.of(new double[furtherForks]) : other));
            }
        }
        return all;
    }

    private static Map<Crossing, Series> ordered(final Map<Crossing, Series> map) {
        final Map<Crossing, Series> copy = new EnumMap<>(Crossing.class);
        copy.putAll(map);
        return Collections.unmodifiableMap(copy);
    }
}
