package io.ringside.vmbus.synic;

/**
 * Where a guest's signals to one connection arrive.
 *
 * <p>Threads: any; no locks but for closing.
 */
public interface EventPort extends AutoCloseable {
    /** Whether the guest has signalled since the last call. */
    boolean take();

    /** Whether {@link #take} would say so. */
    boolean isSignalled();

    /** How often the guest has signalled, needlessly or not. */
    long signals();

    /** Takes no more: the connection does not exist any more. */
    @Override
    void close();
}
