package io.ringside.perf.jmh;

import io.ringside.perf.report.TextTable;
import io.ringside.perf.scenario.RunControl;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs {@link NetBenchmark} over network cards, and in the same run the slot ring by itself, which
 * bounds what a card over it could do.
 *
 * <p>Threads: one; JMH forks processes of its own. Errors: {@link RunnerException} when a fork
 * fails.
 */
public final class NetBenchmarkRun {
    /** The row of the ring by itself. */
    public static final String SLOT_RING = "slot-ring";

    private static final int RING_PAYLOAD_BYTES = 64;
    private static final int RING_BATCH = 32;
    private static final int WARM_UP_MILLIS = 500;
    private static final int FCS_BYTES = 4;
    private static final double MILLION = 1e6;

    /**
     * How long and how much.
     *
     * @param cards names of {@link io.ringside.perf.scenario.Variant}s
     * @param directions of {@code tx} and {@code rx}
     * @param frameBytes bytes of a frame, without the frame check sequence
     * @param forks processes for each figure
     * @param iterations measured iterations a fork
     * @param iterationMillis length of each
     */
    public record Plan(
            List<String> cards,
            List<String> directions,
            List<Integer> frameBytes,
            int forks,
            int iterations,
            int iterationMillis) {
        private int figures() {
            return cards.size() * directions.size() * frameBytes.size() + 1;
        }
    }

    /**
     * One row.
     *
     * @param card the card, or {@link #SLOT_RING}
     * @param direction which way; empty for the ring
     * @param frameBytes bytes of a frame with the check sequence; of a request of the ring
     * @param median million frames a second: the median of all iterations of all forks
     * @param least the slowest iteration
     * @param most the fastest iteration
     * @param bytesPerOperation bytes of heap that both threads allocated for each frame
     */
    public record Figure(
            String card,
            String direction,
            int frameBytes,
            double median,
            double least,
            double most,
            double bytesPerOperation) {}

    private NetBenchmarkRun() {}

    /** Runs everything of a plan, the ring first; {@code control} is told how far it is. */
    public static List<Figure> run(final Plan plan, final RunControl control)
            throws RunnerException {
        final ChainedOptionsBuilder options =
                new OptionsBuilder()
                        .include(NetBenchmark.class.getName())
                        .include(RingBenchmark.class.getName())
                        .param("ring", SLOT_RING)
                        .param("payloadBytes", String.valueOf(RING_PAYLOAD_BYTES))
                        .param("batch", String.valueOf(RING_BATCH))
                        .param("card", plan.cards().toArray(String[]::new))
                        .param("direction", plan.directions().toArray(String[]::new))
                        .param(
                                "frameBytes",
                                plan.frameBytes().stream()
                                        .map(String::valueOf)
                                        .toArray(String[]::new));
        final ForkRounds.Length length =
                new ForkRounds.Length(
                        plan.forks(), plan.iterations(), WARM_UP_MILLIS, plan.iterationMillis());
        final List<Figure> figures = new ArrayList<>();
        ForkRounds.run(options, length, plan.figures(), NetBenchmarkRun::name, control)
                .forEach((name, forks) -> {
                    final Figure figure =
                            figure(forks.getFirst().getParams(), ForkRounds.Rates.of(forks));
                    figures.add(figure.card().equals(SLOT_RING) ? 0 : figures.size(), figure);
                });
        return figures;
    }

    private static String name(final BenchmarkParams params) {
        final String card = params.getParam("card");
        return card == null
                ? SLOT_RING
                : card
                        + ", "
                        + params.getParam("direction")
                        + ", "
                        + (Integer.parseInt(params.getParam("frameBytes")) + FCS_BYTES)
                        + " B";
    }

    private static Figure figure(final BenchmarkParams params, final ForkRounds.Rates rates) {
        final @Nullable String card = params.getParam("card");
        return new Figure(
                card == null ? SLOT_RING : card,
                card == null ? "" : params.getParam("direction"),
                card == null
                        ? RING_PAYLOAD_BYTES
                        : Integer.parseInt(params.getParam("frameBytes")) + FCS_BYTES,
                rates.median() / MILLION,
                rates.least() / MILLION,
                rates.most() / MILLION,
                rates.bytesPerOperation());
    }

    /** All rows, each beside the ring's rate. */
    public static String table(final List<Figure> figures) {
        final Figure ring = figures.getFirst();
        final TextTable table =
                new TextTable("", "way", "bytes", "median", "least", "most", "B/op", ring.card())
                        .group("", 3)
                        .group("million frames a second", 3)
                        .group("heap", 1)
                        .group("times slower than", 1);
        for (final Figure figure : figures) {
            table.row(
                    figure.card(),
                    figure.direction(),
                    String.valueOf(figure.frameBytes()),
                    number(figure.median()),
                    number(figure.least()),
                    number(figure.most()),
                    number(figure.bytesPerOperation()),
                    String.format(Locale.ROOT, "%.1f", ring.median() / figure.median()));
        }
        return table.text();
    }

    private static String number(final double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
