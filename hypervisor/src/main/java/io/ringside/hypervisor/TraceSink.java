package io.ringside.hypervisor;

/**
 * Where the events of a {@link TraceLog} end up.
 *
 * <p>Threads: all methods are called by the log's one thread. Errors: a sink that throws is told
 * nothing more.
 */
public interface TraceSink {
    /**
     * One event, in the order in which the halves raised them; times of two threads may cross by as
     * much as it takes to raise an event.
     *
     * @param nanos when it was raised, by the log's clock
     * @param who the half
     * @param what the event
     * @param first its first figure
     * @param second its second figure
     */
    void event(long nanos, String who, String what, long first, long second);

    /** So many events were lost about here, because they came faster than they were told. */
    void dropped(long count);

    /** All events so far have been told: time to flush. */
    void caughtUp();
}
