package io.ringside.perf.jmh;

import io.ringside.perf.report.TextTable;
import io.ringside.perf.scenario.DiskDevices;
import io.ringside.perf.scenario.RunControl;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs {@link DiskBenchmark} over disks, and in the same run the slot ring by itself, which bounds
 * what a disk over it could do.
 *
 * <p>Threads: one; JMH forks processes of its own. Errors: {@link RunnerException} when a fork
 * fails.
 */
public final class DiskBenchmarkRun {
    /** The row of the ring by itself. */
    public static final String SLOT_RING = "slot-ring";

    private static final int RING_PAYLOAD_BYTES = 64;
    private static final int RING_BATCH = 32;
    private static final int WARM_UP_MILLIS = 500;
    private static final double THOUSAND = 1e3;

    /**
     * How long and how much.
     *
     * @param disks names of {@link io.ringside.perf.scenario.Variant}s
     * @param blockBytes bytes of a read, a power of two
     * @param depth reads in flight
     * @param mediumBytes bytes of the medium, a power of two
     * @param forks processes for each figure
     * @param iterations measured iterations a fork
     * @param iterationMillis length of each
     */
    public record Plan(
            List<String> disks,
            int blockBytes,
            int depth,
            int mediumBytes,
            int forks,
            int iterations,
            int iterationMillis) {}

    /**
     * One row.
     *
     * @param name the disk, or {@link #SLOT_RING}
     * @param median thousand operations a second: the median of all iterations of all forks
     * @param least the slowest iteration
     * @param most the fastest iteration
     * @param bytesPerOperation bytes of heap that both threads allocated for each operation
     */
    public record Figure(
            String name, double median, double least, double most, double bytesPerOperation) {}

    private DiskBenchmarkRun() {}

    /** Runs everything of a plan, the ring first; {@code control} is told how far it is. */
    public static List<Figure> run(final Plan plan, final RunControl control)
            throws RunnerException {
        final ChainedOptionsBuilder options =
                new OptionsBuilder()
                        .include(DiskBenchmark.class.getName())
                        .include(RingBenchmark.class.getName())
                        .param("ring", SLOT_RING)
                        .param("payloadBytes", String.valueOf(RING_PAYLOAD_BYTES))
                        .param("batch", String.valueOf(RING_BATCH))
                        .param("device", plan.disks().toArray(String[]::new))
                        .param("blockBytes", String.valueOf(plan.blockBytes()))
                        .param("depth", String.valueOf(plan.depth()))
                        .param("mediumBytes", String.valueOf(plan.mediumBytes()));
        final ForkRounds.Length length =
                new ForkRounds.Length(
                        plan.forks(), plan.iterations(), WARM_UP_MILLIS, plan.iterationMillis());
        final List<Figure> figures = new ArrayList<>();
        ForkRounds.run(options, length, plan.disks().size() + 1, DiskBenchmarkRun::name, control)
                .forEach((name, forks) ->
                        figures.add(
                                name.equals(SLOT_RING) ? 0 : figures.size(),
                                figure(name, ForkRounds.Rates.of(forks))));
        return figures;
    }

    private static String name(final BenchmarkParams params) {
        final String device = params.getParam("device");
        return device == null ? SLOT_RING : device;
    }

    private static Figure figure(final String name, final ForkRounds.Rates rates) {
        return new Figure(
                name,
                rates.median() / THOUSAND,
                rates.least() / THOUSAND,
                rates.most() / THOUSAND,
                rates.bytesPerOperation());
    }

    /** All rows, each beside the ring's rate, and beside blkfront's where that was measured. */
    public static String table(final List<Figure> figures) {
        final Figure ring = figures.getFirst();
        final Figure blkfront =
                figures.stream()
                        .filter(figure -> figure.name().equals(DiskDevices.XEN_BLKFRONT))
                        .findFirst()
                        .orElse(ring);
        final List<String> headings =
                new ArrayList<>(List.of("", "median", "least", "most", "B/op", ring.name()));
        if (blkfront != ring) {
            headings.add(blkfront.name());
        }
        final TextTable table =
                new TextTable(headings.toArray(String[]::new))
                        .group("", 1)
                        .group("thousand operations a second", 3)
                        .group("heap", 1)
                        .group("times slower than", headings.size() - 5);
        for (final Figure figure : figures) {
            final List<String> cells =
                    new ArrayList<>(
                            List.of(
                                    figure.name(),
                                    String.format(Locale.ROOT, "%,.0f", figure.median()),
                                    String.format(Locale.ROOT, "%,.0f", figure.least()),
                                    String.format(Locale.ROOT, "%,.0f", figure.most()),
                                    String.format(Locale.ROOT, "%.2f", figure.bytesPerOperation()),
                                    times("%.1f", ring, figure)));
            if (blkfront != ring) {
                cells.add(figure == ring ? "" : times("%.2f", blkfront, figure));
            }
            table.row(cells.toArray(String[]::new));
        }
        return table.text();
    }

    private static String times(final String format, final Figure other, final Figure figure) {
        return String.format(Locale.ROOT, format, other.median() / figure.median());
    }
}
