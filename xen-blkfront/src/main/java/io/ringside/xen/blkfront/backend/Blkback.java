package io.ringside.xen.blkfront.backend;

import io.ringside.device.host.BlockStore;
import io.ringside.hypervisor.Trace;
import io.ringside.xen.blkfront.protocol.BlkKeys;
import io.ringside.xen.blkfront.protocol.Wakeups;
import io.ringside.xenbus.backend.BackendState;
import io.ringside.xenbus.device.XenbusDevice;
import io.ringside.xenbus.event.EventChannels;
import io.ringside.xenbus.grant.GrantMapper;
import io.ringside.xenbus.protocol.XenbusState;
import org.agrona.concurrent.Agent;
import org.jspecify.annotations.Nullable;

/**
 * The host's half of a Xen virtual disk: serves one frontend out of a store, over as many rings as
 * the two agree on.
 *
 * <p>The pages of a request are mapped for as long as the store works on it, or for longer if the
 * frontend uses the same ones again and again, and the store reads and writes them in place.
 * Requests are handed to the store in the order of their ring, and answered in the order in which
 * it finishes them. A store that changes its size is noticed by the next {@link #doWork}, and the
 * frontend is told.
 *
 * <p>Whoever runs this agent also dispatches the domain's event channels, on the same thread. A
 * store that finishes requests on threads of its own wakes it by {@link BlockStore#wakeWith}, which
 * whoever owns the store sets. Whoever sleeps between rounds also calls {@link #tick} at an even
 * pace, for a frontend whose events are held back since they brought no work.
 *
 * <p>A backend that takes the place of one that has gone finds a frontend that is connected: it
 * goes on with its rings if nothing is outstanding on them, and waits for new ones otherwise, since
 * nobody knows which of the outstanding requests were done.
 *
 * <p>Where the toolstack has said by {@code online} that the device is not to come back, a
 * connection that ends is the last.
 *
 * <p>Errors: nothing that a frontend does is an exception. A request that is not sound is answered
 * with an error; a ring or a key that cannot be closes the device until the frontend begins anew;
 * {@link #counters} says which. Threads: one.
 */
public final class Blkback implements Agent {
    // 1. Shared with the peer: the rings of a connection, which lives in the stage.

    private Stage stage = new Stage.Starting(BackendState.begin());

    // 2. Ours alone.

    private final XenbusDevice device;
    private final BlkbackServices services;
    private final BlkbackCounters counters = new BlkbackCounters();
    private int frontendState = XenbusState.UNKNOWN;
    private boolean stepDue = true;

    /** A backend that offers everything: see the other. */
    public Blkback(
            final XenbusDevice device,
            final GrantMapper mapper,
            final EventChannels events,
            final BlockStore store,
            final Wakeups wakeups,
            final Trace trace) {
        this(device, mapper, events, store, wakeups, trace, BlkbackOptions.FULL);
    }

    /**
     * A backend that publishes itself with the first {@link #doWork}.
     *
     * @param device its directory in the store, and its frontend's
     * @param mapper maps the frontend's pages
     * @param events wakes the frontend, and is woken by it
     * @param store the medium, driven by this backend alone and closed by its owner
     * @param wakeups how requests are waited for
     * @param trace is told of each {@code request} (id, sector) and {@code response} (id, status)
     * @param options what is offered
     */
    public Blkback(
            final XenbusDevice device,
            final GrantMapper mapper,
            final EventChannels events,
            final BlockStore store,
            final Wakeups wakeups,
            final Trace trace,
            final BlkbackOptions options) {
        this.device = device;
        this.services =
                new BlkbackServices(mapper, events, store, wakeups, trace, counters, options);
    }

    @Override
    public String roleName() {
        return "blkback";
    }

    /** What it has done so far. */
    public BlkbackCounters counters() {
        return counters;
    }

    /** Does what there is to do, a bounded part of it; 0 only if the host may sleep now. */
    @Override
    public int doWork() {
        int work = 0;
        if (device.poll()) {
            frontendState = device.otherEndState();
            stepDue = true;
        }
        if (stepDue) {
            stepDue = false;
            step();
            work++;
        }
        final BlkbackConnection connection = stage.connection();
        if (connection != null) {
            work += serve(connection);
        }
        return stepDue ? work + 1 : work;
    }

    // 3. Connect, in the protocol's order.

