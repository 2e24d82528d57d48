package io.ringside.device.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.ringside.device.host.Packet;
import io.ringside.testkit.Seed;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class CaptureRecorderTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final int RING_BYTES = 1 << 16;
    private static final int FRAMES = 100_000;
    private static final long NANOS = 1_700_000_000_123_456_789L;

    private final UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(8192));
    private final Packet packet = new Packet(4, 0);

    @TempDir private Path directory;

    private CaptureRecorder recorder(final CaptureFormat format, final int snapBytes)
            throws CaptureRefusedException {
        return CaptureRecorder.create(
                directory.resolve("out.pcap"),
                format,
                ByteOrder.nativeOrder(),
                snapBytes,
                RING_BYTES);
    }

    private byte[] written() throws Exception {
        return Files.readAllBytes(directory.resolve("out.pcap"));
    }

    private void fill(final byte[] bytes) {
        memory.putBytes(0, bytes);
        packet.reset().add(memory, 0, bytes.length);
    }

    @Test
    void writesTheBytesOfEachFormat() throws Exception {
        for (final ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
            for (final CaptureFormat format : CaptureFormat.values()) {
                final Path path = directory.resolve(format + "-" + order);
                final CaptureRecorder recorder =
                        CaptureRecorder.create(path, format, order, 64, RING_BYTES);
                fill(HEX.parseHex("aabbccddee"));
                assertThat(recorder.record(packet, 5_000_001_234L)).isTrue();
                recorder.onClose();
                assertThat(HEX.formatHex(Files.readAllBytes(path)))
                        .as("%s %s", format, order)
                        .isEqualTo(HEX.formatHex(expected(format, order)));
            }
        }
    }

    private static byte[] expected(final CaptureFormat format, final ByteOrder order) {
        final CaptureFiles files = new CaptureFiles(order);
        return switch (format) {
            case PCAP_MICROS -> header(files, 0xA1B2C3D4).record(5, 1, 5, "aabbccddee").toBytes();
            case PCAP_NANOS -> header(files, 0xA1B23C4D).record(5, 1234, 5, "aabbccddee").toBytes();
            case PCAPNG -> {
                files.section()
                        .block(
                                1,
                                files.content()
                                        .int16(1, 0)
                                        .int32(64)
                                        .int16(9, 1)
                                        .hex("09000000")
                                        .int32(0))
                        .packet(0, 5_000_001_234L, 5, "aabbccddee");
                yield files.toBytes();
            }
        };
    }

    private static CaptureFiles header(final CaptureFiles files, final int magic) {
        return files.int32(magic).int16(2, 4).int32(0, 0, 64, 1);
    }

    @ParameterizedTest
    @EnumSource
    void keepsFramesAsTheyWereHandedOver(final CaptureFormat format) throws Exception {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        final CaptureRecorder recorder = recorder(format, CaptureRecorder.WHOLE_FRAMES);
        final List<String> sent = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            final byte[] bytes = new byte[2 + random.nextInt(4000)];
            random.nextBytes(bytes);
            memory.putBytes(0, bytes);
            final int first = 1 + random.nextInt(bytes.length - 1);
            packet.reset().add(memory, 0, first).add(memory, first, bytes.length - first);
            while (!recorder.record(packet, NANOS + i)) {
                assertThat(recorder.doWork()).as(seed.toString()).isPositive();
            }
            sent.add(HEX.formatHex(bytes));
        }
        recorder.onClose();
        assertThat(recorder.recorded()).isEqualTo(2000);
        assertThat(recorder.lost()).isZero();
        try (Capture capture = Capture.open(directory.resolve("out.pcap"))) {
            assertThat(capture.frames()).isEqualTo(2000);
            for (int i = 0; i < 2000; i++) {
                final byte[] bytes = new byte[capture.lengthBytes(i)];
                capture.memory().getBytes(capture.offset(i), bytes);
                assertThat(HEX.formatHex(bytes)).as("%s frame %s", seed, i).isEqualTo(sent.get(i));
                assertThat(capture.nanos(i))
                        .isEqualTo(
                                format == CaptureFormat.PCAP_MICROS
                                        ? (NANOS + i) / 1000 * 1000
                                        : NANOS + i);
            }
        }
    }

    @Test
    void cutsAtTheSnapLengthAndKeepsTheLengthOnTheWire() throws Exception {
        final CaptureRecorder recorder = recorder(CaptureFormat.PCAPNG, 65);
        fill(new byte[1514]);
        recorder.record(packet, NANOS);
        fill(new byte[60]);
        recorder.record(packet, NANOS);
        recorder.onClose();
        try (Capture capture = Capture.open(directory.resolve("out.pcap"))) {
            assertThat(capture.lengthBytes(0)).isEqualTo(65);
            assertThat(capture.originalBytes(0)).isEqualTo(1514);
            assertThat(capture.lengthBytes(1)).isEqualTo(60);
        }
    }

    @Test
    void putsATagThatStandsBesideTheBytesIntoThem() throws Exception {
        final CaptureRecorder recorder = recorder(CaptureFormat.PCAP_NANOS, 64);
        fill(HEX.parseHex("0102030405060708090a0b0c0800aabb"));
        packet.metadata().vlanTag(0x6123);
        recorder.record(packet, 0);
        fill(HEX.parseHex("0102030405060708090a0b"));
        packet.metadata().vlanTag(0x6123);
        recorder.record(packet, 0);
        recorder.onClose();
        assertThat(HEX.formatHex(written()).substring(48))
                .isEqualTo(
                        "0000000000000000"
                                + "1400000014000000"
                                + "0102030405060708090a0b0c810061230800aabb"
                                + "0000000000000000"
                                + "0b0000000b000000"
                                + "0102030405060708090a0b");
    }

    @Test
    void saysNoWhileItsRingIsFull() throws Exception {
        final CaptureRecorder recorder = recorder(CaptureFormat.PCAPNG, 2000);
        fill(new byte[1514]);
        int taken = 0;
        while (recorder.record(packet, NANOS)) {
            taken++;
        }
        assertThat(taken).isBetween(40, RING_BYTES / 1514);
        assertThat(recorder.doWork()).isEqualTo(taken);
        assertThat(recorder.record(packet, NANOS)).isTrue();
        recorder.onClose();
        assertThat(recorder.recorded()).isEqualTo(taken + 1);
        assertThat(recorder.failure()).isEmpty();
    }

    @Test
    void leavesAFileThatIsThereAlone() throws Exception {
        final Path path = Files.writeString(directory.resolve("out.pcap"), "precious");
        assertThatThrownBy(() -> recorder(CaptureFormat.PCAPNG, 64))
                .isInstanceOf(CaptureRefusedException.class)
                .hasMessageContaining("exists already");
        assertThat(path).hasContent("precious");
        final Path nowhere = directory.resolve("no").resolve("out.pcap");
        assertThatThrownBy(() ->
                        CaptureRecorder.create(
                                nowhere, CaptureFormat.PCAPNG, ByteOrder.nativeOrder(), 64, 4096))
                .isInstanceOf(CaptureRefusedException.class)
                .hasMessageContaining("cannot be made");
    }

    @Test
    void countsAsLostWhatTheSystemRefusesToWrite() throws Exception {
        final Path full = Path.of("/dev/full");
        assumeTrue(Files.isWritable(full), "no /dev/full here");
        final CaptureRecorder recorder =
                CaptureRecorder.onto(full, CaptureFormat.PCAPNG, ByteOrder.nativeOrder(), 64, 4096);
        fill(new byte[60]);
        recorder.record(packet, NANOS);
        recorder.doWork();
        recorder.record(packet, NANOS);
        recorder.onClose();
        assertThat(recorder.recorded()).isZero();
        assertThat(recorder.lost()).isEqualTo(2);
        assertThat(recorder.failure()).contains("No space");
    }

    @Test
    void refusesSizesThatCannotBe() {
        assertThatThrownBy(() -> recorder(CaptureFormat.PCAPNG, 63))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("snapBytes=63");
        assertThatThrownBy(() ->
                        CaptureRecorder.create(
                                directory.resolve("x"),
                                CaptureFormat.PCAPNG,
                                ByteOrder.nativeOrder(),
                                64,
                                4097))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ringBytes=4097");
    }

    @Test
    void allocatesNothing() throws Exception {
        final CaptureRecorder recorder = recorder(CaptureFormat.PCAPNG, 64);
        fill(new byte[64]);
        recordMany(recorder);
        final ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long thread = Thread.currentThread().threadId();
        final long before = bean.getThreadAllocatedBytes(thread);
        recordMany(recorder);
        // The question itself may cost some bytes, but not one for every tenth frame.
        assertThat(bean.getThreadAllocatedBytes(thread) - before).isLessThan(FRAMES / 10);
        recorder.onClose();
    }

    private void recordMany(final CaptureRecorder recorder) {
        for (int i = 0; i < FRAMES; i++) {
            if (!recorder.record(packet, NANOS)) {
                recorder.doWork();
            }
        }
    }
}
