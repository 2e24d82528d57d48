package io.ringside.xen.netfront.frontend;

import io.ringside.device.guest.NetFrame;
import io.ringside.device.guest.NetLimits;
import io.ringside.xen.netfront.protocol.NetifLimits;
import io.ringside.xenbus.event.EventBudget;
import io.ringside.xenbus.grant.GrantQuarantine;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a connection consists of once both ends have joined: its queues.
 *
 * <p>Threads: one, the driver's.
 */
final class NetConnection {
    private static final int EVENTS_PER_TICK = 1024;

    private final Kit kit;
    private final NetAgreement agreed;
    private final QueuePair[] queues;
    private final EventBudget budget;
    private NetLimits limits;
    private FrameCheck check;

    /** Queues over rings that the backend has mapped. */
    NetConnection(
            final Kit kit,
            final int backendDomain,
            final NetAgreement agreed,
            final Shares shares,
            final Pools pools,
            final EndedFrames ended) {
        this.kit = kit;
        this.agreed = agreed;
        budget = new EventBudget(kit.services().events(), EVENTS_PER_TICK);
        limits = agreed.limits(kit.options(), false);
        check = check();
        queues = new QueuePair[agreed.queues()];
        for (int i = 0; i < queues.length; i++) {
            final QueueShare share = shares.queues()[i];
            final TransmitQueue transmit =
                    new TransmitQueue(
                            kit,
                            ended,
                            share.transmitRing(),
                            callersPages(pools.lost(), backendDomain),
                            agreed.transmitPages() == TransmitPages.COPIED
                                    ? new CopyPages(kit, backendDomain, NetifLimits.TX_SLOTS)
                                    : null);
            final ReceivePool pool = pools.open(i, backendDomain, agreed.receivePages());
            final ReceiveQueue receive =
                    new ReceiveQueue(
                            kit, ended, i, share.receiveRing(), pool, agreed.xdpHeadroom());
            queues[i] = new QueuePair(kit, budget, i, share, transmit, receive);
        }
    }

    private CallersPages callersPages(final LostGrants lost, final int backendDomain) {
        final boolean keeps = agreed.transmitPages() == TransmitPages.KEPT;
        return new CallersPages(
                kit,
                lost,
                backendDomain,
                NetifLimits.TX_SLOTS,
                keeps ? kit.options().keptPages() : 0);
    }

    private FrameCheck check() {
        return new FrameCheck(limits, agreed.maxWholeBytes(), kit.services().memory());
    }

    NetLimits limits() {
        return limits;
    }

    NetAgreement agreed() {
        return agreed;
    }

    /**
     * Takes a frame for a queue.
     *
     * @return false if there is no room
     */
    boolean submit(final int queue, final NetFrame frame) {
        if (queue < 0 || queue >= queues.length) {
            throw new IllegalArgumentException("no such queue: queue=" + queue);
        }
        check.check(frame);
        return queues[queue].transmit().submit(frame);
    }

    /** Makes what was submitted and given back visible, and wakes the backend where it asked. */
    void commit() {
        for (final QueuePair queue : queues) {
            queue.commit();
        }
    }

    /** Lets the next {@link #complete} look at the rings without a notification. */
    void wake() {
        for (final QueuePair queue : queues) {
            queue.wake();
        }
    }

    /** A frame was given back: a queue that had none to lend looks again. */
    void wakeReceive(final int queue) {
        if (queue < queues.length) {
            queues[queue].receive().wake();
        }
    }

    /** Takes answers and packets; 0 only if one may sleep now. */
    int complete() {
        int count = 0;
        for (final QueuePair queue : queues) {
            count += queue.complete();
        }
        if (count != 0) {
            budget.tick(); // Who brings work may send.
        }
        return count;
    }

    /** Begins a new period of the backend's event budget. */
    void tick() {
        budget.tick();
    }

    /** How many slots of packets are filled and not answered. */
    int inFlight() {
        int count = 0;
        for (final QueuePair queue : queues) {
            count += queue.transmit().inFlight();
        }
        return count;
    }

    /** Why the connection is of no more use, or null. */
    @Nullable NetfrontRefusal refusal() {
        for (final QueuePair queue : queues) {
            if (queue.refusal() != null) {
                return queue.refusal();
            }
        }
        return null;
    }

    /**
     * Takes back all that is lent and offered; rings and ports follow.
     *
     * @return the frames that were not answered
     */
    List<NetFrame> close(final GrantQuarantine quarantine) {
        final List<NetFrame> gone = new ArrayList<>();
        for (final QueuePair queue : queues) {
            gone.addAll(queue.close(quarantine));
        }
        return gone;
    }
}
