package io.ringside.storvsc.protocol;

/**
 * How an end of a channel learns that the other has published something: what it does with the
 * interrupt mask of the ring that it reads, which is all that the other end sees of it.
 */
public enum Wakeups {
    /**
     * Takes the mask away whenever it runs dry, and then looks only when a signal came: an end that
     * sleeps.
     */
    ARMED,
    /** Looks at the ring each time, and leaves the mask where it is: an end that spins. */
    POLLED
}
