package io.ringside.device.host;

import io.ringside.device.frame.FrameBytes;
import io.ringside.device.frame.FrameMetadata;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One Ethernet frame between a backend and its port, without its frame check sequence.
 *
 * <p>It is allocated once and filled anew for every use. Each segment is a view of memory outside
 * of Java's heap; the views may divide the frame anywhere. Whose it is, and until when, {@link
 * PacketPort} tells.
 */
public final class Packet implements FrameBytes {
    private final UnsafeBuffer[] segments;
    private final FrameMetadata metadata = new FrameMetadata();
    private final int tag;
    private int segmentCount;
    private int totalBytes;

    /**
     * Makes a packet.
     *
     * @param maxSegments the most pieces of memory that it will ever name
     * @param tag its owner's own number, which never changes
     */
    public Packet(final int maxSegments, final int tag) {
        this.tag = tag;
        this.segments = new UnsafeBuffer[maxSegments];
        for (int i = 0; i < maxSegments; i++) {
            segments[i] = new UnsafeBuffer(0, 0);
        }
    }

    /** Starts a new use: no segments, cleared metadata. */
    public Packet reset() {
        segmentCount = 0;
        totalBytes = 0;
        metadata.clear();
        return this;
    }

    /**
     * Adds a piece of a buffer.
     *
     * @throws IllegalArgumentException if it is empty, lies on the heap, or is one too many
     */
    public Packet add(final DirectBuffer buffer, final int offsetBytes, final int lengthBytes) {
        if (lengthBytes <= 0
                || lengthBytes > Integer.MAX_VALUE - totalBytes
                || buffer.byteArray() != null
                || segmentCount == segments.length) {
            throw new IllegalArgumentException(
                    "not a segment: lengthBytes="
                            + lengthBytes
                            + " onHeap="
                            + (buffer.byteArray() != null)
                            + " segmentCount="
                            + segmentCount);
        }
        segments[segmentCount].wrap(buffer, offsetBytes, lengthBytes);
        segmentCount++;
        totalBytes += lengthBytes;
        return this;
    }

    /** Copies all bytes, one piece after the other, to where the caller has room for them. */
    public void copyTo(final UnsafeBuffer target, final int targetOffsetBytes) {
        int to = targetOffsetBytes;
        for (int i = 0; i < segmentCount; i++) {
            final int lengthBytes = segments[i].capacity();
            target.putBytes(to, segments[i], 0, lengthBytes);
            to += lengthBytes;
        }
    }

    /** What is to be done to it, or is known of it. */
    public FrameMetadata metadata() {
        return metadata;
    }

    @Override
    public int segmentCount() {
        return segmentCount;
    }

    @Override
    public UnsafeBuffer segment(final int index) {
        return segments[index];
    }

    @Override
    public int totalBytes() {
        return totalBytes;
    }

    /** The owner's own number. */
    public int tag() {
        return tag;
    }
}
