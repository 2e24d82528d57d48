package io.ringside.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.perf.result.Job;
import io.ringside.perf.result.ResultDocument;
import io.ringside.perf.result.ResultReader;
import io.ringside.perf.result.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A comparison in processes of its own. */
class ForksTest {
    @Test
    void putsTogetherWhatTwoProcessesMeasured() throws Exception {
        final long before = temporaryFiles();
        final Invocation run =
                Invocation.of(
                        "compare",
                        "disk",
                        "--forks",
                        "2",
                        "--ops",
                        "200",
                        "--depth",
                        "4",
                        "--devices",
                        "ide-dma,xen-blkfront,storvsc",
                        "--json",
                        "--output",
                        "-");
        assertThat(run.exitCode()).as("%s", run).isZero();
        final ResultDocument result = ResultReader.parse(run.out(), "out");
        final Job job = result.jobs().getFirst();
        assertThat(job.rows())
                .extracting(Row::device)
                .containsExactly("ide-dma", "xen-blkfront", "storvsc");
        for (final Row row : job.rows()) {
            assertThat(row.main().forks()).isEqualTo(2);
            assertThat(row.main().operations()).isEqualTo(400);
            assertThat(row.verified()).isTrue();
        }
        assertThat(temporaryFiles()).isEqualTo(before);
    }

    @Test
    void tellsWhatAProcessCannotUse() {
        final Invocation run =
                Invocation.exactly("compare", "disk", "--image", "/no/such/image", "--output", "-");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err().lines().filter(line -> line.contains("/no/such/image"))).hasSize(1);
        assertThat(run.err()).contains("does not exist");
    }

    @Test
    void givesEveryDeviceEachPlaceInTheOrder() {
        assertThat(JobRows.rotated(List.of("a", "b", "c"), 0)).containsExactly("a", "b", "c");
        assertThat(JobRows.rotated(List.of("a", "b", "c"), 1)).containsExactly("b", "c", "a");
        assertThat(JobRows.rotated(List.of("a", "b", "c"), 5)).containsExactly("c", "a", "b");
    }

    @Test
    void estimatesTheTimeLeftByWhatTheEndedPartsTook() {
        final long[] now = {0};
        final TimeLeft left = new TimeLeft(4, () -> now[0]);
        left.at("a");
        assertThat(left.text()).isEmpty();
        now[0] = 10_000_000_000L;
        left.at("b");
        assertThat(left.text()).isEqualTo("about 30 s left");
        now[0] = 14_000_000_000L;
        left.at("b");
        assertThat(left.text()).isEqualTo("about 26 s left");
        now[0] = 300_000_000_000L;
        left.at("c");
        assertThat(left.text()).isEqualTo("about 5 min left");
    }

    private static long temporaryFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("ringside-forks"))
                    .count();
        }
    }
}
