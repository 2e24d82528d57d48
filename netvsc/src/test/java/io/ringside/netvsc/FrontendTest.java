package io.ringside.netvsc;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.guest.NetFrame;
import io.ringside.device.guest.NetStatus;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.netvsc.frontend.NetvscOptions;
import io.ringside.netvsc.protocol.NvspMessage;
import io.ringside.netvsc.protocol.NvspMessageType;
import io.ringside.netvsc.protocol.NvspStatus;
import io.ringside.netvsc.protocol.RndisMessageType;
import io.ringside.netvsc.protocol.RndisPacket;
import io.ringside.ringbuf.vmbus.PacketType;
import io.ringside.vmbus.channel.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** A guest against a host that does what the protocol says. */
final class FrontendTest {
    private static final long DATA = 1500L << GuestMemory.PAGE_SHIFT;

    @Test
    void connectsInTheOrderThatLinuxDoes() {
        try (RawHost host = RawHost.ready(RawHost.SMALL)) {
            assertThat(host.said)
                    .containsExactly(
                            "Init",
                            "SendNdisConfig",
                            "SendNdisVersion",
                            "SendReceiveBuffer",
                            "SendSendBuffer",
                            "SendRndisPacket",
                            "Initialize",
                            "SendRndisPacket",
                            "Query 0x00010106",
                            "SendRndisPacket",
                            "Query 0x01010101",
                            "SendRndisPacket",
                            "Query 0x00020216",
                            "SendRndisPacket",
                            "Query 0xFC01020D",
                            "SendRndisPacket",
                            "Set 0xFC01020C",
                            "SendRndisPacket",
                            "Query 0x00010114",
                            "SendRndisPacket",
                            "Query 0x00010107",
                            "SendRndisPacket",
                            "Query 0x00010203",
                            "SendRndisPacket",
                            "Set 0x0001010E");
            assertThat(host.guest.isReady()).isTrue();
            assertThat(host.guest.macAddress()).isEqualTo(0x0002_0406_080aL);
            assertThat(host.guest.isLinkUp()).isTrue();
            assertThat(host.guest.mtuBytes()).isEqualTo(1500);
            assertThat(host.guest.counters().refusals()).isZero();
            assertThat(host.linkChanges).isEqualTo(1);
        }
    }

    @Test
    void sendsSmallFramesTogetherInOneSection() {
        try (RawHost host = RawHost.ready(RawHost.SMALL)) {
            final NetFrame[] frames = new NetFrame[3];
            for (int i = 0; i < 3; i++) {
                frames[i] = frame(host, 60 + i, 10 + i);
                assertThat(host.guest.submit(0, frames[i])).isTrue();
            }
            host.turn();
            assertThat(host.takeFrom(host.rings())).isFalse();
            host.guest.commit();
            assertThat(host.take()).isTrue();
            assertThat(host.type).isEqualTo(PacketType.IN_BAND);
            assertThat(host.heard.type()).isEqualTo(NvspMessageType.SEND_RNDIS_PACKET);
            assertThat(host.heard.sectionBytes()).isEqualTo(104 + 112 + 112);
            int at = host.heard.section() * host.answers.sendSectionBytes;
            final UnsafeBuffer sent = Objects.requireNonNull(host.sendView).buffer();
            final RndisPacket packet = new RndisPacket();
            for (int i = 0; i < 3; i++) {
                assertThat(packet.read(sent, at, 200)).isTrue();
                assertThat(packet.frameBytes()).isEqualTo(60 + i);
                assertThat(sent.getByte(packet.frameOffset() + 59 + i)).isEqualTo((byte) (10 + i));
                for (int b = packet.frameOffset() + 60 + i; b < at + packet.messageBytes(); b++) {
                    assertThat(sent.getByte(b)).isZero();
                }
                at += packet.messageBytes();
            }
            assertThat(host.transmitted).isEmpty();
            host.message.putRndisPacketComplete(NvspStatus.SUCCESS);
            host.reply();
            assertThat(host.transmitted).containsExactly(frames);
            assertThat(frames[2].status()).isEqualTo(NetStatus.OK);
        }
    }

    @Test
    void namesLongFramesByTheirPages() {
        final NetvscOptions options = RawHost.SMALL.withCopying(100, 8, false);
        try (RawHost host = RawHost.ready(options)) {
            final NetFrame frame = frame(host, 1514, 7);
            assertThat(host.guest.submit(0, frame)).isTrue();
            host.guest.commit();
            assertThat(host.take()).isTrue();
            assertThat(host.type).isEqualTo(PacketType.GPA_DIRECT);
            assertThat(host.heard.section()).isEqualTo(NvspMessage.NO_SECTION);
            assertThat(host.dataBytes).isEqualTo(44 + 1514);
            final RndisPacket packet = new RndisPacket();
            assertThat(packet.read(host.data, 0, host.dataBytes)).isTrue();
            assertThat(packet.frameBytes()).isEqualTo(1514);
            assertThat(host.data.getByte(44 + 1513)).isEqualTo((byte) 7);
            host.message.putRndisPacketComplete(NvspStatus.FAIL);
            host.reply();
            assertThat(host.transmitted).containsExactly(frame);
            assertThat(frame.status()).isEqualTo(NetStatus.ERROR);
        }
    }

    @Test
    void lendsReceivedFramesWhereTheyLieAndGivesThemBackOnce() {
        try (RawHost host = RawHost.ready(RawHost.SMALL)) {
            host.completions.clear();
            final int first = host.putFrame(3, 60, 0x33);
            final int second = host.putFrame(1, 1514, 0x11);
            final long id =
                    host.deliverRanges(
                            NvspMessage.RECEIVE_BUFFER_ID, 3 * 2048, first, 2048, second);
            assertThat(host.received).hasSize(2);
            final NetFrame frame = host.received.get(1);
            assertThat(frame.totalBytes()).isEqualTo(1514);
            final UnsafeBuffer view = new UnsafeBuffer(0, 0);
            host.memory.wrap(view, frame.segmentAddress(0), frame.segmentBytes(0));
            assertThat(view.getByte(0)).isEqualTo((byte) 0x11);
            host.guest.giveBack(frame);
            host.guest.commit();
            assertThat(host.take()).isFalse();
            host.guest.giveBack(host.received.getFirst());
            host.guest.commit();
            assertThat(host.take()).isTrue();
            assertThat(host.completions).containsExactly(id + ":108:1");
        }
    }

    @Test
    void saysGoodByeInTheOrderThatLinuxDoes() {
        try (RawHost host = RawHost.ready(RawHost.SMALL)) {
            final Channel rings = host.rings();
            host.guest.shutdown();
            final List<String> said = new ArrayList<>();
            while (host.takeFrom(rings)) {
                said.add(NvspMessageType.name(host.heard.type()) + " " + host.dataBytes);
            }
            assertThat(said)
                    .containsExactly(
                            "SendRndisPacket 12", "RevokeReceiveBuffer 0", "RevokeSendBuffer 0");
            assertThat(host.request.wrap(host.data, 0, 12).type()).isEqualTo(RndisMessageType.HALT);
            assertThat(host.guest.isClosed()).isTrue();
        }
    }

    /** A frame of so many bytes, the last of which is known. */
    static NetFrame frame(final RawHost host, final int lengthBytes, final int last) {
        final UnsafeBuffer page = new UnsafeBuffer(0, 0);
        host.memory.wrap(page, DATA, GuestMemory.PAGE_BYTES);
        page.putByte(lengthBytes - 1, (byte) last);
        return new NetFrame(4).addSegment(DATA, lengthBytes);
    }
}
