package io.ringside.device.capture;

/**
 * What one count of an interface's times is.
 *
 * @param resolution a second divided by ten to this power, or, with bit 7 set, by two to the power
 *     of its lower bits
 * @param offsetSeconds what is added to every time
 */
record TimeUnits(int resolution, long offsetSeconds) {
    private static final int BINARY = 0x80;
    private static final int MAX_DECIMAL = 18;
    private static final int MAX_BINARY = 63;
    private static final int EXACT_BINARY = 33;
    private static final int NANOS = 9;
    private static final long NANOS_OF_A_SECOND = 1_000_000_000;

    /** Whether a file may say so: nobody counts in less than 10^-18 s or 2^-63 s. */
    static boolean isKnown(final int resolution) {
        return (resolution & BINARY) != 0
                ? (resolution & ~BINARY) <= MAX_BINARY
                : resolution <= MAX_DECIMAL;
    }

    /** Nanoseconds since 1970 of an unsigned count; what is less than one is cut off. */
    long nanos(final long count) {
        return offsetSeconds * NANOS_OF_A_SECOND
                + ((resolution & BINARY) != 0
                        ? ofBinary(count, resolution & ~BINARY)
                        : ofDecimal(count));
    }

    private long ofDecimal(final long count) {
        return resolution <= NANOS
                ? count * power(NANOS - resolution)
                : Long.divideUnsigned(count, power(resolution - NANOS));
    }

    private static long power(final int exponent) {
        long power = 1;
        for (int i = 0; i < exponent; i++) {
            power *= 10;
        }
        return power;
    }

    private static long ofBinary(final long count, final int shift) {
        final long seconds = count >>> shift;
        final long fraction = count & ((1L << shift) - 1);
        // 33 bits of a fraction times 30 bits of a billion are 63 bits.
        final int tooMany = Math.max(0, shift - EXACT_BINARY);
        return seconds * NANOS_OF_A_SECOND
                + (((fraction >>> tooMany) * NANOS_OF_A_SECOND) >>> (shift - tooMany));
    }
}
