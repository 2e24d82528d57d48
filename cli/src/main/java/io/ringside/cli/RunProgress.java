package io.ringside.cli;

import io.ringside.perf.scenario.RunControl;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Progress on the terminal with an estimate of the time left, of a run that ends early and in order
 * when the user wants it to. Threads: the watching one.
 */
final class RunProgress implements RunControl {
    private final TimeLeft left;
    private final Set<String> devices;
    private String where = "";
    private String fork = "";

    private RunProgress(final Set<String> devices, final int runs) {
        this.devices = devices;
        left = new TimeLeft(runs, System::nanoTime);
    }

    /** Of jobs that are run so often. */
    static RunProgress of(final List<JobSpec> jobs, final int times) {
        final Set<String> devices = new HashSet<>();
        int runs = 0;
        for (final JobSpec job : jobs) {
            devices.addAll(job.devices());
            runs += job.devices().size();
        }
        return new RunProgress(devices, runs * times);
    }

    /** From now on progress is of this part: told before everything. */
    void enter(final String part) {
        where = part;
    }

    /** From now on progress is of this fork: told before the device. */
    void enterFork(final String newFork) {
        fork = newFork;
    }

    @Override
    public void progress(final String device, final double fraction) {
        if (devices.contains(device)) { // An image that is copied before is no part of the runs.
            left.at(where + fork + device);
        }
        final String estimate = left.text();
        Terminal.progress(
                where
                        + fork
                        + device
                        + (estimate.isEmpty() ? "" : "  " + estimate)
                        + (fraction < 0 ? "  warming up" : ""),
                fraction);
    }

    @Override
    public boolean isInterrupted() {
        return Interruption.isRequested();
    }
}
