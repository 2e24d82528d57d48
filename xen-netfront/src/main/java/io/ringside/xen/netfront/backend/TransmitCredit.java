package io.ringside.xen.netfront.backend;

import org.jspecify.annotations.Nullable;

/**
 * How much a frontend may send: so many bytes in each interval, whatever its queues.
 *
 * <p>What was not used in an interval is kept, up to as much as one interval gives, or 128 KiB if
 * that is more, so that the longest packet can be sent sooner or later however small the rate is.
 * Time is what is told.
 *
 * <p>Threads: one. Source: {@code rate} of a vif, and what Linux's backend makes of it.
 */
final class TransmitCredit {
    private static final long LEAST_BURST_BYTES = 128 << 10;
    private static final long NANOS_PER_MICRO = 1000;
    private static final long MAX_NUMBER = 1L << 40;
    private static final TransmitCredit UNLIMITED = new TransmitCredit(0, 0);

    private final long bytes;
    private final long intervalNanos;
    private final long burstBytes;
    private long left;
    private long intervalStartNanos;
    private boolean started;

    private TransmitCredit(final long bytes, final long intervalNanos) {
        this.bytes = bytes;
        this.intervalNanos = intervalNanos;
        this.burstBytes = Math.max(bytes, LEAST_BURST_BYTES);
        this.left = bytes;
    }

    /** What bounds nothing. */
    static TransmitCredit unlimited() {
        return UNLIMITED;
    }

    /**
     * The credit that a key grants: bytes and microseconds with a comma between.
     *
     * @return unlimited for a key that is missing, or of an interval of zero; null for one that
     *     makes no sense
     */
    static @Nullable TransmitCredit of(final @Nullable String rate) {
        if (rate == null) {
            return UNLIMITED;
        }
        final int comma = rate.indexOf(',');
        if (comma < 0) {
            return null;
        }
        final long bytes = number(rate, 0, comma);
        final long micros = number(rate, comma + 1, rate.length());
        if (bytes <= 0 || micros < 0) {
            return null;
        }
        return micros == 0 ? UNLIMITED : new TransmitCredit(bytes, micros * NANOS_PER_MICRO);
    }

    private static long number(final String text, final int from, final int to) {
        if (from == to) {
            return -1;
        }
        long number = 0;
        for (int i = from; i < to; i++) {
            final char digit = text.charAt(i);
            if (digit < '0' || digit > '9') {
                return -1;
            }
            number = number * 10 + (digit - '0');
            if (number > MAX_NUMBER) {
                return -1;
            }
        }
        return number;
    }

    /** Takes the credit of a packet, or answers false: it has to wait. */
    boolean take(final int packetBytes, final long nowNanos) {
        if (intervalNanos == 0) {
            return true;
        }
        refill(nowNanos);
        if (packetBytes > left) {
            return false;
        }
        left -= packetBytes;
        return true;
    }

    private void refill(final long nowNanos) {
        if (!started) {
            started = true;
            intervalStartNanos = nowNanos;
        }
        final long passed = (nowNanos - intervalStartNanos) / intervalNanos;
        if (passed <= 0) {
            return;
        }
        intervalStartNanos += passed * intervalNanos;
        // Enough intervals fill it whatever it holds; fewer cannot overflow.
        final long enough = burstBytes / bytes + 1;
        left = passed >= enough ? burstBytes : Math.min(burstBytes, left + passed * bytes);
    }
}
