package io.ringside.cli;

import io.ringside.perf.jmh.RingBenchmarkRun;
import io.ringside.perf.measure.CacheLines;
import io.ringside.perf.scenario.UsageException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

    @Mixin private ForkOptions length = new ForkOptions();

    @Override
    public Integer call() throws Exception {
        check("--sizes", sizes, 16, MOST_BYTES);
        check("--batches", batches, 1, MOST_BATCH);
        length.check();
        final RingBenchmarkRun.Plan plan =
                new RingBenchmarkRun.Plan(
                        sizes, batches, length.forks(), length.iterations(), length.millis());
        final BusyMachine machine = BusyMachine.look();
        final double before = CacheLines.roundTripNanos();
        Terminal.progress(
                "running JMH, about " + (plan.estimateSeconds() + 59) / 60 + " minutes", -1);
        final List<RingBenchmarkRun.Figure> figures =
                RingBenchmarkRun.run(plan, new TerminalProgress());
        Terminal.clear();
        final double after = CacheLines.roundTripNanos();
        System.out.printf(
                Locale.ROOT,
                "rings: two threads, %s, median of all%n%s%n"
                        + "a cache line from one processor to the other and back: %.0f ns before,"
                        + " %.0f ns after%n%n%s",
                length.text(),
                BusyMachine.facts(),
                before,
                after,
                RingBenchmarkRun.table(figures));
        System.out.println(
                "slot-ring: one message is a request of the whole payload and its response of 16"
                        + " bytes; the others go one way.");
        machine.warn();
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