    /** One step in the life of a connection, by what the frontend's state is now. */
    private void step() {
        switch (stage) {
            case Stage.Starting starting -> await(starting.waiting());
            case Stage.Waiting waiting -> {
                switch (frontendState) {
                    case XenbusState.INITIALISED, XenbusState.CONNECTED -> {
                        if (device.isPlugged()) { // If not, the script's word wakes us.
                            connect(waiting);
                        }
                    }
                    case XenbusState.CLOSING, XenbusState.CLOSED -> enter(waiting.closed());
                    default -> {}
                }
            }
            case Stage.Connected connected -> {
                switch (frontendState) {
                    case XenbusState.CONNECTED -> stage = connected.confirmed();
                    case XenbusState.INITIALISED -> {
                        if (connected.seen()) {
                            restart(connected);
                        }
                    }
                    case XenbusState.INITIALISING -> restart(connected);
                    default -> drain(connected);
                }
            }
            case Stage.Draining draining -> {
                if (draining.connection().inFlight() == 0) {
                    draining.connection().close();
                    enter(draining.closed());
                    stepDue = true; // The frontend may have begun anew before.
                }
            }
            case Stage.Restarting restarting -> {
                if (restarting.connection().inFlight() == 0) {
                    restarting.connection().close();
                    await(restarting.waiting());
                }
            }
            case Stage.Closed closed -> {
                if (frontendState == XenbusState.INITIALISING && device.isOnline()) {
                    await(closed.waiting());
                }
            }
        }
    }

    /** Publishes what a frontend must know to choose its parameters, and waits for them. */
    private void await(final Stage.Waiting waiting) {
        // Should the store not take them, it does not take the state either.
        device.writeAll(VirtualDisk.limitKeys(services.options()));
        enter(waiting);
        stepDue = true; // The frontend may be further than we are.
    }

    private void connect(final Stage.Waiting waiting) {
        final BlkbackConnection connection = open();
        if (connection == null) {
            enter(waiting.closed());
            return;
        }
        final boolean takesOver = frontendState == XenbusState.CONNECTED;
        if (takesOver && connection.hasRequests()) {
            connection.close();
            return;
        }
        if (!device.writeAll(connection.disk().keys())) {
            connection.close();
            enter(waiting.closed());
            return;
        }
        counters.connections++;
        enter(waiting.connected(connection));
        if (takesOver && stage instanceof Stage.Connected connected) {
            stage = connected.confirmed();
        }
    }

    private @Nullable BlkbackConnection open() {
        final FrontendKeys keys = FrontendKeys.read(device, services.options());
        if (keys == null) {
            counters.refused(BlkbackRefusal.KEY);
            return null;
        }
        return BlkbackConnection.open(
                services,
                keys,
                VirtualDisk.of(services.store(), services.options(), device),
                BlkKeys.handle(device.path()),
                device.otherEndId());
    }

    /** Goes on to a stage and tells it; a store that does not take it has lost our directory. */
    private void enter(final Stage next) {
        stage = next;
        if (!device.switchState(next.state().wireState())
                && stage instanceof Stage.Connected connected) {
            drain(connected);
        }
    }

    // 4. Take, then answer.

    private int serve(final BlkbackConnection connection) {
        final int count = connection.serve();
        if (!(stage instanceof Stage.Connected connected)) {
            stepDue |= connection.inFlight() == 0;
        } else if (connection.isBroken()) {
            counters.refused(BlkbackRefusal.RING_INDEX);
            drain(connected);
        } else if (connection.disk().takeNewSize()) {
            tellSize(connected);
        }
        return count;
    }

    /** Writes the size, and tells the state once more: the frontend then reads the size again. */
    private void tellSize(final Stage.Connected connected) {
        counters.resizes++;
        if (!device.writeAll(connected.connection().disk().sizeKeys()) || !device.repeatState()) {
            drain(connected);
        }
    }

    /** Begins a new period of the frontend's event budget; whoever has a clock calls this. */
    public void tick() {
        final BlkbackConnection connection = stage.connection();
        if (connection != null) {
            connection.tick();
        }
    }

    // 5. Tear down, in reverse.

    /** The connection ends as soon as the store has given back what it holds. */
    private void drain(final Stage.Connected connected) {
        connected.connection().drain();
        stepDue = true;
        enter(connected.draining());
    }

    private void restart(final Stage.Connected connected) {
        if (!device.isOnline()) { // It is not to come back.
            drain(connected);
            return;
        }
        connected.connection().drain();
        stepDue = true;
        enter(connected.restarting());
    }

    /** Whether nothing of a frontend's is mapped, and none is waited for. */
    public boolean isClosed() {
        return stage instanceof Stage.Closed;
    }

    /**
     * Ends the connection at once if the store holds nothing. What it holds stays mapped, since it
     * may still be written to: a host that stops in good order closes the device first.
     */
    @Override
    public void onClose() {
        if (stage instanceof Stage.Connected connected) {
            drain(connected);
        }
        doWork();
        doWork();
    }
}
