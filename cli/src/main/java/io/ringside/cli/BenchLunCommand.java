package io.ringside.cli;

import io.ringside.hypervisor.CrossingCosts;
import io.ringside.perf.measure.LunBench;
import io.ringside.perf.report.TextTable;
import io.ringside.perf.scenario.DiskMedium;
import io.ringside.perf.scenario.DiskPattern;
import io.ringside.perf.scenario.DiskScenario;
import io.ringside.perf.scenario.Sizes;
import io.ringside.perf.scenario.UsageException;
import io.ringside.perf.scenario.WakeupMode;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench lun}: a fast unit beside a late one, on one controller. */
@Command(
        name = "lun",
        mixinStandardHelpOptions = true,
        description =
                "Reads random blocks from a fast unit of a storvsc controller, from a medium in"
                        + " memory: while a second unit of that controller idles, and while"
                        + " that one has reads in flight whose store answers late. By turns;"
                        + " every byte is checked, crossings are charged nothing.",
        footer = {
            "",
            "Examples:",
            "  ./ringside bench lun",
            "  ./ringside bench lun --delay-millis 100 --depth 64 --rounds 5"
        })
final class BenchLunCommand implements Callable<Integer> {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int MOST_DELAY_MILLIS = 500;
    private static final double LEAST_SECONDS = 0.01;
    private static final int MOST_DEPTH = 64; // What a unit takes.

    @Option(
            names = "--delay-millis",
            paramLabel = "N",
            defaultValue = "10",
            description = "how late the late unit's store answers; default ${DEFAULT-VALUE}")
    private int delayMillis;

    @Option(
            names = "--block-size",
            paramLabel = "SIZE",
            defaultValue = "4k",
            description = "bytes of a read; default ${DEFAULT-VALUE}")
    private String blockSize = "4k";

    @Option(
            names = "--depth",
            paramLabel = "N",
            defaultValue = "32",
            description = "reads in flight on each unit that is busy; default ${DEFAULT-VALUE}")
    private int depth;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "1",
            description = "length of a turn; default ${DEFAULT-VALUE}")
    private double seconds;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "how often both ways are measured, by turns; default ${DEFAULT-VALUE}")
    private int rounds;

    @Override
    public Integer call() throws Exception {
        Bounds.check("--delay-millis", delayMillis, 1, MOST_DELAY_MILLIS);
        Bounds.check("--depth", depth, 1, MOST_DEPTH);
        Bounds.check("--rounds", rounds, 1, 1000);
        if (!(seconds >= LEAST_SECONDS)) {
            throw new UsageException(
                    "--seconds "
                            + seconds
                            + " cannot be used: it must be "
                            + LEAST_SECONDS
                            + " or more");
        }
        final DiskScenario scenario =
                DiskScenario.of(
                        DiskPattern.RANDREAD,
                        Sizes.bytes("--block-size", blockSize),
                        depth,
                        0,
                        seconds,
                        1,
                        WakeupMode.POLL,
                        CrossingCosts.COUNTS);
        final BusyMachine machine = BusyMachine.look();
        final TerminalProgress progress = new TerminalProgress();
        final LunBench.Result result;
        try (DiskMedium medium = DiskMedium.open(null, DiskMedium.Kind.RAM, scenario, progress)) {
            result =
                    new LunBench(scenario, delayMillis * NANOS_PER_MILLI, medium, progress)
                            .measure(rounds);
        }
        Terminal.clear();
        print(scenario, result);
        machine.warn();
        return result.verified() ? Ringside.DONE : Ringside.FAILED;
    }

    private void print(final DiskScenario scenario, final LunBench.Result result) {
        System.out.printf(
                Locale.ROOT,
                "units of one storvsc controller: random reads of %s, depth %d each, two threads"
                        + " that poll, %d turns of %.1f s%n%s%n%n",
                Sizes.text(scenario.blockBytes()),
                scenario.depth(),
                rounds,
                scenario.seconds(),
                BusyMachine.facts());
        final TextTable table =
                new TextTable("unit", "IOPS", "p50 us", "p99 us", "p99.9 us", "checked");
        row(table, "fast, the late one idle", result.alone());
        row(table, "fast, the late one busy", result.beside());
        row(table, "late by " + delayMillis + " ms, busy", result.late());
        System.out.print(table.text());
        System.out.printf(
                Locale.ROOT,
                "%nbeside the late unit the fast one did %.2f times as many reads a second as"
                        + " without it, at %.2f times the median latency%n",
                result.beside().operationsPerSecond() / result.alone().operationsPerSecond(),
                median(result.beside()) / median(result.alone()));
    }

    private static double median(final LunBench.Figure figure) {
        return figure.latency().getValueAtPercentile(50);
    }

    private static void row(
            final TextTable table, final String name, final LunBench.Figure figure) {
        table.row(
                name,
                String.format(Locale.ROOT, "%,.0f", figure.operationsPerSecond()),
                micros(figure, 50),
                micros(figure, 99),
                micros(figure, 99.9),
                figure.verified() ? "ok" : "WRONG");
    }

    private static String micros(final LunBench.Figure figure, final double percentile) {
        return String.format(
                Locale.ROOT, "%,.1f", figure.latency().getValueAtPercentile(percentile) / 1000.0);
    }
}
