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
import io.ringside.vmbus.protocol.ChannelMessage.CloseChannel;
import io.ringside.vmbus.protocol.ChannelMessage.GpadlCreated;
import io.ringside.vmbus.protocol.ChannelMessage.ModifyChannel;
import io.ringside.vmbus.protocol.ChannelMessage.ModifyResponse;
import io.ringside.vmbus.protocol.ChannelMessage.OpenChannel;
import io.ringside.vmbus.protocol.ChannelMessage.OpenResult;
import io.ringside.vmbus.protocol.ChannelMessage.RelidReleased;
import io.ringside.vmbus.protocol.ControlRefusal;
import io.ringside.vmbus.protocol.EventFlags;
import io.ringside.vmbus.protocol.MonitorPage;
import io.ringside.vmbus.protocol.Offer;
import io.ringside.vmbus.protocol.ReplyStatus;
import io.ringside.vmbus.protocol.VmbusVersion;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The channels of the guest's state machine: what the host, and the driver, may do to each in which
 * state.
 *
 * <p>The pages of a channel's rings go back to the guest when both are done with them: the driver
 * has closed or released the channel, and the host has let go of the list. A host that never does
 * keeps them. Answers are a {@link ControlRefusal}. Threads: the client's.
 */
final class GuestChannels {
    private final ClientControl control;
    private final GuestLink link;
    private final GuestPages pages;
    private final GuestGpadls gpadls;
    private final @Nullable GuestChannel[] channels = new GuestChannel[EventFlags.COUNT];
    private final List<RingPages> kept = new ArrayList<>();
    private int offers;

    GuestChannels(final ClientControl control, final GuestLink link, final GuestPages pages) {
        this.control = control;
        this.link = link;
        this.pages = pages;
        this.gpadls = new GuestGpadls(link);
    }

    GuestGpadls gpadls() {
        return gpadls;
    }

    @Nullable GuestChannel find(final int relid) {
        return relid > 0 && relid < channels.length ? channels[relid] : null;
    }

    List<GuestChannel> all() {
        final List<GuestChannel> all = new ArrayList<>();
        for (final GuestChannel channel : channels) {
            if (channel != null) {
                all.add(channel);
            }
        }
        return all;
    }

    List<GuestChannel> subChannels(final GuestChannel primary) {
        final List<GuestChannel> all = all();
        all.removeIf(channel ->
                channel.offer().subChannelIndex() == 0
                        || !channel.offer().isSameDevice(primary.offer()));
        return all;
    }

    /** How many channels were offered so far. */
    int offers() {
        return offers;
    }

    /** Pages of rings that the host has not let go of. */
    int keptRings() {
        return kept.size();
    }

    // Messages of the host.

    int offered(final Offer offer) {
        if (offer.relid() <= 0
                || offer.relid() >= channels.length
                || offer.monitorId() >= MonitorPage.TRIGGERS) {
            return ControlRefusal.PARAMETER;
        }
        if (channels[offer.relid()] != null) {
            return ControlRefusal.CHANNEL_STATE;
        }
        final GuestChannel channel = new GuestChannel(control, this, offer);
        channels[offer.relid()] = channel;
        offers++;
        link.offered(channel);
        return ControlRefusal.NONE;
    }

    int rescinded(final int relid) {
        final GuestChannel channel = find(relid);
        if (channel == null) {
            return ControlRefusal.UNKNOWN_CHANNEL;
        }
        if (channel.state() instanceof Rescinded) {
            return ControlRefusal.CHANNEL_STATE;
        }
        gpadls.forget(relid);
        end(channel);
        return ControlRefusal.NONE;
    }

    /** Ends a channel; where its driver has nothing in hand, it is released at once. */
    private void end(final GuestChannel channel) {
        final RingPages rings = channel.rings();
        final boolean inHand =
                channel.state() instanceof Open
                        || channel.state() instanceof Opening
                        || channel.state() instanceof Sharing;
        channel.enter(new Rescinded());
        channel.ended(inHand ? rings : null);
        if (!inHand) {
            if (rings != null) {
                putAway(rings);
            }
            release(channel);
        }
    }

    int gpadlCreated(final GpadlCreated message) {
        final int refusal = gpadls.created(message);
        final GuestChannel channel = find(message.relid());
        if (refusal == ControlRefusal.NONE
                && channel != null
                && channel.state() instanceof Sharing sharing
                && sharing.rings().gpadl().handle() == message.gpadl()) {
            shared(channel, sharing, message.status());
        }
        return refusal;
    }

    private void shared(final GuestChannel channel, final Sharing sharing, final int status) {
        channel.status(status);
        final RingPages rings = sharing.rings();
        if (status != ReplyStatus.SUCCESS) {
            channel.wantClose(false);
            channel.enter(sharing.refused());
            putAway(rings);
            return;
        }
        final Opening opening = sharing.shared();
        channel.enter(opening);
        if (channel.takeCloseWanted()) {
            tearDown(channel, opening.refused());
            return;
        }
        link.send(
                new OpenChannel(
                        channel.relid(),
                        channel.relid(),
                        rings.gpadl().handle(),
                        channel.targetVp(),
                        rings.downstreamPage(),
                        rings.userData()));
    }

    int openResult(final OpenResult message) {
        final GuestChannel channel = find(message.relid());
        if (channel == null) {
            return ControlRefusal.UNKNOWN_CHANNEL;
        }
        if (!(channel.state() instanceof Opening opening) || message.openId() != message.relid()) {
            return ControlRefusal.CHANNEL_STATE;
        }
        channel.status(message.status());
        if (message.status() != ReplyStatus.SUCCESS) {
            channel.wantClose(false);
            tearDown(channel, opening.refused());
            return ControlRefusal.NONE;
        }
        channel.enter(opening.opened());
        if (channel.takeCloseWanted()) {
            close(channel);
        }
        return ControlRefusal.NONE;
    }

