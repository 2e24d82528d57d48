package io.ringside.perf.report;

import io.ringside.perf.result.Clock;
import io.ringside.perf.result.Job;
import io.ringside.perf.result.Noise;
import io.ringside.perf.result.ResultDocument;
import io.ringside.perf.result.Row;
import io.ringside.perf.scenario.Sizes;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What every form of a report says in the same words. */
final class Words {
    private Words() {}

    /** A job in one line: {@code disk: randread, 4 KiB blocks, depth 32}. */
    static String title(final Job job) {
        final Map<String, String> scenario = job.scenario();
        if (job.workload().equals("net")) {
            return "net: "
                    + scenario.getOrDefault("stream", "frames")
                    + ("rx".equals(scenario.get("direction"))
                            ? ", received by the guest"
                            : ", sent by the guest")
                    + wire(scenario.getOrDefault("wireGigabitsPerSecond", ""))
                    + queues(scenario.getOrDefault("queues", ""));
        }
        return "disk: "
                + scenario.getOrDefault("pattern", "requests")
                + ", "
                + size(scenario.getOrDefault("blockBytes", ""))
                + " blocks, depth "
                + scenario.getOrDefault("depth", "unknown");
    }

    private static String wire(final String gigabits) {
        return switch (gigabits) {
            case "" -> "";
            case "0" -> ", wire of any speed";
            default -> ", wire of " + gigabits + " Gbit/s";
        };
    }

    private static String queues(final String queues) {
        return queues.isEmpty() ? "" : ", " + queues + (queues.equals("1") ? " queue" : " queues");
    }

    /** A size in bytes, with a unit where it is a number. */
    static String size(final String bytes) {
        try {
            return Sizes.text(Long.parseLong(bytes));
        } catch (final NumberFormatException e) {
            return bytes;
        }
    }

    /** Whose times a table holds. */
    static String times(final Job job) {
        return job.clock() == Clock.MODELLED
                ? "times (modelled clock)"
                : "times (this machine, this run)";
    }

    /** What one operation is called. */
    static String operation(final Job job) {
        return job.workload().equals("net") ? "packet" : "operation";
    }

    /** How many forks the rows of a job have: {@code 5 forks}. */
    static String forks(final Job job) {
        int least = Integer.MAX_VALUE;
        int most = 0;
        for (final Row row : job.rows()) {
            least = Math.min(least, row.main().forks());
            most = Math.max(most, row.main().forks());
        }
        if (most <= 1) {
            return "1 fork: figures carry no interval";
        }
        return (least == most ? "" : least + " to ") + most + " forks";
    }

    /** Which clock, for a label. */
    static String clock(final Clock clock) {
        return clock == Clock.WALL ? "wall clock" : "modelled clock";
    }

    /** A warning and its remedy; empty where others left the machine alone. */
    static String noise(final ResultDocument document) {
        final Noise noise = document.noise();
        if (!noise.isBusy() || !document.hasWallTimes()) {
            return "";
        }
        return String.format(
                Locale.ROOT,
                "Others kept the machine busy (%s): do not trust the times of the wall clock; end"
                        + " what else runs and repeat. Counts are not touched by it.",
                busy(noise, document.machine().processors()));
    }

    private static String busy(final Noise noise, final int processors) {
        final StringBuilder text = new StringBuilder();
        if (noise.before() >= 0) {
            text.append(
                    String.format(
                            Locale.ROOT,
                            "%.1f of %d processors before",
                            noise.before(),
                            processors));
        }
        if (noise.after() >= 0) {
            text.append(text.isEmpty() ? "" : ", ")
                    .append(
                            String.format(
                                    Locale.ROOT,
                                    "%.1f of %d processors after the run",
                                    noise.after(),
                                    processors));
        }
        return text.toString();
    }

    /**
     * Who runs where on the modelled clock: {@code 2 guests, 1 processor for the host's halves}.
     */
    static String setup(final Job job) {
        final String guests = job.scenario().getOrDefault("guests", "1");
        final String processors = job.scenario().getOrDefault("hostProcessors", "0");
        return guests
                + (guests.equals("1") ? " guest, " : " guests, ")
                + (processors.equals("0") ? "one" : processors)
                + (processors.equals("0") || processors.equals("1") ? " processor" : " processors")
                + (processors.equals("0")
                        ? " of the host for each guest"
                        : " of the host for all guests");
    }

    /** What software takes on the modelled clock, and what follows; empty on the wall clock. */
    static String software(final Job job) {
        if (job.clock() == Clock.WALL) {
            return "";
        }
        final String guest = job.scenario().getOrDefault("guestWorkNanos", "0");
        final String host = job.scenario().getOrDefault("hostWorkNanos", "0");
        return guest.equals("0") && host.equals("0")
                ? "drivers and workload take no time of their own (--guest-work, --host-work):"
                        + " ratios are upper bounds"
                : "software takes "
                        + guest
                        + " ns of the guest (--guest-work) and "
                        + host
                        + " ns of the host (--host-work) for each "
                        + operation(job);
    }

    /** Why figures are predictions; empty where they rest on no assumed cost. */
    static String prediction(final Job job) {
        final List<String> assumed = Charges.assumed(job);
        return assumed.isEmpty()
                ? ""
                : "Prediction: the times rest on assumed costs ("
                        + String.join(", ", assumed)
                        + ").";
    }
}
