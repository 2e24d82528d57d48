package io.ringside.device.guest;

/**
 * One request of a workload: an operation, a place on the medium, and pieces of guest memory.
 *
 * <p>It is allocated once and filled anew for every use. Each segment is a guest-physical address
 * and a length in bytes; it lies within one 4096-byte page frame, and starts and ends on a multiple
 * of 512 bytes. A discard names a number of sectors in place of memory. From {@link
 * BlockDevice#submit} until its completion the request, and the memory that it names, are the
 * device's.
 */
public final class BlockRequest {
    /** Bytes of one sector, the unit of {@link #sector()}, whatever the logical block. */
    public static final int SECTOR_BYTES = 512;

    private final long[] segmentAddresses;
    private final int[] segmentBytes;
    private BlockOperation operation = BlockOperation.READ;
    private BlockStatus status = BlockStatus.OK;
    private long sector;
    private long discardedSectors;
    private int segmentCount;
    private int totalBytes;
    private int tag;

    /**
     * Makes a request.
     *
     * @param maxSegments the most pieces of memory that it will ever name
     */
    public BlockRequest(final int maxSegments) {
        this.segmentAddresses = new long[maxSegments];
        this.segmentBytes = new int[maxSegments];
    }

    /** Starts a new use: no segments yet. The tag is the owner's own and comes back unchanged. */
    public BlockRequest reset(final BlockOperation newOperation, final long newSector) {
        operation = newOperation;
        sector = newSector;
        discardedSectors = 0;
        segmentCount = 0;
        totalBytes = 0;
        status = BlockStatus.OK;
        return this;
    }

    /** Starts a new use as a discard of so many sectors, which names no memory. */
    public BlockRequest resetToDiscard(
            final BlockOperation discard, final long newSector, final long newSectorCount) {
        if (!discard.isDiscard()) {
            throw new IllegalArgumentException("not a discard: operation=" + discard);
        }
        reset(discard, newSector);
        discardedSectors = newSectorCount;
        return this;
    }

    /** Adds a piece of memory within one page frame. */
    public BlockRequest addSegment(final long guestAddress, final int lengthBytes) {
        segmentAddresses[segmentCount] = guestAddress;
        segmentBytes[segmentCount] = lengthBytes;
        segmentCount++;
        totalBytes += lengthBytes;
        return this;
    }

    /** What is asked for. */
    public BlockOperation operation() {
        return operation;
    }

    /** First sector, in units of 512 bytes. */
    public long sector() {
        return sector;
    }

    /** How many sectors are named, by the pieces of memory or for a discard by number. */
    public long sectorCount() {
        return operation.isDiscard() ? discardedSectors : totalBytes / SECTOR_BYTES;
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

    /** Length of all pieces, in bytes. */
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

    /** How it ended; meaningful once completed. */
    public BlockStatus status() {
        return status;
    }

    /** Set by the device before it reports the completion. */
    public void status(final BlockStatus newStatus) {
        status = newStatus;
    }
}
