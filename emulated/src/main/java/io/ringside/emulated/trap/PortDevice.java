package io.ringside.emulated.trap;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A device model behind I/O ports.
 *
 * <p>Every value comes from a guest that is not trusted: a model answers any port of its range, any
 * width and any value, in bounded time and without an exception. Threads: the vCPU's, inside the
 * exit.
 */
public interface PortDevice {
    /**
     * The guest reads.
     *
     * @param port the address on the bus
     * @param widthBytes 1, 2 or 4
     * @return the value; bits above the width are ignored
     */
    int in(int port, int widthBytes);

    /**
     * The guest writes.
     *
     * @param port the address on the bus
     * @param widthBytes 1, 2 or 4
     * @param value what is written; bits above the width are zero
     */
    void out(int port, int widthBytes, int value);

    /**
     * The guest fills a piece of its memory with 16-bit reads of one port, in one exit. A model
     * with a data port overrides this to move the bytes at once.
     *
     * @param port the address on the bus
     * @param memory the guest's memory; its capacity is an even number of bytes
     */
    default void inWords(final int port, final UnsafeBuffer memory) {
        for (int offset = 0; offset < memory.capacity(); offset += Short.BYTES) {
            memory.putShort(offset, (short) in(port, Short.BYTES), ByteOrder.LITTLE_ENDIAN);
        }
    }

    /**
     * The guest writes a piece of its memory to one port in 16-bit words, in one exit.
     *
     * @param port the address on the bus
     * @param memory the guest's memory; its capacity is an even number of bytes
     */
    default void outWords(final int port, final UnsafeBuffer memory) {
        for (int offset = 0; offset < memory.capacity(); offset += Short.BYTES) {
            out(port, Short.BYTES, memory.getShort(offset, ByteOrder.LITTLE_ENDIAN) & 0xFFFF);
        }
    }
}
