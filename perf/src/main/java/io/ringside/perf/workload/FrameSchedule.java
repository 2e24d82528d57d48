package io.ringside.perf.workload;

/**
 * Which frame of a stream comes next, and when: as fast as they are taken, or one after the other
 * as a wire of a given speed would bring them, whatever became of those before (open loop).
 *
 * <p>The time at which a frame was to begin is kept for every {@value #SAMPLE_EVERY}th, so that
 * whoever receives it can tell how long it took.
 *
 * <p>Threads: the sender's; {@link #beganNanos} is the receiver's, who sees it with the frame.
 */
public final class FrameSchedule {
    /** Of so many frames one is timed; prime, so that it is in step with no mix of sizes. */
    public static final int SAMPLE_EVERY = 7;

    private static final int KEPT = 1 << 16;

    private final FrameStream stream;
    private final double nanosPerByte;
    private final long limit;
    private final long[] began = new long[KEPT];
    private long startNanos;
    private double dueNanos; // since the start
    private long number;
    private int place;
    private int sampleIn;

    /**
     * A schedule that has not begun.
     *
     * @param nanosPerByte nanoseconds that a byte takes on the wire; 0 for as fast as it is taken
     * @param limit how many frames there are, rounds repeated
     */
    public FrameSchedule(final FrameStream stream, final double nanosPerByte, final long limit) {
        this.stream = stream;
        this.nanosPerByte = nanosPerByte;
        this.limit = limit;
    }

    /** The frames. */
    public FrameStream stream() {
        return stream;
    }

    /** Whether frames come as fast as they are taken. */
    boolean isGreedy() {
        return nanosPerByte == 0;
    }

    /** How many frames there are. */
    long limit() {
        return limit;
    }

    /** Whether the last frame has been passed. */
    boolean isOver() {
        return number == limit;
    }

    /** Whether the next frame is due; the first one is due when this is first asked. */
    boolean isDue(final long nowNanos) {
        if (number == 0 && startNanos == 0) {
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

    /** When the first frame was due. */
    public long startNanos() {
        return startNanos;
    }

    /** The number of the next frame: how many have been passed. */
    public long number() {
        return number;
    }

    /** The next frame's place in the round. */
    int place() {
        return place;
    }

    /** Goes on to the frame after the next one. */
    void pass(final long nowNanos) {
        if (sampleIn == 0) {
            sampleIn = SAMPLE_EVERY;
            began[(int) number & KEPT - 1] =
                    nanosPerByte == 0 ? nowNanos : startNanos + (long) dueNanos;
        }
        sampleIn--;
        dueNanos += nanosPerByte * FrameStream.wireBytes(stream.frameBytes(place));
        number++;
        place = place + 1 == stream.frames() ? 0 : place + 1;
    }

    /** When a frame was to begin that is timed, and not {@value #KEPT} frames old. */
    long beganNanos(final long itsNumber) {
        return began[(int) itsNumber & KEPT - 1];
    }
}
