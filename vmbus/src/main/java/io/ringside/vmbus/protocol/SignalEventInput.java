package io.ringside.vmbus.protocol;

/**
 * The input of HvSignalEvent: one word of 8 bytes.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |  connection id    |  flag   |    0    |
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>Source: how Linux calls it, as the wire facts record it; there is no struct.
 */
public final class SignalEventInput {
    /** Bytes of the input. */
    public static final int BYTES = Long.BYTES;

    private static final int FLAG_SHIFT = 32;
    private static final int RESERVED_SHIFT = 48;

    private SignalEventInput() {}

    /** The word for a connection and one of its flags. */
    public static long of(final int connectionId, final int flag) {
        return (connectionId & 0xffff_ffffL) | ((long) flag << FLAG_SHIFT);
    }

    /** What is signalled. */
    public static int connectionId(final long input) {
        return (int) input;
    }

    /** Which flag of the connection. */
    public static int flag(final long input) {
        return (int) (input >>> FLAG_SHIFT) & 0xffff;
    }

    /** Must be zero. */
    public static int reserved(final long input) {
        return (int) (input >>> RESERVED_SHIFT);
    }
}
