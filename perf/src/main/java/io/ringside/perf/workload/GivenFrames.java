package io.ringside.perf.workload;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Finds the number of each frame that arrives of a stream that is given.
 *
 * <p>A frame is held against what follows the one before, for half a round, then against what was
 * passed over, then against the rest of the round, for more may have been lost at once. What has
 * not been sent yet is never looked for. Of a loss of whole rounds nothing can be seen here but
 * that fewer frames came.
 *
 * <p>Threads: the receiver's.
 */
final class GivenFrames {
    /** None of the stream's frames. */
    static final long NONE = -1;

    private static final int WINDOW = 4096;

    private final FrameSchedule schedule;
    private final FrameStream stream;
    private final MemorySegment expected;
    private final boolean[] found = new boolean[WINDOW];
    private long lowest; // number of the first frame that was passed over
    private int lowestPlace;
    private long lastNumber = -1;
    private int lastPlace = -1;
    private boolean passedOver;

    GivenFrames(final FrameSchedule schedule) {
        this.schedule = schedule;
        stream = schedule.stream();
        expected = MemorySegment.ofBuffer(stream.bytes().byteBuffer());
    }

    /** The number of a frame that lies in one piece, or {@link #NONE}. */
    long numberOf(final MemorySegment frame, final int offsetBytes, final int frameBytes) {
        final long following = lastNumber + 1;
        final int half = Math.clamp(stream.frames() / 2, 1, WINDOW / 2);
        final long written = schedule.written();
        final long near = Math.min(following + half, written);
        passedOver = false;
        if (isAhead(following, near, frame, offsetBytes, frameBytes)) {
            return lastNumber;
        }
        int place = lowestPlace;
        for (long number = lowest; number < following; number++) {
            final int slot = (int) (number % WINDOW);
            if (!found[slot] && isSame(place, frame, offsetBytes, frameBytes)) {
                found[slot] = true;
                passedOver = true;
                return number;
            }
            place = next(place);
        }
        final long far = Math.min(following + stream.frames(), written);
        return isAhead(near, far, frame, offsetBytes, frameBytes) ? lastNumber : NONE;
    }

    /** Whether a frame is one of those that follow; it is then the last one. */
    private boolean isAhead(
            final long first,
            final long end,
            final MemorySegment frame,
            final int offsetBytes,
            final int frameBytes) {
        int place = (int) ((lastPlace + first - lastNumber) % stream.frames());
        for (long number = first; number < end; number++) {
            if (isSame(place, frame, offsetBytes, frameBytes)) {
                lastPlace = place;
                lastNumber = number;
                forgetOld();
                found[(int) (number % WINDOW)] = true;
                return true;
            }
            place = next(place);
        }
        return false;
    }

    /** Whether the last frame came after one that it was to come before. */
    boolean wasPassedOver() {
        return passedOver;
    }

    private int next(final int place) {
        return place + 1 == stream.frames() ? 0 : place + 1;
    }

    /** Whether it is the frame of a place; a card pads a short one with zeros on its way. */
    private boolean isSame(
            final int place,
            final MemorySegment frame,
            final int offsetBytes,
            final int frameBytes) {
        final int at = stream.offset(place);
        final int givenBytes = stream.frameBytes(place);
        return (givenBytes == frameBytes
                        || givenBytes < frameBytes
                                && frameBytes == FrameStream.LEAST_BYTES
                                && isZero(frame, offsetBytes + givenBytes, frameBytes - givenBytes))
                && MemorySegment.mismatch(
                                frame,
                                offsetBytes,
                                offsetBytes + givenBytes,
                                expected,
                                at,
                                at + givenBytes)
                        < 0;
    }

    private static boolean isZero(
            final MemorySegment frame, final int offsetBytes, final int lengthBytes) {
        for (int i = 0; i < lengthBytes; i++) {
            if (frame.get(ValueLayout.JAVA_BYTE, offsetBytes + i) != 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * What was passed over half a window ago comes no more, and what has come is not looked for.
     */
    private void forgetOld() {
        while (lowest <= lastNumber
                && (found[(int) (lowest % WINDOW)] || lastNumber - lowest >= WINDOW / 2)) {
            found[(int) (lowest % WINDOW)] = false;
            lowest++;
            lowestPlace = next(lowestPlace);
        }
    }
}
