package io.ringside.device.traffic;

import io.ringside.device.frame.ChecksumState;
import io.ringside.device.frame.FrameMetadata;
import java.util.function.LongConsumer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads the frames of a {@link Traffic} where they arrive, and counts what is wrong with them.
 *
 * <p>A frame is checked whole: headers, checksums, pattern and stamps; and its place in its flow.
 * What is wrong is counted and never thrown. Threads: one.
 */
public final class FrameChecker {
    /** What a frame turned out to be. */
    public enum Verdict {
        /** The next one of its flow. */
        IN_ORDER,
        /** One of its flow with others missing before it, which may still come. */
        AFTER_A_GAP,
        /** One that was missing. */
        LATE,
        /** One that had come before. */
        DUPLICATE,
        /** One of this traffic of which some byte is wrong. */
        CORRUPT,
        /** None of this traffic. */
        FOREIGN
    }

    private final Traffic traffic;
    private final SequenceWindow window;
    private final LongConsumer latencies;
    private long received;
    private long receivedBytes;
    private long missing;
    private long late;
    private long duplicates;
    private long corrupt;
    private long foreign;

    /**
     * Expects the traffic from its first frame on.
     *
     * @param latencies gets the nanoseconds of each right frame from when it was sent to now; none
     *     is negative, since a clock may be read too seldom
     */
    public FrameChecker(final Traffic traffic, final LongConsumer latencies) {
        this.traffic = traffic;
        this.window = new SequenceWindow(traffic.flows());
        this.latencies = latencies;
    }

    /**
     * Looks at one frame.
     *
     * @param metadata says whether its checksum is still blank
     * @param nowNanos the time, by the clock of the sender
     */
    public Verdict check(
            final UnsafeBuffer memory,
            final int offsetBytes,
            final int frameBytes,
            final FrameMetadata metadata,
            final long nowNanos) {
        if (frameBytes < Traffic.MIN_FRAME_BYTES
                || Traffic.magic(memory, offsetBytes) != Traffic.MAGIC) {
            foreign++;
            return Verdict.FOREIGN;
        }
        final int flow = Traffic.flow(memory, offsetBytes);
        final int size = traffic.sizeOf(frameBytes);
        final boolean blank = metadata.checksum() == ChecksumState.BLANK;
        if (size < 0
                || flow >= traffic.flows()
                || !traffic.holds(memory, offsetBytes, traffic.row(flow, size), blank)) {
            corrupt++;
            return Verdict.CORRUPT;
        }
        received++;
        receivedBytes += frameBytes;
        latencies.accept(Math.max(0, nowNanos - Traffic.nanos(memory, offsetBytes)));
        return place(flow, Traffic.sequence(memory, offsetBytes));
    }

    private Verdict place(final int flow, final long sequence) {
        final long expected = window.expected(flow);
        return switch (window.arrived(flow, sequence)) {
            case SequenceWindow.IN_ORDER -> Verdict.IN_ORDER;
            case SequenceWindow.AFTER_A_GAP -> {
                missing += sequence - expected;
                yield Verdict.AFTER_A_GAP;
            }
            case SequenceWindow.LATE -> {
                missing--;
                late++;
                yield Verdict.LATE;
            }
            default -> {
                duplicates++;
                yield Verdict.DUPLICATE;
            }
        };
    }

    /** How many right frames came, duplicates among them. */
    public long received() {
        return received;
    }

    /** Their bytes. */
    public long receivedBytes() {
        return receivedBytes;
    }

    /** How many frames are missing before others that came: lost, unless they still come. */
    public long missing() {
        return missing;
    }

    /** How many came after later ones. */
    public long late() {
        return late;
    }

    /** How many came again, or so late that nobody knows: more than 1024 frames of their flow. */
    public long duplicates() {
        return duplicates;
    }

    /** How many were of this traffic and had a wrong byte; they count as missing, too. */
    public long corrupt() {
        return corrupt;
    }

    /** How many were none of this traffic. */
    public long foreign() {
        return foreign;
    }
}
