package io.ringside.device.host;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * One request of a backend to its medium.
 *
 * <p>It is allocated once and filled anew for every use. Each segment is a view of memory that the
 * backend has mapped, outside of Java's heap; its length is a multiple of 512 bytes. From {@link
 * BlockStore#submit} until its completion the request and its views are the store's.
 */
public final class StoreRequest {
    /** What a store is asked for. */
    public enum Operation {
        /** Medium to memory. */
        READ,
        /** Memory to medium; may stay in a volatile cache until a flush. */
        WRITE,
        /** Everything completed before is on stable storage. */
        FLUSH,
        /** A range without memory is not needed any more: it reads as zeros from then on. */
        DISCARD,
        /** The same, but what was there is first overwritten, on stable storage. */
        ERASE
    }

    /** How a store answered. */
    public enum Status {
        /** Done in full. */
        OK,
        /** The medium failed, or the range lies outside of it. */
        ERROR,
        /** A write, discard or erasure of a medium that is open for reading only. */
        READ_ONLY,
        /** The medium cannot do that; each sector to discard is as it was or zero. */
        UNSUPPORTED
    }

    private final UnsafeBuffer[] segments;
    private final int tag;
    private Operation operation = Operation.READ;
    private Status status = Status.OK;
    private long sector;
    private long discardedSectors;
    private int segmentCount;
    private int totalBytes;

    /**
     * Makes a request.
     *
     * @param maxSegments the most pieces of memory that it will ever name
     * @param tag the backend's own number, which never changes
     */
    public StoreRequest(final int maxSegments, final int tag) {
        this.tag = tag;
        this.segments = new UnsafeBuffer[maxSegments];
        for (int i = 0; i < maxSegments; i++) {
            segments[i] = new UnsafeBuffer(0, 0);
        }
    }

    /** Starts a new use: no segments yet. */
    public StoreRequest reset(final Operation newOperation, final long newSector) {
        operation = newOperation;
        sector = newSector;
        discardedSectors = 0;
        segmentCount = 0;
        totalBytes = 0;
        status = Status.OK;
        return this;
    }

    /** Starts a new use as a {@link Operation#DISCARD} of so many sectors; any number is safe. */
    public StoreRequest resetToDiscard(final long newSector, final long newSectorCount) {
        reset(Operation.DISCARD, newSector);
        discardedSectors = newSectorCount;
        return this;
    }

    /** Starts a new use as a {@link Operation#ERASE} of so many sectors; any number is safe. */
    public StoreRequest resetToErase(final long newSector, final long newSectorCount) {
        reset(Operation.ERASE, newSector);
        discardedSectors = newSectorCount;
        return this;
    }

    /** The view of the next segment, to be wrapped over memory and then {@link #added}. */
    public UnsafeBuffer nextSegment() {
        return segments[segmentCount];
    }

    /**
     * Counts in the segment that {@link #nextSegment} gave, as it is wrapped now.
     *
     * @throws IllegalArgumentException if it lies on the heap, is no multiple of 512 bytes long, or
     *     makes the request 2 GiB long
     */
    public void added() {
        final UnsafeBuffer segment = segments[segmentCount];
        final int lengthBytes = segment.capacity();
        if (segment.byteArray() != null
                || lengthBytes % BlockStore.SECTOR_BYTES != 0
                || lengthBytes > Integer.MAX_VALUE - totalBytes) {
            throw new IllegalArgumentException(
                    "not a segment: lengthBytes="
                            + lengthBytes
                            + " onHeap="
                            + (segment.byteArray() != null)
                            + " totalBytes="
                            + totalBytes);
        }
        totalBytes += lengthBytes;
        segmentCount++;
    }

    /**
     * Whether every sector that is named exists in a medium of {@code sectors} sectors. Safe for
     * any sector number.
     */
    public boolean fitsIn(final long sectors) {
        return sector >= 0
                && sector <= sectors
                && sectorCount() >= 0
                && sectorCount() <= sectors - sector;
    }

    /** What is asked for. */
    public Operation operation() {
        return operation;
    }

    /** First sector, in units of 512 bytes. */
    public long sector() {
        return sector;
    }

    /** How many sectors are named, by the pieces of memory, or by number without memory. */
    public long sectorCount() {
        return operation == Operation.DISCARD || operation == Operation.ERASE
                ? discardedSectors
                : totalBytes / BlockStore.SECTOR_BYTES;
    }

    /** How many pieces of memory there are. */
    public int segmentCount() {
        return segmentCount;
    }

    /** One piece of memory; its capacity is its length. */
    public UnsafeBuffer segment(final int index) {
        return segments[index];
    }

    /** Length of all pieces, in bytes. */
    public int totalBytes() {
        return totalBytes;
    }

    /** The backend's own number. */
    public int tag() {
        return tag;
    }

    /** How it ended; meaningful once completed. */
    public Status status() {
        return status;
    }

    /** Set by the store before it hands the request back. */
    public void status(final Status newStatus) {
        status = newStatus;
    }
}
