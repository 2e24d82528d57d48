package io.ringside.perf.jmh;

import io.ringside.perf.scenario.RunControl;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.ListStatistics;

/**
 * Forks of several benchmarks by turns: each round gives each of them one, so that a machine that
 * changes its speed changes it for all of them.
 *
 * <p>Threads: one; JMH forks processes of its own. Errors: {@link RunnerException} when a fork
 * fails.
 */
final class ForkRounds {
    private static final int WARM_UP_ITERATIONS = 4;

    private ForkRounds() {}

    /**
     * What all iterations of all forks of a figure came to.
     *
     * @param median operations a second
     * @param least of the slowest iteration
     * @param most of the fastest iteration
     * @param bytesPerOperation bytes of heap that both threads allocated for each operation
     */
    record Rates(double median, double least, double most, double bytesPerOperation) {
        static Rates of(final List<RunResult> forks) {
            final ListStatistics rates = new ListStatistics();
            final ListStatistics allocated = new ListStatistics();
            for (final RunResult fork : forks) {
                fork.getPrimaryResult()
                        .getStatistics()
                        .getRawData()
                        .forEachRemaining(rate -> rates.addValue(rate.getKey()));
                allocated.addValue(DataPath.bytesPerOperation(fork));
            }
            return new Rates(
                    rates.getPercentile(50),
                    rates.getMin(),
                    rates.getMax(),
                    allocated.getPercentile(50));
        }
    }

    /**
     * How long each figure runs.
     *
     * @param forks processes
     * @param iterations measured iterations a fork
     * @param warmUpMillis length of each iteration before them
     * @param iterationMillis length of each of them
     */
    record Length(int forks, int iterations, int warmUpMillis, int iterationMillis) {
        /** How long one fork takes, in milliseconds, without its start. */
        long forkMillis() {
            return (long) WARM_UP_ITERATIONS * warmUpMillis + (long) iterations * iterationMillis;
        }
    }

    /**
     * Runs all rounds; the forks of each figure by its name, in the order of the run.
     *
     * @param options the benchmarks and their parameters
     * @param figures how many figures they make
     * @param name of a figure
     */
    static Map<String, List<RunResult>> run(
            final ChainedOptionsBuilder options,
            final Length length,
            final int figures,
            final Function<BenchmarkParams, String> name,
            final RunControl control)
            throws RunnerException {
        options.forks(1)
                .warmupIterations(WARM_UP_ITERATIONS)
                .warmupTime(millis(length.warmUpMillis()))
                .measurementIterations(length.iterations())
                .measurementTime(millis(length.iterationMillis()))
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true);
        final JmhProgress progress =
                new JmhProgress(
                        control,
                        System::nanoTime,
                        figures * length.forks(),
                        WARM_UP_ITERATIONS + length.iterations(),
                        name);
        final Map<String, List<RunResult>> rounds = new LinkedHashMap<>();
        for (int round = 0; round < length.forks(); round++) {
            for (final RunResult result : new Runner(options.build(), progress).run()) {
                rounds.computeIfAbsent(name.apply(result.getParams()), first -> new ArrayList<>())
                        .add(result);
            }
        }
        return rounds;
    }

    private static TimeValue millis(final int millis) {
        return new TimeValue(millis, TimeUnit.MILLISECONDS);
    }
}
