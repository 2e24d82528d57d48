package io.ringside.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

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
            "  ./ringside compare disk --devices xen-blkfront --xenstore-socket /tmp/xenstored"
        })
final class CompareDiskCommand implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private RunOptions run = new RunOptions();

    @Mixin private ReportOptions report = new ReportOptions();

    @Override
    public Integer call() throws Exception {
        return Comparison.run(JobFlags.DISK, spec, run, report);
    }
}
