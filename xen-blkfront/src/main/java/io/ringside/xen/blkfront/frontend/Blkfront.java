package io.ringside.xen.blkfront.frontend;

import io.ringside.device.guest.BlockCompletions;
import io.ringside.device.guest.BlockDevice;
import io.ringside.device.guest.BlockLimits;
import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.device.guest.BlockStatus;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Trace;
import io.ringside.hypervisor.Vcpu;
import io.ringside.xen.blkfront.protocol.Wakeups;
import io.ringside.xenbus.device.XenbusDevice;
import io.ringside.xenbus.event.EventChannels;
import io.ringside.xenbus.frontend.FrontendState;
import io.ringside.xenbus.grant.GrantQuarantine;
import io.ringside.xenbus.grant.GrantTable;
import io.ringside.xenbus.protocol.XenbusState;
import org.agrona.concurrent.Agent;

/**
 * The guest's half of a Xen virtual disk: one ring or several, whose requests read, write, flush,
 * write between barriers, or discard. {@link BlkfrontOptions} says what it makes use of; what its
 * backend does not offer, it goes without.
 *
 * <p>The pages of a request are lent to the backend for as long as it is in flight, and no byte of
 * them is copied. Only where both ends agree on persistent grants, or the toolstack says that the
 * backend is not {@code trusted}, do pages of our own stand in for the caller's.
 *
 * <p>{@link #suspend} voids a connection, and so does another backend or another life of the
 * domain. What was not answered goes to the next, each request once, in their order, before all
 * others.
 *
 * <p>Whoever runs this agent also dispatches the domain's event channels, on the same thread, and
 * whoever sleeps between rounds calls {@link #tick} at an even pace, for a backend whose events are
 * held back since they brought no work.
 *
 * <p>Errors: a request outside {@link #limits} throws {@link IllegalArgumentException}, and whoever
 * is told of a completion must neither suspend nor close the device, nor have it work: that throws
 * {@link IllegalStateException}. What the backend does not know ends as {@link
 * BlockStatus#UNSUPPORTED}. An answer that cannot be closes the device: all that is in flight is an
 * error, and {@link #counters} says why. So is a request whose page the backend keeps beyond its
 * answer, and one that names that page before it is home. Threads: one, that of the agent and of
 * all callers.
 */
public final class Blkfront implements Agent, BlockDevice {
    private static final int RECLAIM_LIMIT = 16;

    // 1. Shared with the peer: rings and queues, which live in the stage, and pages it has kept.

    private Stage stage = new Stage.Waiting(FrontendState.begin());
    private LentPages lent;
    private final GrantQuarantine keptRings;

    // 2. Ours alone.

    private final XenbusDevice device;
    private final BlkfrontServices services;
    private final BlkfrontCounters counters = new BlkfrontCounters();
    private final EndedRequests ended = new EndedRequests(counters);
    private final UnsentRequests unsent = new UnsentRequests(ended);
    private int backendState = XenbusState.UNKNOWN;
    private boolean stepDue = true;
    private int incarnation; // of the device, when the connection began

    /**
     * A frontend that looks for its backend with the first {@link #doWork}.
     *
     * @param device its directory in the store, and its backend's
     * @param memory the guest's memory
     * @param frames where pages of our own are taken from
     * @param grants lends pages
     * @param events wakes the backend, and is woken by it
     * @param vcpu counts what is copied
     * @param wakeups how responses are waited for
     * @param options what it makes use of
     * @param trace is told of each {@code request} (id, sector) and {@code response} (id, status)
     */
    public Blkfront(
            final XenbusDevice device,
            final GuestMemory memory,
            final FrameAllocator frames,
            final GrantTable grants,
            final EventChannels events,
            final Vcpu vcpu,
            final Wakeups wakeups,
            final BlkfrontOptions options,
            final Trace trace) {
        this.device = device;
        this.incarnation = device.incarnation();
        this.services =
                new BlkfrontServices(
                        memory, frames, grants, events, vcpu, wakeups, trace, options, counters);
        this.lent = LentPages.none(services, device.otherEndId());
        this.keptRings = new GrantQuarantine(grants, frames);
    }

    @Override
    public String roleName() {
        return "blkfront";
    }

    /** What it has done so far. */
    public BlkfrontCounters counters() {
        return counters;
    }

