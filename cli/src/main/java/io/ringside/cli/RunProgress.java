package io.ringside.cli;

import io.ringside.perf.scenario.RunControl;
import java.util.List;

/**
 * Progress on the terminal with an estimate of the time left, of a run that ends early and in order
 * when the user wants it to. Threads: the watching one.
 */
final class RunProgress implements RunControl {
    private final TimeLeft left;
    private String where = "";
    private String fork = "";

    /** Of so many devices, each counted as often as it is run. */
    private RunProgress(final int devices) {
        left = new TimeLeft(devices, System::nanoTime);
    }

    /** Of jobs that are run so often. */
    static RunProgress of(final List<JobSpec> jobs, final int times) {
        int devices = 0;
        for (final JobSpec job : jobs) {
            devices += job.devices().size();
        }
        return new RunProgress(devices * times);
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
        left.at(where + fork + device);
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
