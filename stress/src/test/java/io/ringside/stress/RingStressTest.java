package io.ringside.stress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs all concurrency tests in a process of jcstress's own, and reads what it found. */
class RingStressTest {
    private static final Pattern LOST =
            Pattern.compile("^\\s*false, false\\s+([0-9,]+)", Pattern.MULTILINE);

    private static final List<Class<?>> TESTS =
            List.of(
                    SlotRingWakeup.class,
                    SlotRingWakeupUnfenced.class,
                    SlotRingPublication.class,
                    ByteRingMask.class,
                    ByteRingEmptied.class,
                    ByteRingUnfenced.class,
                    ByteRingPendingSend.class,
                    ByteRingPublication.class);

    @TempDir private Path directory = Path.of("");

    @Test
    void losesNothingWithItsFencesAndLosesWakeupsWithoutThem() throws Exception {
        assumeThat(Runtime.getRuntime().availableProcessors())
                .as("two processors are needed for two threads to race")
                .isGreaterThanOrEqualTo(2);
        final Path log = directory.resolve("jcstress.log");
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "org.openjdk.jcstress.Main",
                        "-t",
                        "io.ringside.stress",
                        "-r",
                        directory.resolve("report").toString(),
                        "-jvmArgs",
                        "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED"
                                + " --sun-misc-unsafe-memory-access=allow"));
        command.addAll(List.of(System.getProperty("stress.options", "").split(" ")));
        final Process process =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        final int exit = process.waitFor();
        final String output = Files.readString(log, StandardCharsets.UTF_8);
        assertThat(exit).as("%s", tail(output)).isZero();
        final int tests = TESTS.size();
        assertThat(output)
                .as("%s", tail(output))
                .contains(tests + " planned; " + tests + " passed, 0 failed, 0 soft errs, 0 hard");
        if (System.getProperty("os.arch").equals("amd64")) {
            assertThat(timesLost(output, SlotRingWakeupUnfenced.class)).isPositive();
            assertThat(timesLost(output, ByteRingUnfenced.class)).isPositive();
        }
    }

    /** How often the forbidden outcome was seen in all runs of one test. */
    private static long timesLost(final String output, final Class<?> test) {
        long times = 0;
        for (final String section : output.split("(?=\\[OK\\] )")) {
            if (section.startsWith("[OK] " + test.getName() + "\n")) {
                final Matcher matcher = LOST.matcher(section);
                if (matcher.find()) {
                    times += Long.parseLong(matcher.group(1).replace(",", ""));
                }
            }
        }
        return times;
    }

    private static String tail(final String output) throws IOException {
        return output.substring(Math.max(0, output.length() - 4000));
    }
}
