package io.ringside.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.perf.costs.CostProfiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.jr.ob.JSON;

class CalibrateCommandTest {
    @TempDir private Path directory = Path.of("");

    @Test
    void measuresWithoutAMonitorAndSaysSo() throws IOException {
        final Path file = directory.resolve("this-host.toml");
        final Invocation done =
                Invocation.of(
                        "calibrate",
                        "--kvm",
                        directory.resolve("none").toString(),
                        "--output",
                        file.toString());
        assertThat(done.exitCode()).as("%s", done).isZero();
        assertThat(done.out())
                .contains("does not open: no such file")
                .contains("from the profile today, not measured: hypercall, port-exit")
                .contains("profile: " + file);
        assertThat(file).content().startsWith("# What").contains("name = \"this-host\"");
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).as("drafts left behind").containsExactly(file);
        }
    }

    @Test
    void printsOneObjectAndReplacesTheProfile() throws IOException {
        final Path file = Files.writeString(directory.resolve("old.toml"), "old");
        final Invocation done = Invocation.of("calibrate", "--json", "--output", file.toString());
        assertThat(done.exitCode()).as("%s", done).isZero();
        final Map<String, Object> json = JSON.std.mapFrom(done.out());
        assertThat(json)
                .containsEntry("schema", "ringside.calibrate/1")
                .containsEntry("profile", file.toString())
                .containsKeys("machine", "virtualisation", "remarks", "exitsAreTrue");
        assertThat((List<?>) json.get("figures")).hasSizeGreaterThanOrEqualTo(8);
        assertThat(file).content().contains("[costs.copy-byte]").doesNotContain("old");
    }

    @Test
    void refusesAProfileThatCannotBeWritten() {
        final Invocation refused = Invocation.of("calibrate", "--output", directory.toString());
        assertThat(refused.exitCode()).isEqualTo(Ringside.UNUSABLE);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err()).contains(directory.toString()).contains("--output");
    }

    @Test
    void measuresAHostWhoseProfileIsAskedForAndMissing() throws Exception {
        final Path file = directory.resolve("this-host.toml");
        HostProfile.require(directory.resolve("none"), file);
        assertThat(CostProfiles.of(file.toString()).name()).isEqualTo("this-host");
    }
}
