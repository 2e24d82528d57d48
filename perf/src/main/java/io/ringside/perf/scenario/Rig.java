package io.ringside.perf.scenario;

import io.ringside.xenbus.sim.store.XenStoreServer;
import org.agrona.concurrent.Agent;
import org.jspecify.annotations.Nullable;

/**
 * One device set up whole: a guest with its half, and the host's half over what stands behind it.
 *
 * <p>Both halves are stepped on one thread until the device is ready; then each may get a thread of
 * its own.
 */
public interface Rig extends AutoCloseable {
    /** The device's name in every report. */
    String device();

    /** What both halves stand on. */
    Halves halves();

    /** Whether a workload may begin. */
    boolean isReady();

    /** Everything that runs in the guest, the workload apart. */
    Agent frontend();

    /**
     * Everything that runs in the host; null where the host's half runs inside the guest's exits.
     */
    @Nullable Agent backend();

    /** Time spent in the host's half inside the guest's exits, in nanoseconds. */
    default long modelNanos() {
        return 0;
    }

    /** Bytes that the guest's half has copied and counted itself, beside those of its processor. */
    default long frontendBytesCopied() {
        return 0;
    }

    /** The same of the host's half. */
    default long backendBytesCopied() {
        return 0;
    }

    /**
     * Begins a new period of whatever the halves grant each other by time, and wakes who sleeps for
     * it; whoever watches the run calls this at an even pace. Any thread.
     */
    default void tick() {}

    /** The store through which both halves met; null where there is none. */
    default @Nullable XenStoreServer xenStore() {
        return null;
    }

    /** Takes the device apart; what stands behind it stays open. */
    @Override
    void close();
}
