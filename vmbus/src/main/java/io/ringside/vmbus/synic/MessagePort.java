package io.ringside.vmbus.synic;

import org.agrona.MutableDirectBuffer;

/**
 * Where a guest's messages to one connection wait, in their order.
 *
 * <p>Threads: any; it locks briefly.
 */
public interface MessagePort extends AutoCloseable {
    /** No message waits. */
    int NONE = -1;

    /**
     * Takes the oldest message, of at most 240 bytes.
     *
     * @return its length in bytes, or {@link #NONE}
     */
    int take(MutableDirectBuffer target, int offset);

    /** Takes no more: the connection does not exist any more. */
    @Override
    void close();
}
