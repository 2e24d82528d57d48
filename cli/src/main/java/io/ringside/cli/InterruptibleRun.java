package io.ringside.cli;

import io.ringside.perf.scenario.RunControl;

/** Progress on the terminal, of a run that ends early and in order when the user wants it to. */
final class InterruptibleRun implements RunControl {
    @Override
    public void progress(final String device, final double fraction) {
        Terminal.progress(fraction < 0 ? device + "  warming up" : device, fraction);
    }

    @Override
    public boolean isInterrupted() {
        return Interruption.isRequested();
    }
}
