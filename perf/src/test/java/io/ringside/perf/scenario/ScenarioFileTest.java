package io.ringside.perf.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScenarioFileTest {
    @TempDir private Path directory = Path.of("");

    @Test
    void readsOptionsInTheCommandLinesWordsWithTheirLines() throws UsageException {
        final ScenarioFile file =
                ScenarioFile.parse(
                        "a.toml",
                        """
                        seconds = 0.5
                        depth = 8
                        [[job]]
                        devices = ["ide-dma",
                                   "storvsc"]
                        depth = 16
                        [[job]]
                        workload = "net"
                        """);
        assertThat(file.jobs()).hasSize(2);
        assertThat(file.jobs().get(0).line()).isEqualTo(3);
        assertThat(file.jobs().get(0).entries())
                .containsEntry("seconds", new ScenarioFile.Entry("0.5", 1, true))
                .containsEntry("devices", new ScenarioFile.Entry("ide-dma,storvsc", 4, false))
                .containsEntry("depth", new ScenarioFile.Entry("16", 6, false));
        assertThat(file.jobs().get(1).line()).isEqualTo(7);
        assertThat(file.jobs().get(1).entries())
                .containsEntry("depth", new ScenarioFile.Entry("8", 2, true))
                .containsEntry("workload", new ScenarioFile.Entry("net", 8, false));
    }

    @Test
    void takesAFileWithoutJobsAsOneJob() throws UsageException {
        assertThat(ScenarioFile.parse("a.toml", "depth = 8").jobs()).hasSize(1);
        assertThat(ScenarioFile.parse("a.toml", "").jobs()).hasSize(1);
    }

    @Test
    void tellsEveryValueThatIsNone() {
        assertRefused(
                "day = 1979-05-27\ndepth = 8\n[table]\nx = 1\n",
                "  a.toml:1: 'day' cannot be used: it must be a text, a number, true or false, or a"
                        + " list of texts and numbers\n"
                        + "  a.toml:3: 'table' cannot be used: it must be a text, a number, true or"
                        + " false, or a list of texts and numbers");
        assertRefused("job = 1", "  a.toml:1: 'job' must be a table of its own: write [[job]]");
    }

    @Test
    void tellsEveryErrorOfTheFormWithItsLine() {
        assertThatThrownBy(() -> ScenarioFile.parse("a.toml", "depth = \n\nseed 7\n"))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("scenario 'a.toml' cannot be used:\n")
                .hasMessageContaining("\n  a.toml:1: ")
                .hasMessageContaining("\n  a.toml:3: ");
    }

    @Test
    void refusesWhatIsNoFile() throws Exception {
        assertThatThrownBy(() -> ScenarioFile.read(directory.resolve("none.toml")))
                .hasMessage(
                        "scenario '"
                                + directory.resolve("none.toml")
                                + "' cannot be read, there is no such file: name another one with"
                                + " --scenario");
        assertThatThrownBy(() -> ScenarioFile.read(directory))
                .hasMessageContaining("is a directory");
        final Path binary = Files.write(directory.resolve("x"), new byte[] {(byte) 0xC3, 0x28});
        assertThatThrownBy(() -> ScenarioFile.read(binary)).hasMessageContaining("UTF-8");
    }

    @Test
    void suggestsTheNameThatIsNear() {
        final List<String> known = List.of("block-size", "depth", "seed");
        assertThat(NearestName.hint("blok-size", known)).isEqualTo(" (did you mean 'block-size'?)");
        assertThat(NearestName.hint("detph", known)).isEqualTo(" (did you mean 'depth'?)");
        assertThat(NearestName.hint("frame", known)).isEmpty();
    }

    private static void assertRefused(final String text, final String lines) {
        assertThatThrownBy(() -> ScenarioFile.parse("a.toml", text))
                .isInstanceOf(UsageException.class)
                .hasMessage("scenario 'a.toml' cannot be used:\n" + lines);
    }
}
