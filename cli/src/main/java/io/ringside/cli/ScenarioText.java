package io.ringside.cli;

import io.ringside.perf.scenario.ScenarioFile;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Jobs as a scenario file, which gives the same jobs when it is read. */
final class ScenarioText {
    private static final Pattern BARE =
            Pattern.compile("-?(0|[1-9]\\d{0,17})(\\.\\d+)?|true|false");

    private ScenarioText() {}

    /**
     * The file's text.
     *
     * @param forks how often all is run; negative to leave it out
     */
    static String of(final List<JobSpec> jobs, final int forks) {
        final StringBuilder text = new StringBuilder();
        if (forks >= 0) {
            text.append(ScenarioJobs.FORKS).append(" = ").append(forks).append("\n\n");
        }
        for (final JobSpec job : jobs) {
            text.append(text.isEmpty() || text.toString().endsWith("\n\n") ? "" : "\n")
                    .append("[[job]]\nworkload = \"")
                    .append(job.workload())
                    .append("\"\n");
            final Map<String, ?> lists = JobFlags.lists(job.workload());
            job.options()
                    .forEach((key, value) ->
                            text.append(key)
                                    .append(" = ")
                                    .append(lists.containsKey(key) ? list(value) : value(value))
                                    .append('\n'));
        }
        return text.toString();
    }

    private static String list(final String value) {
        final StringBuilder text = new StringBuilder("[");
        for (final String part : value.split(",", -1)) {
            text.append(text.length() > 1 ? ", " : "").append(ScenarioFile.quoted(part));
        }
        return text.append(']').toString();
    }

    private static String value(final String value) {
        return BARE.matcher(value).matches() ? value : ScenarioFile.quoted(value);
    }
}
