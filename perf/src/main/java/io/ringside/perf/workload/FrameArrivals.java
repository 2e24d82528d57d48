package io.ringside.perf.workload;

import io.ringside.hypervisor.Clock;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/**
 * What has arrived of a stream: every byte of every frame is compared, and its place in the order.
 *
 * <p>A frame that carries its place is held against that. Of the others, each is held against what
 * follows the one before, for half a round, then against what was passed over. Within one flow, or
 * over one queue, frames must come in their order.
 *
 * <p>Latency runs from the time at which the frame was to be sent to its arrival here, so that a
 * sender that was held up makes no frame look fast (coordinated omission). Every {@value
 * FrameSchedule#SAMPLE_EVERY}th frame is timed.
 *
 * <p>Threads: the receiver's; others may look at {@link #arrived}.
 */
public final class FrameArrivals {
    private static final int WINDOW = 4096;
    private static final int MOST_PIECES = 64;
    private static final long HIGHEST_NANOS = 3_600_000_000_000L;
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    private static final ValueLayout.OfLong STAMP =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final FrameSchedule schedule;
    private final FrameStream stream;
    private final Clock clock;
    private final boolean ordered;
    private final Histogram latency = new Histogram(HIGHEST_NANOS, 3);
    private final AtomicLong arrived = new AtomicLong();

    private final long[] addresses = new long[MOST_PIECES];
    private final int[] lengths = new int[MOST_PIECES];
    private int pieces;
    private int frameBytes;

    private final long[] lastOfFlow = new long[FrameStream.FLOWS];
    private final boolean[] found = new boolean[WINDOW];
    private long lowest; // number of the first frame that was passed over
    private int lowestPlace;
    private long lastNumber = -1;
    private int lastPlace = -1;

    private long count;
    private long foreign;
    private long disordered;
    private long wireBytes;
    private long timedNanos; // of the last frame that was timed,
    private long timedFrames; // and what had come before it
    private long timedWireBytes;

    /**
     * Arrivals of a schedule's frames.
     *
     * @param ordered whether all frames come by one queue
     */
    public FrameArrivals(final FrameSchedule schedule, final boolean ordered, final Clock clock) {
        this.schedule = schedule;
        this.stream = schedule.stream();
        this.ordered = ordered;
        this.clock = clock;
        Arrays.fill(lastOfFlow, -1);
    }

    /** A frame begins to be told of, piece by piece. */
    void begin() {
        pieces = 0;
        frameBytes = 0;
    }

    /** Its next piece of memory. */
    void piece(final long address, final int lengthBytes) {
        if (pieces < MOST_PIECES) {
            addresses[pieces] = address;
            lengths[pieces] = lengthBytes;
            pieces++;
        }
        frameBytes += lengthBytes;
    }

    /** All pieces are told: the frame has arrived. */
    void end() {
        final long number = stream.isStamped() ? stamped() : given();
        if (number < 0) {
            foreign++;
        } else {
            if (number % FrameSchedule.SAMPLE_EVERY == 0) {
                final long now = clock.nanoTime();
                latency.recordValue(
                        Math.clamp(now - schedule.beganNanos(number), 0, HIGHEST_NANOS));
                timedNanos = now;
                timedFrames = count;
                timedWireBytes = wireBytes;
            }
            wireBytes += FrameStream.wireBytes(frameBytes);
        }
        arrived.setRelease(++count);
    }

    private long stamped() {
        if (frameBytes < FrameStream.STAMP_END) {
            return -1;
        }
        final long stamp = stamp();
        final int place = (int) stamp & FrameStream.MOST_FRAMES - 1;
        final long number = stamp >>> FrameStream.PLACE_BITS;
        if (place >= stream.frames()
                || stream.frameBytes(place) != frameBytes
                || !isSame(place, true)) {
            return -1;
        }
        final int flow = place % FrameStream.FLOWS;
        if (number <= lastOfFlow[flow] || ordered && number <= lastNumber) {
            disordered++;
        }
        lastOfFlow[flow] = number;
        lastNumber = number;
        return number;
    }

