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
 * <p>{@link #suspend} ends a connection without a word, and keeps the requests that were not
 * answered; the next connection ({@link #resume}, {@link #restart}) gets them again, each once, in
 * their order and before all others.
 *
 * <p>Whoever runs this agent also dispatches the domain's event channels, on the same thread.
 *
 * <p>Errors: a request outside {@link #limits} throws {@link IllegalArgumentException}. An
 * operation that the backend does not offer, or turns out not to know, ends as {@link
 * BlockStatus#UNSUPPORTED}. An answer that cannot be closes the device: all that is in flight ends
 * as {@link BlockStatus#ERROR}, and {@link #counters} says why. A page that the backend keeps
 * beyond its answer makes its request an error; a request that names the page before it is home is
 * one, too. Threads: one, that of the agent and of all callers.
 */
public final class Blkfront implements Agent, BlockDevice {
    private static final int RECLAIM_LIMIT = 16;
    private static final int LATER_LIMIT = 32;

    // 1. Shared with the peer: rings and queues, which live in the stage, and pages it has kept.

    private Stage stage = new Stage.Waiting(FrontendState.begin());
    private LentPages lent;
    private final GrantQuarantine keptRings;

    // 2. Ours alone.

    private XenbusDevice device;
    private final BlkfrontServices services;
    private final BlkfrontCounters counters = new BlkfrontCounters();
    private final EndedRequests ended = new EndedRequests(LATER_LIMIT, counters);
    private final UnsentRequests unsent = new UnsentRequests(ended, counters);
    private int backendState = XenbusState.UNKNOWN;
    private boolean stepDue = true;

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
        int work = ended.report();
        if (device.poll()) {
            backendState = device.otherEndState();
            stepDue = true;
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
            case Stage.Suspended suspended -> {}
            case Stage.Closed closed -> {}
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
    public void restart() {
        if (!isClosed() && !isSuspended()) {
            throw new IllegalStateException("not at rest: state=" + stage.state());
        }
        enter(stage.closed().waiting());
        backendState = device.otherEndState();
        stepDue = true;
    }

    /** Does {@link #restart} with the disk's directory as it is after the guest was moved. */
    public void resume(final XenbusDevice renewed) {
        device = renewed;
        restart();
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
        final BlockLimits limits = connected.limits();
        if (!DiskKeys.knows(limits, request.operation())) {
            return endHere(request, BlockStatus.UNSUPPORTED);
        }
        GeometryCheck.check(request, limits, services.memory());
        if (lent.namesKeptPage(request)) {
            return endHere(request, BlockStatus.ERROR);
        }
        if (connected.queues().submit(request)) {
            return true;
        }
        if (request.operation() != BlockOperation.BARRIER) {
            return false;
        }
        unsent.add(request);
        return true;
    }

    /** Ends a request that the backend never sees. */
    private boolean endHere(final BlockRequest request, final BlockStatus status) {
        if (ended.waitingCount() >= LATER_LIMIT) {
            return false;
        }
        ended.later(request, status);
        return true;
    }

    @Override
    public void commit() {
        final QueueSet queues = stage.queues();
        if (queues != null) {
            queues.commit();
            unsent.commit();
        }
    }

    private int complete(final QueueSet queues) {
        final int count = queues.complete();
        if (queues.refusal() != null) {
            counters.refused(queues.refusal());
            close();
            return count;
        }
        final BlockOperation unsupported = queues.takeUnsupported();
        if (unsupported != null && stage instanceof Stage.Connected connected) {
            stage = connected.with(DiskKeys.without(connected.limits(), unsupported));
        }
        if (stage instanceof Stage.Draining && queues.inFlight() == 0) {
            stepDue = true;
        }
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
        } else if (!(stage instanceof Stage.Draining || stage instanceof Stage.Closing)) {
            close();
        }
    }

    private void drain(final Stage.Connected connected) {
        commit();
        stage = connected.draining();
        stepDue = true;
    }

    /**
     * Ends the connection without a word to the backend, and keeps what it has not answered for the
     * next: as before the guest is saved or moved, or when the backend is to be replaced. A
     * connection that is already on its way to its end ends at once, with errors.
     */
    public void suspend() {
        if (stage instanceof Stage.Draining || stage instanceof Stage.Closing) {
            close();
        }
        final Stage last = stage;
        if (last instanceof Stage.Closed) {
            return;
        }
        stage = new Stage.Suspended(last.closed());
        final QueueSet queues = last.queues();
        if (queues != null) {
            queues.wake();
            queues.complete(); // What was answered before still counts.
            unsent.replay(queues.close(keptRings));
            lent.close();
        }
        closeRings(last);
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
        final Stage last = stage;
        stage = last.closed();
        final QueueSet queues = last.queues();
        if (queues != null) {
            for (final BlockRequest request : queues.close(keptRings)) {
                ended.later(request, BlockStatus.ERROR);
            }
            lent.close();
        }
        unsent.fail();
        closeRings(last);
        device.switchState(stage.state().wireState());
    }

    private void closeRings(final Stage last) {
        for (final RingShare ring : last.rings()) {
            ring.close(keptRings);
        }
    }

    /** Whether the connection has ended; {@link #restart} begins the next. */
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
        close();
        ended.report();
    }
}
