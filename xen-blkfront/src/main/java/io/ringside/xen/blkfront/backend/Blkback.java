package io.ringside.xen.blkfront.backend;

import io.ringside.device.host.BlockStore;
import io.ringside.hypervisor.Trace;
import io.ringside.xen.blkfront.protocol.BlkAbi;
import io.ringside.xen.blkfront.protocol.BlkKeys;
import io.ringside.xen.blkfront.protocol.BlkSegment;
import io.ringside.xen.blkfront.protocol.Wakeups;
import io.ringside.xenbus.backend.BackendState;
import io.ringside.xenbus.device.XenbusDevice;
import io.ringside.xenbus.event.EventChannels;
import io.ringside.xenbus.grant.GrantMapper;
import io.ringside.xenbus.grant.GrantMapper.RingMapping;
import io.ringside.xenbus.protocol.XenbusKeys;
import io.ringside.xenbus.protocol.XenbusState;
import java.util.LinkedHashMap;
import org.agrona.concurrent.Agent;
import org.jspecify.annotations.Nullable;

/**
 * The host's half of a Xen virtual disk: serves one frontend, one ring page at a time, out of a
 * store.
 *
 * <p>The pages of a request are mapped for as long as the store works on it, all in one hypercall,
 * and the store reads and writes them in place. Requests are handed to the store in the order of
 * the ring, and answered in the order in which it finishes them.
 *
 * <p>Whoever runs this agent also dispatches the domain's event channels, on the same thread. A
 * store that finishes requests on threads of its own wakes it by {@link BlockStore#wakeWith}, which
 * whoever owns the store sets.
 *
 * <p>Errors: nothing that a frontend does is an exception. A request that is not sound is answered
 * with an error; a ring or a key that cannot be closes the device until the frontend begins anew;
 * {@link #counters} says which. Threads: one.
 */
public final class Blkback implements Agent {
    private static final int MAX_REFERENCE = Integer.MAX_VALUE;
    private static final int MAX_PORT = Integer.MAX_VALUE;
    private static final String READ_ONLY_MODE = "r";

    // 1. Shared with the peer: a queue, which lives in the stage.

    private Stage stage = new Stage.Starting(BackendState.begin());

    // 2. Ours alone.

    private final XenbusDevice device;
    private final BlkbackServices services;
    private final BlkbackCounters counters = new BlkbackCounters();
    private final boolean readOnly;
    private final RequestCheck check;
    private int frontendState = XenbusState.UNKNOWN;
    private boolean stepDue = true;

    /**
     * A backend that publishes itself with the first {@link #doWork}.
     *
     * @param device its directory in the store, and its frontend's
     * @param mapper maps the frontend's pages
     * @param events wakes the frontend, and is woken by it
     * @param store the medium, driven by this backend alone and closed by its owner
     * @param wakeups how requests are waited for
     * @param trace is told of each {@code request} (id, sector) and {@code response} (id, status)
     */
    public Blkback(
            final XenbusDevice device,
            final GrantMapper mapper,
            final EventChannels events,
            final BlockStore store,
            final Wakeups wakeups,
            final Trace trace) {
        this.device = device;
        this.services = new BlkbackServices(mapper, events, store, wakeups, trace, counters);
        this.readOnly =
                store.isReadOnly() || READ_ONLY_MODE.equals(device.ownText(XenbusKeys.MODE));
        this.check = new RequestCheck(BlkKeys.handle(device.path()), store.sectors(), readOnly);
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
        final BlkbackQueue queue = stage.queue();
        if (queue != null) {
            work += serve(queue);
        }
        return stepDue ? work + 1 : work;
    }

    // 3. Connect, in the protocol's order.