    /** The stamp, which may be divided among pieces. */
    private long stamp() {
        if (lengths[0] >= FrameStream.STAMP_END) {
            return ALL.get(STAMP, addresses[0] + FrameStream.STAMP_OFFSET);
        }
        long stamp = 0;
        int piece = 0;
        int at = FrameStream.STAMP_OFFSET;
        for (int i = 0; i < Long.BYTES; i++) {
            while (at >= lengths[piece]) {
                at -= lengths[piece];
                piece++;
            }
            stamp =
                    stamp << Byte.SIZE
                            | ALL.get(ValueLayout.JAVA_BYTE, addresses[piece] + at) & 0xFF;
            at++;
        }
        return stamp;
    }

    /** The next frame that has these bytes, or the first of those that were passed over. */
    private long given() {
        final long following = lastNumber + 1;
        int place = lastPlace + 1 == stream.frames() ? 0 : lastPlace + 1;
        final int ahead = Math.clamp(stream.frames() / 2, 1, WINDOW / 2);
        final long end = Math.min(following + ahead, schedule.limit());
        for (long number = following; number < end; number++) {
            if (isGiven(place)) {
                lastPlace = place;
                lastNumber = number;
                found[(int) (number % WINDOW)] = true;
                forgetOld();
                return number;
            }
            place = place + 1 == stream.frames() ? 0 : place + 1;
        }
        place = lowestPlace;
        for (long number = lowest; number < following; number++) {
            final int slot = (int) (number % WINDOW);
            if (!found[slot] && isGiven(place)) {
                found[slot] = true;
                disordered += ordered ? 1 : 0;
                return number;
            }
            place = place + 1 == stream.frames() ? 0 : place + 1;
        }
        return -1;
    }

    private boolean isGiven(final int place) {
        return stream.frameBytes(place) == frameBytes && isSame(place, false);
    }

    /**
     * What was passed over half a window ago comes no more, and what has come is not looked for.
     */
    private void forgetOld() {
        while (lowest <= lastNumber
                && (found[(int) (lowest % WINDOW)] || lastNumber - lowest >= WINDOW / 2)) {
            found[(int) (lowest % WINDOW)] = false;
            lowest++;
            lowestPlace = lowestPlace + 1 == stream.frames() ? 0 : lowestPlace + 1;
        }
    }

    private boolean isSame(final int place, final boolean skipsStamp) {
        if (pieces == MOST_PIECES) {
            return false;
        }
        final long expected = stream.address(place);
        int at = 0;
        for (int i = 0; i < pieces; i++) {
            final int end = at + lengths[i];
            final boolean same =
                    skipsStamp
                            ? isSame(i, expected, at, at, Math.min(end, FrameStream.STAMP_OFFSET))
                                    && isSame(
                                            i,
                                            expected,
                                            at,
                                            Math.max(at, FrameStream.STAMP_END),
                                            end)
                            : isSame(i, expected, at, at, end);
            if (!same) {
                return false;
            }
            at = end;
        }
        return true;
    }

    /**
     * Whether the bytes from {@code from} to {@code to} of the frame, all within one piece that
     * starts at {@code pieceAt}, are the expected ones.
     */
    private boolean isSame(
            final int piece, final long expected, final int pieceAt, final int from, final int to) {
        if (from >= to) {
            return true;
        }
        final long address = addresses[piece] - pieceAt;
        return MemorySegment.mismatch(
                        ALL, address + from, address + to, ALL, expected + from, expected + to)
                < 0;
    }

    /** How many frames have come, right or wrong; any thread, and it lags. */
    public long arrived() {
        return arrived.getAcquire();
    }

    /** How many frames have come that are none of the stream's, or are altered. */
    public long foreign() {
        return foreign;
    }

    /** How many frames came after one that they were to come before, or came twice. */
    public long disordered() {
        return disordered;
    }

    /** From the time at which the first frame was due to the last frame that was timed. */
    private double elapsedNanos() {
        return Math.max(1, timedNanos - schedule.startNanos());
    }

    /** Frames a second, up to the last frame that was timed. */
    public double framesPerSecond() {
        return timedFrames * 1e9 / elapsedNanos();
    }

    /** Units of 10^9 bits a second on the wire, with everything around the frames. */
    public double gigabitsPerSecond() {
        return timedWireBytes * Byte.SIZE / elapsedNanos();
    }

    /** Latency of the frames that were timed, in nanoseconds. */
    public Histogram latency() {
        return latency;
    }
}