    /** Does what there is to do, a bounded part of it; 0 only if the guest may sleep now. */
    @Override
    public int doWork() {
        ended.refuseWhileTelling("doWork");
        int work = ended.report();
        if (device.poll()) {
            look();
        }
        if (stepDue) {
            stepDue = false;
            step();
            work++;
        }
        final QueueSet queues = stage.queues();
        if (queues != null) {
            work += complete(queues);
            work += unsent.isEmpty() ? 0 : unsent.send(stage, lent);
        }
        if (keptPages() != 0) {
            final int home = lent.reclaim(RECLAIM_LIMIT) + keptRings.reclaim();
            stepDue |= home != 0;
            work += home;
        }
        return stepDue || ended.waitingCount() != 0 ? work + 1 : work;
    }

    /**
     * Looks where the backend stands. Another one, or another life of ours, voids what there is.
     */
    private void look() {
        if (device.incarnation() != incarnation && !isSuspended()) {
            abandon();
            if (isSuspended()) {
                resume();
            }
        }
        backendState = device.otherEndState();
        stepDue = true;
    }

    /** Begins a new period of the backend's event budget; whoever has a clock calls this. */
    public void tick() {
        if (stage.queues() != null) {
            stage.queues().tick();
        }
    }

    // 3. Connect, in the protocol's order.

    /** One step in the life of a connection, by what the backend's state is now. */
    private void step() {
        switch (stage) {
            case Stage.Waiting waiting -> {
                if (backendState == XenbusState.INIT_WAIT && keptPages() == 0) {
                    share(waiting);
                }
            }
            case Stage.Shared shared -> {
                if (backendState == XenbusState.CONNECTED) {
                    connect(shared);
                } else if (backendState != XenbusState.INIT_WAIT) {
                    close();
                }
            }
            case Stage.Connected connected -> {
                if (backendState == XenbusState.CLOSING) {
                    drain(connected);
                } else if (backendLetGo()) {
                    finish(connected.queues());
                } else if (backendState == XenbusState.CONNECTED) { // Told once more.
                    stage = connected.with(DiskKeys.resized(device, services, connected.limits()));
                }
            }
            case Stage.Draining draining -> {
                if (backendLetGo()) {
                    finish(draining.queues());
                } else if (draining.queues().inFlight() == 0 && unsent.isEmpty()) {
                    enter(draining.closing());
                    stepDue = true; // The backend may have been closing before.
                }
            }
            case Stage.Closing closing -> {
                if (backendState == XenbusState.CLOSING || backendLetGo()) {
                    close();
                }
            }
            case Stage.Suspended _, Stage.Closed _ -> {}
        }
    }

    /** Whether the backend is gone, or begins anew: it holds no more of our pages either way. */
    private boolean backendLetGo() {
        return backendState == XenbusState.CLOSED || backendState < XenbusState.CONNECTED;
    }

    private void share(final Stage.Waiting waiting) {
        final RingKeys agreed = RingKeys.agreed(device, services);
        final RingShare[] rings = RingShare.all(services, device.otherEndId(), agreed);
        stage = waiting.shared(rings);
        if (RingShare.areWhole(rings) && agreed.publish(device, rings, services.options())) {
            enter(stage);
        } else {
            close();
        }
    }

    private void connect(final Stage.Shared shared) {
        final RingShare[] rings = shared.rings();
        final DiskKeys disk = DiskKeys.read(device, services, RingShare.slotCount(rings));
        if (disk == null) {
            counters.refused(BlkfrontRefusal.KEY);
            close();
            return;
        }
        lent = LentPages.of(services, device, disk);
        final QueueSet queues = new QueueSet(services, ended, device, rings, lent, disk);
        counters.connections++;
        enter(shared.connected(queues, disk.limits()));
    }

    /** Goes on to a stage and tells it; a store that does not take it has lost our directory. */
    private void enter(final Stage next) {
        stage = next;
        if (!device.switchState(next.state().wireState())) {
            close();
        }
    }

    /** Begins the next connection. Only when {@link #isClosed} or {@link #isSuspended}. */
    public void resume() {
        if (!isClosed() && !isSuspended()) {
            throw new IllegalStateException("not at rest: state=" + stage.state());
        }
        incarnation = device.incarnation();
        enter(stage.closed().waiting());
        backendState = device.otherEndState();
        stepDue = true;
    }

