package io.ringside.hypervisor;

/**
 * Takes what a virtual processor is charged: real time, or a simulated processor's.
 *
 * <p>Threads: that of the processor's half.
 */
public interface Toll {
    /** Takes so many nanoseconds from the processor. */
    void stall(long nanos);

    /**
     * Is told of a copy that the half makes itself. Where time is real the copy has taken its own.
     *
     * @param lengthBytes how many bytes, at least 0
     */
    void copied(long lengthBytes);
}
