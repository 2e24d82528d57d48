package io.ringside.cli;

import io.ringside.perf.scenario.RunControl;

/** Progress on the terminal, of a run that Ctrl-C ends at once. */
final class TerminalProgress implements RunControl {
    @Override
    public void progress(final String what, final double fraction) {
        Terminal.progress(what, fraction);
    }

    @Override
    public boolean isInterrupted() {
        return false;
    }
}
