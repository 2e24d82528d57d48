package io.ringside.netvsc.backend;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.netvsc.protocol.ChecksumInfo;
import io.ringside.netvsc.protocol.LargeSendInfo;
import io.ringside.netvsc.protocol.NvspMessage;
import io.ringside.netvsc.protocol.NvspMessageType;
import io.ringside.netvsc.protocol.NvspStatus;
import io.ringside.netvsc.protocol.NvspVersion;
import io.ringside.netvsc.protocol.Oid;
import io.ringside.netvsc.protocol.PerPacketInfo;
import io.ringside.netvsc.protocol.RndisRequest;
import io.ringside.ringbuf.vmbus.PacketType;
import io.ringside.testkit.Seed;
import io.ringside.vmbus.guest.GuestGpadl;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
            for (int bytes = 0; bytes < NvspMessage.leastBytes(type); bytes += 8) {
                guest.packet.setMemory(0, 40, (byte) 0);
                guest.packet.putInt(0, type, LITTLE_ENDIAN);
                if ((bytes + 7 & ~7) < NvspMessage.leastBytes(type)) {
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

    /** Row 28: an RNDIS message whose header says less, or more, than there is. */
    @Test
    void refusesRndisMessagesWhoseLengthsLie() {
        final UnsafeBuffer sections = guest.buffers.sections();
        final int length = GuestBuffers.putFrame(sections, 0, FRAME);
        for (int bytes = 1; bytes < length; bytes++) {
            assertThat(guest.sendSection(0, 0, bytes))
                    .as("bytes=%d", bytes)
                    .isEqualTo(NvspStatus.INVALID_RNDIS_PACKET);
        }
        for (int word = 4; word < 44; word += 4) {
            for (final int value :
                    new int[] {-1, 1 << 31, Integer.MAX_VALUE, length + 1, 7, -36, -8}) {
                GuestBuffers.putFrame(sections, 0, FRAME);
                sections.putInt(word, value, LITTLE_ENDIAN);
                final int status = guest.sendSection(0, 0, length);
                if (word == 4 || word == 8 || word == 12) {
                    assertThat(status)
                            .as("word=%d value=%d", word, value)
                            .isEqualTo(
                                    word == 12 && value == 7
                                            ? NvspStatus.FAIL
                                            : NvspStatus.INVALID_RNDIS_PACKET);
                }
            }
        }
        assertServes();
    }

    /** Row 28: a message of nothing, again and again, is not gone through for ever. */
    @Test
    void goesThroughNoMoreMessagesThanWereAgreedOn() {
        final byte[][] frames = new byte[9][];
        Arrays.fill(frames, FRAME);
        assertThat(guest.sendFrames(0, frames)).isEqualTo(NvspStatus.FAIL);
        assertThat(refusals(NetvspRefusal.TOO_MANY_MESSAGES)).isEqualTo(1);
        assertThat(port.sent).hasSize(8);
        guest.buffers.sections().setMemory(0, GuestBuffers.SECTION_BYTES, (byte) 0);
        assertThat(guest.sendSection(0, 0, GuestBuffers.SECTION_BYTES))
                .isEqualTo(NvspStatus.INVALID_RNDIS_PACKET);
        assertServes();
    }

    @Test
    void refusesSectionsThatAreNot() {
        final long[][] wrong = {
            {32, 104}, {-2, 104}, {Integer.MIN_VALUE, 104}, {Integer.MAX_VALUE, 104},
            {0, 6145}, {0, 0}, {0, -1}, {31, 0x8000_0000L}
        };
        for (final long[] row : wrong) {
            assertThat(guest.sendSection(0, (int) row[0], (int) row[1]))
                    .as("section=%d bytes=%d", row[0], row[1])
                    .isEqualTo(NvspStatus.FAIL);
        }
        assertThat(refusals(NetvspRefusal.SECTION)).isEqualTo(wrong.length);
        assertServes();
    }

    /** Row 29: offsets beyond a page, pages that do not exist, ranges that lie. */
    @Test
    void refusesPagesThatAreNot() {
        final int length = GuestBuffers.putFrame(guest.buffers.scratch(), 0, FRAME);
        final long page = guest.buffers.scratchFrame;
        final long[] many = new long[2 + GatheredBytes.MOST_PAGES + 1];
        many[0] = 4096L * (many.length - 2);
        Arrays.fill(many, 2, many.length, page);
        final long[][][] wrong = {
            {{length, 4096, page}},
            {{length, 0xffff_ffffL, page}},
            {{length, 4090, page}},
            {{0xffff_ffffL, 0, page}},
            {{length, 0, 4096}},
            {{length, 0, -1}},
            {{length, 0, 1L << 40}},
            {{length, 0, Long.MIN_VALUE}},
            {many},
        };
        for (final long[][] ranges : wrong) {
            guest.nvsp.putRndisPacket(NvspMessage.CHANNEL_DATA, NvspMessage.NO_SECTION, 0);
            assertThat(guest.sendRanges(ranges).word(4))
                    .as("%s", (Object) ranges)
                    .isEqualTo(NvspStatus.FAIL);
        }
        final long[][] empty = new long[GatheredBytes.MOST_PAGES + 1][2];
        assertThat(guest.sendRanges(empty).word(4)).isEqualTo(NvspStatus.FAIL);
        assertThat(refusals(NetvspRefusal.PAGES)).isEqualTo(wrong.length + 1);
        assertServes();
    }

    /** Row 32: a header that no page holds as a whole fails its packet at most. */
    @Test
    void gathersAHeaderThatLiesInManyPages() {
        final UnsafeBuffer message = new UnsafeBuffer(new byte[256]);
        final int length = GuestBuffers.putFrame(message, 0, FRAME);
        final long[][] ranges = new long[length / 4 + 1][];
        final int page = guest.buffers.scratchFrame;
        for (int i = 0; i < ranges.length; i++) {
            final int bytes = Math.min(4, length - i * 4);
            bench.page(page + i % 18).putBytes(i * 8, message, i * 4, bytes);
            ranges[i] = bytes == 0 ? new long[] {0, 0} : new long[] {bytes, i * 8, page + i % 18};
        }
        guest.nvsp.putRndisPacket(NvspMessage.CHANNEL_DATA, NvspMessage.NO_SECTION, 0);
        assertThat(guest.sendRanges(ranges).word(4)).isEqualTo(1);
        assertThat(port.sent.getFirst().bytes()).isEqualTo(FRAME);
        guest.nvsp.putRndisPacket(NvspMessage.CHANNEL_DATA, NvspMessage.NO_SECTION, 0);
        assertThat(guest.sendRanges(new long[] {20, 4076, page}).word(4))
                .isEqualTo(NvspStatus.INVALID_RNDIS_PACKET);
        assertServes();
    }

    @Test
    void refusesPacketInformationThatCannotBe() {
        final UnsafeBuffer sections = guest.buffers.sections();
        final int length = GuestBuffers.putFrame(sections, 0, FRAME, PerPacketInfo.VLAN, 1);
        final int[][] wrong = {{0, 0}, {0, 11}, {0, 17}, {0, -4}, {8, 13}, {8, -1}, {8, 11}};
        for (final int[] change : wrong) {
            GuestBuffers.putFrame(sections, 0, FRAME, PerPacketInfo.VLAN, 1);
            sections.putInt(44 + change[0], change[1], LITTLE_ENDIAN);
            assertThat(guest.sendSection(0, 0, length))
                    .as("at %d: %d", change[0], change[1])
                    .isEqualTo(NvspStatus.INVALID_RNDIS_PACKET);
        }
        assertThat(refusals(NetvspRefusal.PACKET_INFORMATION)).isEqualTo(wrong.length);
        final int[] many = new int[2 * 33];
        Arrays.fill(many, PerPacketInfo.VLAN);
        final int longer = GuestBuffers.putFrame(sections, 0, FRAME, many);
        assertThat(guest.sendSection(0, 0, longer)).isEqualTo(NvspStatus.INVALID_RNDIS_PACKET);
        assertServes();
    }

    @Test
    void takesInformationThatSaysNothingToIt() {
        assertThat(
                        guest.sendFrame(
                                FRAME,
                                PerPacketInfo.ORIGINAL_PACKET,
                                -1,
                                PerPacketInfo.HASH_VALUE,
                                5,
                                77,
                                1))
                .isEqualTo(1);
        assertThat(port.sent.getFirst().bytes()).isEqualTo(FRAME);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 13, 1519, 5000})
    void refusesFramesTooShortOrTooLong(final int lengthBytes) {
        final int length = GuestBuffers.putFrame(guest.buffers.scratch(), 0, new byte[lengthBytes]);
        assertThat(guest.sendPages(length)).isEqualTo(NvspStatus.FAIL);
        assertThat(refusals(NetvspRefusal.FRAME_LENGTH)).isEqualTo(1);
        assertServes();
    }

    /** Row 33: large sends whose headers are not where they should be, or not at all. */
    @ParameterizedTest
    @CsvSource({"true", "false"})
    void refusesLargeSendsThatCannotBeCut(final boolean portCuts) {
        port.takesUncut = portCuts;
        port.takesBlank = portCuts;
        bench.close();
        bench = new VspBench(NetvspOptions.DEFAULTS, port);
        guest = new ScriptedGuest(bench).ready();
        final byte[] good = TestFrames.large(TestFrames.tcp4(1, 3000));
        final List<byte[]> frames = new ArrayList<>();
        final List<Integer> words = new ArrayList<>();
        for (final int offset : new int[] {0, 33, 35, 300, 1023}) {
            frames.add(good);
            words.add(LargeSendInfo.version2(1400, offset, false));
        }
        frames.add(good);
        words.add(LargeSendInfo.version2(0, 34, false));
        frames.add(good);
        words.add(LargeSendInfo.version2(2, 34, false)); // 1500 segments.
        frames.add(good);
        words.add(LargeSendInfo.version2(1400, 34, true)); // Not IPv6.
        frames.add(TestFrames.large(TestFrames.tcp6(1, 3000)));
        words.add(LargeSendInfo.version2(1400, 54, false));
        for (final int[] change :
                new int[][] {{14, 0x4F}, {14, 0x44}, {14, 0x65}, {46, 0x40}, {46, 0}, {23, 17}}) {
            final byte[] bad = good.clone();
            bad[change[0]] = (byte) change[1];
            frames.add(bad);
            words.add(LargeSendInfo.version2(1400, 34, false));
        }
        for (final int bytes : new int[] {14, 20, 34, 40, 53}) {
            frames.add(Arrays.copyOf(good, bytes));
            words.add(LargeSendInfo.version2(1400, 34, false));
        }
        for (int i = 0; i < frames.size(); i++) {
            final int length =
                    GuestBuffers.putFrame(
                            guest.buffers.scratch(),
                            0,
                            frames.get(i),
                            PerPacketInfo.LARGE_SEND,
                            words.get(i));
            assertThat(guest.sendPages(length)).as("i=%d", i).isEqualTo(NvspStatus.FAIL);
        }
        assertThat(refusals(NetvspRefusal.OFFLOAD)).isEqualTo(frames.size());
        assertThat(port.sent).isEmpty();
        assertServes();
    }

    @Test
    void refusesSumsOutsideOfTheFrame() {
        final int[] words = {
            ChecksumInfo.toSend(ChecksumInfo.WANT_TCP, 1023),
            ChecksumInfo.toSend(ChecksumInfo.WANT_TCP, 41),
            ChecksumInfo.toSend(ChecksumInfo.WANT_UDP, 53),
            ChecksumInfo.toSend(ChecksumInfo.WANT_TCP, 13),
            ChecksumInfo.toSend(ChecksumInfo.WANT_TCP | ChecksumInfo.WANT_UDP, 34),
            ChecksumInfo.toSend(ChecksumInfo.WANT_TCP, 0),
            ChecksumInfo.toSend(ChecksumInfo.WANT_IP_HEADER, 0)
        };
        for (final int word : words) {
            assertThat(guest.sendFrame(FRAME, PerPacketInfo.CHECKSUM, word))
                    .isEqualTo(NvspStatus.FAIL);
        }
        assertThat(refusals(NetvspRefusal.OFFLOAD)).isEqualTo(words.length);
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

    @Test
    void outlivesAnythingAGuestMakesUp() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        guest.subChannels(2);
        final byte[] large = TestFrames.large(TestFrames.tcp4(1, 3000));
        for (int i = 0; i < 4000; i++) {
            final UnsafeBuffer sections = guest.buffers.sections();
            final UnsafeBuffer scratch = guest.buffers.scratch();
            final int length =
                    GuestBuffers.putFrame(
                            random.nextBoolean() ? sections : scratch,
                            0,
                            random.nextBoolean() ? large : FRAME,
                            random.nextInt(10),
                            random.nextInt(),
                            PerPacketInfo.LARGE_SEND,
                            LargeSendInfo.version2(1400, 34, false));
            guest.nvsp.putRndisPacket(random.nextInt(2), random.nextInt(3) - 1, length);
            for (int flips = random.nextInt(5); flips > 0; flips--) {
                (random.nextBoolean() ? sections : scratch)
                        .putByte(random.nextInt(128), (byte) random.nextInt());
            }
            if (random.nextInt(4) == 0) {
                guest.packet.putByte(random.nextInt(40), (byte) random.nextInt());
            }
            if (random.nextInt(8) == 0) {
                new RndisRequest()
                        .wrap(scratch, 0, 256)
                        .putSet(i, Oid.GEN_RECEIVE_SCALE_PARAMETERS, random.nextInt(300));
                scratch.putInt(0, random.nextInt(9), LITTLE_ENDIAN);
            }
            port.arrive(TestFrames.tcp4(i, random.nextInt(1000)));
            if (random.nextBoolean()) {
                guest.postRanges(
                        new long[] {
                            random.nextInt(4096),
                            random.nextInt(4096 / 8),
                            guest.buffers.scratchFrame + random.nextInt(3),
                            guest.buffers.scratchFrame + random.nextInt(3)
                        });
            } else {
                guest.channels
                        .get(random.nextInt(3))
                        .send(PacketType.IN_BAND, 1, i, guest.packet, 0, random.nextInt(6) * 8);
            }
            if (i % 7 == 0) {
                guest.settle();
            }
            port.sent.clear();
            guest.answers.clear();
            guest.received.clear();
            guest.transfers.clear();
            assertThat(guest.channels.getFirst().isBroken()).as("%s", seed).isFalse();
        }
        guest.settle();
        assertThat(bench.host.inFlight()).as("%s", seed).isZero();
    }

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
