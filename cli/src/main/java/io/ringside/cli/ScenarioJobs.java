package io.ringside.cli;

import io.ringside.perf.scenario.NearestName;
import io.ringside.perf.scenario.ScenarioErrors;
import io.ringside.perf.scenario.ScenarioFile;
import io.ringside.perf.scenario.UsageException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The jobs of a scenario file, with what was said beside it on the command line, which prevails.
 *
 * <p>All that is wrong with the file is told at once. A value is judged by the same code that
 * judges it on the command line: where a job is refused, its keys are tried one by one, and each
 * that is refused by itself is told with its line.
 */
final class ScenarioJobs {
    static final String FORKS = "forks";

    private static final String WORKLOAD = "workload";
    private static final List<String> WORKLOADS =
            List.of(JobFlags.DISK, JobFlags.NET, JobFlags.ALL);

    /** Of each pair only one can be said. */
    private static final List<List<String>> EXCLUSIVE =
            List.of(List.of("seconds", "ops"), List.of("frame", "pcap"));

    /** What a key cannot be judged without. */
    private static final Map<String, List<String>> NEEDS =
            Map.of(
                    "format", List.of("image"),
                    "pcap-out", List.of("pcap"),
                    "features", List.of("devices"),
                    "xenstore-socket", List.of("devices"),
                    "depth", List.of("block-size"));

    private final ScenarioFile file;
    private final @Nullable String word;
    private final Map<String, String> said;
    private final ScenarioErrors errors;

    private ScenarioJobs(
            final ScenarioFile file, final @Nullable String word, final Map<String, String> said) {
        this.file = file;
        this.word = word;
        this.said = said;
        this.errors = new ScenarioErrors(file.name());
    }

    /**
     * The file's jobs.
     *
     * @param word the only workload of which jobs are wanted; null for any
     * @param said what was said on the command line, by names without dashes
     */
    static List<JobSpec> of(
            final ScenarioFile file, final @Nullable String word, final Map<String, String> said)
            throws UsageException {
        return new ScenarioJobs(file, word, said).jobs();
    }

    /** How many forks the file asks for; null where it says nothing. */
    static ScenarioFile.@Nullable Entry forks(final ScenarioFile file) {
        return file.jobs().getFirst().entries().get(FORKS);
    }

    private List<JobSpec> jobs() throws UsageException {
        final List<JobSpec> jobs = new ArrayList<>();
        for (final ScenarioFile.Job job : file.jobs()) {
            final String workload = workload(job);
            checkKeys(job, workload);
            if (workload == null
                    || WORKLOADS.contains(workload) && (word == null || isWanted(workload))) {
                jobs.addAll(planned(job, workload));
            }
        }
        errors.refuse();
        if (jobs.isEmpty()) {
            throw new UsageException(
                    "scenario '" + file.name() + "' has no job of workload '" + word + "'");
        }
        return jobs;
    }

    private boolean isWanted(final String workload) {
        return workload.equals(word) || JobFlags.ALL.equals(word) || workload.equals(JobFlags.ALL);
    }

    private static @Nullable String workload(final ScenarioFile.Job job) {
        final ScenarioFile.Entry entry = job.entries().get(WORKLOAD);
        return entry == null ? null : entry.value();
    }

    /** Every key must be known, of this workload, and in its place. */
    private void checkKeys(final ScenarioFile.Job job, final @Nullable String workload) {
        if (workload != null && !WORKLOADS.contains(workload)) {
            final ScenarioFile.Entry entry = job.entries().get(WORKLOAD);
            errors.add(
                    entry == null ? job.line() : entry.line(),
                    "workload '"
                            + workload
                            + "' is unknown"
                            + NearestName.hint(workload, WORKLOADS)
                            + ": it must be disk, net or all");
        }
        final Set<String> known = new LinkedHashSet<>(JobFlags.of(JobFlags.ALL).keySet());
        known.add(WORKLOAD);
        known.add(FORKS);
        for (final Map.Entry<String, ScenarioFile.Entry> each : job.entries().entrySet()) {
            final String key = each.getKey();
            final ScenarioFile.Entry entry = each.getValue();
            if (!known.contains(key)) {
                errors.add(entry.line(), unknown(key, known));
            } else if (key.equals(FORKS) && !entry.isShared()) {
                errors.add(
                        entry.line(), "'forks' is for all jobs: write it above the first [[job]]");
            } else if (!entry.isShared() && !isOf(workload, key)) {
                errors.add(
                        entry.line(), "'" + key + "' is no option of workload '" + workload + "'");
            }
        }
    }

