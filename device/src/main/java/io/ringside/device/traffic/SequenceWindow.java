package io.ringside.device.traffic;

/**
 * Which of the last 1024 sequence numbers of each flow have arrived.
 *
 * <pre>
 *   numbers   ... | highest - 1023 ................ highest |  not seen yet ...
 *   bits            1 1 0 1 1 1 1 1 0 0 1 1 1 1 1 1 1 1 1 1
 *                       |             |
 *                       +-- missing --+
 * </pre>
 *
 * <p>Threads: one.
 */
final class SequenceWindow {
    static final int IN_ORDER = 0;
    static final int AFTER_A_GAP = 1;
    static final int LATE = 2;
    static final int DUPLICATE = 3;

    static final int NUMBERS = 1024;

    private static final int WORDS = NUMBERS / Long.SIZE;

    private final long[] expected;
    private final long[] bits;

    SequenceWindow(final int flows) {
        expected = new long[flows];
        bits = new long[flows * WORDS];
    }

    /** The number that would come next in a flow. */
    long expected(final int flow) {
        return expected[flow];
    }

    /** Notes that a number has arrived, and says how it stands to the others. */
    int arrived(final int flow, final long number) {
        final long ahead = number - expected[flow];
        if (ahead >= 0) {
            forget(flow, expected[flow], Math.min(ahead, NUMBERS));
            set(flow, number);
            expected[flow] = number + 1;
            return ahead == 0 ? IN_ORDER : AFTER_A_GAP;
        }
        if (ahead < -NUMBERS) {
            return DUPLICATE;
        }
        if ((bits[word(flow, number)] & 1L << number) != 0) {
            return DUPLICATE;
        }
        set(flow, number);
        return LATE;
    }

    private void forget(final int flow, final long first, final long count) {
        for (long number = first; number < first + count; number++) {
            bits[word(flow, number)] &= ~(1L << number);
        }
    }

    private static int word(final int flow, final long number) {
        return flow * WORDS + ((int) number & NUMBERS - 1) / Long.SIZE;
    }

    private void set(final int flow, final long number) {
        bits[word(flow, number)] |= 1L << number;
    }
}
