package io.ringside.hypervisor;

/** The one source of time below {@code perf}: real or simulated. */
@FunctionalInterface
public interface Clock {
    /** Nanoseconds since an origin of the clock's own; never goes back. */
    long nanoTime();
}
