package io.ringside.vmbus.host;

import io.ringside.hypervisor.Doorbell;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.vmbus.channel.Channel;
import io.ringside.vmbus.channel.Gpadl;
import io.ringside.vmbus.host.HostChannelState.Closing;
import io.ringside.vmbus.host.HostChannelState.Gone;
import io.ringside.vmbus.host.HostChannelState.Offered;
import io.ringside.vmbus.host.HostChannelState.Open;
import io.ringside.vmbus.host.HostChannelState.OpenRings;
import io.ringside.vmbus.host.HostChannelState.Rescinded;
import io.ringside.vmbus.host.HostChannelState.Revoking;
import io.ringside.vmbus.host.ServerState.Contact;
import io.ringside.vmbus.protocol.ChannelMessage.GpadlHeader;
import io.ringside.vmbus.protocol.ChannelMessage.GpadlTeardown;
import io.ringside.vmbus.protocol.ChannelMessage.ModifyChannel;
import io.ringside.vmbus.protocol.ChannelMessage.OfferChannel;
import io.ringside.vmbus.protocol.ChannelMessage.OpenChannel;
import io.ringside.vmbus.protocol.ChannelMessage.RescindOffer;
import io.ringside.vmbus.protocol.ControlRefusal;
import io.ringside.vmbus.protocol.Offer;
import io.ringside.vmbus.protocol.VmbusVersion;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The channels of the host's state machine: what a guest may do to each in which state.
 *
 * <p>Answers are a {@link ControlRefusal}. Threads: the server's, except {@link #find}.
 */
final class ChannelControl {
    /** Connections of channels are numbered from here on. */
    static final int FIRST_CONNECTION_ID = 0x1_0000;

    private final HostLink link;
    private final GuestMemory memory;
    private final int processorCount;
    private final GpadlTable gpadls;
    private final ChannelTable channels = new ChannelTable();
    private final List<HostChannel> untold = new ArrayList<>();

    ChannelControl(
            final HostLink link,
            final GuestMemory memory,
            final int processorCount,
            final GpadlTable gpadls) {
        this.link = link;
        this.memory = memory;
        this.processorCount = processorCount;
        this.gpadls = gpadls;
    }

    @Nullable HostChannel find(final int relid) {
        return channels.find(relid);
    }

    boolean hasSubChannels(final ChannelOffer offered) {
        return channels.hasSubChannels(offered);
    }

    int count() {
        return channels.all().size();
    }

    // Offers.

    HostChannel add(
            final ServerControl control, final ChannelOffer offered, final Doorbell driver) {
        if (channels.contains(offered)) {
            throw new IllegalArgumentException(
                    "offered already: instance="
                            + offered.instance()
                            + " subChannelIndex="
                            + offered.subChannelIndex());
        }
        final int relid = channels.freeRelid();
        if (relid == ChannelTable.NONE) {
            throw new IllegalStateException("no free channel: channels=" + count());
        }
        final int connectionId = FIRST_CONNECTION_ID + relid;
        final int monitorId =
                offered.monitorLatency100Nanos() == ChannelOffer.NO_MONITOR
                        ? Offer.NO_MONITOR
                        : link.allocateMonitor(connectionId, offered.monitorLatency100Nanos());
        final Offer offer =
                new Offer(
                        offered.deviceType(),
                        offered.instance(),
                        offered.flags(),
                        offered.mmioMegabytes(),
                        offered.userData(),
                        offered.subChannelIndex(),
                        relid,
                        monitorId,
                        true,
                        connectionId);
        final HostChannel channel =
                new HostChannel(
                        control, offered, offer, link.openPort(connectionId, driver), driver);
        channels.put(channel);
        return channel;
    }

    void tellAll(final Contact contact) {
        for (final HostChannel channel : channels.all()) {
            tell(contact, channel);
        }
    }

    /** Tells the guest of a channel, unless that is on its way out. */
    void tell(final Contact contact, final HostChannel channel) {
        if (!(channel.state() instanceof Offered)) {
            return;
        }
        final Offer offer = channel.offer();
        link.send(
                contact,
                new OfferChannel(
                        VmbusVersion.hasDedicatedInterrupts(contact.version())
                                ? offer
                                : withSharedInterrupt(offer)));
    }

