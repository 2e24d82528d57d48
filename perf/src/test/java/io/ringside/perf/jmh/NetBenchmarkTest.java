package io.ringside.perf.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.perf.scenario.NetDevices;
import io.ringside.perf.scenario.UsageException;
import io.ringside.perf.scenario.Variant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The benchmark itself, for correctness: every frame arrives, in order, and it is the one sent. */
class NetBenchmarkTest {
    static List<String> cards() throws UsageException {
        return NetDevices.ALL.rows(List.of(), List.of()).stream()
                .map(Variant::name)
                .filter(name -> !name.endsWith("+2q") && !name.endsWith("+all")) // One queue.
                .toList();
    }

    @ParameterizedTest
    @MethodSource("cards")
    void movesTheFramesThatItNumbers(final String card) throws Exception {
        for (final String direction : List.of("tx", "rx")) {
            for (final int frameBytes : new int[] {60, 1514}) {
                final NetBenchmark benchmark = new NetBenchmark();
                benchmark.card = card;
                benchmark.direction = direction;
                benchmark.frameBytes = frameBytes;
                benchmark.start();
                final DataPath path = new DataPath();
                try {
                    benchmark.move(path);
                    benchmark.move(path);
                } finally {
                    benchmark.stop();
                }
                assertThat(path.operations).isEqualTo(2L * NetBenchmark.FRAMES);
            }
        }
    }

    @Test
    void tellsHowManyRoundTripsOfTheRingEachFrameIsWorth() {
        assertThat(
                        NetBenchmarkRun.table(
                                List.of(
                                        new NetBenchmarkRun.Figure(
                                                "slot-ring", "", 64, 50, 1, 90, 0),
                                        new NetBenchmarkRun.Figure(
                                                "a-card", "tx", 64, 12.5, 10, 15, 0.25))))
                .containsPattern("slot-ring +64 +50.00 +1.00 +90.00 +0.00 +1.0\n")
                .containsPattern("a-card +tx +64 +12.50 +10.00 +15.00 +0.25 +4.0\n");
    }
}
