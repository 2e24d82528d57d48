package io.ringside.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher and the process it starts, from outside. */
class LauncherTest {
    private static final String JAVA_HOME = System.getProperty("java.home");

    @TempDir private Path directory = Path.of("");

    @Test
    void buildsOnTheJdkThatItFoundWhereJavaHomeIsWrong() throws Exception {
        final Path launcher = Files.copy(Path.of("..", "ringside"), directory.resolve("ringside"));
        final Path seen = directory.resolve("seen");
        final Path maven = Files.createDirectory(directory.resolve("bin")).resolve("mvn");
        Files.writeString(maven, "#!/bin/sh\nprintf %s \"$JAVA_HOME\" >'" + seen + "'\nexit 1\n");
        Files.setPosixFilePermissions(maven, PosixFilePermissions.fromString("rwxr-xr-x"));

        final ProcessBuilder builder = new ProcessBuilder("bash", launcher.toString(), "--version");
        final Map<String, String> environment = builder.environment();
        environment.put("JAVA_HOME", "/no/such/jdk");
        environment.merge(
                "PATH",
                maven.getParent() + ":" + JAVA_HOME + "/bin",
                (old, first) -> first + ":" + old);
        assertThat(run(builder)).isEqualTo(1);
        assertThat(Path.of(Files.readString(seen)).resolve("bin/javac")).isExecutable();
    }

    @Test
    void tellsInOneLineThatMemoryIsShortAndLeavesNoTemporaryFile() throws Exception {
        final Path temporary = Files.createDirectory(directory.resolve("tmp"));
        assertThat(run(shortOfMemory(temporary))).isEqualTo(1);
        assertThat(Files.readString(log()).strip().lines())
                .singleElement()
                .asString()
                .startsWith("ringside: not enough memory");
        assertThat(temporary).isEmptyDirectory();
        assertThat(directory.resolve("report.html")).doesNotExist();
    }

    @Test
    void reportsNothingWhereAProcessOfTheComparisonDies() throws Exception {
        final Path temporary = Files.createDirectory(directory.resolve("tmp"));
        final ProcessBuilder builder = shortOfMemory(temporary);
        builder.command().add(1, "-XX:+ExitOnOutOfMemoryError"); // Its fork takes it over.
        assertThat(run(builder)).isEqualTo(1);
        assertThat(Files.readString(log()).strip().lines())
                .singleElement()
                .asString()
                .startsWith("ringside: fork 1 of 3 died with exit code 3")
                .endsWith(": nothing is reported, repeat the run");
        assertThat(directory.resolve("report.html")).doesNotExist();
    }

    /** A comparison that its process can lead, and no fork of it can run. */
    private ProcessBuilder shortOfMemory(final Path temporary) throws IOException {
        final Path image = directory.resolve("sparse.img");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(1L << 30); // 8 MiB to track its blocks: more than the old generation.
        }
        final List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(JAVA_HOME, "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-Xmx12m",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                                "-Djava.io.tmpdir=" + temporary,
                                "-cp",
                                System.getProperty("java.class.path"),
                                "io.ringside.cli.Ringside",
                                "compare",
                                "disk",
                                "--pattern",
                                "randwrite",
                                "--block-size",
                                "512",
                                "--image",
                                image.toString(),
                                "--output",
                                directory.resolve("report.html").toString()));
        final ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        return builder;
    }

    private Path log() {
        return directory.resolve("log");
    }

    private int run(final ProcessBuilder builder) throws IOException, InterruptedException {
        return builder.redirectErrorStream(true).redirectOutput(log().toFile()).start().waitFor();
    }
}
