package io.ringside.xen.netfront.frontend;

import io.ringside.device.guest.NetCompletions;
import io.ringside.device.guest.NetDevice;
import io.ringside.device.guest.NetFrame;
import io.ringside.device.guest.NetLimits;
import io.ringside.device.guest.NetStatus;
import io.ringside.xenbus.device.XenbusDevice;
import io.ringside.xenbus.frontend.FrontendState;
import org.agrona.concurrent.Agent;

/**
 * The guest's half of a Xen virtual network: one queue or several, each with a ring on which it
 * sends and one on which it receives. {@link NetfrontOptions} says what it makes use of; what its
 * backend does not offer, it goes without.
 *
 * <p>What is sent is lent to the backend where it lies, or copied to pages of our own ({@link
 * TransmitPages}). What is received lies in pages that were offered before, and is lent to the
 * workload where it lies; {@link ReceivePages} says whether the backend can still write there.
 *
 * <p>{@link #suspend} voids a connection, and so does another backend or another life of the
 * domain: what was under way is {@link NetStatus#GONE}, as on any network. Frames that the workload
 * holds stay its own until it gives them back, whatever became of the connection.
 *
 * <p>Whoever runs this agent also dispatches the domain's event channels, on the same thread, and
 * calls {@link #tick} at an even pace where it sleeps: events that bring no work are held back.
 *
 * <p>Errors: a frame outside {@link #limits} throws {@link IllegalArgumentException}. A packet from
 * the backend that cannot be is dropped; an answer that cannot be closes the device, and so does a
 * page that it keeps. {@link #counters} says why. Threads: one, that of the agent and of all
 * callers.
 */
public final class Netfront implements Agent, NetDevice {
    // 1. Shared with the peer: rings and ports, which live in the stage, and pages it has kept.

    private Stage stage = new Stage.Waiting(FrontendState.begin());
    private final Pools pools;

    // 2. Ours alone.

    private final XenbusDevice device;
    private final Kit kit;
    private final NetfrontCounters counters = new NetfrontCounters();
    private final EndedFrames ended = new EndedFrames(counters);
    private final Card card;
    private final NetfrontSettings settings;
    private boolean stepDue = true;
    private int incarnation; // of the device, when the connection began

    /**
     * A frontend that looks for its backend with the first {@link #doWork}.
     *
     * @param device its directory in the store, and its backend's
     * @param services what it stands on
     * @param options what it makes use of
     */
    public Netfront(
            final XenbusDevice device,
            final NetfrontServices services,
            final NetfrontOptions options) {
        this.device = device;
        this.incarnation = device.incarnation();
        this.kit = new Kit(services, options, counters);
        this.pools = new Pools(kit);
        this.card = new Card(device, ended);
        this.settings = new NetfrontSettings(options);
    }

    @Override
    public String roleName() {
        return "netfront";
    }

    /** What a workload asks of it beside frames. */
    public NetfrontSettings settings() {
        return settings;
    }

    /** What it has done so far. */
    public NetfrontCounters counters() {
        return counters;
    }

    /** Does what there is to do, a bounded part of it; 0 only if the guest may sleep now. */
    @Override
    public int doWork() {
        int work = ended.waitingCount() == 0 ? 0 : ended.report();
        if (device.poll()) {
            look();
        }
        if (stepDue) {
            stepDue = false;
            step();
            work++;
        }
        final NetConnection connection = stage.connection();
        if (connection != null) {
            if (settings.areChanged() && isReady()) {
                tellSettings(connection);
            }
            work += complete(connection);
        }
        if (pools.keptCount() != 0 && pools.reclaim() != 0) {
            stepDue = true;
        }
        return stepDue || ended.waitingCount() != 0 ? work + 1 : work;
    }

    /** Another backend, or another life of ours, voids what there is. */
    private void look() {
        if (device.incarnation() != incarnation && !isSuspended()) {
            abandon();
            if (isSuspended()) {
                resume();
            }
        }
        stepDue = true;
    }

    /** Begins a new period of the backend's event budget; whoever has a clock calls this. */
    public void tick() {
        final NetConnection connection = stage.connection();
        if (connection != null) {
            connection.tick();
        }
    }

    // 3. Connect, in the protocol's order.

    /** One step in the life of a connection, by what the backend's state is now. */
    private void step() {
        switch (device.step(stage.state())) {
            case PUBLISH -> {
                if (stage instanceof Stage.Waiting waiting && pools.keptCount() == 0) {
                    share(waiting);
                }
            }
            case CONNECT -> {
                if (stage instanceof Stage.Shared shared) {
                    connect(shared);
                }
            }
            case LOOK_AGAIN -> card.readCarrier();
            case GO_ON -> {
                if (stage instanceof Stage.Reconfiguring changed) {
                    enter(changed.reconfigured());
                }
            }
            case CLOSE -> {
                drain();
                closeDraining(); // A backend that is closing may answer nothing more.
                closeUnlessEnding();
            }
            case LOST, FINISH -> {
                completeLast();
                close();
            }
            case WAIT, REFUSE -> {}
        }
    }

