package io.ringside.device.traffic;

/**
 * How long a byte takes on a wire.
 *
 * <p>Every frame takes {@link #OVERHEAD_BYTES} more than its bytes: preamble and start of frame
 * (8), the gap behind it (12), and the frame check sequence (4). So 64-byte frames fill 10 Gbit/s
 * at 14,880,952 a second.
 *
 * @param femtosPerByte femtoseconds of one byte; zero if there is no limit
 */
public record LineRate(long femtosPerByte) {
    /** What a frame takes on the wire beyond the bytes that are handed over. */
    public static final int OVERHEAD_BYTES = 24;

    /** As fast as somebody takes them. */
    public static final LineRate UNLIMITED = new LineRate(0);

    private static final long FEMTOS_PER_BYTE_AT_1_GIGABIT = 8_000_000;
    private static final int PERCENT = 100;

    /** Checks the number: from 1 Tbit/s down to 1 Mbit/s, or none. */
    public LineRate {
        if (femtosPerByte != 0
                && (femtosPerByte < FEMTOS_PER_BYTE_AT_1_GIGABIT / 1000
                        || femtosPerByte > FEMTOS_PER_BYTE_AT_1_GIGABIT * 1000)) {
            throw new IllegalArgumentException("no such rate: femtosPerByte=" + femtosPerByte);
        }
    }

    /** A wire that is always full: 1, 10, 25, 40, 100 Gbit/s, or any other. */
    public static LineRate gigabits(final int gigabits) {
        return gigabits(gigabits, PERCENT);
    }

    /** A wire that is full for so many of a hundred parts of its time, evenly. */
    public static LineRate gigabits(final int gigabits, final int percent) {
        if (gigabits <= 0 || percent <= 0 || percent > PERCENT) {
            throw new IllegalArgumentException(
                    "no such rate: gigabits=" + gigabits + " percent=" + percent);
        }
        return new LineRate(FEMTOS_PER_BYTE_AT_1_GIGABIT * PERCENT / ((long) gigabits * percent));
    }

    /** Whether there is no limit. */
    public boolean isUnlimited() {
        return femtosPerByte == 0;
    }

    /** How long a frame takes. */
    public long femtosOf(final int frameBytes) {
        return (frameBytes + OVERHEAD_BYTES) * femtosPerByte;
    }
}
