package io.ringside.netvsc.backend;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.netvsc.protocol.NvspMessage;
import io.ringside.netvsc.protocol.NvspMessageType;
import io.ringside.netvsc.protocol.NvspStatus;
import io.ringside.netvsc.protocol.NvspVersion;
import io.ringside.netvsc.protocol.Oid;
import io.ringside.netvsc.protocol.RndisRequest;
import io.ringside.ringbuf.vmbus.PacketType;
import io.ringside.vmbus.guest.GuestGpadl;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A guest that does what no driver does. The host answers, counts, and goes on. */
final class HostileGuestTest {
    private static final byte[] FRAME = TestFrames.plain(TestFrames.OTHER, 60, 1);

    private final RecordingPort port = new RecordingPort();
    private VspBench bench = new VspBench(NetvspOptions.DEFAULTS, port);
    private ScriptedGuest guest = new ScriptedGuest(bench).ready();

    @AfterEach
    void close() {
        assertThat(port.lent).isEmpty();
        bench.close();
    }

    /** Frames still go both ways, and requests are answered. */
    private void assertServes() {
        port.sent.clear();
        guest.received.clear();
        assertThat(guest.sendFrames(1, FRAME)).isEqualTo(1);
        assertThat(port.sent.getFirst().bytes()).isEqualTo(FRAME);
        port.arrive(FRAME);
        guest.settle();
        assertThat(guest.received.getFirst().frame()).isEqualTo(FRAME);
        assertThat(guest.query(Oid.GEN_LINK_SPEED).word(12)).isZero();
    }

    private long refusals(final NetvspRefusal reason) {
        return bench.refusals(reason);
    }

    /** Row 28: a message shorter than what its type needs. */
    @Test
    void refusesMessagesThatAreCutShort() {
        final int[] types = {
            NvspMessageType.SEND_RNDIS_PACKET,
            NvspMessageType.SEND_RECEIVE_BUFFER,
            NvspMessageType.SEND_NDIS_CONFIG,
            NvspMessageType.SUB_CHANNEL
        };
        int refused = 0;
        for (final int type : types) {
            for (int bytes = 0; bytes < NvspMessageType.leastBytes(type); bytes += 8) {
                guest.packet.setMemory(0, 40, (byte) 0);
                guest.packet.putInt(0, type, LITTLE_ENDIAN);
                if ((bytes + 7 & ~7) < NvspMessageType.leastBytes(type)) {
                    assertThat(guest.send(0, PacketType.IN_BAND, bytes).word(4))
                            .as("type=%d bytes=%d", type, bytes)
                            .isEqualTo(NvspStatus.FAIL);
                    refused++;
                }
            }
        }
        assertThat(refusals(NetvspRefusal.MESSAGE_LENGTH)).isEqualTo(refused);
        assertServes();
    }

