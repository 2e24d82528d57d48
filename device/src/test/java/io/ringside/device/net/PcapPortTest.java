package io.ringside.device.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.device.capture.Capture;
import io.ringside.device.capture.CaptureFormat;
import io.ringside.device.capture.CaptureRecorder;
import io.ringside.device.host.Packet;
import io.ringside.device.host.PacketPort;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PcapPortTest extends PacketPortContract {
    private static final int CAPTURED = 50;
    private static final int APART_NANOS = 1000;
    private static final int RING_BYTES = 1 << 20;

    @TempDir private Path directory;

    private Capture capture;
    private CaptureRecorder recorder;
    private PcapPort port;
    private long now = 1_700_000_000_000_000_000L;

    @BeforeEach
    void recordsACaptureToPlay() throws Exception {
        capture = captureOf(CAPTURED, 60);
        recorder = newRecorder("sent.pcap");
        port = port(capture, PcapPort.Pace.AS_CAPTURED);
    }

    private CaptureRecorder newRecorder(final String name) throws Exception {
        return CaptureRecorder.create(
                directory.resolve(name),
                CaptureFormat.PCAPNG,
                ByteOrder.nativeOrder(),
                CaptureRecorder.WHOLE_FRAMES,
                RING_BYTES);
    }

    /** Frames with their numbers in them, a microsecond apart. */
    private Capture captureOf(final int frames, final int lengthBytes) throws Exception {
        final String name = "played" + frames + ".pcap";
        final CaptureRecorder player = newRecorder(name);
        final UnsafeBuffer bytes = new UnsafeBuffer(ByteBuffer.allocateDirect(lengthBytes));
        final Packet frame = new Packet(1, 0).add(bytes, 0, lengthBytes);
        for (int i = 0; i < frames; i++) {
            bytes.putInt(14, i);
            while (!player.record(frame, (long) i * APART_NANOS)) {
                player.doWork();
            }
        }
        player.onClose();
        return Capture.open(directory.resolve(name));
    }

    private PcapPort port(final Capture played, final PcapPort.Pace pace) {
        return new PcapPort(SLOTS, MAX_FRAME_BYTES, played, pace, recorder, this::now);
    }

    private long now() {
        return now;
    }

    @AfterEach
    void closesTheFiles() {
        recorder.onClose();
        capture.close();
    }

    @Override
    PacketPort sender() {
        return port;
    }

    @Override
    PacketPort receiver() {
        return port;
    }

    /** The first frame comes with the start, and again when all have come. */
    @Override
    void arrive(final int frames) {
        for (int i = 0; i < frames; i++) {
            recorder.doWork();
            if (port.played() % CAPTURED == 0) {
                port.start();
            } else {
                now += APART_NANOS;
            }
            port.tick();
        }
    }

    private List<Integer> take(final PcapPort from, final int limit) {
        final List<Integer> numbers = new ArrayList<>();
        from.take(
                packet -> {
                    numbers.add(packet.segment(0).getInt(14));
                    from.giveBack(packet);
                },
                limit);
        return numbers;
    }

    @Test
    void playsFramesAsFarApartAsTheyWereCaptured() {
        assertThat(take(port, 8)).isEmpty();
        port.start();
        assertThat(take(port, 8)).containsExactly(0);
        now += APART_NANOS - 1;
        assertThat(take(port, 8)).isEmpty();
        now += 1;
        assertThat(take(port, 8)).containsExactly(1);
        now += 2 * APART_NANOS;
        assertThat(take(port, 8)).containsExactly(2, 3);
        port.stop();
        now += APART_NANOS;
        assertThat(take(port, 8)).isEmpty();
        port.start();
        assertThat(take(port, 8)).containsExactly(0);
    }

    @Test
    void dropsWhatComesWhileItsShelfIsFull() {
        port.start();
        now += 10 * APART_NANOS;
        port.tick();
        assertThat(port.dropped()).isEqualTo(3);
        assertThat(port.played()).isEqualTo(11);
        assertThat(take(port, 20)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
        now += APART_NANOS;
        assertThat(take(port, 20)).containsExactly(11);
    }

    @Test
    void playsAsFastAsFramesAreTakenAndDropsNone() throws Exception {
        try (Capture few = captureOf(20, 60)) {
            final PcapPort fast = port(few, PcapPort.Pace.AS_TAKEN);
            fast.start();
            assertThat(take(fast, 5)).containsExactly(0, 1, 2, 3, 4);
            final List<Packet> lent = new ArrayList<>();
            assertThat(fast.take(lent::add, 20)).isEqualTo(SLOTS);
            assertThat(take(fast, 20)).isEmpty();
            lent.forEach(fast::giveBack);
            assertThat(take(fast, 20)).containsExactly(13, 14, 15, 16, 17, 18, 19);
        }
    }

    @Test
    void dropsFramesThatAreLongerThanItsOwn() throws Exception {
        try (Capture longOnes = captureOf(10, MAX_FRAME_BYTES + 1)) {
            final PcapPort narrow = port(longOnes, PcapPort.Pace.AS_TAKEN);
            narrow.start();
            assertThat(take(narrow, 5)).isEmpty();
            assertThat(narrow.dropped()).isEqualTo(10);
            assertThat(narrow.played()).isEqualTo(10);
        }
    }

    /** Frames of 200 bytes, of which a capture has the first 64. */
    private Capture snappedCapture() throws Exception {
        final Path file = directory.resolve("snapped.pcap");
        final CaptureRecorder cutting =
                CaptureRecorder.create(
                        file, CaptureFormat.PCAP_NANOS, ByteOrder.BIG_ENDIAN, 64, RING_BYTES);
        final UnsafeBuffer bytes = new UnsafeBuffer(ByteBuffer.allocateDirect(200));
        bytes.setMemory(0, 200, (byte) 0x77);
        cutting.record(new Packet(1, 0).add(bytes, 0, 200), 0);
        cutting.record(new Packet(1, 0).add(bytes, 0, 60), 1);
        cutting.onClose();
        return Capture.open(file);
    }

    private List<byte[]> play(final PcapPort from) {
        final List<byte[]> frames = new ArrayList<>();
        from.start();
        from.take(
                packet -> {
                    final UnsafeBuffer copy = new UnsafeBuffer(new byte[packet.totalBytes()]);
                    packet.copyTo(copy, 0);
                    frames.add(copy.byteArray());
                    from.giveBack(packet);
                },
                8);
        return frames;
    }

    @Test
    void playsSnappedFramesAsShortAsTheyAreUnlessTheyAreToBePadded() throws Exception {
        try (Capture cut = snappedCapture()) {
            assertThat(cut.snappedFrames()).isEqualTo(1);
            assertThat(cut.originalBytes(0)).isEqualTo(200);
            final PcapPort asCaptured = port(cut, PcapPort.Pace.AS_TAKEN);
            assertThat(play(asCaptured)).extracting(frame -> frame.length).containsExactly(64, 60);
            final PcapPort padded =
                    new PcapPort(
                            SLOTS,
                            MAX_FRAME_BYTES,
                            cut,
                            PcapPort.Pace.AS_TAKEN,
                            PcapPort.Snapped.PADDED,
                            recorder,
                            this::now);
            play(padded); // Fills the shelf with what is to be zero the next time.
            final List<byte[]> frames = play(padded);
            assertThat(frames).extracting(frame -> frame.length).containsExactly(200, 60);
            for (int i = 0; i < 200; i++) {
                assertThat(frames.getFirst()[i])
                        .as("byte %d", i)
                        .isEqualTo((byte) (i < 64 ? 0x77 : 0));
            }
        }
    }

    @Test
    void dropsFramesThatWouldBeLongerThanItsOwnOncePadded() throws Exception {
        try (Capture cut = snappedCapture()) {
            final PcapPort narrow =
                    new PcapPort(
                            SLOTS,
                            100,
                            cut,
                            PcapPort.Pace.AS_TAKEN,
                            PcapPort.Snapped.PADDED,
                            recorder,
                            this::now);
            assertThat(play(narrow)).extracting(frame -> frame.length).containsExactly(60);
            assertThat(narrow.dropped()).isEqualTo(1);
        }
    }

    @Test
    void recordsWhatIsSentWithTheTime() throws Exception {
        packet.reset().add(memory, 0, 60);
        assertThat(port.send(packet)).isTrue();
        now += 5;
        assertThat(port.send(packet)).isTrue();
        recorder.onClose();
        try (Capture sent = Capture.open(directory.resolve("sent.pcap"))) {
            assertThat(sent.frames()).isEqualTo(2);
            assertThat(sent.nanos(0)).isEqualTo(1_700_000_000_000_000_000L);
            assertThat(sent.nanos(1)).isEqualTo(1_700_000_000_000_000_005L);
        }
    }

    @Test
    void hasASenderWaitWhileTheRecorderHasNoRoom() {
        packet.reset().add(memory, 0, MAX_FRAME_BYTES);
        while (port.send(packet)) {
            assertThat(recorder.recorded()).isZero();
        }
        assertThat(port.dropped()).isZero();
        recorder.doWork();
        assertThat(port.send(packet)).isTrue();
    }

    @Test
    void wantsFramesAsTheyAreOnAWire() {
        assertThat(port.takesBlankChecksums()).isFalse();
        assertThat(port.takesUncutFrames()).isFalse();
    }

    @Test
    void playsNothingAndRecordsNothingIfItHasNoFiles() {
        final PcapPort hole =
                new PcapPort(SLOTS, MAX_FRAME_BYTES, null, PcapPort.Pace.AS_TAKEN, null, this::now);
        hole.start();
        assertThat(take(hole, 5)).isEmpty();
        packet.reset().add(memory, 0, 60);
        assertThat(hole.send(packet)).isTrue();
        assertThat(hole.dropped()).isZero();
    }

    @Test
    void refusesARecorderThatIsTooSmallForItsFrames() {
        assertThatThrownBy(() ->
                        new PcapPort(
                                SLOTS,
                                RING_BYTES,
                                capture,
                                PcapPort.Pace.AS_TAKEN,
                                recorder,
                                this::now))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("recorder.maxFrameBytes=");
    }
}