    // 4. Submit, then complete.

    @Override
    public boolean isReady() {
        return stage instanceof Stage.Connected;
    }

    @Override
    public BlockLimits limits() {
        if (stage instanceof Stage.Connected connected) {
            return connected.limits();
        }
        throw new IllegalStateException("not connected: state=" + stage.state());
    }

    @Override
    public void completionsTo(final BlockCompletions completions) {
        ended.completionsTo(completions);
    }

    /** Takes a request. A barrier is always taken: it waits here for its turn if it must. */
    @Override
    public boolean submit(final BlockRequest request) {
        if (!(stage instanceof Stage.Connected connected) || !unsent.isEmpty()) {
            return false;
        }
        if (!DiskKeys.knows(connected.limits(), request.operation())) {
            return ended.atOnce(request, BlockStatus.UNSUPPORTED);
        }
        GeometryCheck.check(request, connected.limits(), services.memory());
        if (lent.namesKeptPage(request)) {
            return ended.atOnce(request, BlockStatus.ERROR);
        }
        if (connected.queues().submit(request)) {
            return true;
        }
        return request.operation() == BlockOperation.BARRIER && unsent.add(request);
    }

    @Override
    public void commit() {
        if (stage.queues() != null) {
            stage.queues().commit();
            unsent.commit();
        }
    }

    private int complete(final QueueSet queues) {
        final int count = queues.complete();
        final BlkfrontRefusal refusal = queues.refusal();
        if (refusal != null) {
            counters.refused(refusal);
            close();
            return count;
        }
        final BlockOperation unsupported = queues.takeUnsupported();
        if (unsupported != null && stage instanceof Stage.Connected connected) {
            stage = connected.with(DiskKeys.without(connected.limits(), unsupported));
        }
        stepDue |= stage instanceof Stage.Draining && queues.inFlight() == 0;
        return count;
    }

    // 5. Tear down, in reverse.

    /**
     * Ends the connection in good order: takes no more requests, and when all are answered asks the
     * backend to let go. {@link #isClosed} tells when that is done.
     */
    public void shutdown() {
        if (stage instanceof Stage.Connected connected) {
            drain(connected);
        } else if (!stage.isEnding()) {
            close();
        }
    }

    private void drain(final Stage.Connected connected) {
        commit();
        stage = connected.draining();
        stepDue = true;
    }

    /** Ends the connection without a word; one that is on its way to its end closes at once. */
    public void suspend() {
        ended.refuseWhileTelling("suspend");
        final QueueSet queues = stage.queues();
        if (queues != null) {
            queues.wake();
            queues.complete(); // What was answered before still counts.
        }
        abandon();
    }

    /** The same where nobody knows what the answers are worth that nobody has seen. */
    private void abandon() {
        if (stage.isEnding()) {
            close();
            return;
        }
        counters.replays += unshare(new Stage.Suspended(stage.closed()));
    }

    /** Takes back all that is shared; answers how many requests wait that were in flight. */
    private int unshare(final Stage next) {
        final Stage last = stage;
        stage = next;
        int unanswered = 0;
        if (last.queues() != null) {
            unanswered = unsent.takeBack(last.queues().close(keptRings));
            lent.close();
        }
        RingShare.closeAll(last.rings(), keptRings);
        return unanswered;
    }

    /** Whether the connection has been suspended; {@link #resume} begins the next. */
    public boolean isSuspended() {
        return stage instanceof Stage.Suspended;
    }

    /** The backend has let go of the rings: what it answered before still counts. */
    private void finish(final QueueSet queues) {
        queues.wake();
        complete(queues);
        close();
    }

    /** Ends the connection at once, from any stage; owners learn of it when the agent works. */
    private void close() {
        unshare(stage.closed());
        unsent.fail();
        device.switchState(stage.state().wireState());
    }

    /** Whether the connection has ended; {@link #resume} begins the next. */
    public boolean isClosed() {
        return stage instanceof Stage.Closed;
    }

    /** How many pages the backend has mapped that it should have given back. */
    public int keptPages() {
        return lent.keptCount() + keptRings.heldCount();
    }

    /** Ends the connection at once: what is in flight ends as an error. */
    @Override
    public void onClose() {
        ended.refuseWhileTelling("onClose");
        close();
        ended.report();
    }
}
