package io.ringside.emulated.nic.frontend;

import io.ringside.device.frame.ChecksumState;
import io.ringside.device.frame.FrameMetadata;
import io.ringside.device.guest.NetCompletions;
import io.ringside.device.guest.NetFrame;
import io.ringside.device.guest.NetLimits;
import io.ringside.device.guest.NetStatus;
import io.ringside.hypervisor.GuestMemory;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Frames between a workload and a card, in the order in which they were submitted.
 *
 * <pre>
 *   oldest                                              newest
 *     |  started: the card has them  |  committed  |  submitted  |
 * </pre>
 *
 * <p>Threads: the vCPU's. Errors: a frame outside of the limits throws {@link
 * IllegalArgumentException}.
 */
public final class TransmitQueue {
    private final @Nullable NetFrame[] frames;
    private final GuestMemory memory;
    private final UnsafeBuffer piece = new UnsafeBuffer(0, 0);
    private int head;
    private int size;
    private int committed;
    private int started;

    /**
     * An empty queue.
     *
     * @param depth most frames that are submitted and not completed
     */
    public TransmitQueue(final int depth, final GuestMemory memory) {
        this.frames = new NetFrame[depth];
        this.memory = memory;
    }

    /** Takes a frame; false if the queue is full. */
    public boolean add(final NetFrame frame, final NetLimits limits) {
        if (frame.segmentCount() == 0
                || frame.segmentCount() > limits.maxSegments()
                || frame.totalBytes() > limits.maxFrameBytes()
                || !takes(frame.metadata(), limits)) {
            throw new IllegalArgumentException(
                    "outside of the limits: segments="
                            + frame.segmentCount()
                            + " totalBytes="
                            + frame.totalBytes()
                            + " checksum="
                            + frame.metadata().checksum()
                            + " segmentation="
                            + frame.metadata().segmentation()
                            + " hasVlanTag="
                            + frame.metadata().hasVlanTag());
        }
        if (size == frames.length) {
            return false;
        }
        frames[at(size)] = frame;
        size++;
        return true;
    }

    private static boolean takes(final FrameMetadata metadata, final NetLimits limits) {
        final boolean takesChecksum =
                metadata.checksum() != ChecksumState.BLANK
                        || limits.checksumIpv4()
                        || limits.checksumIpv6();
        final boolean takesSegmentation =
                switch (metadata.segmentation()) {
                    case NONE -> true;
                    case TCP_IPV4 -> limits.segmentsTcpIpv4();
                    case TCP_IPV6 -> limits.segmentsTcpIpv6();
                };
        return takesChecksum && takesSegmentation && (!metadata.hasVlanTag() || limits.vlanTags());
    }

    /** Everything submitted so far may be started. */
    public void commit() {
        committed = size;
    }

    /** Starts the next committed frame; null if there is none. */
    public @Nullable NetFrame start() {
        if (started == committed) {
            return null;
        }
        final NetFrame frame = frames[at(started)];
        started++;
        return frame;
    }

    /** Whether there is a committed frame that is not started. */
    public boolean hasCommitted() {
        return started < committed;
    }

    /** How many frames the card has. */
    public int started() {
        return started;
    }

    /** Completes the oldest frame. */
    public void complete(final NetStatus status, final NetCompletions completions) {
        final NetFrame frame = frames[head];
        if (frame == null) {
            throw new IllegalStateException("nothing to complete: size=" + size);
        }
        frames[head] = null;
        head = at(1);
        size--;
        committed -= committed > 0 ? 1 : 0;
        started -= started > 0 ? 1 : 0;
        frame.status(status);
        completions.transmitted(frame);
    }

    /** Completes everything, as a card that goes away leaves it. */
    public void completeAll(final NetStatus status, final NetCompletions completions) {
        for (int left = size; left > 0; left--) {
            complete(status, completions);
        }
    }

    /** Copies a frame to where there is room for it. */
    public void copy(final NetFrame frame, final UnsafeBuffer target, final int offsetBytes) {
        int to = offsetBytes;
        for (int i = 0; i < frame.segmentCount(); i++) {
            memory.wrap(piece, frame.segmentAddress(i), frame.segmentBytes(i));
            target.putBytes(to, piece, 0, piece.capacity());
            to += piece.capacity();
        }
    }

    /** Copies the first bytes of a frame, as many as there are up to a limit. */
    public void copyHead(final NetFrame frame, final UnsafeBuffer target, final int limit) {
        int to = 0;
        for (int i = 0; i < frame.segmentCount() && to < limit; i++) {
            final int pieceBytes = Math.min(frame.segmentBytes(i), limit - to);
            memory.wrap(piece, frame.segmentAddress(i), pieceBytes);
            target.putBytes(to, piece, 0, pieceBytes);
            to += pieceBytes;
        }
    }

    private int at(final int index) {
        final int slot = head + index;
        return slot < frames.length ? slot : slot - frames.length;
    }
}
