package io.ringside.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another program's idea of a VHD. */
final class QemuImg {
    private static final Path TOOL = Path.of("/usr/bin/qemu-img");

    private QemuImg() {}

    static void mustBeInstalled() {
        assumeTrue(
                Files.isExecutable(TOOL), "qemu-img is not installed: apt-get install qemu-utils");
    }

    /** Runs it; what it said. */
    static String run(final Object... arguments) throws Exception {
        final List<String> command = new ArrayList<>(List.of(TOOL.toString()));
        for (final Object each : arguments) {
            command.add(each.toString());
        }
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        final String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as("%s: %s", command, said).isZero();
        return said;
    }

    /** A VHD with the content of a raw image, of exactly its size. */
    static Path convert(final Path raw, final Path vhd, final String subformat) throws Exception {
        run(
                "convert",
                "-f",
                "raw",
                "-O",
                "vpc",
                "-o",
                "force_size=on,subformat=" + subformat,
                raw,
                vhd);
        return vhd;
    }

    static void assertSameDisk(final Path raw, final Path vhd) throws Exception {
        assertThat(run("compare", "-f", "raw", "-F", "vpc", raw, vhd))
                .contains("Images are identical.");
    }
}
