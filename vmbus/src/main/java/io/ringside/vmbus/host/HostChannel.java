package io.ringside.vmbus.host;

import io.ringside.hypervisor.Doorbell;
import io.ringside.vmbus.channel.Channel;
import io.ringside.vmbus.channel.Gpadl;
import io.ringside.vmbus.host.HostChannelState.Closing;
import io.ringside.vmbus.host.HostChannelState.Gone;
import io.ringside.vmbus.host.HostChannelState.Offered;
import io.ringside.vmbus.host.HostChannelState.Open;
import io.ringside.vmbus.host.HostChannelState.OpenRings;
import io.ringside.vmbus.host.HostChannelState.Rescinded;
import io.ringside.vmbus.host.HostChannelState.Revoking;
import io.ringside.vmbus.protocol.Offer;
import io.ringside.vmbus.protocol.UserData;
import io.ringside.vmbus.synic.EventPort;
import org.jspecify.annotations.Nullable;

/**
 * One channel that a host offers, as its driver's half sees it.
 *
 * <p>The half looks at {@link #channel} whenever it works: null, there is nothing to serve; not
 * null, it serves the rings. Once {@link #mustRelease} says so, the half ends what it has in hand,
 * touches the rings no more and calls {@link #release}; the guest learns nothing before that. When
 * the guest opens the channel again, {@link #channel} is another object.
 *
 * <p>Threads: the server changes the state. A half on another thread may call everything that is
 * not said to be the server's; it is woken by the doorbell that it gave when the channel was
 * offered.
 */
public final class HostChannel {
    private final ServerControl control;
    private final ChannelOffer offered;
    private final Offer offer;
    private final Doorbell driver;
    private final EventPort port;

    private volatile HostChannelState state = new Offered();
    private volatile @Nullable OpenRings released;
    private volatile int targetVp;
    private volatile boolean sharedSignal;

    HostChannel(
            final ServerControl control,
            final ChannelOffer offered,
            final Offer offer,
            final EventPort port,
            final Doorbell driver) {
        this.control = control;
        this.offered = offered;
        this.offer = offer;
        this.port = port;
        this.driver = driver;
    }

    /** What the guest is told of it. */
    public Offer offer() {
        return offer;
    }

    /** What was asked for. */
    public ChannelOffer offered() {
        return offered;
    }

    /** Its number. */
    public int relid() {
        return offer.relid();
    }

    /** Where it stands. */
    public HostChannelState state() {
        return state;
    }

    /** The rings to be served; null if there are none, or they are to be released. */
    public @Nullable Channel channel() {
        return state instanceof Open open ? open.rings().channel() : null;
    }

    /** What the guest said when it opened the channel; zeros if it is not open. */
    public UserData openData() {
        return state instanceof Open open ? open.rings().userData() : UserData.NONE;
    }

    /** Whether the half is to let go: the guest has closed the channel, or it is taken away. */
    public boolean mustRelease() {
        final OpenRings rings = ringsToRelease();
        return rings != null && !rings.equals(released);
    }

    /**
     * The half uses the rings no more. Views of {@link Gpadl}s are closed apart.
     *
     * @throws IllegalStateException if {@link #mustRelease} does not say so
     */
    public void release() {
        final OpenRings rings = ringsToRelease();
        if (rings == null || rings.equals(released)) {
            throw new IllegalStateException("nothing to release: relid=" + relid());
        }
        released = rings;
        control.link().server().ring();
    }

    /** Whether the channel is gone for good. */
    public boolean isGone() {
        return state instanceof Rescinded || state instanceof Gone;
    }

    /** The processor of the guest that is interrupted. */
    public int targetVp() {
        return targetVp;
    }

    /** Whether the guest has signalled since the last call. */
    public boolean takeSignal() {
        final boolean shared = sharedSignal;
        if (shared) {
            sharedSignal = false;
        }
        return port.take() || shared;
    }

    /** How often the guest has signalled, needlessly or not. */
    public long signals() {
        return port.signals();
    }

    /**
     * A list of pages that the guest made for this channel, or for another of the same device; null
     * if there is none of that number.
     */
    public @Nullable Gpadl gpadl(final int handle) {
        return control.gpadlOf(this, handle);
    }

    /**
     * Takes the channel away, with what is in flight: the half is asked to let go, and then the
     * guest is told. On the server's thread.
     */
    public void revoke() {
        control.revoke(this);
    }

    // The server's.

    Doorbell driver() {
        return driver;
    }

    EventPort port() {
        return port;
    }

    /** The guest has signalled it by the connection that all channels share. */
    void sharedSignal() {
        sharedSignal = true;
        driver.ring();
    }

    void enter(final HostChannelState next) {
        state = next;
        driver.ring();
    }

    void targetVp(final int newTargetVp) {
        targetVp = newTargetVp;
    }

    /** Whether the half has let go of what it was asked to. */
    boolean isReleased() {
        final OpenRings rings = ringsToRelease();
        return rings != null && rings.equals(released);
    }

    /** Whether the rings are mapped. */
    boolean isInUse() {
        return state instanceof Open || ringsToRelease() != null;
    }

    private @Nullable OpenRings ringsToRelease() {
        return switch (state) {
            case Closing closing -> closing.rings();
            case Revoking revoking -> revoking.rings();
            case Offered offeredState -> null;
            case Open open -> null;
            case Rescinded rescinded -> null;
            case Gone gone -> null;
        };
    }

    @Override
    public String toString() {
        return "HostChannel[relid=" + relid() + " state=" + state + "]";
    }
}
