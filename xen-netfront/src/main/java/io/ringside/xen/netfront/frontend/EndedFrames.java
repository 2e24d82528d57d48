package io.ringside.xen.netfront.frontend;

import io.ringside.device.guest.NetCompletions;
import io.ringside.device.guest.NetFrame;
import io.ringside.device.guest.NetStatus;
import java.util.ArrayDeque;

/**
 * The way of a sent frame back to its owner: at once, or, where the driver is in the middle of
 * something else, the next time the agent works. Received frames and the link go the same way.
 *
 * <p>Threads: one.
 */
final class EndedFrames {
    private static final NetCompletions NOBODY =
            new NetCompletions() {
                @Override
                public void transmitted(final NetFrame frame) {
                    throw nobody();
                }

                @Override
                public void received(final int queue, final NetFrame frame) {
                    throw nobody();
                }

                @Override
                public void linkChanged() {
                    // Whoever is not there yet asks when it comes.
                }

                private IllegalStateException nobody() {
                    return new IllegalStateException("nobody takes frames: completions=none");
                }
            };

    private final ArrayDeque<NetFrame> waiting = new ArrayDeque<>();
    private final NetfrontCounters counters;
    private NetCompletions completions = NOBODY;

    EndedFrames(final NetfrontCounters counters) {
        this.counters = counters;
    }

    void completionsTo(final NetCompletions newCompletions) {
        completions = newCompletions;
    }

    /** Whether anybody would take a received frame. */
    boolean isHeard() {
        return completions != NOBODY;
    }

    /** Gives a sent frame back at once. */
    void now(final NetFrame frame, final NetStatus status) {
        if (status != NetStatus.OK) {
            counters.transmitErrors++;
        }
        frame.status(status);
        completions.transmitted(frame);
    }

    /** Gives a sent frame back with the next {@link #report}. */
    void later(final NetFrame frame, final NetStatus status) {
        frame.status(status);
        waiting.add(frame);
    }

    /** Lends a received frame. */
    void received(final int queue, final NetFrame frame) {
        completions.received(queue, frame);
    }

    void linkChanged() {
        completions.linkChanged();
    }

    int waitingCount() {
        return waiting.size();
    }

    /** Gives back what waits just now; what its owners do meanwhile waits for the next time. */
    int report() {
        final int count = waiting.size();
        for (int i = 0; i < count; i++) {
            final NetFrame frame = waiting.remove();
            now(frame, frame.status());
        }
        return count;
    }
}
