package io.ringside.cli;

import io.ringside.perf.costs.CostProfile;
import io.ringside.perf.costs.CostProfiles;
import io.ringside.perf.report.CostsJson;
import io.ringside.perf.report.CostsTable;
import io.ringside.perf.scenario.UsageException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code costs}: what crossings can be charged, and where each figure comes from. */
@Command(
        name = "costs",
        mixinStandardHelpOptions = true,
        description =
                "Lists the cost profiles that --costs takes; or shows one, figure by figure, with"
                        + " its range and its source. A file of yours is checked the same way.",
        footer = {
            "",
            "Examples:",
            "  ./ringside costs",
            "  ./ringside costs 2006-xen3-hvm",
            "  ./ringside costs ./mine.toml",
            "",
            "A profile is a file such as this one; what it does not list costs nothing:",
            "  name = \"mine\"",
            "  about = \"one line\"",
            "  [costs.port-exit]",
            "  nanos = 3400",
            "  least = 3206     # optional, with most",
            "  most = 3700",
            "  source = \"...\"   # or one of measured, derived, assumed"
        })
final class CostsCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..1",
            paramLabel = "NAME|FILE",
            description = "the profile to show; without it all are listed")
    private @Nullable String profile;

    @Option(names = "--json", description = "print one JSON object instead of text")
    private boolean json;

    @Override
    public Integer call() throws UsageException {
        if (profile != null) {
            final CostProfile shown = CostProfiles.of(profile);
            System.out.print(json ? CostsJson.text(shown) : CostsTable.text(shown));
            return Ringside.DONE;
        }
        final List<CostProfile> all = new ArrayList<>();
        for (final String name : CostProfiles.shipped()) {
            all.add(CostProfiles.of(name));
        }
        final boolean hostIsMeasured = Files.exists(CostProfiles.hostFile());
        if (hostIsMeasured) {
            all.add(CostProfiles.of(CostProfiles.THIS_HOST));
        }
        System.out.print(json ? CostsJson.text(all) : CostsTable.text(all));
        if (!json && !hostIsMeasured) {
            System.out.println(
                    "this-host is not measured yet: run ./ringside calibrate, which writes "
                            + CostProfiles.hostFile());
        }
        return Ringside.DONE;
    }
}
