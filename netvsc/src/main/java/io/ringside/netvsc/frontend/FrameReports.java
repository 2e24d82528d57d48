package io.ringside.netvsc.frontend;

import io.ringside.device.guest.NetCompletions;
import io.ringside.device.guest.NetFrame;
import io.ringside.device.guest.NetStatus;
import io.ringside.hypervisor.Trace;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What the workload is told: frames that were sent, frames that came, and changes of the link.
 *
 * <p>Threads: one, the device's.
 */
final class FrameReports {
    private static final int REPORTS_PER_WORK = 256;

    private final String who;
    private final NetvscCounters counters;
    private final Trace trace;
    private final ArrayDeque<NetFrame> ended = new ArrayDeque<>(64);
    private @Nullable NetCompletions to;

    FrameReports(final String who, final NetvscCounters counters, final Trace trace) {
        this.who = who;
        this.counters = counters;
        this.trace = trace;
    }

    void to(final NetCompletions completions) {
        to = completions;
    }

    /** A frame came; false if there is nobody to have it. */
    boolean received(final int queue, final NetFrame frame) {
        final NetCompletions receiver = to;
        if (receiver == null) {
            return false;
        }
        counters.received++;
        counters.receivedBytes += frame.totalBytes();
        if (trace.isOn()) {
            trace.event(who, "receive", queue, frame.totalBytes());
        }
        receiver.received(queue, frame);
        return true;
    }

    /** A frame was sent, or not. */
    void transmitted(final NetFrame frame) {
        if (frame.status() != NetStatus.OK) {
            counters.failures++;
        }
        final NetCompletions receiver = to;
        if (receiver != null) {
            receiver.transmitted(frame);
        }
    }

    /** Ends a frame that was under way with the next report. */
    void endLater(final NetFrame frame) {
        frame.status(NetStatus.GONE);
        ended.addLast(frame);
    }

    /** Gives the workload back what has ended, a bounded number. */
    int reportEnded() {
        int count = 0;
        while (count < REPORTS_PER_WORK && !ended.isEmpty()) {
            transmitted(ended.removeFirst());
            count++;
        }
        return count;
    }

    void linkChanged() {
        final NetCompletions receiver = to;
        if (receiver != null) {
            receiver.linkChanged();
        }
    }
}
