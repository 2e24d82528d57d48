package io.ringside.cli;

import io.ringside.perf.jmh.DiskBenchmarkRun;
import io.ringside.perf.scenario.DiskDevices;
import io.ringside.perf.scenario.Sizes;
import io.ringside.perf.scenario.UsageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
    private static final int LEAST_BLOCK = 512;
    private static final int MOST_BLOCK = 1 << 20;
    private static final int MOST_MEDIUM = 1 << 30;
    private static final int MOST_DEPTH = 1024;

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

    @Mixin private ForkOptions length = new ForkOptions();

    @Override
    public Integer call() throws Exception {
        final DiskBenchmarkRun.Plan plan = plan();
        final BusyMachine machine = BusyMachine.look();
        final List<DiskBenchmarkRun.Figure> figures =
                DiskBenchmarkRun.run(plan, new TerminalProgress());
        Terminal.clear();
        System.out.printf(
                Locale.ROOT,
                "disk: random reads of %s from %s at depth %d, two threads, %s, median of"
                        + " all%n%s%n%n%s",
                Sizes.text(plan.blockBytes()),
                Sizes.text(plan.mediumBytes()),
                plan.depth(),
                length.text(),
                BusyMachine.facts(),
                DiskBenchmarkRun.table(figures));
        System.out.println(
                "slot-ring: a request of 64 bytes and its response of 16, no disk behind it. B/op:"
                        + " what the two threads themselves allocate.");
        machine.warn();
        return Ringside.DONE;
    }

    private DiskBenchmarkRun.Plan plan() throws UsageException {
        final List<String> disks = new ArrayList<>();
        for (final String device : devices) {
            final String name = DiskDevices.ALL.variant(device).name();
            if (!disks.contains(name)) {
                disks.add(name);
            }
        }
        final int blockBytes = powerOfTwo("--block-size", blockSize, LEAST_BLOCK, MOST_BLOCK);
        final int mediumBytes = powerOfTwo("--medium-size", mediumSize, blockBytes, MOST_MEDIUM);
        Bounds.check("--depth", depth, 1, MOST_DEPTH);
        length.check();
        return new DiskBenchmarkRun.Plan(
                disks,
                blockBytes,
                depth,
                mediumBytes,
                length.forks(),
                length.iterations(),
                length.millis());
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
