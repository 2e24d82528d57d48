package io.ringside.cli;

import io.ringside.perf.report.ComparisonJson;
import io.ringside.perf.report.ComparisonTable;
import io.ringside.perf.report.NamedResult;
import io.ringside.perf.report.ReportHtml;
import io.ringside.perf.report.ResultComparison;
import io.ringside.perf.report.ResultTable;
import io.ringside.perf.result.ResultCsv;
import io.ringside.perf.result.ResultDocument;
import io.ringside.perf.result.ResultJson;
import io.ringside.perf.result.ResultReader;
import io.ringside.perf.scenario.UsageException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code report}: earlier results, rendered, put together or held against each other. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description =
                "Renders results that --json wrote. Of several, the first is the baseline: what is"
                        + " of the same scenario is compared, and what is worse by more than the"
                        + " threshold and the noise of the forks is a regression.",
        footer = {
            "",
            "Examples:",
            "  ./ringside report result.json --output result.html",
            "  ./ringside report before.json after.json --fail-on-regression",
            "  ./ringside report today.json --baseline release.json --threshold 10",
            "  ./ringside report part-*.json --merge --json > whole.json"
        })
final class ReportCommand implements Callable<Integer> {
    private static final double MOST_PERCENT = 1000;

    @Parameters(arity = "1..*", paramLabel = "RESULT.json", description = "what --json wrote")
    private List<String> files = new ArrayList<>();

    @Option(
            names = "--baseline",
            paramLabel = "FILE",
            description = "what the others are held against; default: the first")
    private @Nullable String baseline;

    @Option(
            names = "--merge",
            description =
                    "put the results together in place of comparing them: forks of the same"
                            + " scenarios, and parts of one sweep")
    private boolean merge;

    @Option(
            names = "--threshold",
            paramLabel = "PERCENT",
            defaultValue = "5",
            description =
                    "by how much of the baseline's median a figure must differ to count; default"
                            + " ${DEFAULT-VALUE}")
    private double threshold = 5;

    @Option(
            names = "--fail-on-regression",
            description = "end with exit code 1 where a regression was found")
    private boolean failOnRegression;

    @Option(
            names = "--json",
            description = "print JSON instead of tables: the result, or what changed")
    private boolean json;

    @Option(names = "--csv", description = "print the result as CSV instead of tables")
    private boolean csv;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "where an HTML page goes; default: none is written")
    private @Nullable String output;

    @Override
    public Integer call() throws Exception {
        check();
        final List<NamedResult> results = new ArrayList<>();
        if (baseline != null) {
            results.add(read(baseline));
        }
        for (final String file : files) {
            results.add(read(file));
        }
        return merge || results.size() == 1 ? one(merged(results)) : several(results);
    }

    private void check() throws UsageException {
        if (json && csv) {
            throw new UsageException("--json and --csv cannot be printed at once: choose one");
        }
        if (merge && (baseline != null || failOnRegression)) {
            throw new UsageException(
                    "--merge cannot be used with "
                            + (baseline != null ? "--baseline" : "--fail-on-regression")
                            + ": merging compares nothing");
        }
        if (csv && !merge && files.size() + (baseline == null ? 0 : 1) > 1) {
            throw new UsageException(
                    "--csv cannot be printed of a comparison: name one file, or use --merge or"
                            + " --json");
        }
        if (!(threshold >= 0) || threshold > MOST_PERCENT) {
            throw new UsageException(
                    "--threshold " + threshold + " cannot be used: it must be 0 to 1000");
        }
        if (output != null) {
            ReportOptions.file("--output", output);
        }
    }

    private static NamedResult read(final String name) throws UsageException {
        try {
            return new NamedResult(name, ResultReader.read(Path.of(name)));
        } catch (final InvalidPathException e) {
            throw new UsageException("'" + name + "' is not a file name: " + e.getMessage());
        }
    }

    private static ResultDocument merged(final List<NamedResult> results) throws UsageException {
        ResultDocument all = results.getFirst().document();
        for (final NamedResult further : results.subList(1, results.size())) {
            try {
                all = all.mergedWith(further.document());
            } catch (final UsageException e) {
                throw new UsageException(
                        "'"
                                + results.getFirst().name()
                                + "' and '"
                                + further.name()
                                + "' "
                                + e.getMessage()
                                + ": merge files of one scenario, or compare these without"
                                + " --merge");
            }
        }
        return all;
    }

    private int one(final ResultDocument result) throws UsageException {
        if (json) {
            System.out.print(ResultJson.text(result));
        } else {
            System.out.print(csv ? ResultCsv.text(result) : ResultTable.text(result));
        }
        return finish(ReportHtml.text(result)) ? Ringside.DONE : Ringside.FAILED;
    }

    private int several(final List<NamedResult> results) throws UsageException {
        final List<ResultComparison> comparisons = new ArrayList<>();
        for (final NamedResult other : results.subList(1, results.size())) {
            comparisons.add(ResultComparison.of(results.getFirst(), other, threshold / 100));
        }
        if (json) {
            System.out.print(ComparisonJson.text(comparisons));
        } else {
            String gap = "";
            for (final ResultComparison comparison : comparisons) {
                System.out.print(gap + ComparisonTable.text(comparison));
                gap = "\n";
            }
        }
        final boolean regressed =
                comparisons.stream().anyMatch(each -> !each.regressions().isEmpty());
        return finish(ReportHtml.text(results, comparisons)) && !(failOnRegression && regressed)
                ? Ringside.DONE
                : Ringside.FAILED;
    }

    /** Writes the page where one was asked for; whether standard output took everything. */
    private boolean finish(final String page) throws UsageException {
        if (output != null) {
            ReportOptions.write(output, page);
            if (!json && !csv) {
                System.out.println("report: " + output);
            }
        }
        return ReportOptions.isPrinted();
    }
}
