package io.ringside.device.capture;

import io.ringside.device.host.Packet;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.BitUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * Writes frames to a capture file without holding up whoever hands them over.
 *
 * <p>{@link #record} copies a frame, in the bytes of its record, to a ring; {@link #doWork} takes
 * records out of it and writes them to the file. While the ring is full, {@code record} says no. A
 * VLAN tag that stands beside the bytes is put into them. When the system refuses a write, the file
 * keeps what it has, and everything from then on is lost and counted.
 *
 * <p>Threads: {@link #record} one, the backend's; {@link #doWork} and {@link #onClose} one, which
 * may block in the system and must not be the backend's where that matters; the counters any.
 */
public final class CaptureRecorder implements Agent {
    /** The snap length that cuts nothing. */
    public static final int WHOLE_FRAMES = Capture.MAX_FRAME_BYTES;

    /** The shortest snap length. */
    public static final int MIN_SNAP_BYTES = 64;

    private static final int MIN_RING_BYTES = 4096;
    private static final int RECORD = 1;
    private static final int RECORDS_OF_A_TURN = 256;
    private static final int STAGE_BYTES = 1 << 19;
    private static final int ADDRESSES_BYTES = 12;
    private static final int TAG_BYTES = 4;
    private static final int TYPE_TAG = 0x8100;

    private final RecordWriter writer;
    private final UnsafeBuffer ringMemory;
    private final RingBuffer ring;
    private final FileOutputStream file;
    private final byte[] stage = new byte[STAGE_BYTES];
    private final MessageHandler stager = this::stage;
    private final AtomicLong recorded = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private volatile String failure = "";
    private int stagedBytes;
    private int stagedRecords;

    private CaptureRecorder(
            final RecordWriter writer, final FileOutputStream file, final int ringBytes) {
        this.writer = writer;
        this.file = file;
        this.ringMemory =
                new UnsafeBuffer(
                        ByteBuffer.allocateDirect(ringBytes + RingBufferDescriptor.TRAILER_LENGTH));
        this.ring = new OneToOneRingBuffer(ringMemory);
        this.stagedBytes = writer.writeStart(new UnsafeBuffer(stage));
    }

    /**
     * Makes a new file; one that is there already is left alone.
     *
     * @param order this machine's byte order, unless a reader of the other kind is to be tried
     * @param snapBytes how much of a frame is kept, from {@link #MIN_SNAP_BYTES} on
     * @param ringBytes room for frames that are not written yet: a power of two from 4096 on; a
     *     record has at most an eighth of it
     * @throws CaptureRefusedException if the file is there, or cannot be made
     */
    public static CaptureRecorder create(
            final Path path,
            final CaptureFormat format,
            final ByteOrder order,
            final int snapBytes,
            final int ringBytes)
            throws CaptureRefusedException {
        if (snapBytes < MIN_SNAP_BYTES
                || snapBytes > WHOLE_FRAMES
                || ringBytes < MIN_RING_BYTES
                || !BitUtil.isPowerOfTwo(ringBytes)) {
            throw new IllegalArgumentException(
                    "no such recorder: snapBytes=" + snapBytes + " ringBytes=" + ringBytes);
        }
        try {
            Files.createFile(path);
        } catch (final FileAlreadyExistsException e) {
            throw new CaptureRefusedException(
                    path + ": exists already; name another file, or remove this one");
        } catch (final IOException e) {
            throw notMade(path, e);
        }
        return onto(path, format, order, snapBytes, ringBytes);
    }

    private static CaptureRefusedException notMade(final Path path, final IOException e) {
        return new CaptureRefusedException(
                path + ": cannot be made (" + e + "); name a file in another directory");
    }

    /** Writes over a file that is there. */
    static CaptureRecorder onto(
            final Path path,
            final CaptureFormat format,
            final ByteOrder order,
            final int snapBytes,
            final int ringBytes)
            throws CaptureRefusedException {
        try {
            return new CaptureRecorder(
                    new RecordWriter(format, order, snapBytes),
                    // Unlike a channel, this one stays open when its thread is interrupted.
                    new FileOutputStream(path.toFile()),
                    ringBytes);
        } catch (final IOException e) {
            throw notMade(path, e);
        }
    }

    /** The longest frame that its ring takes. */
    public int maxFrameBytes() {
        return Math.min(WHOLE_FRAMES, ring.maxMsgLength()) - RecordWriter.MAX_EXTRA_BYTES;
    }

    /**
     * Hands over a frame of at most {@link #maxFrameBytes}, whose memory may be used anew
     * afterwards.
     *
     * @param nanos when it was sent, in nanoseconds since 1970
     * @return false if there is no room now
     */
    public boolean record(final Packet packet, final long nanos) {
        final boolean tagged =
                packet.metadata().hasVlanTag() && packet.totalBytes() >= ADDRESSES_BYTES;
        final int originalBytes = packet.totalBytes() + (tagged ? TAG_BYTES : 0);
        final int lengthBytes = Math.min(originalBytes, writer.snapBytes());
        final int at = ring.tryClaim(RECORD, writer.recordBytes(lengthBytes));
        if (at < 0) {
            return false;
        }
        writer.writeRecord(ringMemory, at, lengthBytes, originalBytes, nanos);
        final int frame = at + writer.frameOffset();
        if (tagged) {
            packet.copyHead(ringMemory, frame + TAG_BYTES, lengthBytes - TAG_BYTES);
            ringMemory.putBytes(frame, ringMemory, frame + TAG_BYTES, ADDRESSES_BYTES);
            ringMemory.putInt(
                    frame + ADDRESSES_BYTES,
                    TYPE_TAG << Short.SIZE | packet.metadata().vlanTag(),
                    ByteOrder.BIG_ENDIAN);
        } else {
            packet.copyHead(ringMemory, frame, lengthBytes);
        }
        ring.commit(at);
        return true;
    }

    @Override
    public String roleName() {
        return "capture-recorder";
    }

    /** Writes what waits, at most so much that others get their turn. */
    @Override
    public int doWork() {
        // One reading ends where the ring's memory does.
        int count = ring.read(stager, RECORDS_OF_A_TURN);
        count += ring.read(stager, RECORDS_OF_A_TURN);
        write();
        return count;
    }

    private void stage(
            final int type, final MutableDirectBuffer source, final int at, final int lengthBytes) {
        if (stagedBytes + lengthBytes > STAGE_BYTES) {
            write();
        }
        source.getBytes(at, stage, stagedBytes, lengthBytes);
        stagedBytes += lengthBytes;
        stagedRecords++;
    }

    private void write() {
        if (stagedBytes > 0 && failure.isEmpty()) {
            try {
                file.write(stage, 0, stagedBytes);
                recorded.addAndGet(stagedRecords);
            } catch (final IOException e) {
                failure = String.valueOf(e.getMessage());
            }
        }
        if (!failure.isEmpty()) {
            lost.addAndGet(stagedRecords);
        }
        stagedBytes = 0;
        stagedRecords = 0;
    }

    /** Writes all that waits, and closes the file; nothing may be recorded any more. */
    @Override
    public void onClose() {
        while (ring.size() > 0) {
            doWork();
        }
        write();
        try {
            file.close();
        } catch (final IOException e) {
            failure = String.valueOf(e.getMessage());
        }
    }

    /** How many frames are in the file. */
    public long recorded() {
        return recorded.get();
    }

    /** How many frames were taken and are not in the file. */
    public long lost() {
        return lost.get();
    }

    /** Why the system has refused to write; empty if it has not. */
    public String failure() {
        return failure;
    }
}
