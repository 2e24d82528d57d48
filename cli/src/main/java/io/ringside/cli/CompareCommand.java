package io.ringside.cli;

import io.ringside.perf.measure.Machine;
import io.ringside.perf.report.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code compare}: the main job. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        subcommands = {CompareDiskCommand.class, CompareNetCommand.class},
        description =
                "Runs one workload over every device and prints what each crossed, copied and took."
                    + " Without a workload: 'disk', on an embedded ext4 image; and then, if nothing"
                    + " is said that only disks have, a short 'net'.",
        footer = {
            "",
            "Examples:",
            "  ./ringside compare",
            "  ./ringside compare --json > result.json",
            "  ./ringside compare disk --pattern randwrite --depth 8 --ops 10000",
            "  ./ringside compare net --frame imix"
        })
final class CompareCommand implements Callable<Integer> {
    private static final double DISK_SECONDS = 2;
    private static final double DISK_SECONDS_BESIDE_NET = 1;

    @Mixin private DiskOptions options = new DiskOptions();

    @Mixin private ReportOptions report = new ReportOptions();

    @Override
    public Integer call() throws Exception {
        report.check();
        final boolean both = options.saysNothingOfDisks();
        if (options.charges().model().isModelled()) {
            final ModelledComparison modelled = new ModelledComparison();
            Interruption.arm();
            modelled.disk(options);
            if (both) {
                modelled.net(NetOptions.briefly(options.charges()));
            }
            return modelled.finish(report);
        }
        final DiskComparison disk =
                new DiskComparison(options, both ? DISK_SECONDS_BESIDE_NET : DISK_SECONDS);
        final NetComparison net = new NetComparison(NetOptions.brief(options.charges()));
        Interruption.arm();
        final double busy = Machine.busyProcessors(DiskComparison.LOOK_NANOS);
        final List<Report> reports = new ArrayList<>(disk.run(busy));
        if (both && !Interruption.isRequested()) {
            reports.addAll(net.run(busy));
        }
        return report.finish(reports);
    }
}
