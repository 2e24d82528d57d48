package io.ringside.perf.workload;

import io.ringside.device.frame.FrameMetadata;
import io.ringside.device.traffic.FrameGenerator;
import io.ringside.device.traffic.Traffic;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Which frame of a stream comes next, and when: as fast as they are taken, or one after the other
 * as a wire of a given speed would bring them, whatever became of those before (open loop).
 *
 * <p>A frame that is made up says when it was to begin; of those that are given that is kept here
 * for every {@value #SAMPLE_EVERY}th, so that whoever receives it can tell how long it took.
 *
 * <p>Threads: the sender's; {@link #beganNanos} is the receiver's, who sees it with the frame.
 */
public final class FrameSchedule {
    /** Of so many frames one is timed; prime, so that it is in step with no mix of sizes. */
    public static final int SAMPLE_EVERY = 7;

    private static final int KEPT = 1 << 16;

    private final FrameStream stream;
    private final @Nullable FrameGenerator generator;
    private final double nanosPerByte;
    private final long limit;
    private final long[] began;
    private boolean begun;
    private volatile long startNanos;
    private double dueNanos; // since the start
    private long number;
    private long written;
    private int place;

    /**
     * A schedule that has not begun.
     *
     * @param nanosPerByte nanoseconds that a byte takes on the wire; 0 for as fast as it is taken
     * @param limit how many frames there are, rounds repeated
     * @param leavesBlank whether the checksums of frames that are made up are left to others
     */
    public FrameSchedule(
            final FrameStream stream,
            final double nanosPerByte,
            final long limit,
            final boolean leavesBlank) {
        this.stream = stream;
        this.nanosPerByte = nanosPerByte;
        this.limit = limit;
        final Traffic traffic = stream.traffic();
        generator = traffic == null ? null : new FrameGenerator(traffic, leavesBlank);
        began = new long[traffic == null ? KEPT : 0];
    }

    /** The frames. */
    public FrameStream stream() {
        return stream;
    }

    /** Whether frames come as fast as they are taken. */
    boolean isGreedy() {
        return nanosPerByte == 0;
    }

    /** Whether there is no next frame. */
    boolean isOver() {
        return number == limit;
    }

    /** Whether the next frame is due; the first one is due when this is first asked. */
    boolean isDue(final long nowNanos) {
        if (!begun) {
            begun = true;
            startNanos = nowNanos;
        }
        return number != limit && (nanosPerByte == 0 || dueNanos <= nowNanos - startNanos);
    }

    /** How many frames are due and not passed, about; after {@link #isDue}. */
    long backlog(final long nowNanos) {
        return nanosPerByte == 0
                ? 0
                : (long)
                        ((nowNanos - startNanos - dueNanos)
                                / (nanosPerByte * stream.meanWireBytes()));
    }

    /** When the next frame is due; after {@link #isDue}. */
    long nextDueNanos() {
        return startNanos + (long) Math.ceil(dueNanos);
    }

    /** When the first frame was due; any thread. */
    public long startNanos() {
        return startNanos;
    }

    /** How many frames have been written or dropped: the number of the next one. */
    public long number() {
        return number;
    }

    /** How many of them have been written; whoever has received a frame sees it counted. */
    long written() {
        return written;
    }

    /** Makes memory ready for any frame: once, before the first is written there. */
    void prepare(final UnsafeBuffer memory, final int offsetBytes) {
        if (generator != null) {
            generator.traffic().prepare(memory, offsetBytes);
        }
    }

    /**
     * Writes the next frame to memory that is ready for it.
     *
     * @param metadata becomes what is to be said of it; cleared before
     * @return its length in bytes
     */
    int write(
            final UnsafeBuffer memory,
            final int offsetBytes,
            final long nowNanos,
            final FrameMetadata metadata) {
        final long beginNanos = nanosPerByte == 0 ? nowNanos : startNanos + (long) dueNanos;
        final int frameBytes;
        if (generator != null) {
            frameBytes = generator.write(memory, offsetBytes, beginNanos, metadata);
        } else {
            frameBytes = stream.frameBytes(place);
            memory.putBytes(offsetBytes, stream.bytes(), stream.offset(place), frameBytes);
            if (written % SAMPLE_EVERY == 0) {
                began[(int) written & KEPT - 1] = beginNanos;
            }
            place = place + 1 == stream.frames() ? 0 : place + 1;
        }
        written++;
        pass(frameBytes);
        return frameBytes;
    }

    /**
     * Drops the next frame. One that is given comes again as the one after it, so that whoever
     * receives the stream finds no gap that he cannot tell from a loss.
     */
    void drop() {
        final int frameBytes;
        if (generator != null) {
            frameBytes = generator.nextBytes();
            generator.skip();
        } else {
            frameBytes = stream.frameBytes(place);
        }
        pass(frameBytes);
    }

    private void pass(final int frameBytes) {
        dueNanos += nanosPerByte * FrameStream.wireBytes(frameBytes);
        number++;
    }

    /**
     * When a frame that is given and timed was to begin; it is not {@value #KEPT} frames old.
     *
     * @param itsNumber among those that were written
     */
    long beganNanos(final long itsNumber) {
        return began[(int) itsNumber & KEPT - 1];
    }
}
