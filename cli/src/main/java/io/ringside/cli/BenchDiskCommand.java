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
                        + " medium of 16 MiB in memory, by JMH; and in the same run lets the slot"
                        + " ring do round trips of 64 bytes, 32 at once. Crossings are charged"
                        + " nothing; the start and the end of each block are checked.",
        footer = {
            "",
            "Examples:",
            "  ./ringside bench disk --quick",
            "  ./ringside bench disk --block-size 64k --depth 8"
        })
final class BenchDiskCommand implements Callable<Integer> {
    private static final long LOOK_NANOS = 500_000_000;
    private static final int LEAST_BLOCK = 512;
    private static final int MOST_BLOCK = 1 << 20;
    private static final int MOST_DEPTH = 1024;
    private static final int QUICK_FORKS = 1;
    private static final int QUICK_MILLIS = 100;

    @Option(
            names = "--devices",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "xen-blkfront",
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
                "disk: random reads of %s at depth %d, two threads, %d forks of %d iterations of"
                        + " %d ms, median of all%n"
                        + "machine: %s, %d processors, %s, %s%n%n%s",
                Sizes.text(plan.blockBytes()),
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
        final int blockBytes = Sizes.bytes("--block-size", blockSize);
        if (blockBytes < LEAST_BLOCK
                || blockBytes > MOST_BLOCK
                || Integer.bitCount(blockBytes) != 1) {
            throw new UsageException(
                    "--block-size "
                            + blockSize
                            + " cannot be used: it must be a power of two from 512 to 1M");
        }
        Bounds.check("--depth", depth, 1, MOST_DEPTH);
        Bounds.check("--forks", forks, 1, 100);
        Bounds.check("--iterations", iterations, 1, 1000);
        Bounds.check("--millis", millis, 10, 60_000);
        return new DiskBenchmarkRun.Plan(
                disks,
                blockBytes,
                depth,
                quick ? QUICK_FORKS : forks,
                iterations,
                quick ? QUICK_MILLIS : millis);
    }
}
