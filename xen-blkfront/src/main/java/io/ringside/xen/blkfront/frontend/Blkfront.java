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
import io.ringside.xen.blkfront.protocol.BlkKeys;
import io.ringside.xen.blkfront.protocol.BlkRequest;
import io.ringside.xen.blkfront.protocol.Wakeups;
import io.ringside.xenbus.device.XenbusDevice;
import io.ringside.xenbus.event.EventChannels;
import io.ringside.xenbus.frontend.FrontendState;
import io.ringside.xenbus.grant.GrantQuarantine;
import io.ringside.xenbus.grant.GrantTable;
import io.ringside.xenbus.protocol.XenbusState;
import java.util.LinkedHashMap;
import org.agrona.concurrent.Agent;

/**
 * The guest's half of a Xen virtual disk: one ring page of 32 requests, each of up to 11 segments,
 * that read, write or flush.
 *
 * <p>The pages of a request are lent to the backend for as long as it is in flight, and no byte of
 * them is copied; only where the toolstack says that the backend is not {@code trusted} do pages of
 * our own stand in for the caller's.
 *
 * <p>Whoever runs this agent also dispatches the domain's event channels, on the same thread.
 *
 * <p>Errors: a request outside {@link #limits} throws {@link IllegalArgumentException}. A flush
 * that the backend does not offer ends as {@link BlockStatus#UNSUPPORTED}. An answer that cannot be
 * closes the device: all that is in flight ends as {@link BlockStatus#ERROR}, and {@link #counters}
 * says why. A page that the backend keeps beyond its answer makes its request an error; a request
 * that names the page before it is home is one, too. Threads: one, that of the agent and of all
 * callers.
 */
public final class Blkfront implements Agent, BlockDevice {
    private static final int RECLAIM_LIMIT = 16;

    // 1. Shared with the peer: a queue, which lives in the stage, and pages the peer has kept.

    private Stage stage = new Stage.Waiting(FrontendState.begin());
    private LentPages lent;
    private final GrantQuarantine keptRings;

    // 2. Ours alone.