    /** Row 27: requests whose offsets lead out of them; what is not known is not looked for. */
    @Test
    void refusesRequestsWhoseOffsetsLie() {
        final UnsafeBuffer packet = guest.packet;
        for (final int oid : new int[] {Oid.GEN_CURRENT_PACKET_FILTER, 0xFFFF_FFFF}) {
            for (final int offset : new int[] {-1, 0, 19, 21, 24, 4096, 1 << 31, -8}) {
                new RndisRequest().wrap(packet, 64, 256).putSet(9, oid, 4);
                packet.putInt(64 + 20, offset, LITTLE_ENDIAN);
                assertThat(guest.sendControl(64, 32).word(4)).isEqualTo(1);
                assertThat(guest.lastControl().word(12)).as("offset=%d", offset).isNotZero();
            }
            new RndisRequest().wrap(packet, 64, 256).putSet(9, oid, -1);
            packet.putInt(64 + 4, 28, LITTLE_ENDIAN);
            assertThat(guest.sendControl(64, 28).word(4)).isEqualTo(1);
            assertThat(guest.lastControl().word(12)).isNotZero();
            new RndisRequest().wrap(packet, 64, 256).putQueryWith(9, oid, 0x7000_0000);
            packet.putInt(64 + 4, 28, LITTLE_ENDIAN);
            assertThat(guest.sendControl(64, 28).word(4)).isEqualTo(1);
            assertThat(guest.lastControl().word(12)).isNotZero();
        }
        for (final int type : new int[] {0, 1, 7, 9, 0x8000_0004, -1, 0xFF00_0001}) {
            new RndisRequest().wrap(packet, 64, 256).putKeepalive(9);
            packet.putInt(64, type, LITTLE_ENDIAN);
            assertThat(guest.sendControl(64, 12).word(4))
                    .isEqualTo(NvspStatus.INVALID_RNDIS_PACKET);
        }
        for (int bytes = 0; bytes < 12; bytes++) {
            new RndisRequest().wrap(packet, 64, 256).putKeepalive(9);
            packet.putInt(64 + 4, bytes, LITTLE_ENDIAN);
            assertThat(guest.sendControl(64, 12).word(4))
                    .isEqualTo(NvspStatus.INVALID_RNDIS_PACKET);
        }
        assertServes();
    }

