package io.ringside.xen.netfront.frontend;

import io.ringside.device.guest.NetFrame;
import io.ringside.device.guest.NetLimits;
import io.ringside.xen.netfront.protocol.NetifLimits;
import io.ringside.xenbus.device.XenbusDevice;
import io.ringside.xenbus.event.EventBudget;
import io.ringside.xenbus.grant.GrantQuarantine;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a connection consists of once both ends have joined: its queues, and the control ring.
 *
 * <p>Threads: one, the driver's.
 */
final class NetConnection {
    private static final int EVENTS_PER_TICK = 1024;

    private final Kit kit;
    private final NetAgreement agreed;
    private final QueuePair[] queues;
    private final EventBudget budget;
    private final @Nullable ControlRing control;
    private final MulticastJoins multicasts;
    private final List<StagedPages> staged = new ArrayList<>();
    private NetLimits limits;
    private final FrameCheck check;

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
        check = new FrameCheck(limits, agreed.maxWholeBytes(), kit.services().memory());
        final ControlShare controlShare = shares.control();
        control =
                controlShare == null
                        ? null
                        : new ControlRing(kit, budget, backendDomain, controlShare);
        queues = new QueuePair[agreed.queues()];
        for (int i = 0; i < queues.length; i++) {
            queues[i] = newQueue(i, backendDomain, shares.queues()[i], pools, ended);
        }
        multicasts = new MulticastJoins(queues[0].transmit());
    }

    private QueuePair newQueue(
            final int index,
            final int backendDomain,
            final QueueShare share,
            final Pools pools,
            final EndedFrames ended) {
        final CopyPages copies =
                agreed.transmitPages() == TransmitPages.COPIED
                        ? new CopyPages(kit, backendDomain, NetifLimits.TX_SLOTS)
                        : null;
        final TransmitQueue transmit =
                new TransmitQueue(
                        kit,
                        ended,
                        share.transmitRing(),
                        callersPages(pools.lost(), backendDomain),
                        copies);
        final ReceivePool pool = pools.open(index, backendDomain, agreed.receivePages());
        if (control != null && copies != null && agreed.staging()) {
            final StagedPages pages = new StagedPages(copies, pool);
            staged.add(pages);
            control.add(StagingTask.adding(index, pages));
        }
        return new QueuePair(
                kit,
                budget,
                index,
                share,
                transmit,
                new ReceiveQueue(kit, ended, index, share.receiveRing(), pool));
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

    NetLimits limits() {
        return limits;
    }

    NetAgreement agreed() {
        return agreed;
    }

    /** Tells the backend what has changed of the settings; what has no room waits. */
    void tell(final NetfrontSettings settings, final XenbusDevice device) {
        if (settings.takeFilterChange() && agreed.dynamicMulticastControl()) {
            agreed.publishFilter(device, settings);
        }
        if (settings.takeHashingChange() && control != null) {
            control.add(new HashTask(settings.hashing(), queues.length, new HashOutcome()));
        }
        if (settings.areMulticastsChanged()
                && (!agreed.multicastControl() || multicasts.tell(settings.multicasts()))) {
            settings.multicastsTold();
            commit();
        }
    }

    /** What is received may come with headroom from now on, if any was ever asked for. */
    void takeHeadroom(final NetfrontSettings settings) {
        for (int i = 0; i < queues.length && settings.xdpHeadroomBytes() != 0; i++) {
            queues[i].receive().extras().takeHeadroom();
        }
    }

    private final class HashOutcome implements HashTask.Outcome {
        @Override
        public void asked() {
            for (final QueuePair queue : queues) {
                queue.receive().extras().takeHashes();
            }
        }

        @Override
        public void ended(final boolean hashes) {
            limits = agreed.limits(kit.options(), hashes);
            for (final QueuePair queue : queues) {
                queue.transmit().tellHashes(hashes);
            }
        }
    }

    /** Has the backend let go of pages that it keeps mapped, since the end is near. */
    void unstage() {
        for (int i = 0; i < staged.size() && control != null; i++) {
            control.add(StagingTask.removing(i, staged.get(i)));
        }
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
        if (control != null) {
            count += control.work();
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

    /** Whether nothing that we asked or sent waits for its answer. */
    boolean isIdle() {
        return inFlight() == 0 && (control == null || control.isIdle());
    }

    private int inFlight() {
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
        return control == null ? null : control.refusal();
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
        if (control != null) {
            control.close(quarantine);
        }
        return gone;
    }
}
