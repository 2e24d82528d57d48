package io.ringside.cli;

import io.ringside.perf.scenario.UsageException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * The options that decide a job, read off {@link DiskOptions} and {@link NetOptions}: the command
 * line's flags and a scenario file's keys are the same names, declared once.
 */
final class JobFlags {
    static final String DISK = "disk";
    static final String NET = "net";
    static final String ALL = "all";

    private static final String DASHES = "--";

    private JobFlags() {}

    /** The options of a workload by their names without dashes; {@link #ALL} for those of any. */
    static Map<String, OptionSpec> of(final String workload) {
        final Map<String, OptionSpec> flags = new LinkedHashMap<>();
        if (!workload.equals(NET)) {
            collect(new DiskOptions(), flags);
        }
        if (!workload.equals(DISK)) {
            collect(new NetOptions(), flags);
        }
        return flags;
    }

    /** Those that hold lists. */
    static Map<String, OptionSpec> lists(final String workload) {
        final Map<String, OptionSpec> lists = of(workload);
        lists.values().removeIf(flag -> !flag.isMultiValue());
        return lists;
    }

    private static void collect(final Object options, final Map<String, OptionSpec> flags) {
        for (final OptionSpec option : CommandSpec.forAnnotatedObject(options).options()) {
            flags.putIfAbsent(key(option), option);
        }
    }

    private static String key(final OptionSpec option) {
        return option.longestName().substring(DASHES.length());
    }

    /** Gives a command the options of a workload; their values are judged by {@link #parse}. */
    static void addTo(final CommandSpec command, final String workload) {
        of(workload)
                .forEach((key, flag) -> {
                    final OptionSpec.Builder option =
                            OptionSpec.builder(flag.names())
                                    .description(description(key, flag, workload))
                                    .hidden(flag.hidden());
                    if (isSwitch(flag)) {
                        option.type(boolean.class).arity("0");
                    } else if (flag.isMultiValue()) {
                        option.type(List.class)
                                .auxiliaryTypes(String.class)
                                .arity("1")
                                .splitRegex(flag.splitRegex())
                                .paramLabel(flag.paramLabel());
                    } else {
                        option.type(String.class)
                                .arity("1")
                                .defaultValue(flag.defaultValue())
                                .paramLabel(flag.paramLabel());
                    }
                    command.addOption(option.build());
                });
    }

    /** Where disks and cards have an option each, both are described. */
    private static String[] description(
            final String key, final OptionSpec flag, final String workload) {
        final OptionSpec other = of(NET).get(key);
        if (!workload.equals(ALL)
                || other == null
                || List.of(other.description()).equals(List.of(flag.description()))) {
            return flag.description();
        }
        return new String[] {
            "disks: " + String.join(" ", flag.description()),
            "cards: " + String.join(" ", other.description())
        };
    }

    private static boolean isSwitch(final OptionSpec flag) {
        return flag.arity().max() == 0;
    }

    /** What was said of jobs on a command line, by names without dashes. */
    static Map<String, String> said(final ParseResult line) {
        final Map<String, OptionSpec> known = of(ALL);
        final Map<String, String> said = new LinkedHashMap<>();
        for (final OptionSpec option : line.matchedOptions()) {
            final String key = key(option);
            if (known.containsKey(key)) {
                said.put(key, isSwitch(option) ? "true" : String.join(",", option.stringValues()));
            }
        }
        return said;
    }

    /** Fills an object's options; a refusal in one line where a value is of the wrong kind. */
    static <T> T parse(final T target, final Map<String, String> options) throws UsageException {
        final List<String> arguments = new ArrayList<>();
        options.forEach((key, value) -> arguments.add(DASHES + key + '=' + value));
        try {
            new CommandLine(target)
                    .setExpandAtFiles(false)
                    .parseArgs(arguments.toArray(String[]::new));
            return target;
        } catch (final ParameterException e) {
            throw NumberRanges.refusal(e);
        }
    }
}