    private void tearDown(final GuestChannel channel, final Closing closing) {
        channel.enter(closing);
        gpadls.unshare(closing.rings().gpadl());
    }

    int gpadlTorndown(final int handle) {
        final GuestGpadl gpadl = gpadls.find(handle);
        final int refusal = gpadls.torndown(handle);
        if (refusal == ControlRefusal.NONE && gpadl != null) {
            final GuestChannel channel = find(gpadl.relid());
            if (channel != null
                    && channel.state() instanceof Closing closing
                    && closing.rings().gpadl() == gpadl) {
                channel.enter(closing.closed());
                putAway(closing.rings());
            }
        }
        return refusal;
    }

    int modifyResponse(final ModifyResponse message) {
        final GuestChannel channel = find(message.relid());
        if (channel == null) {
            return ControlRefusal.UNKNOWN_CHANNEL;
        }
        final int asked = channel.takeModify();
        if (asked == GuestChannel.NO_MODIFY) {
            return ControlRefusal.CHANNEL_STATE;
        }
        channel.status(message.status());
        if (message.status() == ReplyStatus.SUCCESS) {
            channel.targetVp(asked);
        }
        return ControlRefusal.NONE;
    }

    // What the drivers do.

    void open(final GuestChannel channel, final OpenRequest request) {
        if (!(channel.state() instanceof Offered offered) || !control.isListening()) {
            throw wrongState("open", channel);
        }
        if (request.targetVp() >= link.processorCount()) {
            throw new IllegalArgumentException("no such processor: targetVp=" + request.targetVp());
        }
        final int downstream = request.outgoingPages();
        gpadls.checkPages(downstream + request.incomingPages());
        final int[] frames = pages.allocate(downstream + request.incomingPages());
        Channel.initialise(pages.memory(), frames, downstream);
        final Channel rings;
        try {
            rings = Channel.ofGuest(pages.memory(), frames, downstream, link.signal(channel));
        } catch (final IllegalStateException e) {
            pages.free(frames);
            throw e;
        }
        channel.targetVp(request.targetVp());
        final GuestGpadl gpadl = gpadls.share(channel.relid(), frames);
        channel.enter(offered.sharing(new RingPages(gpadl, rings, downstream, request.userData())));
    }

    void close(final GuestChannel channel) {
        switch (channel.state()) {
            case Open open -> {
                link.send(new CloseChannel(channel.relid()));
                channel.takeModify();
                tearDown(channel, open.closing());
            }
            case Sharing sharing -> channel.wantClose(true);
            case Opening opening -> channel.wantClose(true);
            case Offered offered -> throw wrongState("close", channel);
            case Closing closing -> throw wrongState("close", channel);
            case Rescinded rescinded -> throw wrongState("close", channel);
            case Released released -> throw wrongState("close", channel);
        }
    }

    void release(final GuestChannel channel) {
        if (!(channel.state() instanceof Rescinded rescinded)) {
            throw wrongState("release", channel);
        }
        final RingPages rings = channel.takeEndedRings();
        if (rings != null) {
            putAway(rings);
        }
        channel.enter(rescinded.released());
        if (channels[channel.relid()] == channel) {
            channels[channel.relid()] = null;
            link.forget(channel.relid());
            if (control.isListening()) {
                link.send(new RelidReleased(channel.relid()));
            }
        }
    }

    GuestGpadl share(final GuestChannel channel, final int[] frames) {
        if (channel.state() instanceof Rescinded
                || channel.state() instanceof Released
                || !control.isListening()) {
            throw wrongState("share", channel);
        }
        return gpadls.share(channel.relid(), frames);
    }

    void modify(final GuestChannel channel, final int targetVp) {
        final int version = control.state().version();
        if (!(channel.state() instanceof Open)
                || !VmbusVersion.hasModifyChannel(version)
                || channel.isModifyPending()) {
            throw wrongState("modify", channel);
        }
        link.send(new ModifyChannel(channel.relid(), targetVp));
        if (VmbusVersion.hasModifyResponse(version)) {
            channel.askModify(targetVp);
        } else {
            channel.targetVp(targetVp);
        }
    }

    private static IllegalStateException wrongState(final String what, final GuestChannel channel) {
        return new IllegalStateException(
                "cannot " + what + ": relid=" + channel.relid() + " state=" + channel.state());
    }

    // The end of a connection.

    /** The guest leaves: every channel has ended, and the host has yet to let go. */
    void endAll() {
        for (final GuestChannel channel : all()) {
            if (!(channel.state() instanceof Rescinded)) {
                end(channel);
            }
        }
    }

    /** The host has let go of everything. */
    void hostLetGo() {
        gpadls.forgetAll();
        for (int i = 0; i < channels.length; i++) {
            if (channels[i] != null) {
                channels[i] = null;
                link.forget(i);
            }
        }
        for (int i = kept.size() - 1; i >= 0; i--) {
            pages.free(kept.remove(i).gpadl().frames());
        }
    }

    /** The driver is done with rings: their pages are free once the host is, too. */
    private void putAway(final RingPages rings) {
        rings.channel().close();
        if (rings.gpadl().isGone()) {
            pages.free(rings.gpadl().frames());
        } else {
            kept.add(rings);
        }
    }
}
