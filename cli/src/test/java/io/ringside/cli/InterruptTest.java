package io.ringside.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.perf.result.ResultReader;
import io.ringside.perf.result.Sweep;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C, sent to a process of its own when its progress says that it measures. */
class InterruptTest {
    private static final Pattern MEASURES = Pattern.compile("(ide-pio|xen-blkfront) +[1-9]\\d* %");
    private static final Pattern SECOND_POINT = Pattern.compile("2/2 seconds=60  fork 1 of 1  ");
    private static final String JAVA_HOME = System.getProperty("java.home");

    @TempDir private Path directory = Path.of("");

    private Path temporary = Path.of("");
    private Path image = Path.of("");

    @BeforeEach
    void makesAnImage() throws IOException {
        temporary = Files.createDirectory(directory.resolve("tmp"));
        image = directory.resolve("disk.img");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(1L << 30);
        }
    }

    @Test
    void printsWhatWasMeasuredAndLeavesNoFile() throws Exception {
        final Path report = directory.resolve("report.html");
        final Ended ended =
                interrupted(
                        MEASURES,
                        "compare",
                        "disk",
                        "--image",
                        image.toString(),
                        "--pattern",
                        "randrw",
                        "--devices",
                        "xen-blkfront,ide-dma",
                        "--seconds",
                        "60",
                        "--output",
                        report.toString());
        assertThat(ended.exitCode()).as("%s", ended).isEqualTo(130);
        assertThat(ended.out())
                .contains("xen-blkfront was interrupted: its row holds what was measured so far")
                .containsPattern("\nxen-blkfront .* stopped\n")
                .doesNotContain("ide-dma");
        assertThat(Files.readString(report)).contains("xen-blkfront");
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void keepsThePointsOfASweepThatWereDone() throws Exception {
        final Path kept = directory.resolve("sweep.json");
        final Path report = directory.resolve("report.html");
        final Ended ended =
                interrupted(
                        SECOND_POINT,
                        "sweep",
                        "seconds=0.1,60",
                        "--depth",
                        "4",
                        "--devices",
                        "xen-blkfront",
                        "--warm-up",
                        "0",
                        "--result",
                        kept.toString(),
                        "--output",
                        report.toString());
        assertThat(ended.exitCode()).as("%s", ended).isEqualTo(130);
        assertThat(ended.out()).contains("1 of 2 points");
        assertThat(ended.err()).contains("the sweep is not finished: go on with --resume " + kept);
        final Sweep sweep = ResultReader.read(kept).sweeps().getFirst();
        assertThat(sweep.points()).extracting(Sweep.Point::value).containsExactly("0.1");
        assertThat(report).exists();
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void leavesNoCopyThatIsNotWhole() throws Exception {
        final Path target = directory.resolve("copy.img");
        final Ended ended =
                interrupted(
                        MEASURES,
                        "copy",
                        image.toString(),
                        target.toString(),
                        "--device",
                        "ide-pio");
        assertThat(ended.exitCode()).as("%s", ended).isEqualTo(130);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).endsWith("interrupted, '" + target + "' was removed\n");
        assertThat(target).doesNotExist();
        assertThat(temporary).isEmptyDirectory();
    }

    private Ended interrupted(final Pattern when, final String... arguments) throws Exception {
        final Path out = directory.resolve("out");
        final List<String> command =
                new ArrayList<>(
                        List.of(
                                "env", // Whoever runs the tests in the background ignores it.
                                "--default-signal=INT",
                                Path.of(JAVA_HOME, "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                                "-Dringside.errIsTerminal=true",
                                "-Djava.io.tmpdir=" + temporary,
                                "-cp",
                                System.getProperty("java.class.path"),
                                "io.ringside.cli.Ringside"));
        command.addAll(List.of(arguments));
        final ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out.toFile());
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        final Process process = builder.start();
        final StringBuilder err = new StringBuilder();
        boolean sent = false;
        try (InputStream told = process.getErrorStream()) {
            final byte[] bytes = new byte[4096];
            for (int count = told.read(bytes); count >= 0; count = told.read(bytes)) {
                err.append(new String(bytes, 0, count, UTF_8));
                if (!sent && when.matcher(err).find()) {
                    sent = true;
                    new ProcessBuilder("kill", "-INT", String.valueOf(process.pid()))
                            .start()
                            .waitFor();
                }
            }
        } finally {
            process.destroyForcibly(); // Only of one that hangs: its errors have ended else.
        }
        assertThat(sent).as("it came so far: %s", err).isTrue();
        return new Ended(process.waitFor(), Files.readString(out), err.toString());
    }

    private record Ended(int exitCode, String out, String err) {}
}
