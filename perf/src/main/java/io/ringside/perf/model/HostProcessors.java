package io.ringside.perf.model;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Processors that strands share, one step at a time each.
 *
 * <p>A strand that wants to go on takes the processor that it was on last, or else the first that
 * nobody has; if all are taken it waits behind those that asked before. It gives its processor up
 * when it sleeps, and after a step if others wait. A processor that goes on with another strand
 * than its last one takes the time of a switch, which the strand pays.
 *
 * <p>Threads: see {@link Simulation}.
 */
final class HostProcessors {
    private final long switchNanos;
    private final @Nullable Strand[] taken;
    private final @Nullable Strand[] last;
    private final Queue<Strand> waiting = new ArrayDeque<>();

    HostProcessors(final int count, final long switchNanos) {
        this.switchNanos = switchNanos;
        taken = new Strand[count];
        last = new Strand[count];
    }

    boolean hasOne(final Strand strand) {
        return indexOf(taken, strand) >= 0;
    }

    /** Whether somebody waits. */
    boolean isWanted() {
        return !waiting.isEmpty();
    }

    /** Takes a processor, or queues for one. */
    void ask(final Strand strand) {
        final int before = indexOf(last, strand);
        final int free = before >= 0 && taken[before] == null ? before : indexOf(taken, null);
        if (free < 0) {
            waiting.add(strand);
            strand.queued();
        } else {
            give(free, strand, strand.nanos());
        }
    }

    /** Gives the strand's processor to whoever has waited longest. */
    void leave(final Strand strand) {
        final int index = indexOf(taken, strand);
        taken[index] = null;
        final Strand next = waiting.poll();
        if (next != null) {
            give(index, next, strand.nanos());
        }
    }

    private void give(final int index, final Strand strand, final long atNanos) {
        final boolean switches = last[index] != null && last[index] != strand;
        taken[index] = strand;
        last[index] = strand;
        strand.dispatched(atNanos, switches ? switchNanos : 0);
    }

    private static int indexOf(final @Nullable Strand[] among, final @Nullable Strand strand) {
        for (int i = 0; i < among.length; i++) {
            if (among[i] == strand) {
                return i;
            }
        }
        return -1;
    }
}
