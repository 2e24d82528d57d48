package io.ringside.xen.netfront.protocol;

/**
 * How an end of a ring learns that the other has published something: what it does with its own
 * event index ({@code req_event} or {@code rsp_event}), which is all that the other end sees of it.
 */
public enum Wakeups {
    /**
     * Asks for a notification whenever it runs dry, and then looks only when one came: an end that
     * sleeps.
     */
    ARMED,
    /**
     * Looks at the ring each time, and never asks after the first notification that every new ring
     * asks for: an end that spins.
     */
    POLLED
}
