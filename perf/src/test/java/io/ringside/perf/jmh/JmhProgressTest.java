package io.ringside.perf.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.perf.scenario.RunControl;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

class JmhProgressTest {
    private static final long TICK_NANOS = 10_000_000_000L;

    private final List<String> told = new ArrayList<>();
    private long nanos;

    private final RunControl control =
            new RunControl() {
                @Override
                public void progress(final String what, final double fraction) {
                    told.add(what + " " + Math.round(fraction * 100) + " %");
                }

                @Override
                public boolean isInterrupted() {
                    return false;
                }
            };

    /** A clock that goes on by ten seconds whenever it is read. */
    private long nextNanos() {
        nanos += TICK_NANOS;
        return nanos;
    }

    @Test
    void tellsWhichOfHowManyAndHowLongItStillTakes() throws Exception {
        final JmhProgress progress =
                new JmhProgress(control, this::nextNanos, 2, 2, JmhProgressTest::name);
        new Runner(
                        new OptionsBuilder()
                                .include(RingBenchmark.class.getName())
                                .param("ring", "slot-ring", "agrona-one-to-one")
                                .param("payloadBytes", "64")
                                .param("batch", "32")
                                .forks(0)
                                .warmupIterations(1)
                                .warmupTime(TimeValue.milliseconds(1))
                                .measurementIterations(1)
                                .measurementTime(TimeValue.milliseconds(1))
                                .shouldFailOnError(true)
                                .build(),
                        progress)
                .run();
        assertThat(told)
                .containsExactly(
                        "slot-ring: 1 of 2 0 %",
                        "slot-ring: 1 of 2, 31 s left 25 %",
                        "slot-ring: 1 of 2, 21 s left 50 %",
                        "agrona-one-to-one: 2 of 2, 31 s left 50 %",
                        "agrona-one-to-one: 2 of 2, 14 s left 75 %",
                        "agrona-one-to-one: 2 of 2, 1 s left 100 %");
    }

    private static String name(final BenchmarkParams params) {
        return params.getParam("ring");
    }
}