    private static String unknown(final String key, final Set<String> known) {
        return "unknown key '"
                + key
                + "'"
                + NearestName.hint(key, known)
                + ": use one of "
                + String.join(", ", known);
    }

    private static boolean isOf(final @Nullable String workload, final String key) {
        return key.equals(WORKLOAD)
                || workload == null
                || !WORKLOADS.contains(workload)
                || JobFlags.of(workload).containsKey(key);
    }

    /** The job's plan, or its errors. */
    private List<JobSpec> planned(final ScenarioFile.Job job, final @Nullable String workload)
            throws UsageException {
        final String wanted =
                word != null && (workload == null || workload.equals(JobFlags.ALL))
                        ? word
                        : workload;
        final Map<String, String> options = options(job, wanted);
        try {
            return JobPlan.of(wanted, options);
        } catch (final UsageException e) {
            explain(job, wanted, options, String.valueOf(e.getMessage()));
            return List.of();
        }
    }

    /** What the job says itself, over what is said for all, of which it takes its own. */
    private Map<String, String> options(final ScenarioFile.Job job, final @Nullable String wanted) {
        final Map<String, String> shared = new LinkedHashMap<>();
        final Map<String, String> closer = new LinkedHashMap<>();
        job.entries()
                .forEach((key, entry) -> {
                    if (!isOverridden(job, key, entry)) {
                        (entry.isShared() ? shared : closer).put(key, entry.value());
                    }
                });
        final Map<String, String> options = new LinkedHashMap<>(own(wanted, shared));
        options.putAll(closer);
        options.putAll(own(wanted, said));
        options.keySet().retainAll(JobFlags.of(wanted == null ? JobFlags.ALL : wanted).keySet());
        return options;
    }

    /** What a workload has of options; all of them where one cannot be used, to be told then. */
    private static Map<String, String> own(
            final @Nullable String wanted, final Map<String, String> options) {
        if (wanted == null || wanted.equals(JobFlags.ALL) || !WORKLOADS.contains(wanted)) {
            return options;
        }
        try {
            return JobPlan.own(wanted, options);
        } catch (final UsageException e) {
            return options;
        }
    }

    /** Whether something that excludes it is said closer by. */
    private boolean isOverridden(
            final ScenarioFile.Job job, final String key, final ScenarioFile.Entry entry) {
        if (said.containsKey(key) || key.equals("features") && said.containsKey("devices")) {
            return true;
        }
        for (final List<String> pair : EXCLUSIVE) {
            if (pair.contains(key)) {
                final String other = pair.get(1 - pair.indexOf(key));
                final ScenarioFile.Entry closer = job.entries().get(other);
                if (said.containsKey(other)
                        || entry.isShared() && closer != null && !closer.isShared()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Finds the keys for which a job was refused; its own line if it was for none alone. */
    private void explain(
            final ScenarioFile.Job job,
            final @Nullable String wanted,
            final Map<String, String> options,
            final String refusal)
            throws UsageException {
        boolean explained = false;
        boolean saidIsWrong = false;
        for (final String key : options.keySet()) {
            final String message = refusalOf(key, wanted, options);
            final ScenarioFile.Entry entry = job.entries().get(key);
            if (message != null && (said.containsKey(key) || entry == null)) {
                saidIsWrong = true;
            } else if (message != null && entry != null) {
                errors.add(entry.line(), plain(message));
                explained = true;
            }
        }
        if (saidIsWrong && !explained) {
            throw new UsageException(refusal);
        }
        if (!explained) {
            errors.add(job.line(), plain(refusal));
        }
    }

    /** What is wrong with a key by itself; null if nothing is, or if it is another's fault. */
    private static @Nullable String refusalOf(
            final String key, final @Nullable String wanted, final Map<String, String> options) {
        final Map<String, String> alone = new LinkedHashMap<>();
        for (final String other : NEEDS.getOrDefault(key, List.of())) {
            final String value = options.get(other);
            if (value != null) {
                alone.put(other, value);
            }
        }
        if (!alone.isEmpty() && refusal(wanted, alone) != null) {
            return null;
        }
        alone.put(key, String.valueOf(options.get(key)));
        return refusal(wanted, alone);
    }

    private static @Nullable String refusal(
            final @Nullable String wanted, final Map<String, String> options) {
        try {
            JobPlan.of(wanted, options);
            return null;
        } catch (final UsageException e) {
            return e.getMessage();
        }
    }

    /** As a file's author knows it: keys have no dashes. */
    private static String plain(final String message) {
        return message.replaceAll("(^|[ '])--(?=[a-z])", "$1");
    }
}
