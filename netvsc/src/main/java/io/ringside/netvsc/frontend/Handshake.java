package io.ringside.netvsc.frontend;

import io.ringside.netvsc.protocol.NvspCapability;
import io.ringside.netvsc.protocol.NvspMessage;
import io.ringside.netvsc.protocol.NvspMessageType;
import io.ringside.netvsc.protocol.NvspStatus;
import io.ringside.netvsc.protocol.NvspVersion;

/**
 * What guest and host tell each other by NVSP before frames flow, in the protocol's order: a
 * version, the receive buffer, the send buffer, then {@link Question}s by RNDIS, and in between how
 * many more channels.
 *
 * <p>Peer's faults: a refusal closes the device, but for a version, where an older one is offered,
 * and for more channels, which it can do without. Threads: one, the device's.
 */
final class Handshake {
    private static final int ETHERNET_BYTES = 14;

    private final Device device;
    private final NetvscOptions options;
    private final Agreement agreement;
    private Stage stage = new Stage.Waiting();

    Handshake(final Device device, final NetvscOptions options, final Agreement agreement) {
        this.device = device;
        this.options = options;
        this.agreement = agreement;
    }

    boolean isWaiting() {
        return stage instanceof Stage.Waiting;
    }

    boolean isReady() {
        return stage instanceof Stage.Ready;
    }

    boolean isClosed() {
        return stage instanceof Stage.Closed;
    }

    void closed() {
        stage = new Stage.Closed();
    }

    /** How many channels besides the first are to be opened. */
    int subChannels() {
        return stage instanceof Stage.OpeningChannels opening ? opening.granted() : 0;
    }

    /** The first channel is open: begins. */
    void opened() {
        if (stage instanceof Stage.Waiting waiting) {
            offer(waiting.opened(options.newest()));
        }
    }

    private void offer(final Stage.Offering next) {
        stage = next;
        device.message().putInit(next.version().word());
        device.ask();
    }

    /** Looks whether the bus has done its part; how much happened. */
    int advance() {
        if (stage instanceof Stage.SharingReceiveBuffer sharing) {
            return advance(device.memory().receiveBuffer, sharing);
        }
        if (stage instanceof Stage.SharingSendBuffer sharing) {
            return advance(device.memory().sendBuffer, sharing);
        }
        if (stage instanceof Stage.OpeningChannels opening
                && device.channels().isComplete(opening.granted())) {
            agreement.channels = device.channels().count();
            ask(opening.opened(agreement.channels));
            return 1;
        }
        return 0;
    }

    private int advance(final SharedBuffer buffer, final Stage.SharingReceiveBuffer sharing) {
        if (buffer.isShared()) {
            stage = sharing.shared();
            device.message().putReceiveBuffer(buffer.handle(), NvspMessage.RECEIVE_BUFFER_ID);
            device.ask();
            return 1;
        }
        return giveUp(buffer);
    }

    private int advance(final SharedBuffer buffer, final Stage.SharingSendBuffer sharing) {
        if (buffer.isShared()) {
            stage = sharing.shared();
            device.message().putSendBuffer(buffer.handle(), NvspMessage.SEND_BUFFER_ID);
            device.ask();
            return 1;
        }
        return giveUp(buffer);
    }

    private int giveUp(final SharedBuffer buffer) {
        if (!buffer.isRefused()) {
            return 0;
        }
        device.refuseHandshake();
        return 1;
    }

    /** A message of the hand-shake has its answer, all of whose bytes that mean something came. */
    void answered(final NvspMessage message) {
        final int type = message.type();
        if (stage instanceof Stage.Offering offering && type == NvspMessageType.INIT_COMPLETE) {
            versionAnswered(offering, message.initStatus() == NvspStatus.SUCCESS);
            return;
        }
        final boolean agreed = message.status() == NvspStatus.SUCCESS;
        if (stage instanceof Stage.AddingChannels adding && type == NvspMessageType.SUB_CHANNEL) {
            channelsAnswered(adding, agreed, message.channelCount());
        } else if (stage instanceof Stage.GivingReceiveBuffer giving
                && type == NvspMessageType.SEND_RECEIVE_BUFFER_COMPLETE
                && agreed
                && device.memory().divideReceiveBuffer(message)) {
            stage = giving.divided();
            device.receiveBufferDivided();
            device.memory().sendBuffer.share(device.firstChannel(), options.sendBufferBytes());
        } else if (stage instanceof Stage.GivingSendBuffer giving
                && type == NvspMessageType.SEND_SEND_BUFFER_COMPLETE
                && agreed
                && device.memory().divideSendBuffer(message)) {
            ask(giving.divided());
        } else {
            device.refuseHandshake();
        }
    }

    private void versionAnswered(final Stage.Offering offering, final boolean agreed) {
        if (!agreed) {
            final NvspVersion older = offering.version().older();
            if (older == null) {
                device.refuseHandshake();
            } else {
                offer(offering.older(older));
            }
            return;
        }
        final NvspVersion version = offering.version();
        agreement.version = version;
        agreement.carriesVlanTags = options.features().vlanTags() && version.hasNdisConfig();
        if (version.hasNdisConfig()) {
            device.message()
                    .putNdisConfig(options.mtuBytes() + ETHERNET_BYTES, capability(version));
            device.tell();
        }
        device.message().putNdisVersion(version.ndisMajor(), version.ndisMinor());
        device.tell();
        stage = offering.agreed();
        device.memory()
                .receiveBuffer
                .share(
                        device.firstChannel(),
                        Math.min(options.receiveBufferBytes(), version.mostReceiveBufferBytes()));
    }

    private long capability(final NvspVersion version) {
        return (options.features().vlanTags() ? NvspCapability.IEEE_8021Q : 0)
                | (version.hasSubChannels() ? NvspCapability.TEAMING : 0)
                | (version.hasReceiveCoalescing() && options.features().coalescing()
                        ? NvspCapability.RSC
                        : 0);
    }

    private void channelsAnswered(
            final Stage.AddingChannels adding, final boolean agreed, final long granted) {
        if (!agreed || granted == 0) {
            agreement.channels = 1;
            ask(adding.refused());
        } else if (granted > device.wantedSubChannels()) {
            device.refuseHandshake();
        } else {
            stage = adding.granted((int) granted);
        }
    }

    /** A question is answered; the next one follows, or more channels, or frames. */
    void answered(final Question question) {
        if (!(stage instanceof Stage.Asking asking) || asking.question() != question) {
            return;
        }
        if (question == Question.SCALING) {
            if (device.wantedSubChannels() > 0) {
                stage = asking.adding();
                device.message().putSubChannelRequest(device.wantedSubChannels());
                device.ask();
            } else {
                ask(asking.next(Question.SET_FILTER));
            }
            return;
        }
        final Question next = question.next(agreement.version);
        if (next == null) {
            stage = asking.ended();
            device.ready();
        } else {
            ask(asking.next(next));
        }
    }

    private void ask(final Stage.Asking asking) {
        stage = asking;
        device.control().ask(asking.question());
    }
}
