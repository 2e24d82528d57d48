package io.ringside.perf.jmh;

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

    private static final int LINE_BYTES = 128;

    /** Bytes of one message. */
    protected final int payloadBytes;

    /** The sender's own message. */
    protected final UnsafeBuffer outgoing;

    /** The receiver's own copy. */
    protected final UnsafeBuffer incoming;

    private final long[] sequences = new long[3 * LINE_BYTES / Long.BYTES];

    Transfer(final int payloadBytes) {
        this.payloadBytes = payloadBytes;
        this.outgoing = new UnsafeBuffer(new byte[payloadBytes]);
        this.incoming = new UnsafeBuffer(new byte[payloadBytes]);
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

    /** Writes the next sequence number into a message. */
    protected final void stamp(final UnsafeBuffer message) {
        final long sequence = sequences[LINE_BYTES / Long.BYTES]++;
        message.putLong(0, sequence);
        message.putLong(payloadBytes - Long.BYTES, sequence);
    }

    /** Checks the sequence number of a received message. */
    protected final void check(final UnsafeBuffer message) {
        final long expected = sequences[2 * LINE_BYTES / Long.BYTES]++;
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
}
