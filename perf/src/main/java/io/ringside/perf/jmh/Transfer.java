package io.ringside.perf.jmh;

import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One way to move messages from a sending thread to a receiving thread.
 *
 * <p>The first and last eight bytes of each message hold its sequence number; the receiver checks
 * both on its own copy, so that a transfer that loses, doubles or tears a message fails.
 */
public abstract class Transfer implements AutoCloseable {
    /** Bytes of payload that fit in flight, about, so that every peer stays in the same cache. */
    static final int CAPACITY_BYTES = 256 * 1024;

    private static final int LINE_BYTES = 64;
    private static final int PREPARED_BYTES = 4096;

    /** Bytes of one message. */
    protected final int payloadBytes;

    /** The sender's own messages, each stamped well before it is sent. */
    protected final UnsafeBuffer outgoing;

    /** The receiver's own copy. */
    protected final UnsafeBuffer incoming;

    private final int prepared;
    private final Side sender = new Side();
    private final Side receiver = new Side();

    Transfer(final int payloadBytes) {
        this.payloadBytes = payloadBytes;
        this.prepared = Math.max(2, PREPARED_BYTES / payloadBytes);
        this.outgoing = memory(prepared * payloadBytes);
        this.incoming = memory(payloadBytes);
        for (int i = 0; i < prepared; i++) {
            stamp(i * payloadBytes, i);
        }
    }

    private static UnsafeBuffer memory(final int lengthBytes) {
        return new UnsafeBuffer(BufferUtil.allocateDirectAligned(lengthBytes, LINE_BYTES));
    }

    /** A transfer by its name in tables. */
    static Transfer named(final String name, final int payloadBytes, final int batch) {
        return switch (name) {
            case "byte-ring" -> new ByteRingTransfer(payloadBytes, true);
            case "byte-ring-plain" -> new ByteRingTransfer(payloadBytes, false);
            case "slot-ring" -> new SlotRingTransfer(payloadBytes);
            case "agrona-one-to-one" -> new AgronaTransfer(payloadBytes);
            case "disruptor" -> new DisruptorTransfer(payloadBytes, batch);
            case "jctools-spsc" -> new JctoolsTransfer(payloadBytes);
            default -> throw new IllegalArgumentException("no such ring: name=" + name);
        };
    }

    /** Sends up to {@code limit} messages as one batch; returns how many there was room for. */
    abstract int send(int limit);

    /** Receives what is there, up to {@code limit}; returns how many. */
    abstract int receive(int limit);

    /**
     * Whether the sender has seen the end of everything it sent; rings with replies collect them.
     */
    boolean settled() {
        return true;
    }

    /** Where the next message to send starts in {@link #outgoing}. */
    protected final int nextOutgoing() {
        return (int) sender.at;
    }

    /** The next message is sent: its place holds a later one from now on. */
    protected final void sent() {
        stamp((int) sender.at, sender.sequence + prepared);
        sender.sequence++;
        final long next = sender.at + payloadBytes;
        sender.at = next == outgoing.capacity() ? 0 : next;
    }

    private void stamp(final int at, final long sequence) {
        outgoing.putLong(at, sequence);
        outgoing.putLong(at + payloadBytes - Long.BYTES, sequence);
    }

    /** Checks the sequence number of a received message. */
    protected final void check(final UnsafeBuffer message) {
        final long expected = receiver.sequence++;
        if (message.getLong(0) != expected
                || message.getLong(payloadBytes - Long.BYTES) != expected) {
            throw new IllegalStateException(
                    "message lost or torn: expected="
                            + expected
                            + " first="
                            + message.getLong(0)
                            + " last="
                            + message.getLong(payloadBytes - Long.BYTES));
        }
    }

    @Override
    public void close() {
        // Most have nothing to give back.
    }

    /** What one thread counts, on a cache line of its own. */
    @SuppressWarnings("unused")
    private static final class Side {
        private long p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15;
        private long sequence;
        private long at; // A long: a smaller field would lie before the padding.
        private long q0, q1, q2, q3, q4, q5, q6, q7, q8, q9, q10, q11, q12, q13, q14, q15;
    }
}
