package io.ringside.perf.scenario;

/**
 * Whoever watches a run: is told how far it is, and may end it early. Threads: the watching one.
 */
public interface RunControl {
    /** Watches nothing and never ends a run. */
    RunControl NONE =
            new RunControl() {
                @Override
                public void progress(final String device, final double fraction) {
                    // Nobody watches.
                }

                @Override
                public boolean isInterrupted() {
                    return false;
                }
            };

    /** How much of a device's run is done, from 0 to 1; negative while it warms up. */
    void progress(String device, double fraction);

    /** Whether the user wants it to end. */
    boolean isInterrupted();
}