    /** One step in the life of a connection, by what the frontend's state is now. */
    private void step() {
        switch (stage) {
            case Stage.Starting starting -> enter(starting.waiting());
            case Stage.Waiting waiting -> {
                switch (frontendState) {
                    case XenbusState.INITIALISED, XenbusState.CONNECTED -> connect(waiting);
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
                if (draining.queue().inFlight() == 0) {
                    draining.queue().close();
                    enter(draining.closed());
                    stepDue = true; // The frontend may have begun anew before.
                }
            }
            case Stage.Restarting restarting -> {
                if (restarting.queue().inFlight() == 0) {
                    restarting.queue().close();
                    enter(restarting.waiting());
                    stepDue = true;
                }
            }
            case Stage.Closed closed -> {
                if (frontendState == XenbusState.INITIALISING) {
                    enter(closed.waiting());
                }
            }
        }
    }

    private void connect(final Stage.Waiting waiting) {
        final BlkbackQueue queue = openQueue();
        if (queue == null) {
            enter(waiting.closed());
            return;
        }
        if (!publishDisk()) {
            queue.close();
            enter(waiting.closed());
            return;
        }
        counters.connections++;
        enter(waiting.connected(queue));
    }

    /** Maps the ring and binds the port that the frontend has published, or refuses them. */
    private @Nullable BlkbackQueue openQueue() {
        final int reference = device.readInt(BlkKeys.RING_REF, XenbusDevice.REFUSED, MAX_REFERENCE);
        final int remotePort =
                device.readInt(BlkKeys.EVENT_CHANNEL, XenbusDevice.REFUSED, MAX_PORT);
        final BlkAbi abi = BlkAbi.named(device.readText(BlkKeys.PROTOCOL));
        if (reference == XenbusDevice.REFUSED
                || remotePort == XenbusDevice.REFUSED
                || abi == null
                || device.readNumber(BlkKeys.RING_PAGE_ORDER, 0, 0) != 0
                || device.readNumber(BlkKeys.NUM_QUEUES, 1, 1) != 1) {
            counters.refused(BlkbackRefusal.KEY);
            return null;
        }
        final int frontend = device.otherEndId();
        return switch (services.mapper().mapRing(frontend, reference)) {
            case RingMapping.Refused refused -> {
                counters.refused(BlkbackRefusal.RING_PAGE);
                yield null;
            }
            case RingMapping.Mapped mapped -> {
                final int port = services.events().bindInterdomain(frontend, remotePort);
                if (port <= 0) {
                    counters.refused(BlkbackRefusal.PORT);
                    mapped.unmap().run();
                    yield null;
                }
                yield new BlkbackQueue(services, check, mapped, abi, frontend, port);
            }
        };
    }

    private boolean publishDisk() {
        final String blockBytes = Integer.toString(BlkSegment.SECTOR_BYTES);
        final LinkedHashMap<String, String> keys = new LinkedHashMap<>();
        keys.put(BlkKeys.FEATURE_FLUSH_CACHE, "1");
        keys.put(BlkKeys.FEATURE_BARRIER, "0");
        keys.put(BlkKeys.FEATURE_DISCARD, "0");
        keys.put(BlkKeys.FEATURE_PERSISTENT, "0");
        keys.put(BlkKeys.SECTORS, Long.toString(services.store().sectors()));
        keys.put(BlkKeys.INFO, Integer.toString(readOnly ? BlkKeys.INFO_READ_ONLY : 0));
        keys.put(BlkKeys.SECTOR_SIZE, blockBytes);
        keys.put(BlkKeys.PHYSICAL_SECTOR_SIZE, blockBytes);
        return device.writeAll(keys);
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

    private int serve(final BlkbackQueue queue) {
        final int count = queue.serve();
        if (queue.isBroken() && stage instanceof Stage.Connected connected) {
            counters.refused(BlkbackRefusal.RING_INDEX);
            drain(connected);
        } else if (queue.isDrained()) {
            stepDue = true;
        }
        return count;
    }

    // 5. Tear down, in reverse.

    /** The connection ends as soon as the store has given back what it holds. */
    private void drain(final Stage.Connected connected) {
        connected.queue().drain();
        stepDue = true;
        enter(connected.draining());
    }

    private void restart(final Stage.Connected connected) {
        connected.queue().drain();
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
