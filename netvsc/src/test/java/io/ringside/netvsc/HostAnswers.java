package io.ringside.netvsc;

import io.ringside.netvsc.protocol.NdisOffload;
import io.ringside.netvsc.protocol.NvspMessage;
import io.ringside.netvsc.protocol.NvspMessageType;
import io.ringside.netvsc.protocol.NvspStatus;
import io.ringside.netvsc.protocol.NvspVersion;
import io.ringside.netvsc.protocol.Oid;
import io.ringside.netvsc.protocol.RndisCompletion;
import io.ringside.netvsc.protocol.RndisMessageType;
import io.ringside.netvsc.protocol.RndisStatus;
import io.ringside.netvsc.protocol.RssCapabilities;
import io.ringside.vmbus.channel.GpadlView;
import java.util.Objects;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;

/** What a {@link RawHost} says when it is asked, unless a test says something else. */
final class HostAnswers {
    private final RawHost host;
    private final RndisCompletion answer = new RndisCompletion();

    NvspVersion newest = NvspVersion.V6_1;
    int sectionBytes = 2048;
    int sectionCount = 32;
    int sendSectionBytes = 6144;
    int maxPackets = 8;
    int alignmentShift = 3;
    int queues = 1;
    Consumer<NdisOffload> offload = HostAnswers::everything;

    HostAnswers(final RawHost host) {
        this.host = host;
    }

    static void everything(final NdisOffload told) {
        told.putChecksumIpv4(0x155, 0x155)
                .putChecksumIpv6(0x55, 0x55)
                .putLargeSendIpv4(60_000, 2)
                .putLargeSendIpv6(60_000, 2, 5);
        if (told.size() == NdisOffload.BYTES) {
            told.putCoalescing(true, true);
        }
    }

    void answerIt() {
        host.said.add(NvspMessageType.name(host.heard.type()));
        switch (host.heard.type()) {
            case NvspMessageType.INIT -> {
                final boolean taken = host.heard.highestVersion() <= newest.word();
                host.message.putInitComplete(
                        host.heard.highestVersion(),
                        34,
                        taken ? NvspStatus.SUCCESS : NvspStatus.FAIL);
                host.reply();
            }
            case NvspMessageType.SEND_RECEIVE_BUFFER -> {
                host.receiveView = view();
                host.message.putReceiveBufferComplete(
                        NvspStatus.SUCCESS, 1, sectionBytes, sectionCount);
                host.reply();
            }
            case NvspMessageType.SEND_SEND_BUFFER -> {
                host.sendView = view();
                host.message.putSendBufferComplete(NvspStatus.SUCCESS, sendSectionBytes);
                host.reply();
            }
            case NvspMessageType.SUB_CHANNEL -> {
                final int granted = (int) Math.min(host.heard.channelCount(), queues - 1);
                host.message.putSubChannelComplete(NvspStatus.SUCCESS, granted);
                for (int i = 1; i <= granted; i++) {
                    host.subChannels.add(
                            host.server.offer(host.channel.offered().subChannel(i), () -> {}));
                }
                host.reply();
            }
            case NvspMessageType.SEND_RNDIS_PACKET -> answerRndis();
            default -> host.turn();
        }
    }

    private GpadlView view() {
        return Objects.requireNonNull(
                Objects.requireNonNull(host.channel.gpadl(host.heard.gpadlHandle())).map());
    }

    private void answerRndis() {
        final boolean isControl = host.heard.channel() == NvspMessage.CHANNEL_CONTROL;
        host.message.putRndisPacketComplete(NvspStatus.SUCCESS);
        host.reply();
        if (isControl) {
            answerQuestion();
        }
    }

    /** Answers the question in {@link RawHost#data}. */
    void answerQuestion() {
        host.request.wrap(host.data, 0, host.dataBytes);
        final int requestId = host.request.requestId();
        final int asked = host.request.type();
        host.said.add(
                RndisMessageType.name(asked)
                        + (asked == RndisMessageType.QUERY || asked == RndisMessageType.SET
                                ? " " + Oid.name(host.request.oid())
                                : ""));
        final UnsafeBuffer to = host.section(0);
        answer.wrap(to, 0, sectionBytes);
        switch (asked) {
            case RndisMessageType.INITIALIZE -> {
                answer.putInitialize(requestId, 0, maxPackets, 0x4000, alignmentShift);
                host.deliver(0, RndisMessageType.leastBytes(answer.type()));
            }
            case RndisMessageType.QUERY -> {
                final int infoBytes = info(host.request.oid(), to);
                final int status = infoBytes < 0 ? RndisStatus.NOT_SUPPORTED : 0;
                answer.putQuery(requestId, status, Math.max(0, infoBytes));
                host.deliver(0, RndisCompletion.INFO_OFFSET + Math.max(0, infoBytes));
            }
            case RndisMessageType.SET -> {
                answer.putSet(requestId, 0);
                host.deliver(0, 16);
            }
            case RndisMessageType.RESET -> {
                answer.putReset(0, true);
                host.deliver(0, 16);
            }
            case RndisMessageType.KEEPALIVE -> {
                answer.putKeepalive(requestId, 0);
                host.deliver(0, 16);
            }
            default -> host.turn();
        }
    }

    private int info(final int oid, final UnsafeBuffer to) {
        final int at = RndisCompletion.INFO_OFFSET;
        return switch (oid) {
            case Oid.GEN_MAXIMUM_FRAME_SIZE -> word(to, 1500);
            case Oid.GEN_MEDIA_CONNECT_STATUS -> word(to, 0);
            case Oid.GEN_LINK_SPEED -> word(to, 100_000_000);
            case Oid.ETHERNET_PERMANENT_ADDRESS -> {
                for (int i = 0; i < 6; i++) {
                    to.putByte(at + i, (byte) (i * 2));
                }
                yield 6;
            }
            case Oid.TCP_OFFLOAD_HARDWARE_CAPABILITIES -> {
                final int lengthBytes = (int) host.request.infoBytes();
                offload.accept(new NdisOffload().wrap(to, at, lengthBytes).putNothing());
                yield lengthBytes;
            }
            case Oid.GEN_RECEIVE_SCALE_CAPABILITIES -> {
                new RssCapabilities().wrap(to, at).put(0x301, 8, queues, 128);
                yield RssCapabilities.BYTES;
            }
            default -> -1;
        };
    }

    private static int word(final UnsafeBuffer to, final int value) {
        to.putInt(RndisCompletion.INFO_OFFSET, value);
        return Integer.BYTES;
    }
}
