package io.ringside.vmbus.host;

import io.ringside.hypervisor.Doorbell;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Vcpu;
import io.ringside.vmbus.channel.Gpadl;
import io.ringside.vmbus.host.ServerState.Connected;
import io.ringside.vmbus.host.ServerState.Contact;
import io.ringside.vmbus.host.ServerState.Disconnected;
import io.ringside.vmbus.host.ServerState.Resetting;
import io.ringside.vmbus.protocol.ChannelMessage;
import io.ringside.vmbus.protocol.ChannelMessage.AllOffersDelivered;
import io.ringside.vmbus.protocol.ChannelMessage.CloseChannel;
import io.ringside.vmbus.protocol.ChannelMessage.GpadlBody;
import io.ringside.vmbus.protocol.ChannelMessage.GpadlCreated;
import io.ringside.vmbus.protocol.ChannelMessage.GpadlHeader;
import io.ringside.vmbus.protocol.ChannelMessage.GpadlTeardown;
import io.ringside.vmbus.protocol.ChannelMessage.GpadlTorndown;
import io.ringside.vmbus.protocol.ChannelMessage.InitiateContact;
import io.ringside.vmbus.protocol.ChannelMessage.Malformed;
import io.ringside.vmbus.protocol.ChannelMessage.ModifyChannel;
import io.ringside.vmbus.protocol.ChannelMessage.ModifyResponse;
import io.ringside.vmbus.protocol.ChannelMessage.OfferChannel;
import io.ringside.vmbus.protocol.ChannelMessage.OpenChannel;
import io.ringside.vmbus.protocol.ChannelMessage.OpenResult;
import io.ringside.vmbus.protocol.ChannelMessage.RelidReleased;
import io.ringside.vmbus.protocol.ChannelMessage.RequestOffers;
import io.ringside.vmbus.protocol.ChannelMessage.RescindOffer;
import io.ringside.vmbus.protocol.ChannelMessage.TlConnectRequest;
import io.ringside.vmbus.protocol.ChannelMessage.TlConnectResult;
import io.ringside.vmbus.protocol.ChannelMessage.Unload;
import io.ringside.vmbus.protocol.ChannelMessage.UnloadResponse;
import io.ringside.vmbus.protocol.ChannelMessage.Unsupported;
import io.ringside.vmbus.protocol.ChannelMessage.VersionResponse;
import io.ringside.vmbus.protocol.ControlRefusal;
import io.ringside.vmbus.protocol.RefusalCounts;
import io.ringside.vmbus.protocol.ReplyStatus;
import io.ringside.vmbus.protocol.VmbusVersion;
import org.jspecify.annotations.Nullable;

/**
 * The host's control plane as a state machine: a message in, messages out by a {@link HostLink}.
 *
 * <p>Every message in every state is legal or refused. A refusal is counted by its reason, and told
 * to the guest where the protocol has an answer with a status; nothing changes otherwise.
 *
 * <p>Threads: the server's, except {@link #wake} and {@link #gpadlOf}.
 */
final class ServerControl {
    private final HostLink link;
    private final ContactCheck check;
    private final GpadlTable gpadls;
    private final ChannelControl channels;
    private final RefusalCounts refusals = new RefusalCounts();
    private ServerState state = new Disconnected();
    private volatile boolean due;

    ServerControl(
            final HostLink link,
            final GuestMemory memory,
            final int processorCount,
            final ServerOptions options,
            final Vcpu vcpu) {
        this.link = link;
        this.check = new ContactCheck(memory, processorCount, options);
        this.gpadls = new GpadlTable(memory, options, vcpu, this::wake);
        this.channels = new ChannelControl(link, memory, processorCount, gpadls);
    }

    ServerState state() {
        return state;
    }

    RefusalCounts refusals() {
        return refusals;
    }

    GpadlTable gpadls() {
        return gpadls;
    }

    ChannelControl channels() {
        return channels;
    }

    HostLink link() {
        return link;
    }

    /** One message of the guest; answers with a {@link ControlRefusal}, which is counted. */
    int receive(final ChannelMessage message) {
        final int refusal = refusals.count(handle(message));
        due = true;
        tick();
        return refusal;
    }

