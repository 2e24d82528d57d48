package io.ringside.vmbus.guest;

import io.ringside.vmbus.channel.Channel;
import io.ringside.vmbus.guest.GuestChannelState.Closing;
import io.ringside.vmbus.guest.GuestChannelState.Offered;
import io.ringside.vmbus.guest.GuestChannelState.Open;
import io.ringside.vmbus.guest.GuestChannelState.Opening;
import io.ringside.vmbus.guest.GuestChannelState.Released;
import io.ringside.vmbus.guest.GuestChannelState.Rescinded;
import io.ringside.vmbus.guest.GuestChannelState.RingPages;
import io.ringside.vmbus.guest.GuestChannelState.Sharing;
import io.ringside.vmbus.protocol.Offer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One channel that the host has offered, as its driver's half sees it.
 *
 * <p>The half calls {@link #open} and looks at {@link #channel} whenever it works: null until the
 * host has opened it, and null again once it is closed or taken away. {@link #isRescinded} says
 * that the host will not answer any more: the half ends what is in flight as failed and calls
 * {@link #release}.
 *
 * <p>Nothing here waits: what the host has to answer is there in a later round of work. Errors: a
 * call in a state that it is not for is our own fault, an {@link IllegalStateException}. Threads:
 * the client's, except what only reads; the rings of an open channel belong to the half.
 */
public final class GuestChannel {
    /** No change of the processor is waited for. */
    static final int NO_MODIFY = -1;

    private final ClientControl control;
    private final GuestChannels channels;
    private final Offer offer;
    private volatile GuestChannelState state = new Offered();
    private volatile int targetVp;
    private boolean closeWanted;
    private int modifyAsked = NO_MODIFY;
    private int lastStatus;
    private @Nullable RingPages endedRings;

    GuestChannel(final ClientControl control, final GuestChannels channels, final Offer offer) {
        this.control = control;
        this.channels = channels;
        this.offer = offer;
    }

    /** What the host told. */
    public Offer offer() {
        return offer;
    }

    /** Its number. */
    public int relid() {
        return offer.relid();
    }

    /** Where it stands. */
    public GuestChannelState state() {
        return state;
    }

    /** The rings; null unless the channel is open. */
    public @Nullable Channel channel() {
        return state instanceof Open open ? open.rings().channel() : null;
    }

    /** Whether it may be opened. */
    public boolean isClosed() {
        return state instanceof Offered;
    }

    /** Whether the host has taken it away, and the half has yet to release it. */
    public boolean isRescinded() {
        return state instanceof Rescinded;
    }

    /** Whether there is no such channel any more. */
    public boolean isReleased() {
        return state instanceof Released;
    }

    /** What the host answered last: 0, or why it did not open the channel. */
    public int lastStatus() {
        return lastStatus;
    }

    /** The processor that is interrupted. */
    public int targetVp() {
        return targetVp;
    }

    /** The other channels of the same device that are offered now. */
    public List<GuestChannel> subChannels() {
        return channels.subChannels(this);
    }

    /**
     * How many channels the host has offered so far, of whichever device: {@link #subChannels} is
     * worth another look when this is another number.
     */
    public int offersSeen() {
        return channels.offers();
    }

    /**
     * Sets what runs when the host signals this channel, on the thread that dispatches for its
     * processor. It must not throw. Kept over closing and opening.
     */
    public void handler(final Runnable handler) {
        control.handler(this, handler);
    }

    /** Makes the rings and asks the host to open the channel. */
    public void open(final OpenRequest openRequest) {
        channels.open(this, openRequest);
    }

    /**
     * Asks the host to close it, and for the pages of its rings. The half touches the rings no
     * more. While it is being opened, it is closed as soon as it is open.
     */
    public void close() {
        channels.close(this);
    }

    /** After {@link #isRescinded}: the half uses the rings no more, and the number is free. */
    public void release() {
        channels.release(this);
    }

    /**
     * Shares pages with the host, apart from the rings.
     *
     * @param frames the pages, which must stay what they are until it is gone
     */
    public GuestGpadl share(final int... frames) {
        return channels.share(this, frames);
    }

    /** Asks the host to let go of shared pages, which it must have taken before. */
    public void unshare(final GuestGpadl gpadl) {
        if (gpadl.relid() != relid()) {
            throw new IllegalArgumentException(
                    "another channel's: gpadl=" + gpadl.handle() + " relid=" + relid());
        }
        channels.gpadls().unshare(gpadl);
    }

    /** Has another processor interrupted. The channel is open, and the version at least 4.1. */
    public void modify(final int newTargetVp) {
        channels.modify(this, newTargetVp);
    }

    // The client's.

    void enter(final GuestChannelState next) {
        state = next;
    }

    void targetVp(final int newTargetVp) {
        targetVp = newTargetVp;
    }

    void status(final int status) {
        lastStatus = status;
    }

    void wantClose(final boolean wanted) {
        closeWanted = wanted;
    }

    boolean takeCloseWanted() {
        final boolean wanted = closeWanted;
        closeWanted = false;
        return wanted;
    }

    void askModify(final int newTargetVp) {
        modifyAsked = newTargetVp;
    }

    boolean isModifyPending() {
        return modifyAsked != NO_MODIFY;
    }

    /** The processor that was asked for, or {@link #NO_MODIFY}; not waited for any more. */
    int takeModify() {
        final int asked = modifyAsked;
        modifyAsked = NO_MODIFY;
        return asked;
    }

    /** The rings, in whichever state; null if there are none. */
    @Nullable RingPages rings() {
        return switch (state) {
            case Sharing sharing -> sharing.rings();
            case Opening opening -> opening.rings();
            case Open open -> open.rings();
            case Closing closing -> closing.rings();
            case Offered offered -> null;
            case Rescinded rescinded -> null;
            case Released released -> null;
        };
    }

    /** Keeps what the driver has yet to let go of. */
    void ended(final @Nullable RingPages rings) {
        endedRings = rings;
        closeWanted = false;
        modifyAsked = NO_MODIFY;
    }

    @Nullable RingPages takeEndedRings() {
        final RingPages rings = endedRings;
        endedRings = null;
        return rings;
    }

    @Override
    public String toString() {
        return "GuestChannel[relid=" + relid() + " state=" + state + "]";
    }
}
