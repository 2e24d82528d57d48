package io.ringside.device.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringside.device.capture.Capture;
import io.ringside.device.capture.CaptureFormat;
import io.ringside.device.capture.CaptureRecorder;
import io.ringside.device.frame.SegmentationType;
import io.ringside.device.frame.TcpSegmenter;
import io.ringside.device.host.Packet;
import io.ringside.device.traffic.FrameGenerator;
import io.ringside.device.traffic.FrameMix;
import io.ringside.device.traffic.Traffic;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Wireshark's tools and tcpdump say of our frames and files, and what we read of theirs. */
final class WiresharkTest {
    private static final Path TSHARK = Path.of("/usr/bin/tshark");
    private static final Path TCPDUMP = Path.of("/usr/bin/tcpdump");
    private static final long NANOS = 1_700_000_000_123_456_789L;

    private final UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(100_000));
    private final Packet packet = new Packet(1, 0);

    @TempDir private Path directory;

    @BeforeEach
    void needsTheTools() {
        assumeTrue(Files.isExecutable(TSHARK), "tshark is not installed: apt-get install tshark");
    }

    private static List<String> run(final Object... words) throws Exception {
        final List<String> command = new ArrayList<>();
        for (final Object word : words) {
            command.add(word.toString());
        }
        final Path errors = Files.createTempFile("tool", ".err");
        final Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        final String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor())
                .as("%s: %s %s", command, said, Files.readString(errors))
                .isZero();
        Files.delete(errors);
        return said.lines().toList();
    }

    private CaptureRecorder recorder(final String name, final CaptureFormat format)
            throws Exception {
        return recorder(name, format, ByteOrder.nativeOrder());
    }

    private CaptureRecorder recorder(
            final String name, final CaptureFormat format, final ByteOrder order) throws Exception {
        return CaptureRecorder.create(
                directory.resolve(name), format, order, CaptureRecorder.WHOLE_FRAMES, 1 << 20);
    }

    /** Twelve frames of a mix, a second and a nanosecond apart, and what tshark should show. */
    private List<String> recordMix(final CaptureRecorder recorder, final boolean inMicros) {
        final Traffic traffic = new Traffic(0x0200_0000_0001L, 0x0200_0000_0002L, 3, FrameMix.IMIX);
        final FrameGenerator generator = new FrameGenerator(traffic, false);
        traffic.prepare(memory, 0);
        final List<String> expected = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            final int lengthBytes = generator.write(memory, 0, i, packet.reset().metadata());
            packet.add(memory, 0, lengthBytes);
            assertThat(recorder.record(packet, NANOS + i * 1_000_000_001L)).isTrue();
            final long fraction = NANOS % 1_000_000_000 + i;
            expected.add(
                    (1_700_000_000 + i)
                            + "."
                            + (inMicros ? fraction / 1000 * 1000 : fraction)
                            + "\t"
                            + lengthBytes
                            + "\t1\t1\t"
                            + HexFormat.of().formatHex(bytes(lengthBytes)).substring(84));
        }
        recorder.onClose();
        return expected;
    }

    private byte[] bytes(final int lengthBytes) {
        final byte[] bytes = new byte[lengthBytes];
        memory.getBytes(0, bytes);
        return bytes;
    }

    private List<String> shown(final Path file) throws Exception {
        return run(
                TSHARK,
                "-r",
                file,
                "-o",
                "ip.check_checksum:TRUE",
                "-o",
                "udp.check_checksum:TRUE",
                "-T",
                "fields",
                "-e",
                "frame.time_epoch",
                "-e",
                "frame.len",
                "-e",
                "ip.checksum.status",
                "-e",
                "udp.checksum.status",
                "-e",
                "udp.payload");
    }

    @ParameterizedTest
    @EnumSource
    void showsTheFramesThatWereRecorded(final CaptureFormat format) throws Exception {
        final List<String> expected =
                recordMix(recorder("ours", format), format == CaptureFormat.PCAP_MICROS);
        assertThat(shown(directory.resolve("ours"))).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource
    void showsFramesInTheOtherByteOrder(final CaptureFormat format) throws Exception {
        final List<String> expected =
                recordMix(
                        recorder("ours", format, ByteOrder.BIG_ENDIAN),
                        format == CaptureFormat.PCAP_MICROS);
        assertThat(shown(directory.resolve("ours"))).isEqualTo(expected);
    }

    @Test
    void isReadByTcpdump() throws Exception {
        assumeTrue(Files.isExecutable(TCPDUMP), "tcpdump is not installed");
        for (final CaptureFormat format : CaptureFormat.values()) {
            recordMix(recorder(format.name(), format), false);
            final List<String> lines = run(TCPDUMP, "-nn", "-r", directory.resolve(format.name()));
            assertThat(lines).hasSize(12);
            assertThat(lines.getFirst())
                    .contains("198.18.0.1.40000 > 198.19.0.1.9: UDP, length 18");
        }
    }

    /** What tshark says of a capture is what we read of it. */
    private void readsAsTshark(final Path file, final int frames) throws Exception {
        final List<String> shown =
                run(
                        TSHARK,
                        "-r",
                        file,
                        "-T",
                        "fields",
                        "-e",
                        "frame.time_epoch",
                        "-e",
                        "frame.len",
                        "-e",
                        "frame.cap_len");
        final List<String> bytes = run(TSHARK, "-r", file, "-x");
        final List<String> read = new ArrayList<>();
        final StringBuilder hex = new StringBuilder();
        try (Capture capture = Capture.open(file)) {
            assertThat(capture.frames()).isEqualTo(frames);
            for (int i = 0; i < capture.frames(); i++) {
                final long nanos = capture.nanos(i);
                read.add(
                        nanos / 1_000_000_000
                                + "."
                                + "%09d".formatted(nanos % 1_000_000_000)
                                + "\t"
                                + capture.originalBytes(i)
                                + "\t"
                                + capture.lengthBytes(i));
                final byte[] frame = new byte[capture.lengthBytes(i)];
                capture.memory().getBytes(capture.offset(i), frame);
                hex.append(HexFormat.of().formatHex(frame));
            }
        }
        assertThat(read).isEqualTo(shown);
        final StringBuilder expected = new StringBuilder();
        for (final String line : bytes) {
            if (line.length() > 52) {
                expected.append(line.substring(6, 53).replace(" ", ""));
            }
        }
        assertThat(hex.toString()).isEqualTo(expected.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"pcap", "nsecpcap", "pcapng"})
    void readsWhatEditcapWrites(final String format) throws Exception {
        recordMix(recorder("ours", CaptureFormat.PCAP_NANOS), false);
        final Path theirs = directory.resolve("theirs");
        run("/usr/bin/editcap", "-F", format, "-s", "100", directory.resolve("ours"), theirs);
        readsAsTshark(theirs, 12);
    }

    @Test
    void readsWhatMergecapWrites() throws Exception {
        recordMix(recorder("one", CaptureFormat.PCAP_MICROS), true);
        recordMix(recorder("two", CaptureFormat.PCAPNG), false);
        final Path theirs = directory.resolve("theirs");
        run(
                "/usr/bin/mergecap",
                "-F",
                "pcapng",
                "-w",
                theirs,
                directory.resolve("one"),
                directory.resolve("two"));
        readsAsTshark(theirs, 24);
    }

    @Test
    void readsWhatText2pcapWrites() throws Exception {
        final Path text = directory.resolve("text");
        Files.writeString(
                text,
                """
                000000 02 00 00 00 00 01 02 00 00 00 00 02 08 06 00 01
                000010 08 00 06 04 00 01

                000000 02 00 00 00 00 01 02 00 00 00 00 02 88 b5 ff
                """);
        final Path theirs = directory.resolve("theirs");
        run("/usr/bin/text2pcap", text, theirs);
        readsAsTshark(theirs, 2);
    }

    @Test
    void findsNothingWrongWithTheSegmentsOfALongFrame() throws Exception {
        final CaptureRecorder recorder = recorder("segments", CaptureFormat.PCAPNG);
        final TcpSegmenter segmenter = new TcpSegmenter(64);
        final UnsafeBuffer target = new UnsafeBuffer(ByteBuffer.allocateDirect(2000));
        final byte[] headers =
                HexFormat.of()
                        .parseHex(
                                "020000000001020000000002"
                                        + "0800"
                                        + "4500000012344000400600000a0000010a000002"
                                        + "1000200000000001000000015018ffff00000000");
        memory.putBytes(0, headers);
        final Packet whole = new Packet(1, 0).add(memory, 0, headers.length + 30_000);
        whole.metadata().segmentInto(SegmentationType.TCP_IPV4, 1448);
        assertThat(segmenter.begin(whole, whole.metadata(), false))
                .isEqualTo(TcpSegmenter.Start.READY);
        while (segmenter.hasNext()) {
            final int lengthBytes = segmenter.next(target, 0, packet.reset().metadata());
            recorder.record(packet.add(target, 0, lengthBytes), NANOS);
        }
        recorder.onClose();
        final List<String> lines =
                run(
                        TSHARK,
                        "-r",
                        directory.resolve("segments"),
                        "-o",
                        "ip.check_checksum:TRUE",
                        "-o",
                        "tcp.check_checksum:TRUE",
                        "-o",
                        "tcp.relative_sequence_numbers:FALSE",
                        "-T",
                        "fields",
                        "-e",
                        "ip.checksum.status",
                        "-e",
                        "tcp.checksum.status",
                        "-e",
                        "ip.id",
                        "-e",
                        "tcp.seq",
                        "-e",
                        "tcp.len",
                        "-e",
                        "tcp.flags.push");
        final List<String> expected = new ArrayList<>();
        for (int i = 0; i < 21; i++) {
            expected.add(
                    "1\t1\t0x%04x\t%d\t%d\t%s"
                            .formatted(
                                    0x1234 + i,
                                    1 + i * 1448,
                                    i < 20 ? 1448 : 1040,
                                    i < 20 ? "0" : "1"));
        }
        assertThat(lines).isEqualTo(expected);
    }
}
