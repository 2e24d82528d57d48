package io.ringside.cli;

import io.ringside.perf.scenario.ScenarioErrors;
import io.ringside.perf.scenario.ScenarioFile;
import io.ringside.perf.scenario.UsageException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What decides a whole comparison rather than one of its jobs; every comparison takes it. */
final class RunOptions {
    private static final int MOST_FORKS = 100;

    @Option(
            names = "--scenario",
            paramLabel = "FILE",
            description =
                    "take the jobs from a TOML file, whose keys are these options' names; options"
                            + " beside it prevail")
    private @Nullable String scenario;

    @Option(
            names = "--print-scenario",
            description = "print every option as it would be used, as a scenario file, and end")
    private boolean printScenario;

    @Option(
            names = "--forks",
            paramLabel = "N",
            description =
                    "run all in so many fresh processes, one after the other, each with another"
                            + " order of the devices, and tell medians and how far they lie apart;"
                            + " 0 for once, in this process; default 3, and 1 at each point of a"
                            + " sweep")
    private @Nullable Integer forks;

    private @Nullable ScenarioFile file;

    /**
     * The jobs, each with every option said.
     *
     * @param word the only workload that is wanted; null where none was said
     * @param said of jobs on the command line
     */
    List<JobSpec> jobs(final @Nullable String word, final Map<String, String> said)
            throws UsageException {
        if (scenario == null) {
            return JobPlan.of(word, said);
        }
        try {
            file = ScenarioFile.read(Path.of(scenario));
        } catch (final InvalidPathException e) {
            throw new UsageException("--scenario is not a file name: " + e.getMessage());
        }
        return ScenarioJobs.of(file, word, said);
    }

    /**
     * How many processes; 0 for this one. After {@link #jobs}.
     *
     * @param planned all jobs: where nothing of them is timed, another process would find the same
     * @param usual where nobody says how many
     */
    int forks(final List<JobSpec> planned, final int usual) throws UsageException {
        int wanted = forks == null ? usual : forks;
        if (forks == null && file != null) {
            final ScenarioFile.Entry entry = ScenarioJobs.forks(file);
            if (entry != null) {
                wanted = number(file, entry);
            }
        }
        Bounds.check("--forks", wanted, 0, MOST_FORKS);
        return planned.stream().allMatch(JobSpec::isModelled) ? 0 : wanted;
    }

    private static int number(final ScenarioFile file, final ScenarioFile.Entry entry)
            throws UsageException {
        try {
            final int number = Integer.parseInt(entry.value());
            if (number >= 0 && number <= MOST_FORKS) {
                return number;
            }
        } catch (final NumberFormatException e) {
            // Told below, as what is out of bounds.
        }
        final ScenarioErrors errors = new ScenarioErrors(file.name());
        errors.add(
                entry.line(),
                "forks '" + entry.value() + "' cannot be used: it must be 0 to " + MOST_FORKS);
        errors.refuse();
        return 0;
    }

    /** Whether there is a scenario file. */
    boolean hasFile() {
        return scenario != null;
    }

    boolean printsScenario() {
        return printScenario;
    }
}