    private void share(final Stage.Waiting waiting) {
        final NetAgreement agreed = NetAgreement.read(device, kit, settings);
        if (agreed == null) {
            counters.refused(NetfrontRefusal.KEY);
            close();
            return;
        }
        card.agreed(agreed);
        settings.begin();
        final Shares shares = Shares.of(kit.services(), device.otherEndId(), agreed);
        stage = waiting.shared(agreed, shares);
        if (shares.areWhole()
                && agreed.publish(device, shares, kit.options().offloads(), settings)) {
            enter(stage);
            stepDue = true; // The backend may have been connected before.
        } else {
            close();
        }
    }

    private void connect(final Stage.Shared shared) {
        final NetConnection connection =
                new NetConnection(
                        kit, device.otherEndId(), shared.agreed(), shared.shares(), pools, ended);
        counters.connections++;
        connection.takeHeadroom(settings);
        stage = shared.connected(connection);
        card.readCarrier();
    }

    /** Tells the backend what has changed of the settings, as far as it can be told now. */
    private void tellSettings(final NetConnection connection) {
        connection.tell(settings, device);
        if (stage instanceof Stage.Connected connected && settings.takeHeadroomChange()) {
            final NetAgreement agreed = connection.agreed();
            if (agreed.xdpHeadroom() && agreed.publishHeadroom(device, settings)) {
                connection.takeHeadroom(settings);
                enter(connected.reconfiguring());
            }
        }
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
        stepDue = true;
    }

    // 4. Submit, then complete.

    @Override
    public boolean isReady() {
        return stage instanceof Stage.Connected || stage instanceof Stage.Reconfiguring;
    }

    @Override
    public NetLimits limits() {
        final NetConnection connection = stage.connection();
        if (connection == null || !isReady()) {
            throw new IllegalStateException("not connected: state=" + stage.state());
        }
        return connection.limits();
    }

    @Override
    public long macAddress() {
        return card.macAddress();
    }

    @Override
    public int mtuBytes() {
        return card.mtuBytes();
    }

    @Override
    public boolean isLinkUp() {
        return card.isLinkUp();
    }

    @Override
    public void completionsTo(final NetCompletions completions) {
        ended.completionsTo(completions);
    }

    @Override
    public boolean submit(final int queue, final NetFrame frame) {
        final NetConnection connection = stage.connection();
        return connection != null && isReady() && connection.submit(queue, frame);
    }

    @Override
    public void giveBack(final NetFrame frame) {
        final int queue = pools.giveBack(frame);
        final NetConnection connection = stage.connection();
        if (connection != null) {
            connection.wakeReceive(queue);
        }
    }

    @Override
    public void commit() {
        final NetConnection connection = stage.connection();
        if (connection != null) {
            connection.commit();
        }
    }

    private int complete(final NetConnection connection) {
        final int count = connection.complete();
        final NetfrontRefusal refusal = connection.refusal();
        if (refusal != null) {
            counters.refused(refusal);
            close();
        } else if (connection.isIdle()) {
            closeDraining();
        }
        return count;
    }

    private void closeDraining() {
        if (stage instanceof Stage.Draining draining) {
            enter(draining.closing());
            stepDue = true; // The backend may have been closing before.
        }
    }

    // 5. Tear down, in reverse.

    /**
     * Ends the connection in good order: takes no more frames, and when all are answered asks the
     * backend to let go. {@link #isClosed} tells when that is done.
     */
    public void shutdown() {
        if (drain() && stage instanceof Stage.Draining draining) {
            draining.connection().unstage();
        }
        closeUnlessEnding();
    }

    /** Takes no more frames; false if there is no connection that takes any. */
    private boolean drain() {
        if (stage instanceof Stage.Connected connected) {
            stage = connected.draining();
        } else if (stage instanceof Stage.Reconfiguring changing) {
            stage = changing.draining();
        } else {
            return false;
        }
        commit();
        return true;
    }

    private void closeUnlessEnding() {
        if (!stage.isEnding()) {
            close();
        }
    }

    /** Ends the connection without a word; one that is on its way to its end closes at once. */
    public void suspend() {
        completeLast();
        abandon();
    }

    /** The same where nobody knows what the answers are worth that nobody has seen. */
    private void abandon() {
        if (stage.isEnding()) {
            close();
            return;
        }
        final Stage last = stage;
        stage = new Stage.Suspended(last.closed());
        release(last);
    }

    /** Whether the connection has been suspended; {@link #resume} begins the next. */
    public boolean isSuspended() {
        return stage instanceof Stage.Suspended;
    }

    /** What was answered before the end still counts. */
    private void completeLast() {
        final NetConnection connection = stage.connection();
        if (connection != null) {
            connection.wake();
            connection.complete();
        }
    }

    /** Ends the connection at once, from any stage; owners learn of it when the agent works. */
    private void close() {
        final Stage last = stage;
        stage = last.closed();
        release(last);
        device.switchState(stage.state().wireState());
    }

    private void release(final Stage last) {
        final NetConnection connection = last.connection();
        if (connection != null) {
            for (final NetFrame frame : connection.close(pools.quarantine())) {
                ended.later(frame, NetStatus.GONE);
            }
        }
        last.shares().close(pools.quarantine());
        card.linkIs(false);
    }

    /** Whether the connection has ended; {@link #resume} begins the next. */
    public boolean isClosed() {
        return stage instanceof Stage.Closed;
    }

    /** How many pages the backend has mapped that it should have given back. */
    public int keptPages() {
        return pools.keptCount();
    }

    /** Ends the connection at once: what is in flight is gone. */
    @Override
    public void onClose() {
        if (!isClosed()) {
            close();
        }
        ended.report();
    }
}
