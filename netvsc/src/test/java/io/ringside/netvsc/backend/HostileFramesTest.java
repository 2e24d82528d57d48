package io.ringside.netvsc.backend;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.netvsc.protocol.ChecksumInfo;
import io.ringside.netvsc.protocol.LargeSendInfo;
import io.ringside.netvsc.protocol.NvspMessage;
import io.ringside.netvsc.protocol.NvspStatus;
import io.ringside.netvsc.protocol.Oid;
import io.ringside.netvsc.protocol.PerPacketInfo;
import io.ringside.netvsc.protocol.RndisRequest;
import io.ringside.ringbuf.vmbus.PacketType;
import io.ringside.testkit.Seed;
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

/** Frames that no driver sends. The host refuses, counts, and goes on. */
final class HostileFramesTest {
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

    @Test
    void believesTheHeadersThatItHasCheckedAndNoOthers() {
        final byte[] whole = TestFrames.tcp4(5, 3000);
        final int length =
                GuestBuffers.putFrame(
                        guest.buffers.scratch(),
                        0,
                        TestFrames.large(whole),
                        PerPacketInfo.LARGE_SEND,
                        LargeSendInfo.version2(1400, 34, false));
        port.meanwhile = () -> guest.buffers.scratch().setMemory(0, 3200, (byte) 0xEE);
        assertThat(guest.sendPages(length)).isEqualTo(1);
        assertThat(Arrays.copyOf(port.sent.getFirst().bytes(), 54))
                .isEqualTo(Arrays.copyOf(TestFrames.blank(whole), 54));
    }

    @Test
    void doesABoundedAmountOfWorkInOneTurn() {
        GuestBuffers.putFrame(guest.buffers.sections(), 0, FRAME);
        guest.nvsp.putRndisPacket(NvspMessage.CHANNEL_DATA, 0, 104);
        for (int i = 0; i < 500; i++) {
            guest.channels.getFirst().send(PacketType.IN_BAND, 0, i, guest.packet, 0, 40);
        }
        int turns = 0;
        while (port.sent.size() < 500) {
            final int before = port.sent.size();
            bench.host.doWork();
            assertThat(port.sent.size() - before).isBetween(1, 64);
            turns++;
        }
        assertThat(turns).isEqualTo(8);
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
}