    private int handle(final ChannelMessage message) {
        return switch (message) {
            case InitiateContact m -> contact(m);
            case Unload m -> unload();
            case RequestOffers m -> requestOffers();
            case GpadlHeader m -> gpadlHeader(m);
            case GpadlBody m -> gpadlBody(m);
            case GpadlTeardown m ->
                    isConnected() ? channels.gpadlTeardown(m) : ControlRefusal.CONNECTION_STATE;
            case OpenChannel m -> open(m);
            case CloseChannel m ->
                    isConnected() ? channels.close(m.relid()) : ControlRefusal.CONNECTION_STATE;
            case RelidReleased m ->
                    isConnected()
                            ? channels.relidReleased(m.relid())
                            : ControlRefusal.CONNECTION_STATE;
            case ModifyChannel m -> modify(m);
            case TlConnectRequest m -> tlConnect(m);
            case Malformed m -> ControlRefusal.MALFORMED;
            case Unsupported m -> ControlRefusal.UNSUPPORTED;
            case OfferChannel m -> ControlRefusal.UNSUPPORTED;
            case RescindOffer m -> ControlRefusal.UNSUPPORTED;
            case AllOffersDelivered m -> ControlRefusal.UNSUPPORTED;
            case OpenResult m -> ControlRefusal.UNSUPPORTED;
            case GpadlCreated m -> ControlRefusal.UNSUPPORTED;
            case GpadlTorndown m -> ControlRefusal.UNSUPPORTED;
            case VersionResponse m -> ControlRefusal.UNSUPPORTED;
            case UnloadResponse m -> ControlRefusal.UNSUPPORTED;
            case TlConnectResult m -> ControlRefusal.UNSUPPORTED;
            case ModifyResponse m -> ControlRefusal.UNSUPPORTED;
        };
    }

    private boolean isConnected() {
        return state instanceof Connected;
    }

    /** The guest, if it knows of channels; else null. */
    private @Nullable Contact listener() {
        return state instanceof Connected connected && connected.offersRequested()
                ? connected.contact()
                : null;
    }

    // The connection.

    private int contact(final InitiateContact message) {
        return switch (state) {
            case Disconnected disconnected -> begin(disconnected, message);
            case Connected connected -> reset(connected, message);
            case Resetting resetting -> {
                state = resetting.replaced(message);
                yield ControlRefusal.NONE;
            }
        };
    }

    private int begin(final Disconnected disconnected, final InitiateContact message) {
        final int refusal = check.refusal(message);
        final Contact contact = check.contact(message);
        if (refusal != ControlRefusal.NONE) {
            // The answer goes where the guest asked, if there is such a place.
            link.send(contact, check.unsupported());
            return refusal;
        }
        link.connected(contact);
        link.send(contact, check.supported(message));
        state = disconnected.contacted(contact);
        return ControlRefusal.NONE;
    }

    private int unload() {
        if (state instanceof Connected connected) {
            return VmbusVersion.hasUnload(connected.contact().version())
                    ? reset(connected, null)
                    : ControlRefusal.VERSION;
        }
        return ControlRefusal.CONNECTION_STATE;
    }

    private int reset(final Connected connected, final @Nullable InitiateContact next) {
        state = connected.resetting(next);
        channels.reset();
        gpadls.forget(0);
        return ControlRefusal.NONE;
    }

    private int requestOffers() {
        if (!(state instanceof Connected connected) || connected.offersRequested()) {
            return ControlRefusal.CONNECTION_STATE;
        }
        state = connected.listing();
        channels.tellAll(connected.contact());
        link.send(connected.contact(), new AllOffersDelivered());
        return ControlRefusal.NONE;
    }

    private int tlConnect(final TlConnectRequest message) {
        if (!(state instanceof Connected connected)) {
            return ControlRefusal.CONNECTION_STATE;
        }
        if (!VmbusVersion.hasSockets(connected.contact().version())) {
            return ControlRefusal.VERSION;
        }
        link.send(
                connected.contact(),
                new TlConnectResult(
                        message.endpoint(), message.service(), ReplyStatus.CONNECTION_REFUSED));
        return ControlRefusal.NONE;
    }

    // The channels, where there is an answer.

    private int gpadlHeader(final GpadlHeader message) {
        if (!(state instanceof Connected connected)) {
            return ControlRefusal.CONNECTION_STATE;
        }
        final int refusal = channels.gpadlHeader(message, listener() != null);
        answerGpadl(connected.contact(), message.relid(), message.gpadl(), refusal);
        return refusal;
    }

