package io.ringside.perf.result;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/**
 * Latencies in nanoseconds, none lost: an HdrHistogram in its own compressed form (V2, deflated).
 *
 * @param base64 that form in base64, as HdrHistogram's own tools read it
 */
public record LatencyHistogram(String base64) {
    /** Refuses what is no such histogram. */
    public LatencyHistogram {
        decode(base64);
    }

    /** The latencies of a histogram as it is now. */
    public static LatencyHistogram of(final Histogram histogram) {
        final ByteBuffer bytes =
                ByteBuffer.allocate(histogram.getNeededByteBufferCapacity() + Long.SIZE);
        final int length = histogram.encodeIntoCompressedByteBuffer(bytes);
        return new LatencyHistogram(
                Base64.getEncoder().encodeToString(Arrays.copyOf(bytes.array(), length)));
    }

    /** A histogram of its own for the caller. */
    public Histogram histogram() {
        return decode(base64);
    }

    /** These latencies and others. */
    public LatencyHistogram plus(final LatencyHistogram other) {
        final Histogram sum = histogram();
        sum.setAutoResize(true);
        sum.add(other.histogram());
        return of(sum);
    }

    private static Histogram decode(final String base64) {
        try {
            return Histogram.decodeFromCompressedByteBuffer(
                    ByteBuffer.wrap(Base64.getDecoder().decode(base64)), 0);
        } catch (final DataFormatException | RuntimeException e) {
            throw new IllegalArgumentException("no compressed HdrHistogram: cause=" + e, e);
        }
    }
}
