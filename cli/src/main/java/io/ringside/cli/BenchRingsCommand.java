package io.ringside.cli;

import io.ringside.perf.jmh.RingBenchmarkRun;
import io.ringside.perf.measure.CacheLines;
import io.ringside.perf.measure.Machine;
import io.ringside.perf.report.DiskReport;
import io.ringside.perf.scenario.UsageException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench rings}: both rings beside their peers. */
@Command(
        name = "rings",
        mixinStandardHelpOptions = true,
        description =
                "Moves the same messages between two threads through our byte ring and slot ring,"
                        + " Agrona's OneToOneRingBuffer, the LMAX Disruptor and JCTools'"
                        + " SpscArrayQueue, by JMH, and prints the ratios. Payload is copied in,"
                        + " copied out and checked.",
        footer = {
            "",
            "Examples:",
            "  ./ringside bench rings",
            "  ./ringside bench rings --sizes 64 --batches 32 --forks 5"
        })
final class BenchRingsCommand implements Callable<Integer> {
    private static final long LOOK_NANOS = 500_000_000;
    private static final int MOST_BYTES = 4096;
    private static final int MOST_BATCH = 32;

    @Option(
            names = "--sizes",
            paramLabel = "BYTES",
            split = ",",
            defaultValue = "64,256,1500,4096",
            description = "message sizes; default ${DEFAULT-VALUE}")
    private List<Integer> sizes = List.of();

    @Option(
            names = "--batches",
            paramLabel = "N",
            split = ",",
            defaultValue = "1,32",
            description = "messages published at once; default ${DEFAULT-VALUE}")
    private List<Integer> batches = List.of();

    @Option(
            names = "--forks",
            paramLabel = "N",
            defaultValue = "3",
            description = "processes for each figure; default ${DEFAULT-VALUE}")
    private int forks;

    @Option(
            names = "--iterations",
            paramLabel = "N",
            defaultValue = "5",
            description = "measured iterations a process; default ${DEFAULT-VALUE}")
    private int iterations;

    @Option(
            names = "--millis",
            paramLabel = "N",
            defaultValue = "300",
            description = "length of an iteration; default ${DEFAULT-VALUE}")
    private int millis;

    @Override
    public Integer call() throws Exception {
        check("--sizes", sizes, 16, MOST_BYTES);
        check("--batches", batches, 1, MOST_BATCH);
        Bounds.check("--forks", forks, 1, 100);
        Bounds.check("--iterations", iterations, 1, 1000);
        Bounds.check("--millis", millis, 10, 60_000);
        final RingBenchmarkRun.Plan plan =
                new RingBenchmarkRun.Plan(sizes, batches, forks, iterations, millis);
        final double busy = Machine.busyProcessors(LOOK_NANOS);
        final double before = CacheLines.roundTripNanos();
        Terminal.progress(
                "running JMH, about " + (plan.estimateSeconds() + 59) / 60 + " minutes", -1);
        final List<RingBenchmarkRun.Figure> figures =
                RingBenchmarkRun.run(plan, new TerminalProgress());
        Terminal.clear();
        final double after = CacheLines.roundTripNanos();
        final Machine machine = Machine.here();
        System.out.printf(
                Locale.ROOT,
                "rings: two threads, %d forks of %d iterations of %d ms, median of all%n"
                        + "machine: %s, %d processors, %s, %s%n"
                        + "a cache line from one processor to the other and back: %.0f ns before,"
                        + " %.0f ns after%n%n%s",
                forks,
                iterations,
                millis,
                machine.processor(),
                machine.processors(),
                machine.jdk(),
                machine.date(),
                before,
                after,
                RingBenchmarkRun.table(figures));
        System.out.println(
                "slot-ring: one message is a request of the whole payload and its response of 16"
                        + " bytes; the others go one way.");
        if (busy > DiskReport.BUSY_LIMIT || machine.processors() < 2) {
            System.out.printf(
                    Locale.ROOT,
                    "the machine was busy (%.1f of %d processors) before the run, or has too few:"
                            + " do not trust the figures%n",
                    busy,
                    machine.processors());
        }
        return Ringside.DONE;
    }

    private static void check(
            final String option, final List<Integer> values, final int least, final int most)
            throws UsageException {
        for (final int value : values) {
            Bounds.check(option, value, least, most);
        }
    }
}