    private int gpadlBody(final GpadlBody message) {
        if (!(state instanceof Connected connected)) {
            return ControlRefusal.CONNECTION_STATE;
        }
        final int relid = gpadls.unfinishedRelid(message.gpadl());
        final int refusal = gpadls.goOn(message);
        if (refusal != ControlRefusal.UNKNOWN_GPADL) {
            answerGpadl(connected.contact(), relid, message.gpadl(), refusal);
        }
        return refusal;
    }

    private void answerGpadl(
            final Contact contact, final int relid, final int handle, final int refusal) {
        if (refusal != ControlRefusal.NONE) {
            link.send(contact, new GpadlCreated(relid, handle, ReplyStatus.UNSUCCESSFUL));
        } else if (gpadls.finish(handle) != null) {
            link.send(contact, new GpadlCreated(relid, handle, ReplyStatus.SUCCESS));
        }
    }

    private int open(final OpenChannel message) {
        if (!(state instanceof Connected connected)) {
            return ControlRefusal.CONNECTION_STATE;
        }
        final int refusal = channels.open(message, connected.contact(), listener() != null);
        final int status =
                refusal == ControlRefusal.NONE ? ReplyStatus.SUCCESS : ReplyStatus.UNSUCCESSFUL;
        link.send(connected.contact(), new OpenResult(message.relid(), message.openId(), status));
        return refusal;
    }

    private int modify(final ModifyChannel message) {
        if (!(state instanceof Connected connected)) {
            return ControlRefusal.CONNECTION_STATE;
        }
        final int version = connected.contact().version();
        if (!VmbusVersion.hasModifyChannel(version)) {
            return ControlRefusal.VERSION;
        }
        final int refusal = channels.modify(message);
        if (VmbusVersion.hasModifyResponse(version)) {
            final int status =
                    refusal == ControlRefusal.NONE ? ReplyStatus.SUCCESS : ReplyStatus.UNSUCCESSFUL;
            link.send(connected.contact(), new ModifyResponse(message.relid(), status));
        }
        return refusal;
    }

    // What the drivers' halves do.

    /** Offers a channel, and tells the guest if it listens. */
    HostChannel offer(final ChannelOffer offer, final Doorbell driver) {
        final HostChannel channel = channels.add(this, offer, driver);
        final Contact told = listener();
        if (told != null) {
            channels.tell(told, channel);
        }
        return channel;
    }

    void revoke(final HostChannel channel) {
        channels.revoke(channel, listener());
        due = true;
        tick();
    }

    @Nullable Gpadl gpadlOf(final HostChannel channel, final int handle) {
        final Gpadl gpadl = gpadls.find(handle);
        if (gpadl == null || gpadl.isTornDown()) {
            return null;
        }
        final HostChannel owner = channels.find(gpadl.relid());
        return owner != null && owner.offer().isSameDevice(channel.offer()) ? gpadl : null;
    }

    /** Something was released: look again. */
    void wake() {
        due = true;
        link.server().ring();
    }

    /** Goes on with what waited for the halves; how much there was. */
    int tick() {
        if (!due) {
            return 0;
        }
        due = false;
        int work = channels.settle(listener());
        if (state instanceof Connected connected) {
            work += tellTorndown(connected.contact());
        }
        work += gpadls.settle();
        if (state instanceof Resetting resetting && !channels.isInUse() && gpadls.isSettled()) {
            end(resetting);
            work++;
        }
        return work;
    }

    private int tellTorndown(final Contact contact) {
        int told = 0;
        Gpadl gpadl = gpadls.takeUnused();
        while (gpadl != null) {
            link.send(contact, new GpadlTorndown(gpadl.handle()));
            told++;
            gpadl = gpadls.takeUnused();
        }
        return told;
    }

    private void end(final Resetting resetting) {
        channels.forgetRescinded();
        link.disconnected();
        final Disconnected disconnected = resetting.ended();
        state = disconnected;
        final InitiateContact next = resetting.next();
        if (next == null) {
            link.send(resetting.contact(), new UnloadResponse());
        } else {
            refusals.count(begin(disconnected, next));
        }
    }
}
