package io.ringside.perf.workload;

import io.ringside.device.capture.CaptureFormat;
import io.ringside.device.capture.CaptureRecorder;
import io.ringside.device.capture.CaptureRefusedException;
import io.ringside.device.frame.FrameMetadata;
import io.ringside.device.host.Packet;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Frames written to a capture file as they arrive, each before the next one.
 *
 * <p>Threads: one, which may block in the system: it is for runs whose times do not matter.
 */
public final class FrameRecord implements AutoCloseable {
    private static final int RING_BYTES = 1 << 20;
    private static final int MOST_PIECES = 64;

    private final CaptureRecorder recorder;
    private final Packet packet = new Packet(MOST_PIECES, 0);
    private final long startNanos = System.nanoTime();
    private final long startTime = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());

    /** A new file; one that is there already is left alone. */
    public FrameRecord(final Path file) throws CaptureRefusedException {
        recorder =
                CaptureRecorder.create(
                        file,
                        CaptureFormat.PCAP_NANOS,
                        ByteOrder.nativeOrder(),
                        CaptureRecorder.WHOLE_FRAMES,
                        RING_BYTES);
    }

    /** The next piece of memory of a frame. */
    void piece(final UnsafeBuffer memory, final int offsetBytes, final int lengthBytes) {
        packet.add(memory, offsetBytes, lengthBytes);
    }

    /** The frame is whole. */
    void end(final FrameMetadata metadata) {
        packet.metadata().copyFrom(metadata);
        if (!recorder.record(packet, startTime + System.nanoTime() - startNanos)) {
            throw new IllegalStateException(
                    "frame cannot be written down: totalBytes=" + packet.totalBytes());
        }
        recorder.doWork();
        packet.reset();
    }

    /** Why not all was written; empty if it was. */
    public String failure() {
        return recorder.failure();
    }

    @Override
    public void close() {
        recorder.doWork();
        recorder.onClose();
    }
}
