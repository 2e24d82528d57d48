package io.ringside.xen.netfront.backend;

import io.ringside.device.host.PacketPort;
import io.ringside.xen.netfront.protocol.NetKeys;
import io.ringside.xenbus.backend.BackendState;
import io.ringside.xenbus.backend.BackendState.Closed;
import io.ringside.xenbus.backend.BackendState.Closing;
import io.ringside.xenbus.backend.BackendState.Connected;
import io.ringside.xenbus.backend.BackendState.InitWait;
import io.ringside.xenbus.backend.BackendState.Initialising;
import io.ringside.xenbus.backend.BackendState.Reconfigured;
import io.ringside.xenbus.backend.BackendStep;
import io.ringside.xenbus.device.XenbusDevice;
import org.agrona.concurrent.Agent;
import org.jspecify.annotations.Nullable;

/**
 * The host's half of a Xen virtual network: joins one frontend to a port of a network, over as many
 * queues as the two agree on.
 *
 * <p>What the frontend sends is copied to memory of our own, looked at there, and given to the
 * network, cut and summed up if the network does neither; what arrives waits until the frontend has
 * offered pages, and is copied there, cut and summed up if the frontend does neither. All copies of
 * a pass are one hypercall.
 *
 * <p>Whoever runs this agent also dispatches the domain's event channels, on the same thread, and
 * calls {@link #tick} at an even pace: rates, and how long packets wait, go by what it says. A
 * network that gets frames on threads of its own wakes the agent by {@link PacketPort#wakeWith},
 * which whoever owns the port sets.
 *
 * <p>Errors: nothing that a frontend does is an exception. A packet that is not sound is answered
 * with an error; a ring, a chain of slots or a key that cannot be closes the device until the
 * frontend begins anew; {@link #counters} says which. Threads: one.
 */
public final class Netback implements Agent {
    private static final int MAX_STEPS = 8;

    // 1. Shared with the peer: the rings of a connection.

    private @Nullable NetbackConnection connection;

    // 2. Ours alone.

    private final XenbusDevice device;
    private final NetbackServices services;
    private final NetbackOptions options;
    private final NetbackCounters counters = new NetbackCounters();
    private final KeyWatches watches;
    private BackendState state = BackendState.begin();
    private int incarnation;
    private boolean stepDue = true;
    private boolean carrierTold;
    private boolean clockStarted;
    private long clockStartNanos;
    private long nowNanos; // Since the first tick, so that nothing is old before it.

    /** A backend that offers everything: see the other. */
    public Netback(final XenbusDevice device, final NetbackServices services) {
        this(device, services, NetbackOptions.FULL);
    }

    /**
     * A backend that publishes itself with the first {@link #doWork}.
     *
     * @param device its directory in the store, and its frontend's
     * @param services what it stands on
     * @param options what is offered
     */
    public Netback(
            final XenbusDevice device,
            final NetbackServices services,
            final NetbackOptions options) {
        this.device = device;
        this.services = services;
        this.options = options;
        this.incarnation = device.incarnation();
        this.watches = new KeyWatches(services.keys());
        watches.attach(device);
    }

    @Override
    public String roleName() {
        return "netback";
    }

    /** What it has done so far. */
    public NetbackCounters counters() {
        return counters;
    }

    /** Does what there is to do, a bounded part of it; 0 only if the host may sleep now. */
    @Override
    public int doWork() {
        int work = 0;
        stepDue |= device.poll();
        if (device.incarnation() != incarnation) {
            beginAnew();
        }
        final int changed = watches.poll();
        if (changed != 0) {
            look(changed);
            work++;
        }
        if (stepDue) {
            stepDue = false;
            step();
            work++;
        }
        final NetbackConnection serving = connection;
        if (serving != null) {
            work += serving.serve();
            final NetbackRefusal fault = serving.fault();
            if (fault != null) {
                counters.refused(fault);
                close();
            } else if (services.port().isLinkUp() != carrierTold) {
                tellCarrier();
            }
        }
        return stepDue ? work + 1 : work;
    }

    // 3. Connect, in the protocol's order.

    private void step() {
        for (int i = 0; i < MAX_STEPS; i++) {
            if (!take(device.step(state))) {
                return;
            }
        }
        stepDue = true; // A bounded part at a time.
    }

    /** Takes one step in the life of a connection; false if there is no more to do. */
    private boolean take(final BackendStep step) {
        switch (step) {
            case WAIT, REFUSE -> {
                return false;
            }
            case PUBLISH -> {
                // Should the store not take them, it does not take the state either.
                device.writeAll(OfferedKeys.of(options));
                return state instanceof Initialising first && enter(first.featuresPublished());
            }
            case CONNECT -> {
                return state instanceof InitWait waiting && connect(waiting);
            }
            case CONFIRM -> {
                if (state instanceof Connected connected) {
                    state = connected.frontendConnected();
                }
                return false;
            }
            case RECONFIGURE -> {
                return state instanceof Connected connected && reconfigure(connected);
            }
            case GO_ON -> {
                return state instanceof Reconfigured changed && enter(changed.connected());
            }
            case DISCONNECT -> {
                letGo();
                return switch (state) {
                    case Connected connected -> enter(connected.disconnected());
                    case Reconfigured changed -> enter(changed.disconnected());
                    default -> false;
                };
            }
            case CLOSE -> {
                close();
                return true;
            }
            case REOPEN -> {
                return device.isOnline()
                        && state instanceof Closed closed
                        && enter(closed.reopened());
            }
        }
        return false;
    }

