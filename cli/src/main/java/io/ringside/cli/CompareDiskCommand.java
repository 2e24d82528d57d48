package io.ringside.cli;

import io.ringside.perf.measure.Machine;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code compare disk}: one request stream over every disk. */
@Command(
        name = "disk",
        mixinStandardHelpOptions = true,
        description =
                "Runs one stream of disk requests over each device, checks every byte that is read,"
                        + " and reads back what was written by another path. An image is never"
                        + " changed: patterns that write work on a copy.",
        footer = {
            "",
            "Examples:",
            "  ./ringside compare disk",
            "  ./ringside compare disk --image disk.img --pattern randread --seconds 10",
            "  ./ringside compare disk --image disk.vhd --pattern randrw",
            "  ./ringside compare disk --pattern write --block-size 64k --depth 4 --ops 5000"
                    + " --json",
            "  ./ringside compare disk --devices ide-dma,xen-blkfront,storvsc --costs counts",
            "  ./ringside compare disk --devices xen-blkfront --xenstore-socket /tmp/xenstored",
            "  ./ringside compare disk --clock modelled --guests 10 --host-processors 4"
        })
final class CompareDiskCommand implements Callable<Integer> {
    private static final double DEFAULT_SECONDS = 2;

    @Mixin private DiskOptions options = new DiskOptions();

    @Mixin private ReportOptions report = new ReportOptions();

    @Override
    public Integer call() throws Exception {
        report.check();
        if (options.charges().model().isModelled()) {
            final ModelledComparison modelled = new ModelledComparison();
            Interruption.arm();
            modelled.disk(options);
            return modelled.finish(report);
        }
        final DiskComparison comparison = new DiskComparison(options, DEFAULT_SECONDS);
        Interruption.arm();
        return report.finish(comparison.run(Machine.busyProcessors(DiskComparison.LOOK_NANOS)));
    }
}
