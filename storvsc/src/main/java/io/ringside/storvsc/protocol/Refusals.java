package io.ringside.storvsc.protocol;

import java.util.EnumMap;
import org.agrona.collections.MutableLong;

/**
 * How often an end would not do something, by its reason.
 *
 * <p>Threads: one writer, the end's; others may read figures that lag behind.
 *
 * @param <R> the reasons of one end
 */
public final class Refusals<R extends Enum<R>> {
    private final EnumMap<R, MutableLong> counts;

    /** None so far. */
    public Refusals(final Class<R> reasons) {
        counts = new EnumMap<>(reasons);
        for (final R reason : reasons.getEnumConstants()) {
            counts.put(reason, new MutableLong());
        }
    }

    /** One more. */
    public void count(final R reason) {
        final MutableLong count = counts.get(reason);
        if (count != null) {
            count.increment();
        }
    }

    /** How often it was for this reason. */
    public long of(final R reason) {
        final MutableLong count = counts.get(reason);
        return count == null ? 0 : count.get();
    }

    /** How often it was for any reason. */
    public long total() {
        long sum = 0;
        for (final MutableLong count : counts.values()) {
            sum += count.get();
        }
        return sum;
    }
}
