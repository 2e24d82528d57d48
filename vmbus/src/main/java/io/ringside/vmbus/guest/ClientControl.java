package io.ringside.vmbus.guest;

import io.ringside.vmbus.guest.ClientState.Connected;
import io.ringside.vmbus.guest.ClientState.Contacting;
import io.ringside.vmbus.guest.ClientState.Disconnected;
import io.ringside.vmbus.guest.ClientState.Listing;
import io.ringside.vmbus.guest.ClientState.Unloading;
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
import io.ringside.vmbus.protocol.Guid;
import io.ringside.vmbus.protocol.RefusalCounts;
import io.ringside.vmbus.protocol.ReplyStatus;
import io.ringside.vmbus.protocol.VmbusVersion;
import java.util.ArrayList;
import java.util.List;

/**
 * The guest's control plane as a state machine: a message in, messages out by a {@link GuestLink}.
 *
 * <p>Every message in every state is legal or refused. A refusal is counted by its reason, and
 * nothing changes. Threads: the client's.
 */
final class ClientControl {
    private final GuestLink link;
    private final ClientOptions options;
    private final GuestChannels channels;
    private final RefusalCounts refusals = new RefusalCounts();
    private final List<TlConnectRequest> serviceRequests = new ArrayList<>();
    private ClientState state = new Disconnected();
    private int features;
    private int serviceStatus = ReplyStatus.SUCCESS;

    ClientControl(final GuestLink link, final ClientOptions options, final GuestPages pages) {
        this.link = link;
        this.options = options;
        this.channels = new GuestChannels(this, link, pages);
    }

    ClientState state() {
        return state;
    }

    RefusalCounts refusals() {
        return refusals;
    }

    GuestChannels channels() {
        return channels;
    }

    /** The features that both ends have. */
    int features() {
        return features;
    }

    /** What the host answered to the last request for a service. */
    int serviceStatus() {
        return serviceStatus;
    }

    /** One message of the host; answers with a {@link ControlRefusal}, which is counted. */
    int receive(final ChannelMessage message) {
        return refusals.count(handle(message));
    }

    private int handle(final ChannelMessage message) {
        return switch (message) {
            case VersionResponse m -> versionResponse(m);
            case AllOffersDelivered m -> allOffersDelivered();
            case UnloadResponse m -> unloadResponse();
            case OfferChannel m ->
                    isListening() ? channels.offered(m.offer()) : ControlRefusal.CONNECTION_STATE;
            case RescindOffer m ->
                    isListening() ? channels.rescinded(m.relid()) : ControlRefusal.CONNECTION_STATE;
            case OpenResult m ->
                    isListening() ? channels.openResult(m) : ControlRefusal.CONNECTION_STATE;
            case GpadlCreated m ->
                    isListening() ? channels.gpadlCreated(m) : ControlRefusal.CONNECTION_STATE;
            case GpadlTorndown m ->
                    isListening()
                            ? channels.gpadlTorndown(m.gpadl())
                            : ControlRefusal.CONNECTION_STATE;
            case ModifyResponse m ->
                    isListening() ? channels.modifyResponse(m) : ControlRefusal.CONNECTION_STATE;
            case TlConnectResult m -> serviceResult(m);
            case Malformed m -> ControlRefusal.MALFORMED;
            case Unsupported m -> ControlRefusal.UNSUPPORTED;
            case RequestOffers m -> ControlRefusal.UNSUPPORTED;
            case OpenChannel m -> ControlRefusal.UNSUPPORTED;
            case CloseChannel m -> ControlRefusal.UNSUPPORTED;
            case GpadlHeader m -> ControlRefusal.UNSUPPORTED;
            case GpadlBody m -> ControlRefusal.UNSUPPORTED;
            case GpadlTeardown m -> ControlRefusal.UNSUPPORTED;
            case RelidReleased m -> ControlRefusal.UNSUPPORTED;
            case InitiateContact m -> ControlRefusal.UNSUPPORTED;
            case Unload m -> ControlRefusal.UNSUPPORTED;
            case TlConnectRequest m -> ControlRefusal.UNSUPPORTED;
            case ModifyChannel m -> ControlRefusal.UNSUPPORTED;
        };
    }

    /** Whether channels come and go. */
    boolean isListening() {
        return state instanceof Listing || state instanceof Connected;
    }

    // The connection.

    void connect() {
        if (!(state instanceof Disconnected disconnected)) {
            throw new IllegalStateException("not disconnected: state=" + state);
        }
        state = disconnected.contacting(options.newestVersion());
        link.contact(options.newestVersion());
    }

    private int versionResponse(final VersionResponse message) {
        if (!(state instanceof Contacting contacting)) {
            return ControlRefusal.CONNECTION_STATE;
        }
        if (!message.supported()) {
            declined(contacting);
            return ControlRefusal.NONE;
        }
        final int version = contacting.version();
        features =
                VmbusVersion.hasFeatures(version)
                                && message.features() != VersionResponse.NO_FEATURES
                        ? message.features() & options.features()
                        : 0;
        link.accepted(version, message.messageConnectionId());
        state = contacting.accepted();
        link.send(new RequestOffers());
        return ControlRefusal.NONE;
    }

    private void declined(final Contacting contacting) {
        final int next = VmbusVersion.before(contacting.version());
        if (next == 0 || next < options.oldestVersion()) {
            state = contacting.gaveUp();
        } else {
            state = contacting.declined(next);
            link.contact(next);
        }
    }

    /** The host takes no message of this version at all: the same as if it had declined. */
    void unreachable() {
        if (state instanceof Contacting contacting) {
            declined(contacting);
        }
    }

    private int allOffersDelivered() {
        if (state instanceof Listing listing) {
            state = listing.listed();
            return ControlRefusal.NONE;
        }
        return ControlRefusal.CONNECTION_STATE;
    }

    void unload() {
        final int version = state.version();
        if (!isListening() || !VmbusVersion.hasUnload(version)) {
            throw new IllegalStateException("cannot unload: state=" + state);
        }
        state =
                switch (state) {
                    case Listing listing -> listing.unloading();
                    case Connected connected -> connected.unloading();
                    case Disconnected disconnected -> disconnected;
                    case Contacting contacting -> contacting;
                    case Unloading unloading -> unloading;
                };
        channels.endAll();
        link.send(new Unload());
    }

    private int unloadResponse() {
        if (!(state instanceof Unloading unloading)) {
            return ControlRefusal.CONNECTION_STATE;
        }
        state = unloading.unloaded();
        features = 0;
        serviceRequests.clear();
        channels.hostLetGo();
        return ControlRefusal.NONE;
    }

    // Sockets.

    void connectService(final Guid endpoint, final Guid service) {
        if (!isListening() || !VmbusVersion.hasSockets(state.version())) {
            throw new IllegalStateException("no sockets: state=" + state);
        }
        final TlConnectRequest request = new TlConnectRequest(endpoint, service);
        serviceRequests.add(request);
        link.send(request);
    }

    private int serviceResult(final TlConnectResult message) {
        if (!isListening()) {
            return ControlRefusal.CONNECTION_STATE;
        }
        final TlConnectRequest asked = new TlConnectRequest(message.endpoint(), message.service());
        if (!serviceRequests.remove(asked)) {
            return ControlRefusal.CHANNEL_STATE;
        }
        serviceStatus = message.status();
        return ControlRefusal.NONE;
    }

    // What the channels ask for.

    void handler(final GuestChannel channel, final Runnable handler) {
        link.handler(channel.relid(), handler);
    }
}