    /** False while the hotplug script is still joining the network. */
    private boolean connect(final InitWait waiting) {
        if (device.ownText(NetKeys.SCRIPT) != null
                && !"connected".equals(device.ownText(NetKeys.HOTPLUG_STATUS))) {
            return false;
        }
        final NetbackConnection opened = open();
        if (opened == null) {
            close();
            return true;
        }
        connection = opened;
        carrierTold = services.port().isLinkUp();
        if (!device.writeAll(OfferedKeys.carrier(carrierTold))) {
            close();
            return true;
        }
        counters.connections++;
        return enter(waiting.connected());
    }

    private @Nullable NetbackConnection open() {
        final FrontendKeys keys = FrontendKeys.read(device, options.offers(), options.maxQueues());
        if (keys == null) {
            counters.refused(NetbackRefusal.KEY);
            return null;
        }
        final VifState vif =
                new VifState(services, options, counters, device.otherEndId(), keys, credit());
        vif.nowNanos = nowNanos;
        return NetbackConnection.open(vif);
    }

    /** What the toolstack grants; a rate that makes no sense is counted, and bounds nothing. */
    private TransmitCredit credit() {
        final TransmitCredit credit = TransmitCredit.of(device.ownText(NetKeys.RATE));
        if (credit == null) {
            counters.refused(NetbackRefusal.KEY);
            return TransmitCredit.unlimited();
        }
        return credit;
    }

    private boolean reconfigure(final Connected connected) {
        final NetbackConnection serving = connection;
        if (serving != null && options.offers().xdpHeadroom()) {
            final int headroom = FrontendKeys.readHeadroom(device);
            if (headroom == XenbusDevice.REFUSED) {
                counters.refused(NetbackRefusal.KEY);
            } else {
                serving.headroom(headroom);
            }
        }
        return enter(connected.reconfigured());
    }

    /** Goes on to a state and tells it; a store that does not take it has lost our directory. */
    private boolean enter(final BackendState next) {
        state = next;
        if (!device.switchState(next.wireState()) && connection != null) {
            close();
        }
        return true;
    }

    /** Looks at keys that have changed. */
    private void look(final int changed) {
        stepDue |= (changed & KeyWatches.HOTPLUG) != 0;
        final NetbackConnection serving = connection;
        if (serving == null) {
            return;
        }
        if ((changed & KeyWatches.RATE) != 0) {
            serving.credit(credit());
        }
        if ((changed & KeyWatches.MULTICAST) != 0 && options.offers().multicastControl()) {
            final int wanted = device.readInt(NetKeys.REQUEST_MULTICAST_CONTROL, 0, 1);
            if (wanted == XenbusDevice.REFUSED) {
                counters.refused(NetbackRefusal.KEY);
            } else {
                serving.filterMulticasts(wanted == 1);
            }
        }
    }

    private void tellCarrier() {
        carrierTold = !carrierTold;
        if (!device.writeAll(OfferedKeys.carrier(carrierTold))) {
            close();
        }
    }

    // 4. Take, then answer: see the connection.

    /**
     * Says what time it is, by any clock that does not go back: a new period of the frontend's
     * event budget begins, and what waits for time to pass is looked at. Only what has passed since
     * the first call counts, whenever that is: what waited before has waited since then.
     */
    public void tick(final long newNowNanos) {
        if (!clockStarted) {
            clockStarted = true;
            clockStartNanos = newNowNanos;
        }
        nowNanos = newNowNanos - clockStartNanos;
        final NetbackConnection serving = connection;
        if (serving != null) {
            serving.tick(nowNanos);
        }
    }

    // 5. Tear down, in reverse.

    /** Another end is named in our directory, or that is made anew: nobody is waited for. */
    private void beginAnew() {
        incarnation = device.incarnation();
        letGo();
        watches.attach(device);
        state = state.renewed();
        stepDue = true;
    }

    private void letGo() {
        final NetbackConnection serving = connection;
        if (serving != null) {
            connection = null;
            serving.close();
        }
    }

    /** Ends the connection, if there is one; the frontend may begin the next. */
    private void close() {
        letGo();
        final Closing closing =
                switch (state) {
                    case Initialising open -> open.closing();
                    case InitWait open -> open.closing();
                    case Connected open -> open.closing();
                    case Reconfigured open -> open.closing();
                    case Closing already -> already;
                    case Closed gone -> null;
                };
        if (closing != null) {
            enter(closing);
            enter(closing.closed());
            stepDue = true; // The frontend may have begun anew before.
        }
    }

    /** Whether nothing of a frontend's is mapped, and none is waited for. */
    public boolean isClosed() {
        return state instanceof Closed;
    }

    /** Ends the connection at once, and all that is watched. */
    @Override
    public void onClose() {
        close();
        watches.close();
    }
}
