package io.ringside.vmbus.sim;

import io.ringside.vmbus.protocol.MonitorPage;
import org.jspecify.annotations.Nullable;

/**
 * The triggers of a guest's monitor page, and what each of them signals.
 *
 * <p>What the page says of itself is for the guest to read; the hypervisor uses its own copy, so
 * that a guest that writes there reaches no connection it may not signal. Threads: any; it locks
 * briefly.
 */
final class MonitorTriggers {
    private static final int NANOS_PER_UNIT = 100;
    private static final int FREE = 0;

    private final int[] connections = new int[MonitorPage.TRIGGERS];
    private final int[] latencies = new int[MonitorPage.TRIGGERS];
    private final long[] lastLooks = new long[MonitorPage.TRIGGERS];
    private int count;
    private @Nullable MonitorPage page;

    synchronized void place(final @Nullable MonitorPage newPage) {
        page = newPage;
        if (newPage != null) {
            for (int trigger = 0; trigger < MonitorPage.TRIGGERS; trigger++) {
                if (connections[trigger] != FREE) {
                    newPage.describe(trigger, connections[trigger], 0, latencies[trigger]);
                }
            }
        }
    }

    synchronized int allocate(final int connectionId, final int latency100Nanos) {
        for (int trigger = 0; trigger < MonitorPage.TRIGGERS; trigger++) {
            if (connections[trigger] == FREE) {
                connections[trigger] = connectionId;
                latencies[trigger] = latency100Nanos;
                lastLooks[trigger] = Long.MIN_VALUE;
                count++;
                if (page != null) {
                    page.describe(trigger, connectionId, 0, latency100Nanos);
                }
                return trigger;
            }
        }
        return -1;
    }

    synchronized void free(final int trigger) {
        if (connections[trigger] == FREE) {
            throw new IllegalArgumentException("not allocated: trigger=" + trigger);
        }
        connections[trigger] = FREE;
        count--;
    }

    synchronized int count() {
        return count;
    }

    /** Signals what the triggers that are set and due stand for; how many there were. */
    synchronized int poll(final long nowNanos, final PortTable ports) {
        final MonitorPage looked = page;
        if (looked == null || count == 0) {
            return 0;
        }
        int found = 0;
        for (int trigger = 0; trigger < MonitorPage.TRIGGERS; trigger++) {
            if (connections[trigger] == FREE || !isDue(trigger, nowNanos)) {
                continue;
            }
            lastLooks[trigger] = nowNanos;
            if (looked.takePendingVolatile(trigger)) {
                ports.signal(connections[trigger], 0);
                found++;
            }
        }
        return found;
    }

    private boolean isDue(final int trigger, final long nowNanos) {
        return lastLooks[trigger] == Long.MIN_VALUE
                || nowNanos - lastLooks[trigger] >= (long) latencies[trigger] * NANOS_PER_UNIT;
    }
}
