package io.ringside.netvsc.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.netvsc.protocol.NvspMessage;
import io.ringside.netvsc.protocol.NvspVersion;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Frames without offloads, both ways, over one channel. */
final class PlainTrafficTest {
    private final VspBench bench = VspBench.usual();
    private final ScriptedGuest guest = new ScriptedGuest(bench);

    @AfterEach
    void close() {
        assertThat(bench.recorder().lent).isEmpty();
        bench.close();
    }

    @ParameterizedTest
    @EnumSource(NvspVersion.class)
    void carriesFramesBothWaysInEveryVersion(final NvspVersion version) {
        guest.ready(version);
        final byte[] out = TestFrames.plain(TestFrames.OTHER, 64, 1);
        assertThat(guest.sendFrames(3, out)).isEqualTo(1);
        assertThat(bench.recorder().sent).hasSize(1);
        assertThat(bench.recorder().sent.getFirst().bytes()).isEqualTo(out);
        final byte[] in = TestFrames.plain(TestFrames.GUEST, 1514, 2);
        bench.recorder().arrive(in);
        guest.settle();
        assertThat(guest.received).hasSize(1);
        assertThat(guest.received.getFirst().frame()).isEqualTo(in);
        assertThat(bench.host.inFlight()).isZero();
    }

    @Test
    void takesSeveralMessagesOutOfOneSectionInTheirOrder() {
        guest.ready();
        final byte[][] frames = new byte[8][];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = TestFrames.plain(TestFrames.OTHER, 60 + i * 3, i);
        }
        assertThat(guest.sendFrames(31, frames)).isEqualTo(1);
        assertThat(bench.recorder().sent.stream().map(RecordingPort.Sent::bytes))
                .containsExactly(frames);
    }

    @Test
    void takesFramesOutOfPagesWhereverTheyAreDivided() {
        guest.ready();
        final byte[] frame = TestFrames.plain(TestFrames.OTHER, 1500, 5);
        final UnsafeBuffer message = new UnsafeBuffer(new byte[2048]);
        final int length = GuestBuffers.putFrame(message, 0, frame);
        for (int cut = 1; cut < 200; cut++) {
            bench.recorder().sent.clear();
            final int page = guest.buffers.scratchFrame;
            bench.page(page).putBytes(4096 - cut, message, 0, cut);
            bench.page(page + 5).putBytes(0, message, cut, 700);
            bench.page(page + 9).putBytes(77, message, cut + 700, length - cut - 700);
            guest.nvsp.putRndisPacket(NvspMessage.CHANNEL_DATA, NvspMessage.NO_SECTION, 0);
            final int status =
                    guest.sendRanges(
                                    new long[] {cut + 700, 4096 - cut, page, page + 5},
                                    new long[] {length - cut - 700, 77, page + 9})
                            .word(4);
            assertThat(status).as("cut=%d", cut).isEqualTo(1);
            assertThat(bench.recorder().sent.getFirst().bytes()).isEqualTo(frame);
        }
    }

    @Test
    void takesTheHeaderOutOfASectionAndTheFrameOutOfPages() {
        guest.ready();
        final byte[] whole = TestFrames.plain(TestFrames.OTHER, 100, 1);
        final byte[] frame = TestFrames.plain(TestFrames.OTHER, 1400, 5);
        final UnsafeBuffer message = new UnsafeBuffer(new byte[2048]);
        final int length = GuestBuffers.putFrame(message, 0, frame);
        final int at = GuestBuffers.putFrame(guest.buffers.sections(), 0, whole);
        guest.buffers.sections().putBytes(at, message, 0, 44);
        guest.buffers.scratch().putBytes(0, message, 44, length - 44);
        guest.nvsp.putRndisPacket(NvspMessage.CHANNEL_DATA, 0, at + 44);
        final int status =
                guest.sendRanges(new long[] {length - 44, 0, guest.buffers.scratchFrame}).word(4);
        assertThat(status).isEqualTo(1);
        assertThat(bench.recorder().sent.stream().map(RecordingPort.Sent::bytes))
                .containsExactly(whole, frame);
    }

    @Test
    void putsManySmallFramesIntoOneSectionAndOnePacket() {
        guest.ready();
        guest.completes = false;
        for (int i = 0; i < 30; i++) {
            bench.recorder().arrive(TestFrames.plain(TestFrames.GUEST, 64, i));
        }
        final int before = guest.transfers.size();
        guest.settle();
        assertThat(guest.transfers).hasSize(before + 1);
        assertThat(guest.received).hasSize(30);
        for (int i = 0; i < 30; i++) {
            assertThat(guest.received.get(i).frame())
                    .isEqualTo(TestFrames.plain(TestFrames.GUEST, 64, i));
        }
        assertThat(bench.host.inFlight()).isEqualTo(1);
        assertThat(bench.host.counters().deliveriesFailed()).isZero();
        guest.completionStatus = 2;
        guest.complete(0, guest.transfers.getLast().id());
        guest.settle();
        assertThat(bench.host.counters().deliveriesFailed()).isEqualTo(1);
        guest.settle();
        assertThat(bench.host.inFlight()).isZero();
    }

    @Test
    void usesBuffersAgainInWhateverOrderTheyComeBack() {
        guest.ready();
        guest.completes = false;
        final SplittableRandom random = new SplittableRandom(5);
        int next = 0;
        for (int round = 0; round < 50; round++) {
            guest.received.clear();
            final int before = guest.transfers.size();
            for (int i = 0; i < 40; i++) {
                bench.recorder().arrive(TestFrames.plain(TestFrames.GUEST, 700, next + i));
                if (i % 3 == 0) {
                    guest.settle();
                }
            }
            guest.settle();
            for (int i = 0; i < 40; i++) {
                assertThat(guest.received.get(i).frame())
                        .isEqualTo(TestFrames.plain(TestFrames.GUEST, 700, next + i));
            }
            next += 40;
            final List<HostPackets.Transfer> open =
                    new ArrayList<>(guest.transfers.subList(before, guest.transfers.size()));
            while (!open.isEmpty()) {
                Collections.swap(open, random.nextInt(open.size()), open.size() - 1);
                guest.complete(0, open.removeLast().id());
            }
            guest.settle();
            assertThat(bench.host.inFlight()).isZero();
        }
    }

    @Test
    void takesNothingFromThePortWhileTheGuestHoldsAllBuffers() {
        guest.ready();
        guest.completes = false;
        for (int i = 0; i < 2000; i++) {
            bench.recorder().arrive(TestFrames.plain(TestFrames.GUEST, 1514, i));
        }
        guest.settle();
        assertThat(guest.received).hasSize(guest.sectionCount - Handshake.CONTROL_SECTIONS);
        assertThat(bench.host.counters().suspensions()).isEqualTo(1);
        assertThat(bench.host.counters().framesDropped()).isZero();
        final int held = bench.recorder().lent.size();
        assertThat(bench.recorder().waiting).hasSize(2000 - guest.received.size() - held);
        assertThat(guest.query(io.ringside.netvsc.protocol.Oid.GEN_MEDIA_CONNECT_STATUS).word(12))
                .as("requests are answered all the same")
                .isZero();
        guest.completes = true;
        for (final HostPackets.Transfer transfer : new ArrayList<>(guest.transfers)) {
            guest.complete(0, transfer.id());
        }
        guest.settle();
        assertThat(guest.received).hasSize(2000);
        for (int i = 0; i < 2000; i++) {
            assertThat(guest.received.get(i).frame()[20]).isEqualTo((byte) (i + 20));
        }
    }

    @Test
    void waitsForAPortWithoutRoomAndKeepsTheOrder() {
        guest.ready();
        bench.recorder().room = 3;
        final List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            final byte[] first = TestFrames.plain(TestFrames.OTHER, 64, 2 * i);
            final byte[] second = TestFrames.plain(TestFrames.OTHER, 64, 2 * i + 1);
            frames.add(first);
            frames.add(second);
            int at = i * GuestBuffers.SECTION_BYTES;
            at = GuestBuffers.putFrame(guest.buffers.sections(), at, first);
            at = GuestBuffers.putFrame(guest.buffers.sections(), at, second);
            guest.nvsp.putRndisPacket(
                    NvspMessage.CHANNEL_DATA, i, at - i * GuestBuffers.SECTION_BYTES);
            guest.channels.getFirst().send(6, 1, 50_000 + i, guest.packet, 0, 40);
        }
        for (int i = 0; i < 200; i++) {
            bench.round();
            guest.take();
            bench.recorder().room = i % 3 == 0 ? 1 : 0;
        }
        bench.recorder().room = Integer.MAX_VALUE;
        guest.settle();
        assertThat(bench.recorder().sent.stream().map(RecordingPort.Sent::bytes))
                .containsExactlyElementsOf(frames);
        for (int i = 0; i < 20; i++) {
            assertThat(guest.answerOf(50_000 + i).word(4)).isEqualTo(1);
        }
    }

    /** Row 36: a ring that the guest does not read fills, and then the port's frames wait. */
    @Test
    void keepsFramesInTheirOrderWhileTheRingIsFull() {
        final VspBench narrow = VspBench.usual();
        final ScriptedGuest reader = new ScriptedGuest(narrow, 2).ready();
        for (int i = 0; i < 400; i++) {
            narrow.recorder().arrive(TestFrames.plain(TestFrames.GUEST, 64, i));
            narrow.host.doWork();
        }
        assertThat(narrow.recorder().lent).isNotEmpty();
        assertThat(narrow.recorder().waiting).isNotEmpty();
        assertThat(narrow.host.doWork()).as("it may sleep").isZero();
        reader.settle();
        assertThat(reader.received).hasSize(400);
        for (int i = 0; i < 400; i++) {
            assertThat(reader.received.get(i).frame()[20]).isEqualTo((byte) (i + 20));
        }
        assertThat(narrow.host.counters().framesDropped()).isZero();
        assertThat(narrow.recorder().lent).isEmpty();
        narrow.close();
    }
}