    private final XenbusDevice device;
    private final BlkfrontServices services;
    private final int handle;
    private final BlkfrontCounters counters = new BlkfrontCounters();
    private final EndedRequests ended = new EndedRequests(BlkfrontQueue.SLOT_COUNT, counters);
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
            final Trace trace) {
        this.device = device;
        this.services =
                new BlkfrontServices(
                        memory, frames, grants, events, vcpu, wakeups, trace, counters);
        this.handle = BlkKeys.handle(device.path());
        this.lent = new LentPages(grants, device.otherEndId(), BlkfrontQueue.SLOT_COUNT, null);
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
        final BlkfrontQueue queue = stage.queue();
        if (queue != null) {
            work += complete(queue);
        }
        if (keptPages() != 0) {
            work += reclaim();
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
                } else if (backendState == XenbusState.CLOSING
                        || backendState == XenbusState.CLOSED
                        || backendState == XenbusState.UNKNOWN) {
                    close();
                }
            }
            case Stage.Connected connected -> {
                if (backendState == XenbusState.CLOSING) {
                    drain(connected);
                } else if (backendLetGo()) {
                    finish(connected.queue());
                }
            }
            case Stage.Draining draining -> {
                if (backendLetGo()) {
                    finish(draining.queue());
                } else if (draining.queue().inFlight() == 0) {
                    enter(draining.closing());
                    stepDue = true; // The backend may have been closing before.
                }
            }
            case Stage.Closing closing -> {
                if (backendState == XenbusState.CLOSING || backendLetGo()) {
                    close();
                }
            }
            case Stage.Closed closed -> {}
        }
    }

    /** Whether the backend is gone, or begins anew: it holds no more of our pages either way. */
    private boolean backendLetGo() {
        return backendState == XenbusState.CLOSED || backendState < XenbusState.CONNECTED;
    }

    private void share(final Stage.Waiting waiting) {
        final boolean trusted = !"0".equals(device.ownText(BlkKeys.TRUSTED));
        lent =
                new LentPages(
                        services.grants(),
                        device.otherEndId(),
                        BlkfrontQueue.SLOT_COUNT,
                        trusted ? null : bouncePages());
        final BlkfrontQueue queue =
                new BlkfrontQueue(services, ended, lent, device.otherEndId(), handle);
        final Stage.Shared shared = waiting.shared(queue);
        stage = shared;
        if (queue.isWhole() && publish(queue)) {
            enter(shared);
        } else {
            close();
        }
    }

    private BouncePages bouncePages() {
        return new BouncePages(
                services.memory(),
                services.frames(),
                services.vcpu(),
                BlkfrontQueue.SLOT_COUNT * BlkRequest.MAX_SEGMENTS);
    }

    private boolean publish(final BlkfrontQueue queue) {
        final LinkedHashMap<String, String> keys = new LinkedHashMap<>();
        keys.put(BlkKeys.RING_REF, Integer.toString(queue.reference()));
        keys.put(BlkKeys.EVENT_CHANNEL, Integer.toString(queue.port()));
        keys.put(BlkKeys.PROTOCOL, BlkfrontQueue.ABI.protocolName());
        return device.writeAll(keys);
    }

    private void connect(final Stage.Shared shared) {
        final BlockLimits limits = DiskKeys.read(device, BlkfrontQueue.SLOT_COUNT);
        if (limits == null) {
            counters.refused(BlkfrontRefusal.KEY);
            close();
            return;
        }
        counters.connections++;
        enter(shared.connected(limits));
    }

    /** Goes on to a stage and tells it; a store that does not take it has lost our directory. */
    private void enter(final Stage next) {
        stage = next;
        if (!device.switchState(next.state().wireState())) {
            close();
        }
    }

    /** Begins the next connection. Only when {@link #isClosed}. */
    public void restart() {
        if (!(stage instanceof Stage.Closed closed)) {
            throw new IllegalStateException("not closed: state=" + stage.state());
        }
        enter(closed.waiting());
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

    @Override
    public boolean submit(final BlockRequest request) {
        if (!(stage instanceof Stage.Connected connected)) {
            return false;
        }
        final BlockLimits limits = connected.limits();
        if (request.operation() == BlockOperation.BARRIER || request.operation().isDiscard()) {
            return endHere(request, BlockStatus.UNSUPPORTED);
        }
        GeometryCheck.check(request, limits, services.memory());
        if (request.operation() == BlockOperation.FLUSH && !limits.canFlush()) {
            return endHere(request, BlockStatus.UNSUPPORTED);
        }
        if (lent.namesKeptPage(request)) {
            return endHere(request, BlockStatus.ERROR);
        }
        return connected.queue().submit(request);
    }

    /** Ends a request that the backend never sees. */
    private boolean endHere(final BlockRequest request, final BlockStatus status) {
        if (ended.waitingCount() >= BlkfrontQueue.SLOT_COUNT) {
            return false;
        }
        ended.later(request, status);
        return true;
    }

    @Override
    public void commit() {
        final BlkfrontQueue queue = stage.queue();
        if (queue != null) {
            queue.commit();
        }
    }

    private int complete(final BlkfrontQueue queue) {
        final int count = queue.complete();
        final BlkfrontRefusal refusal = queue.refusal();
        if (refusal != null) {
            counters.refused(refusal);
            close();
        } else if (stage instanceof Stage.Draining && queue.inFlight() == 0) {
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
        switch (stage) {
            case Stage.Connected connected -> drain(connected);
            case Stage.Waiting waiting -> close();
            case Stage.Shared shared -> close();
            case Stage.Draining draining -> {}
            case Stage.Closing closing -> {}
            case Stage.Closed closed -> {}
        }
    }

    private void drain(final Stage.Connected connected) {
        connected.queue().commit();
        stage = connected.draining();
        stepDue = true;
    }

    /** The backend has let go of the ring: what it answered before still counts. */
    private void finish(final BlkfrontQueue queue) {
        queue.wake();
        complete(queue);
        close();
    }

    /** Ends the connection at once, from any stage; owners learn of it when the agent works. */
    private void close() {
        final BlkfrontQueue queue = stage.queue();
        stage = stage.closed();
        if (queue != null) {
            queue.close(keptRings);
        }
        device.switchState(stage.state().wireState());
    }

    private int reclaim() {
        final int home = lent.reclaim(RECLAIM_LIMIT) + keptRings.reclaim();
        stepDue |= home != 0;
        return home;
    }

    /** Whether the connection has ended; {@link #restart} begins the next. */
    public boolean isClosed() {
        return stage instanceof Stage.Closed;
    }

    /** How many pages the backend has mapped that it should have given back. */
    public int keptPages() {
        return lent.keptCount() + keptRings.heldCount();
    }

    /** Ends the connection without waiting for anything: what is in flight ends as an error. */
    @Override
    public void onClose() {
        close();
        ended.report();
    }
}
