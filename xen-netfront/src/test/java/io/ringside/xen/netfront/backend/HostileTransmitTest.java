package io.ringside.xen.netfront.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.Seed;
import io.ringside.xen.netfront.backend.RawQueue.Answer;
import io.ringside.xen.netfront.protocol.ExtraInfo;
import io.ringside.xen.netfront.protocol.GsoType;
import io.ringside.xen.netfront.protocol.NetifStatus;
import io.ringside.xen.netfront.protocol.TxRequest;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A frontend that sends what it must not. */
final class HostileTransmitTest {
    private static final int MORE = TxRequest.MORE_DATA;
    private static final int EXTRA = TxRequest.EXTRA_INFO;

    private final BackBench bench = new BackBench();
    private final ScriptedPort port = new ScriptedPort();
    private final Netback back = bench.newBackend(port);
    private RawFrontend front = RawFrontend.connect(bench, back, RawFrontend.TAKES_ALL);
    private RawQueue queue = front.queue();
    private final int page = queue.pageWith(0, TestFrames.plain(4096, 5));

    @AfterEach
    void close() {
        bench.close();
    }

    private void push() {
        queue.push();
        bench.settle(back);
    }

    private long refusals(final NetbackRefusal reason) {
        return back.counters().refusals(reason);
    }

    /** The device is shut, holds nothing of the frontend's, and serves the next connection. */
    private void assertClosedFor(final NetbackRefusal reason) {
        assertThat(back.isClosed()).as("closed").isTrue();
        assertThat(bench.backendKey("state")).isEqualTo("6");
        assertThat(refusals(reason)).isEqualTo(1);
        assertThat(back.counters().refusals()).isEqualTo(1);
        assertThat(bench.host.domain().eventChannels().openPorts()).isZero();
        assertThat(bench.host.domain().grantMapper().mappedCount()).isZero();
        assertThat(bench.host.frames().usedCount()).isEqualTo(framesAtRest());
        front.takeBack();
        bench.putFrontendKey("state", "1");
        front = RawFrontend.connect(bench, back, RawFrontend.TAKES_ALL);
        queue = front.queue();
        assertServes();
        front.leave();
    }

    private static int framesAtRest() {
        try (BackBench fresh = new BackBench()) {
            return fresh.host.frames().usedCount();
        }
    }

    private void assertServes() {
        final int before = port.sent.size();
        queue.answers();
        queue.putPacket(999, TestFrames.plain(60, 1), 0);
        push();
        assertThat(port.sent).hasSize(before + 1);
        assertThat(queue.answers()).containsExactly(new Answer(999, NetifStatus.OKAY));
    }

    /** Every slot is answered with an error, and the connection goes on. */
    private void assertRefused(final NetbackRefusal reason, final int slots) {
        final List<Answer> answers = queue.answers();
        assertThat(answers).hasSize(slots);
        assertThat(answers).allMatch(answer -> answer.status() == NetifStatus.ERROR);
        assertThat(refusals(reason)).isEqualTo(1);
        assertThat(back.counters().refusals()).isEqualTo(1);
        assertThat(port.sent).isEmpty();
        assertServes();
        front.leave();
    }

    /**
     * Row 1 (XSA-155): a slot is read once. What the frontend writes over it while its answer is
     * awaited, and over the page behind it, changes nothing.
     */
    @Test
    void readsEachSlotAndEachPageOnce() {
        final byte[] frame = TestFrames.plain(60, 8);
        final int frameNumber = queue.newFrame();
        bench.guest(0).page(frameNumber).putBytes(0, frame);
        final int reference = queue.lend(frameNumber, true);
        port.room = 0;
        queue.put(reference, 0, 0, 1, 60);
        push();
        queue.slot(0).put(-1, 60_000, 0xffff, 2, 60_000);
        bench.guest(0).page(frameNumber).setMemory(0, 4096, (byte) 0xff);
        port.room = 10;
        bench.settle(back);
        assertThat(port.sent.getFirst().bytes()).isEqualTo(frame);
        assertThat(queue.answers()).containsExactly(new Answer(1, NetifStatus.OKAY));
        front.leave();
    }