    /** The oldest version ends before these fields: all channels share a connection. */
    private static Offer withSharedInterrupt(final Offer offer) {
        return new Offer(
                offer.deviceType(),
                offer.instance(),
                offer.flags(),
                offer.mmioMegabytes(),
                offer.userData(),
                offer.subChannelIndex(),
                offer.relid(),
                offer.monitorId(),
                false,
                0);
    }

    // Messages of the guest.

    int gpadlHeader(final GpadlHeader message, final boolean told) {
        final HostChannel channel = told ? channels.find(message.relid()) : null;
        if (channel == null) {
            return ControlRefusal.UNKNOWN_CHANNEL;
        }
        return switch (channel.state()) {
            case Offered offered -> gpadls.begin(message);
            case Open open -> gpadls.begin(message);
            case Closing closing -> gpadls.begin(message);
            case Revoking revoking -> ControlRefusal.CHANNEL_STATE;
            case Rescinded rescinded -> ControlRefusal.CHANNEL_STATE;
            case Gone gone -> ControlRefusal.UNKNOWN_CHANNEL;
        };
    }

    int gpadlTeardown(final GpadlTeardown message) {
        final Gpadl gpadl = gpadls.find(message.gpadl());
        if (gpadl == null || gpadl.relid() != message.relid()) {
            return ControlRefusal.UNKNOWN_GPADL;
        }
        if (gpadl.isTornDown()) {
            return ControlRefusal.GPADL_STATE;
        }
        gpadl.tearDown();
        final HostChannel channel = channels.find(message.relid());
        if (channel != null) {
            channel.driver().ring(); // It may have a view to close.
        }
        return ControlRefusal.NONE;
    }

    int open(final OpenChannel message, final Contact contact, final boolean told) {
        final HostChannel channel = told ? channels.find(message.relid()) : null;
        if (channel == null) {
            return ControlRefusal.UNKNOWN_CHANNEL;
        }
        if (!(channel.state() instanceof Offered offered)) {
            return ControlRefusal.CHANNEL_STATE;
        }
        final Gpadl gpadl = gpadls.find(message.ringGpadl());
        if (gpadl == null || gpadl.relid() != message.relid() || gpadl.isTornDown()) {
            return ControlRefusal.UNKNOWN_GPADL;
        }
        final int targetVp = VmbusVersion.hasTargetVp(contact.version()) ? message.targetVp() : 0;
        final int downstream = message.downstreamPage();
        if (!gpadl.isWholePages()
                || downstream < Channel.LEAST_RING_PAGES
                || downstream > gpadl.pageCount() - Channel.LEAST_RING_PAGES
                || !isProcessor(targetVp)) {
            return ControlRefusal.PARAMETER;
        }
        channel.targetVp(targetVp);
        final Channel rings = map(gpadl, downstream, link.signal(contact, channel));
        if (rings == null) {
            return ControlRefusal.LIMIT;
        }
        final OpenRings opened = new OpenRings(rings, gpadl, message.userData());
        if (rings.isBroken()) {
            opened.close();
            return ControlRefusal.PARAMETER;
        }
        channel.takeSignal(); // What an earlier use has left behind.
        channel.enter(offered.opened(opened));
        return ControlRefusal.NONE;
    }

    /** The rings; null if the system has no room to map the guest's scattered pages. */
    private @Nullable Channel map(final Gpadl gpadl, final int downstream, final Doorbell guest) {
        if (!gpadl.retain()) {
            return null;
        }
        try {
            return Channel.ofHost(memory, gpadl.frames(), downstream, guest);
        } catch (final IllegalStateException e) {
            gpadl.release();
            return null;
        }
    }

    int close(final int relid) {
        final HostChannel channel = channels.find(relid);
        if (channel == null) {
            return ControlRefusal.UNKNOWN_CHANNEL;
        }
        return switch (channel.state()) {
            case Open open -> {
                channel.enter(open.closing());
                yield ControlRefusal.NONE;
            }
            // The guest may close what it has not heard is gone.
            case Revoking revoking -> ControlRefusal.NONE;
            case Rescinded rescinded -> ControlRefusal.NONE;
            case Offered offered -> ControlRefusal.CHANNEL_STATE;
            case Closing closing -> ControlRefusal.CHANNEL_STATE;
            case Gone gone -> ControlRefusal.UNKNOWN_CHANNEL;
        };
    }

