package io.ringside.perf.jmh;

import io.ringside.hypervisor.Clock;
import io.ringside.perf.scenario.RunControl;
import java.util.Collection;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.format.OutputFormat;

/**
 * What JMH tells while it runs, as one line: which figure, how many of how many, and how long it
 * will still take, by what the iterations so far took.
 *
 * <p>What JMH would print goes nowhere. Threads: JMH tells from one at a time.
 */
final class JmhProgress implements OutputFormat {
    private static final int MINUTE_SECONDS = 60;

    private final RunControl control;
    private final Clock clock;
    private final int figures;
    private final long iterations;
    private final Function<BenchmarkParams, String> name;
    private long startNanos;
    private int figure;
    private long finished;

    /**
     * Tells {@code control}.
     *
     * @param figures how many benchmarks with their parameters there are
     * @param iterationsPerFigure of each, in all forks, warming up included
     * @param name what a figure is called
     */
    JmhProgress(
            final RunControl control,
            final Clock clock,
            final int figures,
            final int iterationsPerFigure,
            final Function<BenchmarkParams, String> name) {
        this.control = control;
        this.clock = clock;
        this.figures = figures;
        this.iterations = (long) figures * iterationsPerFigure;
        this.name = name;
    }

    @Override
    public void startRun() {
        startNanos = clock.nanoTime();
    }

    @Override
    public void startBenchmark(final BenchmarkParams params) {
        figure++;
        tell(params);
    }

    @Override
    public void iterationResult(
            final BenchmarkParams params,
            final IterationParams iteration,
            final int number,
            final IterationResult result) {
        finished++;
        tell(params);
    }

    private void tell(final BenchmarkParams params) {
        final String left =
                finished == 0
                        ? ""
                        : ", "
                                + duration(
                                        (clock.nanoTime() - startNanos)
                                                / finished
                                                * (iterations - finished))
                                + " left";
        control.progress(
                String.format(
                        Locale.ROOT, "%s: %d of %d%s", name.apply(params), figure, figures, left),
                finished / (double) iterations);
    }

    private static String duration(final long nanos) {
        final long seconds = TimeUnit.NANOSECONDS.toSeconds(nanos) + 1;
        return seconds < 2 * MINUTE_SECONDS
                ? seconds + " s"
                : (seconds + MINUTE_SECONDS - 1) / MINUTE_SECONDS + " min";
    }

    @Override
    public void iteration(
            final BenchmarkParams params, final IterationParams iteration, final int number) {
        // Told when it ends.
    }

    @Override
    public void endBenchmark(final BenchmarkResult result) {
        // The next one is told when it starts.
    }

    @Override
    public void endRun(final Collection<RunResult> results) {
        // Whoever ran it has the results.
    }

    @Override
    public void print(final String text) {
        // What JMH says of itself.
    }

    @Override
    public void println(final String text) {
        // What JMH says of itself.
    }

    @Override
    public void verbosePrintln(final String text) {
        // What JMH says of itself.
    }

    @Override
    public void write(final int octet) {
        // What a fork prints.
    }

    @Override
    public void write(final byte[] octets) {
        // What a fork prints.
    }

    @Override
    public void flush() {
        // Nothing is kept.
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