    /** Row 2 (XSA-39): a producer index that cannot be ends the connection, not the worker. */
    @ParameterizedTest
    @ValueSource(ints = {257, 1000, -1, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void closesOnAProducerIndexThatCannotBe(final int index) {
        queue.pushIndex(index);
        bench.settle(back);
        assertClosedFor(NetbackRefusal.RING_INDEX);
    }

    /** The same on the ring on which it receives, which is looked at when something arrives. */
    @Test
    void closesOnAProducerIndexOfPagesThatCannotBe() {
        queue.pushPagesIndex(300);
        port.arrives(TestFrames.plain(60, 1));
        bench.settle(back);
        assertClosedFor(NetbackRefusal.RING_INDEX);
    }

    /** Row 4 (XSA-216): all bytes of an answer's slot are ours, records' too. */
    @Test
    void leavesNoByteOfAnAnswerUnwritten() {
        final byte[] frame = TestFrames.tcpIpv4(2000, 1);
        queue.put(queue.pageWith(0, frame), 0, EXTRA | TxRequest.CHECKSUM_BLANK, 3, frame.length);
        queue.putExtra().putGso(0, GsoType.TCP_IPV4, 1000);
        for (int i = 0; i < 2; i++) {
            queue.transmit.setMemory(64 + i * 12 + 8 * i, 12 - 8 * i, (byte) 0x5a);
        }
        queue.slot(0).put(queue.pageWith(0, frame), 0, EXTRA | 1, 3, frame.length);
        push();
        assertThat(queue.answered()).isEqualTo(2);
        assertThat(queue.transmitSlotBytes(0)).containsExactly(3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        assertThat(queue.transmitSlotBytes(1)).containsExactly(0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        front.leave();
    }

    /** Row 10 (XSA-365): one bad page fails its packet whole, and no other. */
    @Test
    void failsThePacketOfABadPageAlone() {
        queue.putPacket(1, TestFrames.plain(60, 1), 0);
        queue.put(page, 0, MORE, 2, 8192);
        queue.put(4711, 0, 0, 3, 4096);
        queue.put(-1, 0, 0, 4, 60);
        queue.putPacket(5, TestFrames.plain(60, 5), 0);
        push();
        assertThat(queue.answers())
                .containsExactly(
                        new Answer(1, NetifStatus.OKAY),
                        new Answer(2, NetifStatus.ERROR),
                        new Answer(3, NetifStatus.ERROR),
                        new Answer(4, NetifStatus.ERROR),
                        new Answer(5, NetifStatus.OKAY));
        assertThat(refusals(NetbackRefusal.COPY)).isEqualTo(2);
        assertThat(port.sent).hasSize(2);
        front.leave();
    }

    /** Row 18 (XSA-423): headers in pieces reach the network in one. */
    @Test
    void gathersHeadersThatAreInPieces() {
        final byte[] frame = TestFrames.tcpIpv4(14, 1);
        queue.put(queue.pageWith(0, frame[0]), 0, MORE | 1, 0, frame.length);
        for (int i = 1; i < 17; i++) {
            final byte[] piece = TestFrames.part(frame, 1 + (i - 1) * 4, i == 16 ? 7 : 4);
            queue.put(queue.pageWith(i, piece), i, i == 16 ? 0 : MORE, i, piece.length);
        }
        push();
        assertThat(port.sent).hasSize(1);
        assertThat(port.sent.getFirst().bytes()).isEqualTo(frame);
        assertThat(port.sent.getFirst().segments()).isEqualTo(1);
        assertThat(port.sent.getFirst().metadata().checksumStartBytes()).isEqualTo(34);
        front.leave();
    }

    /** Row 19 (XSA-432): tiny pieces count as pieces, long ones as bytes, whatever the other is. */
    @Test
    void boundsPiecesAndBytesApart() {
        for (int packet = 0; packet < 4; packet++) {
            queue.put(page, 0, MORE, 0, 1 + 18);
            for (int i = 1; i <= 18; i++) {
                queue.put(page, i, i == 18 ? 0 : MORE, i, 1);
            }
            queue.put(page, 1, MORE, 0, 65_535);
            for (int i = 1; i <= 15; i++) {
                queue.put(page, 0, MORE, i, 4096);
            }
            queue.put(page, 0, 0, 16, 4095);
        }
        push();
        assertThat(port.sent).hasSize(8);
        assertThat(port.sent.get(6).bytes()).hasSize(19);
        assertThat(port.sent.get(7).bytes()).hasSize(65_535);
        assertThat(queue.answers()).allMatch(answer -> answer.status() == NetifStatus.OKAY);
        front.leave();
    }

    /** Row 21 (XSA-448): a piece without bytes is none, wherever it stands. */
    @Test
    void skipsPiecesWithoutBytes() {
        final byte[] frame = TestFrames.plain(100, 3);
        queue.put(4711, 0, MORE, 1, 100); // The first, without bytes of its own.
        queue.put(-5, 4096, MORE, 2, 0);
        queue.put(queue.pageWith(0, frame), 0, MORE, 3, 100);
        queue.put(4711, 0, 0, 4, 0);
        push();
        assertThat(port.sent).hasSize(1);
        assertThat(port.sent.getFirst().bytes()).isEqualTo(frame);
        assertThat(queue.answers())
                .containsExactly(
                        new Answer(1, 0), new Answer(2, 0), new Answer(3, 0), new Answer(4, 0));
        front.leave();
    }

    /** Row 42 (mirage 1.5): the same number twice is the frontend's own affair. */
    @Test
    void echoesNumbersWithoutBelievingThem() {
        final byte[] frame = TestFrames.plain(60, 3);
        for (int i = 0; i < 300; i++) {
            queue.put(page, 0, 0, 0xffff, 60);
            if (i % 100 == 99) {
                queue.push();
                bench.settle(back);
                assertThat(queue.answers())
                        .hasSize(100)
                        .containsOnly(new Answer(0xffff, NetifStatus.OKAY));
            }
        }
        assertThat(port.sent).hasSize(300);
        assertThat(frame).hasSize(60);
        front.leave();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 13})
    void refusesAPacketShorterThanAnEthernetHeader(final int lengthBytes) {
        queue.put(page, 0, 0, 1, lengthBytes);
        push();
        assertRefused(NetbackRefusal.PACKET_BYTES, 1);
    }

    @Test
    void refusesAPieceLongerThanWhatRemains() {
        queue.put(page, 0, MORE, 1, 100);
        queue.put(page, 0, MORE, 2, 60);
        queue.put(page, 0, 0, 3, 41);
        push();
        assertRefused(NetbackRefusal.PIECE_BYTES, 3);
    }

    @ParameterizedTest
    @ValueSource(ints = {19, 20})
    void refusesMorePiecesThanEverybodyTakes(final int behindTheFirst) {
        putPieces(behindTheFirst);
        push();
        assertRefused(NetbackRefusal.PIECE_COUNT, behindTheFirst + 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {21, 22, 200})
    void closesOnAFloodOfPieces(final int behindTheFirst) {
        putPieces(behindTheFirst);
        push();
        assertClosedFor(NetbackRefusal.PIECE_FLOOD);
    }

    private void putPieces(final int behindTheFirst) {
        queue.put(page, 0, MORE, 0, 2000);
        for (int i = 1; i <= behindTheFirst; i++) {
            queue.put(page, 0, i == behindTheFirst ? 0 : MORE, i, 2);
        }
    }

    @ParameterizedTest
    @CsvSource({"0,4097", "1,4096", "4096,1", "65535,60", "4037,60"})
    void closesOnAPieceThatLeavesItsPage(final int offset, final int lengthBytes) {
        queue.put(page, 0, MORE, 1, 60_000);
        queue.put(page, offset, 0, 2, lengthBytes);
        push();
        assertClosedFor(NetbackRefusal.PIECE_RANGE);
    }

    @ParameterizedTest
    @CsvSource({"0,4097", "4037,60", "65535,65535"})
    void closesOnAFirstPieceThatLeavesItsPage(final int offset, final int lengthBytes) {
        queue.put(page, offset, 0, 2, lengthBytes);
        push();
        assertClosedFor(NetbackRefusal.PIECE_RANGE);
    }

    @Test
    void closesOnAChainThatWasNotPublishedWhole() {
        queue.put(page, 0, MORE, 1, 100);
        push();
        assertClosedFor(NetbackRefusal.CHAIN);
    }

    @Test
    void closesOnARecordThatWasNotPublished() {
        queue.put(page, 0, EXTRA, 1, 100);
        queue.putExtra().putHash(ExtraInfo.MORE, 0, 1, 5);
        push();
        assertClosedFor(NetbackRefusal.CHAIN);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 6, 255})
    void closesOnARecordOfNoType(final int type) {
        queue.put(page, 0, EXTRA, 1, 100);
        queue.transmit.putLong(64 + 12, type);
        queue.transmitted++;
        push();
        assertClosedFor(NetbackRefusal.EXTRA_TYPE);
    }

    /** Row 30 (openvmm #3183): a size of zero is refused before anybody divides by it. */
    @ParameterizedTest
    @CsvSource({"1,0", "2,0", "0,1000", "3,1000", "255,1000"})
    void refusesToCutIntoNothingOrInWaysThatThereAreNot(final int type, final int size) {
        final byte[] frame = TestFrames.tcpIpv4(2000, 1);
        queue.put(queue.pageWith(0, frame), 0, EXTRA | 1, 1, frame.length);
        queue.putExtra().putGso(0, type, size);
        push();
        assertThat(queue.answers())
                .containsExactly(new Answer(1, NetifStatus.ERROR), new Answer(0, NetifStatus.NULL));
        assertThat(refusals(NetbackRefusal.GSO)).isEqualTo(1);
        assertServes();
        front.leave();
    }

    /** Row 11 (XSA-362): headers that lie are an error of the packet, never of ours. */
    @Test
    void refusesBlankChecksumsWithoutHeaders() {
        final byte[] notIp = TestFrames.plain(60, 1);
        final byte[] shortIp = TestFrames.part(TestFrames.tcpIpv4(10, 1), 0, 40);
        final byte[] icmp = TestFrames.tcpIpv4(10, 1);
        icmp[23] = 1;
        for (final byte[] frame : List.of(notIp, shortIp, icmp)) {
            queue.putPacket(1, frame, TxRequest.CHECKSUM_BLANK);
        }
        push();
        assertThat(queue.answers()).hasSize(3).containsOnly(new Answer(1, NetifStatus.ERROR));
        assertThat(refusals(NetbackRefusal.CHECKSUM)).isEqualTo(3);
        assertThat(port.sent).isEmpty();
        front.leave();
    }

    /** Rows 11 and 20: whatever stands in the slots, one round is bounded and throws nothing. */
    @Test
    void survivesSlotsDrawnByLot() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        final int[] pages = {page, queue.pageWith(0, TestFrames.tcpIpv4(4000, 1)), -1, 4711};
        int lives = 0;
        for (int round = 0; round < 3000; round++) {
            final int slots = 1 + random.nextInt(20);
            for (int i = 0; i < slots; i++) {
                if (random.nextInt(100) == 0) {
                    queue.transmit.putLong(
                            64 + queue.transmitted % 256 * 12,
                            random.nextLong() & ~0xf8L | random.nextInt(2));
                    queue.transmitted++;
                } else {
                    queue.put(
                            pages[random.nextInt(10) == 0 ? random.nextInt(4) : 0],
                            random.nextInt(100) == 0 ? random.nextInt(65_536) : 0,
                            random.nextInt(30) == 0 ? random.nextInt(16) : i % 3 == 0 ? MORE : 0,
                            i,
                            random.nextInt(40) == 0 ? random.nextInt(65_536) : 2000);
                }
            }
            port.sent.clear();
            queue.push();
            bench.settle(back);
            if (back.isClosed()) {
                lives++;
                front.takeBack();
                bench.putFrontendKey("state", "1");
                front = RawFrontend.connect(bench, back, RawFrontend.TAKES_ALL);
                queue = front.queue();
                pages[0] = queue.pageWith(0, TestFrames.plain(4096, 5));
                pages[1] = queue.pageWith(0, TestFrames.tcpIpv4(4000, 1));
            } else {
                assertThat(queue.answers()).as(seed.toString()).hasSize(slots);
            }
        }
        assertThat(lives).as(seed.toString()).isGreaterThan(10);
        assertThat(back.counters().transmitPackets()).as(seed.toString()).isGreaterThan(100);
        front.leave();
    }
}
