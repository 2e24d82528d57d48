package io.ringside.device.guest;

import io.ringside.device.frame.FrameMetadata;

/**
 * One Ethernet frame in pieces of guest memory, without its frame check sequence.
 *
 * <p>It is allocated once and filled anew for every use: by a workload that sends it, or by the
 * device that has received it. Each segment is a guest-physical address and a length in bytes from
 * one on, within one 4096-byte page frame; any alignment will do, and the pieces may divide the
 * frame anywhere.
 */
public final class NetFrame {
    private static final int PAGE_BYTES = 4096;

    private final long[] segmentAddresses;
    private final int[] segmentBytes;
    private final FrameMetadata metadata = new FrameMetadata();
    private NetStatus status = NetStatus.OK;
    private int segmentCount;
    private int totalBytes;
    private int tag;

    /**
     * Makes a frame.
     *
     * @param maxSegments the most pieces of memory that it will ever name
     */
    public NetFrame(final int maxSegments) {
        this.segmentAddresses = new long[maxSegments];
        this.segmentBytes = new int[maxSegments];
    }

    /** Starts a new use: no segments, cleared metadata. The tag stays. */
    public NetFrame reset() {
        segmentCount = 0;
        totalBytes = 0;
        status = NetStatus.OK;
        metadata.clear();
        return this;
    }

    /**
     * Adds a piece of memory.
     *
     * @throws IllegalArgumentException if it is empty, does not lie within one page frame, or is
     *     one piece too many
     */
    public NetFrame addSegment(final long guestAddress, final int lengthBytes) {
        final int offsetBytes = (int) (guestAddress & (PAGE_BYTES - 1));
        if (lengthBytes <= 0
                || lengthBytes > PAGE_BYTES - offsetBytes
                || segmentCount == segmentAddresses.length) {
            throw new IllegalArgumentException(
                    "not a segment: guestAddress="
                            + guestAddress
                            + " lengthBytes="
                            + lengthBytes
                            + " segmentCount="
                            + segmentCount);
        }
        segmentAddresses[segmentCount] = guestAddress;
        segmentBytes[segmentCount] = lengthBytes;
        segmentCount++;
        totalBytes += lengthBytes;
        return this;
    }

    /** What is to be done to it, or is known of it. */
    public FrameMetadata metadata() {
        return metadata;
    }

    /** How many pieces of memory there are. */
    public int segmentCount() {
        return segmentCount;
    }

    /** Guest-physical address of one piece. */
    public long segmentAddress(final int index) {
        return segmentAddresses[index];
    }

    /** Length of one piece, in bytes. */
    public int segmentBytes(final int index) {
        return segmentBytes[index];
    }

    /** Length of the frame, in bytes. */
    public int totalBytes() {
        return totalBytes;
    }

    /** The owner's own number. */
    public int tag() {
        return tag;
    }

    /** Sets the owner's own number. */
    public void tag(final int newTag) {
        tag = newTag;
    }

    /** How sending it ended; meaningful once completed. */
    public NetStatus status() {
        return status;
    }

    /** Set by the device before it reports the completion. */
    public void status(final NetStatus newStatus) {
        status = newStatus;
    }
}
