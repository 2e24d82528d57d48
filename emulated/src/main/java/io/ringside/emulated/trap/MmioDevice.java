package io.ringside.emulated.trap;

/**
 * A device model behind memory-mapped registers of 32 bits.
 *
 * <p>Every value comes from a guest that is not trusted: a model answers any offset of its range
 * and any value, in bounded time and without an exception. Threads: the vCPU's, inside the exit.
 */
public interface MmioDevice {
    /**
     * The guest reads.
     *
     * @param offset from the start of the device's range, a multiple of 4
     */
    int read(int offset);

    /**
     * The guest writes.
     *
     * @param offset from the start of the device's range, a multiple of 4
     */
    void write(int offset, int value);
}
