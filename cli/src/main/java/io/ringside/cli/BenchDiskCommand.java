package io.ringside.cli;

import io.ringside.perf.jmh.DiskBenchmarkRun;
import io.ringside.perf.measure.Machine;
import io.ringside.perf.report.DiskReport;
import io.ringside.perf.scenario.DiskVariant;
import io.ringside.perf.scenario.Sizes;
import io.ringside.perf.scenario.UsageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench disk}: whole disks beside the ring that carries them. */
@Command(
        name = "disk",
        mixinStandardHelpOptions = true,
        description =
                "Reads random blocks through a whole disk, both halves on threads that poll, from a"
                        + " medium in memory, by JMH; and in the same run lets the slot"
                        + " ring do round trips of 64 bytes, 32 at once. Crossings are charged"
                        + " nothing; the start and the end of each block are checked. Where"
                        + " xen-blkfront is among the disks, each is held against it.",
        footer = {
            "",
            "Examples:",
            "  ./ringside bench disk --quick",
            "  ./ringside bench disk --devices xen-blkfront,storvsc --depth 64"
        })
final class BenchDiskCommand implements Callable<Integer> {
    private static final long LOOK_NANOS = 500_000_000;
    private static final int LEAST_BLOCK = 512;
    private static final int MOST_BLOCK = 1 << 20;
    private static final int MOST_MEDIUM = 1 << 30;
    private static final int MOST_DEPTH = 1024;
    private static final int QUICK_FORKS = 1;
    private static final int QUICK_MILLIS = 100;

    @Option(
            names = "--devices",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "xen-blkfront,xen-blkfront+persistent,storvsc",
            description = "which disks, also with features; default ${DEFAULT-VALUE}")
    private List<String> devices = List.of();

    @Option(
            names = "--block-size",
            paramLabel = "SIZE",
            defaultValue = "4k",
            description = "bytes of a read, a power of two; default ${DEFAULT-VALUE}")
    private String blockSize = "4k";

    @Option(
            names = "--depth",
            paramLabel = "N",
            defaultValue = "32",
            description = "reads in flight; default ${DEFAULT-VALUE}")
    private int depth;

    @Option(
            names = "--medium-size",
            paramLabel = "SIZE",
            defaultValue = "1M",
            description =
                    "bytes of the medium, a power of two; a small one stays in the processor's"
                            + " cache, as the ring does; default ${DEFAULT-VALUE}")
    private String mediumSize = "1M";

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

    @Option(names = "--quick", description = "one process, iterations of 100 ms: a first idea")
    private boolean quick;

    @Override
    public Integer call() throws Exception {
        final DiskBenchmarkRun.Plan plan = plan();
        final double busy = Machine.busyProcessors(LOOK_NANOS);
        final List<DiskBenchmarkRun.Figure> figures =
                DiskBenchmarkRun.run(plan, new TerminalProgress());
        Terminal.clear();
        final Machine machine = Machine.here();
        System.out.printf(
                Locale.ROOT,
                "disk: random reads of %s from %s at depth %d, two threads, %d forks of %d"
                        + " iterations of %d ms, median of all%nmachine: %s, %d processors, %s,"
                        + " %s%n%n%s",
                Sizes.text(plan.blockBytes()),
                Sizes.text(plan.mediumBytes()),
                plan.depth(),
                plan.forks(),
                plan.iterations(),
                plan.iterationMillis(),
                machine.processor(),
                machine.processors(),
                machine.jdk(),
                machine.date(),
                DiskBenchmarkRun.table(figures));
        System.out.println(
                "slot-ring: a request of 64 bytes and its response of 16, no disk behind it.");
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

    private DiskBenchmarkRun.Plan plan() throws UsageException {
        final List<String> disks = new ArrayList<>();
        for (final String device : devices) {
            final String name = DiskVariant.of(device).name();
            if (!disks.contains(name)) {
                disks.add(name);
            }
        }
        final int blockBytes = powerOfTwo("--block-size", blockSize, LEAST_BLOCK, MOST_BLOCK);
        final int mediumBytes = powerOfTwo("--medium-size", mediumSize, blockBytes, MOST_MEDIUM);
        Bounds.check("--depth", depth, 1, MOST_DEPTH);
        Bounds.check("--forks", forks, 1, 100);
        Bounds.check("--iterations", iterations, 1, 1000);
        Bounds.check("--millis", millis, 10, 60_000);
        return new DiskBenchmarkRun.Plan(
                disks,
                blockBytes,
                depth,
                mediumBytes,
                quick ? QUICK_FORKS : forks,
                iterations,
                quick ? QUICK_MILLIS : millis);
    }

    private static int powerOfTwo(
            final String option, final String text, final int least, final int most)
            throws UsageException {
        final int bytes = Sizes.bytes(option, text);
        if (bytes < least || bytes > most || Integer.bitCount(bytes) != 1) {
            throw new UsageException(
                    option
                            + ' '
                            + text
                            + " cannot be used: it must be a power of two from "
                            + Sizes.text(least)
                            + " to "
                            + Sizes.text(most));
        }
        return bytes;
    }
}
