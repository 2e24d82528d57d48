package io.ringside.device.net;

import io.ringside.device.capture.Capture;
import io.ringside.device.capture.CaptureRecorder;
import io.ringside.device.host.Packet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A network whose frames come from a capture, and which records what is sent.
 *
 * <p>Frame for frame, as they stand in the file: nothing is filled in, cut or padded, but for
 * {@link Snapped#PADDED}. Since a capture shows what was on a wire, it takes neither blank
 * checksums nor uncut frames. While the recorder has no room, a sender waits. Threads: its
 * backend's.
 */
public final class PcapPort extends OfferingPort {
    /** When the frames of a capture arrive. */
    public enum Pace {
        /** As far apart as they were captured; one that finds no room is dropped and counted. */
        AS_CAPTURED,
        /** As fast as somebody takes them. */
        AS_TAKEN
    }

    /** What becomes of frames of which the snap length of a capture has left the first bytes. */
    public enum Snapped {
        /** They come as short as they are in the file, as tcpreplay sends them. */
        AS_CAPTURED,
        /** They come as long as they were, with zeros behind, as tcprewrite makes them. */
        PADDED
    }

    private static final int FRAMES_OF_A_TURN = 4096;

    private final @Nullable Capture played;
    private final @Nullable CaptureRecorder recorder;
    private final Pace pace;
    private final Snapped snapped;
    private final LongSupplier clock;
    private long startNanos;
    private int next;

    /** A port that plays snapped frames as they were captured: see the other. */
    public PcapPort(
            final int slots,
            final int maxFrameBytes,
            final @Nullable Capture played,
            final Pace pace,
            final @Nullable CaptureRecorder recorder,
            final LongSupplier clock) {
        this(slots, maxFrameBytes, played, pace, Snapped.AS_CAPTURED, recorder, clock);
    }

    /**
     * Makes a port at which nothing arrives yet.
     *
     * @param slots most packets that wait or are lent
     * @param maxFrameBytes most bytes of one packet; a longer one in the capture is dropped and
     *     counted
     * @param played what arrives from each start on, in the order of the file; null for nothing
     * @param snapped what becomes of frames that were captured in part
     * @param recorder where sent frames go; null for nowhere
     * @param clock nanoseconds since 1970, for the times of recorded frames
     */
    public PcapPort(
            final int slots,
            final int maxFrameBytes,
            final @Nullable Capture played,
            final Pace pace,
            final Snapped snapped,
            final @Nullable CaptureRecorder recorder,
            final LongSupplier clock) {
        super(new PacketShelf(slots, maxFrameBytes), clock);
        if (recorder != null && recorder.maxFrameBytes() < maxFrameBytes) {
            throw new IllegalArgumentException(
                    "ring too small: recorder.maxFrameBytes="
                            + recorder.maxFrameBytes()
                            + " maxFrameBytes="
                            + maxFrameBytes);
        }
        this.played = played;
        this.recorder = recorder;
        this.pace = pace;
        this.snapped = snapped;
        this.clock = clock;
    }

    @Override
    public boolean takesBlankChecksums() {
        return false;
    }

    @Override
    public boolean takesUncutFrames() {
        return false;
    }

    @Override
    void started(final long now) {
        startNanos = now;
        next = 0;
    }

    @Override
    void offer(final long before, final long now, final int wanted) {
        final Capture capture = played;
        if (capture == null) {
            return;
        }
        final int end = Math.min(capture.frames(), next + FRAMES_OF_A_TURN);
        if (pace == Pace.AS_TAKEN) {
            while (next < end && shelf.waiting() < wanted && !shelf.isFull()) {
                offerNext(capture);
            }
        } else {
            final long elapsedNanos = now - startNanos;
            while (next < end && capture.nanos(next) - capture.nanos(0) <= elapsedNanos) {
                offerNext(capture);
            }
        }
    }

    private void offerNext(final Capture capture) {
        final int capturedBytes = capture.lengthBytes(next);
        final long lengthBytes =
                snapped == Snapped.PADDED && capture.isSnapped(next)
                        ? Integer.toUnsignedLong(capture.originalBytes(next))
                        : capturedBytes;
        if (shelf.isFull() || lengthBytes > maxFrameBytes()) {
            drop(1);
        } else {
            final int slot = shelf.claim();
            final int at = shelf.offset(slot);
            shelf.memory().putBytes(at, capture.memory(), capture.offset(next), capturedBytes);
            shelf.memory()
                    .setMemory(at + capturedBytes, (int) lengthBytes - capturedBytes, (byte) 0);
            shelf.publish(slot, (int) lengthBytes);
        }
        next++;
    }

    @Override
    public boolean send(final Packet packet) {
        if (!mayLeave(packet.totalBytes(), 1)) {
            return true;
        }
        return recorder == null || recorder.record(packet, clock.getAsLong());
    }

    /** How many frames of the capture have come, dropped ones among them. */
    public int played() {
        return next;
    }
}
