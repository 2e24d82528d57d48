package io.ringside.xen.netfront.frontend;

import io.ringside.device.guest.NetFrame;
import io.ringside.xenbus.event.EventBudget;
import io.ringside.xenbus.event.EventChannels;
import io.ringside.xenbus.grant.GrantQuarantine;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One queue of a connection: the ring on which it sends, the ring on which it receives, and the
 * port of both, or of each.
 *
 * <p>Threads: one, the driver's.
 */
final class QueuePair {
    private final TransmitQueue transmit;
    private final ReceiveQueue receive;
    private final EventChannels events;
    private final EventBudget budget;
    private final NetfrontCounters counters;
    private final int index;
    private final int transmitPort;
    private final int receivePort;

    /**
     * Begins to listen, and offers the first pages.
     *
     * @param budget what the backend may cost us in events without work
     * @param index which queue it is
     * @param share its rings and ports, which it does not close
     */
    QueuePair(
            final Kit kit,
            final EventBudget budget,
            final int index,
            final QueueShare share,
            final TransmitQueue transmit,
            final ReceiveQueue receive) {
        this.transmit = transmit;
        this.receive = receive;
        this.events = kit.services().events();
        this.budget = budget;
        this.counters = kit.counters();
        this.index = index;
        this.transmitPort = share.transmitPort();
        this.receivePort = share.receivePort();
        if (share.isSplit()) {
            budget.watch(transmitPort, this::transmitNotified);
            budget.watch(receivePort, this::receiveNotified);
        } else {
            budget.watch(transmitPort, this::notified);
        }
        commit();
    }

    private boolean transmitNotified() {
        transmit.wake();
        return counted(transmit.hasAnswers());
    }

    private boolean receiveNotified() {
        receive.wake();
        return counted(receive.hasAnswers());
    }

    private boolean notified() {
        transmit.wake();
        receive.wake();
        return counted(transmit.hasAnswers() | receive.hasAnswers());
    }

    private boolean counted(final boolean found) {
        counters.wakeups++;
        counters.needlessWakeups += found ? 0 : 1;
        return found;
    }

    TransmitQueue transmit() {
        return transmit;
    }

    ReceiveQueue receive() {
        return receive;
    }

    /** Lets the next {@link #complete} look at both rings without a notification. */
    void wake() {
        transmit.wake();
        receive.wake();
    }

    /** Makes what was submitted and given back visible, and wakes the backend where it asked. */
    void commit() {
        final boolean sent = transmit.push();
        receive.offer();
        final boolean offered = receive.push();
        if (sent) {
            kick(transmitPort);
        }
        if (offered && (!sent || receivePort != transmitPort)) {
            kick(receivePort);
        }
    }

    private void kick(final int port) {
        counters.kicks[index]++;
        events.send(port);
    }

    /** Takes answers and packets, one ring full of each at most; 0 only if one may sleep now. */
    int complete() {
        final int answers = transmit.complete();
        final int packets = receive.complete();
        if (packets != 0) {
            receive.offer();
            if (receive.push()) {
                kick(receivePort);
            }
        }
        return answers + packets;
    }

    /** Why the queue is of no more use, or null. */
    @Nullable NetfrontRefusal refusal() {
        return transmit.refusal() != null ? transmit.refusal() : receive.refusal();
    }

    /**
     * Stops listening, and takes back what is lent and offered; rings and ports follow.
     *
     * @return the frames that were not answered
     */
    List<NetFrame> close(final GrantQuarantine quarantine) {
        budget.forget(transmitPort);
        if (receivePort != transmitPort) {
            budget.forget(receivePort);
        }
        receive.close();
        return transmit.close(quarantine);
    }
}