    int modify(final ModifyChannel message) {
        final HostChannel channel = channels.find(message.relid());
        if (channel == null) {
            return ControlRefusal.UNKNOWN_CHANNEL;
        }
        if (!(channel.state() instanceof Open)) {
            return ControlRefusal.CHANNEL_STATE;
        }
        if (!isProcessor(message.targetVp())) {
            return ControlRefusal.PARAMETER;
        }
        channel.targetVp(message.targetVp());
        return ControlRefusal.NONE;
    }

    int relidReleased(final int relid) {
        final HostChannel channel = channels.find(relid);
        if (channel == null) {
            return ControlRefusal.UNKNOWN_CHANNEL;
        }
        if (!(channel.state() instanceof Rescinded rescinded)) {
            return ControlRefusal.CHANNEL_STATE;
        }
        forget(channel, rescinded.relidReleased());
        return ControlRefusal.NONE;
    }

    private boolean isProcessor(final int processor) {
        return processor >= 0 && processor < processorCount;
    }

    // What the host does.

    /** Takes a channel away, as soon as its driver has let go. */
    void revoke(final HostChannel channel) {
        switch (channel.state()) {
            case Offered offered -> rescind(channel, offered.revoked());
            case Open open -> channel.enter(open.revoked());
            case Closing closing -> channel.enter(closing.revoked());
            case Revoking revoking -> {}
            case Rescinded rescinded -> {}
            case Gone gone -> {}
        }
    }

    private void rescind(final HostChannel channel, final Rescinded rescinded) {
        channel.enter(rescinded);
        untold.add(channel);
    }

    /**
     * Tells of the channels that are gone; a guest that is not there, or has not asked for offers,
     * is not told. How many there were.
     */
    int tellRescinded(final @Nullable Contact told) {
        final int count = untold.size();
        for (final HostChannel channel : untold) {
            if (told != null) {
                link.send(told, new RescindOffer(channel.relid()));
            } else if (channel.state() instanceof Rescinded rescinded) {
                forget(channel, rescinded.relidReleased());
            }
        }
        untold.clear();
        return count;
    }

    /** Ends every use of the rings, for the guest is gone. */
    void reset() {
        for (final HostChannel channel : channels.all()) {
            if (channel.state() instanceof Open open) {
                channel.enter(open.closing());
            }
        }
    }

    /** Unmaps what the drivers have let go of; how many channels there were. */
    int settle() {
        int settled = 0;
        for (final HostChannel channel : channels.all()) {
            if (channel.isReleased()) {
                settleReleased(channel);
                settled++;
            }
        }
        return settled;
    }

    private void settleReleased(final HostChannel channel) {
        switch (channel.state()) {
            case Closing closing -> {
                closing.rings().close();
                channel.enter(closing.released());
            }
            case Revoking revoking -> {
                revoking.rings().close();
                rescind(channel, revoking.released());
            }
            case Offered offered -> {}
            case Open open -> {}
            case Rescinded rescinded -> {}
            case Gone gone -> {}
        }
    }

    /** Whether the rings of any channel are mapped. */
    boolean isInUse() {
        for (final HostChannel channel : channels.all()) {
            if (channel.isInUse()) {
                return true;
            }
        }
        return false;
    }

    /** The guest that was to release these numbers is gone. */
    void forgetRescinded() {
        for (final HostChannel channel : channels.all()) {
            if (channel.state() instanceof Rescinded rescinded) {
                forget(channel, rescinded.relidReleased());
            }
        }
    }

    private void forget(final HostChannel channel, final Gone gone) {
        gpadls.forget(channel.relid());
        channel.port().close();
        if (channel.offer().isMonitored()) {
            link.freeMonitor(channel.offer().monitorId());
        }
        channels.remove(channel);
        channel.enter(gone);
    }
}
