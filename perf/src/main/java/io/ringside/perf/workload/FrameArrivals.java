package io.ringside.perf.workload;

import io.ringside.device.frame.FrameMetadata;
import io.ringside.device.traffic.FrameChecker;
import io.ringside.device.traffic.Traffic;
import io.ringside.hypervisor.Clock;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What has arrived of a stream: every byte of every frame is compared, and its place in the order:
 * that of its flow where frames are made up, and that of the stream where they are given and come
 * by one queue.
 *
 * <p>Latency runs from the time at which the frame was to be sent to its arrival here, so that a
 * sender that was held up makes no frame look fast (coordinated omission). Every {@value
 * FrameSchedule#SAMPLE_EVERY}th frame is timed.
 *
 * <p>Threads: the receiver's; others may look at {@link #arrived}.
 */
public final class FrameArrivals {
    private static final long HIGHEST_NANOS = 3_600_000_000_000L;
    private static final int TAG_OFFSET = 12;
    private static final int TAG_BYTES = 4;
    private static final short TAG_TYPE = (short) 0x8100;

    private final FrameSchedule schedule;
    private final Clock clock;
    private final boolean ordered;
    private final int mostBytes;
    private final @Nullable FrameChecker checker;
    private final @Nullable GivenFrames given;
    private final Histogram latency = new Histogram(HIGHEST_NANOS, 3);
    private final AtomicLong arrived = new AtomicLong();

    private @Nullable FrameRecord record;
    private final UnsafeBuffer gathered;
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private final MemorySegment gatheredSegment;
    private long firstAddress;
    private int pieces;
    private int frameBytes;

    private long count;
    private long foreign;
    private long disordered;
    private long wireBytes;
    private int untilTimed;
    private boolean timed;
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
        this.ordered = ordered;
        this.clock = clock;
        final Traffic traffic = schedule.stream().traffic();
        checker = traffic == null ? null : new FrameChecker(traffic, this::madeUp);
        given = traffic == null ? new GivenFrames(schedule) : null;
        mostBytes = Math.max(schedule.stream().maxFrameBytes(), FrameStream.LEAST_BYTES);
        final ByteBuffer memory = ByteBuffer.allocateDirect(mostBytes);
        gathered = new UnsafeBuffer(memory);
        gatheredSegment = MemorySegment.ofBuffer(memory);
    }

    /** Has every frame written down; before the first one. */
    public void recordTo(final FrameRecord newRecord) {
        record = newRecord;
    }

    /** A frame begins to be told of, piece by piece. */
    void begin() {
        pieces = 0;
        frameBytes = 0;
    }

    /** Its next piece of memory, which stays as it is until the frame has ended. */
    void piece(final UnsafeBuffer memory, final int offsetBytes, final int lengthBytes) {
        if (pieces == 0) {
            firstAddress = memory.addressOffset() + offsetBytes;
        } else if (pieces == 1) {
            view.wrap(firstAddress, frameBytes);
            gather(view, 0, 0, frameBytes);
        }
        if (pieces > 0) {
            gather(memory, offsetBytes, frameBytes, lengthBytes);
        }
        pieces++;
        frameBytes += lengthBytes;
        if (record != null) {
            record.piece(memory, offsetBytes, lengthBytes);
        }
    }

    /** What is too long for any frame of the stream is none, so its end does not matter. */
    private void gather(
            final UnsafeBuffer memory, final int offsetBytes, final int at, final int lengthBytes) {
        final int room = Math.max(0, Math.min(lengthBytes, gathered.capacity() - at));
        gathered.putBytes(Math.min(at, gathered.capacity()), memory, offsetBytes, room);
    }

    /** All pieces are told: the frame has arrived. */
    void end(final FrameMetadata metadata) {
        if (frameBytes > mostBytes) {
            foreign++;
        } else if (checker != null) {
            check(checker, metadata);
        } else if (given != null) {
            find(given, metadata);
        }
        if (record != null) {
            record.end(metadata);
        }
        arrived.setRelease(++count);
    }

    private void check(final FrameChecker by, final FrameMetadata metadata) {
        long now = 0;
        timed = untilTimed == 0;
        if (timed) {
            untilTimed = FrameSchedule.SAMPLE_EVERY;
            now = clock.nanoTime();
        }
        untilTimed--;
        if (pieces == 1) {
            view.wrap(firstAddress, frameBytes);
        } else {
            view.wrap(gathered, 0, frameBytes);
        }
        final FrameChecker.Verdict verdict = by.check(view, 0, frameBytes, metadata, now);
        if (verdict == FrameChecker.Verdict.CORRUPT || verdict == FrameChecker.Verdict.FOREIGN) {
            foreign++;
            return;
        }
        if (verdict == FrameChecker.Verdict.LATE || verdict == FrameChecker.Verdict.DUPLICATE) {
            disordered++;
        }
        if (timed) {
            timeIs(now);
        }
        wireBytes += FrameStream.wireBytes(frameBytes);
    }

    /** What the checker says of a frame that is right. */
    private void madeUp(final long nanos) {
        if (timed) {
            latency.recordValue(Math.clamp(nanos, 0, HIGHEST_NANOS));
        }
    }

    private void find(final GivenFrames among, final FrameMetadata metadata) {
        if (pieces == 1) {
            view.wrap(firstAddress, frameBytes);
            gather(view, 0, 0, frameBytes);
        }
        if (metadata.hasVlanTag() && frameBytes >= TAG_OFFSET) {
            putTagBack(metadata.vlanTag());
        }
        final long number = among.numberOf(gatheredSegment, 0, frameBytes);
        if (number == GivenFrames.NONE) {
            foreign++;
            return;
        }
        if (ordered && among.wasPassedOver()) {
            disordered++;
        }
        if (number % FrameSchedule.SAMPLE_EVERY == 0) {
            final long now = clock.nanoTime();
            latency.recordValue(Math.clamp(now - schedule.beganNanos(number), 0, HIGHEST_NANOS));
            timeIs(now);
        }
        wireBytes += FrameStream.wireBytes(frameBytes);
    }

    /** A card may take the tag out of a frame and tell it beside; the stream has it within. */
    private void putTagBack(final int tag) {
        final int behindBytes = Math.min(frameBytes, mostBytes - TAG_BYTES) - TAG_OFFSET;
        gathered.putBytes(TAG_OFFSET + TAG_BYTES, gathered, TAG_OFFSET, behindBytes);
        gathered.putShort(TAG_OFFSET, TAG_TYPE, ByteOrder.BIG_ENDIAN);
        gathered.putShort(TAG_OFFSET + Short.BYTES, (short) tag, ByteOrder.BIG_ENDIAN);
        frameBytes = TAG_OFFSET + TAG_BYTES + behindBytes;
    }

    private void timeIs(final long now) {
        timedNanos = now;
        timedFrames = count;
        timedWireBytes = wireBytes;
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
