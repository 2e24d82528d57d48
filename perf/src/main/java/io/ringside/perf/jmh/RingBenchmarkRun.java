package io.ringside.perf.jmh;

import io.ringside.perf.report.TextTable;
import io.ringside.perf.scenario.RunControl;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs {@link RingBenchmark} and puts every ring beside every peer in one table.
 *
 * <p>Threads: one; JMH forks processes of its own. Errors: {@link RunnerException} when a fork
 * fails.
 */
public final class RingBenchmarkRun {
    private static final List<String> RINGS =
            List.of(
                    "byte-ring",
                    "byte-ring-plain",
                    "slot-ring",
                    "agrona-one-to-one",
                    "disruptor",
                    "jctools-spsc");
    private static final List<String> PEERS =
            List.of("agrona-one-to-one", "disruptor", "jctools-spsc");
    private static final double MILLION = 1e6;

    /**
     * How long and how much.
     *
     * @param payloadBytes message sizes
     * @param batches batch sizes
     * @param forks processes for each figure
     * @param iterations measured iterations a fork
     * @param iterationMillis length of each
     */
    public record Plan(
            List<Integer> payloadBytes,
            List<Integer> batches,
            int forks,
            int iterations,
            int iterationMillis) {
        /** How long it takes, about, in seconds. */
        public long estimateSeconds() {
            final long trials = (long) figures() * forks;
            return trials * (length().forkMillis() / 1000 + 1);
        }

        private int figures() {
            return RINGS.size() * payloadBytes.size() * batches.size();
        }

        private ForkRounds.Length length() {
            return new ForkRounds.Length(forks, iterations, iterationMillis, iterationMillis);
        }
    }

    /**
     * One figure.
     *
     * @param ring its name
     * @param payloadBytes bytes of a message
     * @param batch messages published at once
     * @param median million messages a second: the median of all iterations of all forks
     * @param least the slowest iteration
     * @param most the fastest iteration
     * @param bytesPerOperation bytes of heap that both threads allocated for each message
     */
    public record Figure(
            String ring,
            int payloadBytes,
            int batch,
            double median,
            double least,
            double most,
            double bytesPerOperation) {}

    private RingBenchmarkRun() {}

    /**
     * Runs everything of a plan; {@code control} is told how far it is.
     *
     * <p>Forks go by turns: see {@link ForkRounds}.
     */
    public static List<Figure> run(final Plan plan, final RunControl control)
            throws RunnerException {
        final ChainedOptionsBuilder options =
                new OptionsBuilder()
                        .include(RingBenchmark.class.getName())
                        .param("ring", RINGS.toArray(String[]::new))
                        .param("payloadBytes", strings(plan.payloadBytes()))
                        .param("batch", strings(plan.batches()));
        final List<Figure> figures = new ArrayList<>();
        for (final List<RunResult> forks :
                ForkRounds.run(
                                options,
                                plan.length(),
                                plan.figures(),
                                RingBenchmarkRun::name,
                                control)
                        .values()) {
            figures.add(figure(forks));
        }
        return figures;
    }

    private static String name(final BenchmarkParams params) {
        return params.getParam("ring")
                + ", "
                + params.getParam("payloadBytes")
                + " B, batch "
                + params.getParam("batch");
    }

    private static Figure figure(final List<RunResult> forks) {
        final ForkRounds.Rates rates = ForkRounds.Rates.of(forks);
        final BenchmarkParams params = forks.getFirst().getParams();
        return new Figure(
                params.getParam("ring"),
                Integer.parseInt(params.getParam("payloadBytes")),
                Integer.parseInt(params.getParam("batch")),
                rates.median() / MILLION,
                rates.least() / MILLION,
                rates.most() / MILLION,
                rates.bytesPerOperation());
    }

    /** All figures in one table, with the ratio to each peer at the same size and batch. */
    public static String table(final Collection<Figure> figures) {
        final TextTable table =
                new TextTable(
                                "ring",
                                "bytes",
                                "batch",
                                "median",
                                "least",
                                "most",
                                "B/op",
                                "Agrona",
                                "Disruptor",
                                "JCTools")
                        .group("", 3)
                        .group("million messages a second", 3)
                        .group("heap", 1)
                        .group("times the median of", 3);
        for (final Figure figure : figures) {
            final List<String> cells = new ArrayList<>();
            cells.add(figure.ring());
            cells.add(String.valueOf(figure.payloadBytes()));
            cells.add(String.valueOf(figure.batch()));
            cells.add(number(figure.median()));
            cells.add(number(figure.least()));
            cells.add(number(figure.most()));
            cells.add(String.format(Locale.ROOT, "%.1f", figure.bytesPerOperation()));
            for (final String peer : PEERS) {
                final Figure other = find(figures, peer, figure);
                cells.add(other == null ? "-" : number(figure.median() / other.median()));
            }
            table.row(cells.toArray(String[]::new));
        }
        return table.text();
    }

    private static @Nullable Figure find(
            final Collection<Figure> figures, final String ring, final Figure like) {
        for (final Figure figure : figures) {
            if (figure.ring().equals(ring)
                    && figure.payloadBytes() == like.payloadBytes()
                    && figure.batch() == like.batch()) {
                return figure;
            }
        }
        return null;
    }

    private static String number(final double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static String[] strings(final List<Integer> numbers) {
        return numbers.stream().map(String::valueOf).toArray(String[]::new);
    }
}
