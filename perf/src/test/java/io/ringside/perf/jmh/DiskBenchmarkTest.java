package io.ringside.perf.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.perf.scenario.DiskDevices;
import io.ringside.perf.scenario.UsageException;
import io.ringside.perf.scenario.Variant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The benchmark itself, for correctness: every block that it reads is the one it asked for. */
class DiskBenchmarkTest {
    static List<String> disks() throws UsageException {
        return DiskDevices.ALL.rows(List.of(), List.of()).stream().map(Variant::name).toList();
    }

    @ParameterizedTest
    @MethodSource("disks")
    void readsTheBlocksThatItAsksFor(final String disk) throws Exception {
        final DiskBenchmark benchmark = new DiskBenchmark();
        benchmark.device = disk;
        benchmark.blockBytes = 4096;
        benchmark.depth = 32;
        benchmark.mediumBytes = 1 << 20;
        benchmark.start();
        final DataPath path = new DataPath();
        try {
            benchmark.read(path);
            benchmark.read(path);
        } finally {
            benchmark.stop();
        }
    }

    @Test
    void tellsHowManyRoundTripsOfTheRingEachReadIsWorth() {
        assertThat(
                        DiskBenchmarkRun.table(
                                List.of(
                                        new DiskBenchmarkRun.Figure("slot-ring", 5000, 1, 9000, 0),
                                        new DiskBenchmarkRun.Figure("a-disk", 400, 1, 2, 0.25))))
                .containsPattern("slot-ring +5,000 +1 +9,000 +0.00 +1.0\n")
                .containsPattern("a-disk +400 +1 +2 +0.25 +12.5\n");
    }

    @Test
    void holdsEachDiskAgainstBlkfrontWhereThatWasMeasured() {
        assertThat(
                        DiskBenchmarkRun.table(
                                List.of(
                                        new DiskBenchmarkRun.Figure("slot-ring", 5000, 1, 9000, 0),
                                        new DiskBenchmarkRun.Figure("storvsc", 400, 1, 2, 0),
                                        new DiskBenchmarkRun.Figure("xen-blkfront", 500, 1, 2, 0))))
                .containsPattern("slot-ring +5,000 +1 +9,000 +0.00 +1.0\n")
                .containsPattern("storvsc +400 +1 +2 +0.00 +12.5 +1.25\n")
                .containsPattern("xen-blkfront +500 +1 +2 +0.00 +10.0 +1.00\n");
    }
}
