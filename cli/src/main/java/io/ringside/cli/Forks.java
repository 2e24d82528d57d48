package io.ringside.cli;

import io.ringside.perf.measure.ProcessorUse;
import io.ringside.perf.result.Noise;
import io.ringside.perf.result.ResultDocument;
import io.ringside.perf.result.ResultReader;
import io.ringside.perf.scenario.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Runs all jobs in several fresh processes, one after the other, each with another order of the
 * devices, and puts together what they found.
 *
 * <p>Whatever a process has measured before it was interrupted is kept and told. Where one dies or
 * fails, the whole run fails with its last words.
 */
final class Forks {
    private final List<JobSpec> jobs;
    private final int forks;
    private final double busyBefore;
    private final RunProgress progress;
    private @Nullable ResultDocument merged;
    private double othersMost = -1;

    /**
     * A run.
     *
     * @param forks at least one
     * @param busyBefore how busy others kept the machine just before; negative if unknown
     */
    Forks(
            final List<JobSpec> jobs,
            final int forks,
            final double busyBefore,
            final RunProgress progress) {
        this.jobs = List.copyOf(jobs);
        this.forks = forks;
        this.busyBefore = busyBefore;
        this.progress = progress;
    }

    /** Runs all forks, or those before an interruption. */
    ResultDocument run() throws Exception {
        final Path directory = Files.createTempDirectory("ringside-forks");
        try {
            for (int fork = 0; fork < forks && !Interruption.isRequested(); fork++) {
                runOne(fork, directory);
            }
        } finally {
            remove(directory);
        }
        final ResultDocument result = merged;
        final Noise noise = new Noise(busyBefore, othersMost);
        return result == null
                ? Comparison.document(List.of(), noise)
                : new ResultDocument(
                        result.version(), result.machine(), noise, result.jobs(), result.sweeps());
    }

    private void runOne(final int fork, final Path directory) throws Exception {
        final Path scenario = directory.resolve("scenario-" + fork + ".toml");
        final Path file = directory.resolve("result-" + fork + ".json");
        Files.writeString(scenario, ScenarioText.of(fork == 0 ? jobs : again(), -1));
        final ProcessorUse before = ProcessorUse.now();
        progress.enterFork("fork " + (fork + 1) + " of " + forks + "  ");
        final ForkProcess.Ended ended =
                ForkProcess.run(
                        List.of(
                                "fork",
                                "--scenario",
                                scenario.toString(),
                                "--result",
                                file.toString(),
                                "--rotation",
                                Integer.toString(rotation(fork))),
                        progress);
        final ProcessorUse use = ProcessorUse.now().since(before);
        Terminal.clear();
        if (!Interruption.isRequested()) {
            requireEnd(fork, ended);
        }
        if (Files.exists(file)) {
            final ResultDocument found = ResultReader.read(file);
            final ResultDocument sofar = merged;
            merged = sofar == null ? found : ForkMerge.of(sofar, found);
        }
        othersMost = Math.max(othersMost, use.othersProcessors());
        warn(fork, use);
    }

    /** Refuses what one could not use, and fails where one did: medians of the rest would lie. */
    private void requireEnd(final int fork, final ForkProcess.Ended ended)
            throws UsageException, ForkFailure {
        if (ended.exitCode() == Ringside.UNUSABLE) {
            throw new UsageException(ended.lastWords().replaceFirst("^ringside: ", ""));
        }
        if (ended.exitCode() != Ringside.DONE) {
            throw new ForkFailure(fork + 1, forks, ended);
        }
    }

    /** A fork after the first records no capture: one file holds one arrival. */
    private List<JobSpec> again() {
        return jobs.stream().map(job -> job.without("pcap-out")).toList();
    }

    /** So far that over all forks each device stands in every part of the order. */
    private int rotation(final int fork) {
        int most = 1;
        for (final JobSpec job : jobs) {
            most = Math.max(most, job.devices().size());
        }
        return fork * Math.max(1, most / forks);
    }

    private void warn(final int fork, final ProcessorUse use) {
        if (use.isStolen()) {
            System.err.printf(
                    Locale.ROOT,
                    "ringside: during fork %d the host of this virtual machine took %.0f %% of the"
                            + " processors' time away (steal): do not trust the times; repeat when"
                            + " the host is quieter, or on a machine of your own%n",
                    fork + 1,
                    use.stealShare() * 100);
        }
        if (use.isDisturbed()) {
            System.err.printf(
                    Locale.ROOT,
                    "ringside: during fork %d other processes used %.1f processors: do not trust"
                            + " the times; end what else runs and repeat%n",
                    fork + 1,
                    use.othersProcessors());
        }
    }

    private static void remove(final Path directory) throws IOException {
        final List<Path> files = new ArrayList<>();
        try (var listed = Files.list(directory)) {
            listed.forEach(files::add);
        }
        for (final Path file : files) {
            Files.deleteIfExists(file);
        }
        Files.delete(directory);
    }
}
