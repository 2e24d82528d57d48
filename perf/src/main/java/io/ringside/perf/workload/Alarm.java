package io.ringside.perf.workload;

/** Wakes somebody when a time has come, where nobody stays awake to watch the clock. */
@FunctionalInterface
public interface Alarm {
    /** Wakes nobody: whoever waits for a time has to stay awake. */
    Alarm NONE = (nanos, wake) -> false;

    /**
     * Has {@code wake} run at a time, or somewhat earlier.
     *
     * @return whether it will be; if not, the caller has to stay awake
     */
    boolean at(long nanos, Runnable wake);
}