    @Test
    void keepsNoMoreAnswersThanThereIsRoomFor() {
        guest.completes = false;
        for (int i = 0; i < 500; i++) {
            port.arrive(TestFrames.plain(TestFrames.GUEST, 1514, i));
        }
        guest.settle();
        new RndisRequest().wrap(guest.packet, 64, 64).putKeepalive(1);
        bench.page(guest.buffers.scratchFrame).putBytes(0, guest.packet, 64, 12);
        guest.nvsp.putRndisPacket(NvspMessage.CHANNEL_CONTROL, NvspMessage.NO_SECTION, 0);
        final List<Long> ids = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            ids.add(guest.postRanges(new long[] {12, 0, guest.buffers.scratchFrame}));
            bench.host.doWork();
        }
        bench.turn(100); // Not a packet is taken.
        guest.take();
        int refused = 0;
        for (final long id : ids) {
            refused += guest.answerOf(id).word(4) == 1 ? 0 : 1;
        }
        assertThat(refusals(NetvspRefusal.CONTROL)).isEqualTo(refused).isPositive();
        guest.completes = true;
        for (final HostPackets.Transfer transfer : new ArrayList<>(guest.transfers)) {
            guest.complete(0, transfer.id());
        }
        guest.settle();
        assertServes();
    }

    /** Row 34: buffers given twice, unfinished, too small, or of another number. */
    @Test
    void takesEachBufferOnceAndOnlyIfItIsThere() {
        guest.nvsp.putReceiveBuffer(guest.receiveGpadl.handle(), 0xCAFE);
        assertThat(guest.ask().word(4)).isEqualTo(2);
        guest.nvsp.putSendBuffer(guest.sendGpadl.handle(), 0);
        assertThat(guest.ask().word(4)).isEqualTo(2);
        guest.nvsp.putRevokeReceiveBuffer(0xCAFF);
        assertThat(guest.ask().word(4)).isEqualTo(2);
        assertServes();
        guest.nvsp.putRevokeReceiveBuffer(0xCAFE);
        assertThat(guest.ask().word(4)).isEqualTo(1);
        guest.nvsp.putRevokeReceiveBuffer(0xCAFE);
        assertThat(guest.ask().word(4)).isEqualTo(2);
        for (final int handle : new int[] {0, -1, 12345}) {
            guest.nvsp.putReceiveBuffer(handle, 0xCAFE);
            assertThat(guest.ask().word(4)).isEqualTo(2);
        }
        final GuestGpadl small =
                guest.guest.share(bench.frames.allocate(), bench.frames.allocate());
        guest.settle();
        guest.nvsp.putReceiveBuffer(small.handle(), 0xCAFE);
        assertThat(guest.ask().word(4)).isEqualTo(2);
        assertThat(refusals(NetvspRefusal.BUFFER)).isEqualTo(8);
        guest.nvsp.putReceiveBuffer(guest.receiveGpadl.handle(), 0xCAFE);
        assertThat(guest.ask().word(4)).isEqualTo(1);
        assertServes();
    }

    /** Row 34: every message in every stage is answered, or refused. */
    @Test
    void takesTheHandshakeInItsOrderOnly() {
        guest.guest.close();
        bench.turn(50);
        guest = new ScriptedGuest(bench);
        final long before = bench.host.counters().refusals();
        for (int type = 0; type < 140; type++) {
            if (type != NvspMessageType.INIT && type != NvspMessageType.SEND_RNDIS_PACKET) {
                guest.packet.setMemory(0, 40, (byte) 0);
                guest.packet.putInt(0, type, LITTLE_ENDIAN);
                assertThat(guest.ask().word(4)).as("type=%d", type).isEqualTo(2);
            }
        }
        assertThat(guest.sendFrames(0, FRAME)).isEqualTo(2);
        assertThat(bench.host.counters().refusals() - before).isEqualTo(139);
        guest.nvsp.putInit(NvspVersion.V1.word());
        assertThat(guest.ask().word(12)).isEqualTo(1);
        guest.nvsp.putNdisConfig(1514, 0);
        assertThat(guest.ask().word(4)).as("from version 2 on").isEqualTo(2);
        new RndisRequest().wrap(guest.packet, 64, 256).putInitialize(1, 0x4000);
        assertThat(guest.sendControl(64, 24).word(4)).as("no receive buffer").isEqualTo(2);
        guest.giveBuffers();
        assertThat(guest.sendFrames(0, FRAME)).as("no RNDIS").isEqualTo(2);
        new RndisRequest().wrap(guest.packet, 64, 256).putQuery(1, Oid.GEN_LINK_SPEED);
        assertThat(guest.sendControl(64, 28).word(4)).as("no RNDIS").isEqualTo(2);
        new RndisRequest().wrap(guest.packet, 64, 256).putInitialize(1, 0x4000);
        guest.packet.putInt(64 + 12, 2, LITTLE_ENDIAN);
        guest.sendControl(64, 24);
        assertThat(guest.lastControl().word(12)).as("no RNDIS 2").isNotZero();
        guest.initialise();
        guest.filter(0x20);
        assertServes();
    }

    /** Row 36: a guest that never tells that it has room, nor reads. */
    @Test
    void waitsForAGuestThatDoesNotReadItsAnswers() {
        GuestBuffers.putFrame(guest.buffers.sections(), 0, FRAME);
        guest.nvsp.putRndisPacket(NvspMessage.CHANNEL_DATA, 0, 104);
        final UnsafeBuffer features = bench.page(guest.ringFrame + ScriptedGuest.RING_PAGES);
        features.putInt(64, 0, LITTLE_ENDIAN); // It does not honour pending_send_sz.
        int sent = 0;
        for (int i = 0; i < 20_000; i++) {
            if (guest.channels
                            .getFirst()
                            .send(PacketType.IN_BAND, 1, 100_000 + i, guest.packet, 0, 40)
                    == 0) {
                sent++;
            }
            bench.host.doWork();
        }
        assertThat(sent).isLessThan(20_000);
        assertThat(bench.host.doWork()).as("it must look by itself").isPositive();
        int rounds = 0;
        while (port.sent.size() < sent) {
            guest.take();
            bench.host.doWork();
            rounds++;
            assertThat(rounds).isLessThan(10_000);
        }
        guest.settle();
        assertThat(guest.answers.stream().filter(a -> a.id() >= 100_000).count()).isEqualTo(sent);
        assertServes();
    }

    /** Row 40: signals that tell nothing new are counted. */
    @Test
    void countsSignalsThatTellNothing() {
        guest.settle();
        final long before = bench.host.counters().needlessSignals();
        for (int i = 0; i < 5; i++) {
            guest.channels.getFirst().signal();
            bench.host.doWork();
        }
        assertThat(bench.host.counters().needlessSignals()).isEqualTo(before + 5);
        assertThat(guest.sendFrames(0, FRAME)).isEqualTo(1);
        assertThat(bench.host.counters().needlessSignals()).isEqualTo(before + 5);
    }

    /** Row 42: completions of what is not in flight, of another channel, or twice. */
    @Test
    void takesBackWhatIsInFlightOnThatChannelAndNothingElse() {
        guest.subChannels(1);
        guest.completes = false;
        port.arrive(TestFrames.plain(TestFrames.GUEST, 60, 1));
        guest.settle();
        final long id = guest.transfers.getLast().id();
        final long before = refusals(NetvspRefusal.COMPLETION);
        for (final long wrong : new long[] {0, -1, id + 1, id ^ 1L << 40, Long.MIN_VALUE, 9999}) {
            guest.complete(0, wrong);
        }
        guest.complete(1, id);
        guest.settle();
        assertThat(refusals(NetvspRefusal.COMPLETION)).isEqualTo(before + 7);
        assertThat(bench.host.inFlight()).isEqualTo(1);
        guest.complete(0, id);
        guest.complete(0, id);
        guest.settle();
        assertThat(refusals(NetvspRefusal.COMPLETION)).isEqualTo(before + 8);
        assertThat(bench.host.inFlight()).isZero();
        guest.completes = true;
        assertServes();
    }

    /** Row 42: the same transaction id twice at once is the guest's own affair. */
    @Test
    void answersEachOfTwoPacketsWithOneId() {
        GuestBuffers.putFrame(guest.buffers.sections(), 0, FRAME);
        guest.nvsp.putRndisPacket(NvspMessage.CHANNEL_DATA, 0, 104);
        guest.channels.getFirst().send(PacketType.IN_BAND, 1, 7, guest.packet, 0, 40);
        guest.channels.getFirst().send(PacketType.IN_BAND, 1, 7, guest.packet, 0, 40);
        guest.settle();
        assertThat(guest.answers.stream().filter(a -> a.id() == 7).count()).isEqualTo(2);
        assertServes();
    }

    @Test
    void dropsPacketsOfOtherTypes() {
        for (final int type : new int[] {0, 1, 10, 12, 77, 0xFFFF}) {
            guest.channels.getFirst().send(type, 1, 5, guest.packet, 0, 40);
        }
        guest.settle();
        assertThat(refusals(NetvspRefusal.PACKET_TYPE)).isEqualTo(6);
    }

    /** Row 43: an index that cannot be is not believed, and ends the channel alone. */
    @Test
    void servesNoRingThatCannotBe() {
        guest.subChannels(1);
        final long before = refusals(NetvspRefusal.RING);
        final int page = guest.ringFrame;
        bench.page(page).putInt(0, 0x7FFF_FFF1, LITTLE_ENDIAN); // A write index outside.
        bench.turn(20);
        assertThat(refusals(NetvspRefusal.RING)).isEqualTo(before + 1);
        assertThat(bench.host.openChannels()).isEqualTo(1);
        guest.guest.close();
        bench.turn(100);
        assertThat(bench.host.isReady()).isFalse();
    }

    /** Row 41: a ring is taken up where it stands; the host begins none anew. */
    @Test
    void leavesTheGuestsRingsAsTheyAre() {
        final int page = guest.ringFrame;
        final int writeIndex = bench.page(page).getInt(0, LITTLE_ENDIAN);
        assertThat(writeIndex).isPositive();
        bench.turn(20);
        assertThat(bench.page(page).getInt(0, LITTLE_ENDIAN)).isEqualTo(writeIndex);
        assertThat(bench.page(page).getInt(4, LITTLE_ENDIAN)).isEqualTo(writeIndex);
        assertServes();
    }
}
