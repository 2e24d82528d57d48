package io.ringside.perf.trace;

import io.ringside.perf.trace.TraceEvent.Sender;
import io.ringside.ringbuf.vmbus.IncomingRing;

/**
 * Puts the packets of one channel into words: the protocol of its driver.
 *
 * <p>Threads: one.
 */
interface PacketDecoder {
    /** The packet that {@code packet} took last; any bytes are safe. */
    Decoded decode(Sender sender, IncomingRing packet);
}
