package io.ringside.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.ringside.device.capture.Capture;
import io.ringside.perf.result.Job;
import io.ringside.perf.result.Load;
import io.ringside.perf.result.LoadResult;
import io.ringside.perf.result.Metric;
import io.ringside.perf.result.ResultDocument;
import io.ringside.perf.result.ResultReader;
import io.ringside.perf.result.Row;
import io.ringside.perf.result.Series;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The network's comparison through the command line. */
class CompareNetTest {
    /** Twelve datagrams of random bytes, which Wireshark's text2pcap made a capture of. */
    private static final String CAPTURE = "udp-by-text2pcap.pcap";

    private static final List<String> ROWS =
            List.of("ideal", "rtl8139", "e1000", "xen-netfront", "netvsc");

    @TempDir private Path directory = Path.of("");

    @Test
    void printsATableAndWritesAPage() throws IOException {
        final Path html = directory.resolve("report.html");
        final Invocation run =
                Invocation.of(
                        "compare",
                        "net",
                        "--seconds",
                        "0.05",
                        "--features",
                        "2q",
                        "--rate",
                        "1g",
                        "--output",
                        html.toString());
        assertThat(run.exitCode()).as("%s", run).isNotEqualTo(2);
        assertThat(run.out())
                .contains("net: 64-bytes, sent by the guest, wire of 1 Gbit/s, 1 queue")
                .contains("net: 64-bytes, received by the guest")
                .contains("counts per packet (exact)")
                .contains("latency at 50 % of it")
                .contains("latency at 90 % of it")
                .contains("xen-netfront+2q against xen-netfront")
                .contains("netvsc+2q against netvsc")
                .doesNotContain("\u001b");
        assertThat(run.err()).isEmpty();
        assertThat(Files.readString(html))
                .startsWith("<!DOCTYPE html>")
                .contains("xen-netfront")
                .contains("netvsc+2q");
    }

    @Test
    void printsOneJsonObjectThatHoldsTheScenarioAndEveryRun() throws Exception {
        final Invocation run =
                Invocation.of(
                        "compare",
                        "net",
                        "--json",
                        "--seconds",
                        "0.05",
                        "--frame",
                        "imix",
                        "--direction",
                        "rx",
                        "--rate",
                        "1g",
                        "--features",
                        "none",
                        "--costs",
                        "counts",
                        "--output",
                        "-");
        assertThat(run.err()).isEmpty();
        final ResultDocument result = ResultReader.parse(run.out(), "out");
        final Job job = result.jobs().getFirst();
        assertThat(job.workload()).isEqualTo("net");
        assertThat(job.scenario())
                .containsEntry("stream", "imix")
                .containsEntry("direction", "rx")
                .containsEntry("wireGigabitsPerSecond", "1")
                .containsEntry("queues", "1");
        assertThat(job.costs().name()).isEqualTo("counts");
        assertThat(job.rows()).extracting(Row::device).containsExactlyElementsOf(ROWS);
        for (final Row row : job.rows()) {
            assertThat(row.loads())
                    .extracting(LoadResult::load)
                    .containsExactly(Load.HIGHEST, Load.HALF, Load.MOST);
            for (final LoadResult load : row.loads()) {
                assertThat(load.series())
                        .containsKeys(Metric.SENT, Metric.ARRIVED, Metric.OPERATIONS_PER_SECOND)
                        .containsEntry(Metric.FOREIGN, Series.of(0))
                        .containsEntry(Metric.DISORDERED, Series.of(0));
            }
        }
    }

    @Test
    void carriesACaptureFrameForFrameAndWritesDownWhatArrives() throws Exception {
        final Path capture = capture();
        for (final String device : List.of("rtl8139", "e1000", "xen-netfront", "netvsc")) {
            for (final String direction : List.of("tx", "rx")) {
                final Path arrived = directory.resolve(device + direction + ".pcap");
                final Invocation run =
                        Invocation.of(
                                "compare",
                                "net",
                                "--pcap",
                                capture.toString(),
                                "--pcap-out",
                                arrived.toString(),
                                "--devices",
                                device,
                                "--direction",
                                direction,
                                "--seconds",
                                "0.05",
                                "--output",
                                "-");
                assertThat(run.out())
                        .contains(
                                device
                                        + ": of the capture's 12 frames 12 arrived as they are, in"
                                        + " their order\n");
                assertThat(frames(arrived)).isEqualTo(frames(capture)).hasSize(12);
            }
        }
    }

    @Test
    void writesACaptureThatTsharkReads() throws Exception {
        assumeThat(Files.isExecutable(Path.of("/usr/bin/tshark"))).as("tshark is here").isTrue();
        final Path capture = capture();
        final Path arrived = directory.resolve("arrived.pcap");
        final Invocation run =
                Invocation.of(
                        "compare",
                        "net",
                        "--pcap",
                        capture.toString(),
                        "--pcap-out",
                        arrived.toString(),
                        "--devices",
                        "netvsc",
                        "--seconds",
                        "0.05",
                        "--output",
                        "-");
        assertThat(run.exitCode()).as("%s", run).isNotEqualTo(2);
        assertThat(tshark(arrived)).isEqualTo(tshark(capture)).contains("4001");
    }

    private static String tshark(final Path file) throws Exception {
        final Process process =
                new ProcessBuilder(
                                "tshark",
                                "-r",
                                file.toString(),
                                "-T",
                                "fields",
                                "-e",
                                "frame.len",
                                "-e",
                                "udp.dstport",
                                "-e",
                                "udp.checksum",
                                "-e",
                                "data.data")
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        final String text =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return text;
    }

    private static Path capture() throws Exception {
        final URL file = Objects.requireNonNull(CompareNetTest.class.getResource(CAPTURE));
        return Path.of(file.toURI());
    }

    private static List<String> frames(final Path file) throws Exception {
        final List<String> frames = new ArrayList<>();
        try (Capture capture = Capture.open(file)) {
            for (int i = 0; i < capture.frames(); i++) {
                final byte[] frame = new byte[capture.lengthBytes(i)];
                capture.memory().getBytes(capture.offset(i), frame);
                frames.add(HexFormat.of().formatHex(frame));
            }
        }
        return frames;
    }
}
