package io.ringside.xenbus.grant;

import io.ringside.xenbus.protocol.DomainId;

/**
 * A batch of copies that the hypervisor does in one hypercall.
 *
 * <p>Each end of a copy is a grant reference of a domain, or a frame of the caller. Offsets and
 * length stay within one page at each end: what does not is refused by its status.
 *
 * <p>Allocated once, refilled for every use. Threads: one.
 */
public final class GrantCopyBatch {
    /** The source is a grant reference: {@code GNTCOPY_source_gref}. */
    public static final int SOURCE_GRANT = 1;

    /** The destination is a grant reference: {@code GNTCOPY_dest_gref}. */
    public static final int DESTINATION_GRANT = 2;

    private final int[] flags;
    private final int[] sourceDomains;
    private final int[] sources;
    private final int[] sourceOffsets;
    private final int[] destinationDomains;
    private final int[] destinations;
    private final int[] destinationOffsets;
    private final int[] lengths;
    private final int[] statuses;
    private int count;

    /** A batch of at most {@code capacity} copies. */
    public GrantCopyBatch(final int capacity) {
        flags = new int[capacity];
        sourceDomains = new int[capacity];
        sources = new int[capacity];
        sourceOffsets = new int[capacity];
        destinationDomains = new int[capacity];
        destinations = new int[capacity];
        destinationOffsets = new int[capacity];
        lengths = new int[capacity];
        statuses = new int[capacity];
    }

    /** Starts a new use. */
    public GrantCopyBatch reset() {
        count = 0;
        return this;
    }

    /** Adds a copy from a page that another domain granted into a frame of the caller. */
    public void addIn(
            final int domain,
            final int reference,
            final int referenceOffset,
            final int frame,
            final int frameOffset,
            final int lengthBytes) {
        from(domain, reference, referenceOffset);
        to(DomainId.SELF, frame, frameOffset);
        add(SOURCE_GRANT, lengthBytes);
    }

    /** Adds a copy from a frame of the caller into a page that another domain granted. */
    public void addOut(
            final int frame,
            final int frameOffset,
            final int domain,
            final int reference,
            final int referenceOffset,
            final int lengthBytes) {
        from(DomainId.SELF, frame, frameOffset);
        to(domain, reference, referenceOffset);
        add(DESTINATION_GRANT, lengthBytes);
    }

    /**
     * Sets where the next copy reads.
     *
     * @param domain whose page it is; {@link DomainId#SELF} for a frame of the caller
     * @param number the grant reference, or the frame
     * @param offsetBytes where in the page
     */
    public void from(final int domain, final int number, final int offsetBytes) {
        sourceDomains[count] = domain;
        sources[count] = number;
        sourceOffsets[count] = offsetBytes;
    }

    /**
     * Sets where the next copy writes.
     *
     * @param domain whose page it is; {@link DomainId#SELF} for a frame of the caller
     * @param number the grant reference, or the frame
     * @param offsetBytes where in the page
     */
    public void to(final int domain, final int number, final int offsetBytes) {
        destinationDomains[count] = domain;
        destinations[count] = number;
        destinationOffsets[count] = offsetBytes;
    }

    /** Adds the copy that {@link #from} and {@link #to} tell; the flags say what is a grant. */
    public void add(final int grantFlags, final int lengthBytes) {
        flags[count] = grantFlags;
        lengths[count] = lengthBytes;
        statuses[count] = 0;
        count++;
    }

    /** How many copies the batch has. */
    public int count() {
        return count;
    }

    /** Whether one copy reads a granted page. */
    public boolean sourceIsGrant(final int index) {
        return (flags[index] & SOURCE_GRANT) != 0;
    }

    /** Whose page one copy reads. */
    public int sourceDomain(final int index) {
        return sourceDomains[index];
    }

    /** The reference or frame that one copy reads. */
    public int source(final int index) {
        return sources[index];
    }

    /** Where in its page one copy begins to read. */
    public int sourceOffset(final int index) {
        return sourceOffsets[index];
    }

    /** Whether one copy writes a granted page. */
    public boolean destinationIsGrant(final int index) {
        return (flags[index] & DESTINATION_GRANT) != 0;
    }

    /** Whose page one copy writes. */
    public int destinationDomain(final int index) {
        return destinationDomains[index];
    }

    /** The reference or frame that one copy writes. */
    public int destination(final int index) {
        return destinations[index];
    }

    /** Where in its page one copy begins to write. */
    public int destinationOffset(final int index) {
        return destinationOffsets[index];
    }

    /** Length of one copy in bytes. */
    public int lengthBytes(final int index) {
        return lengths[index];
    }

    /** Status of one copy: 0 or a negative {@code GNTST_} code. */
    public int status(final int index) {
        return statuses[index];
    }

    /** Set by the hypervisor. */
    public void result(final int index, final int status) {
        statuses[index] = status;
    }

    /** Whether every copy was done. */
    public boolean allCopied() {
        for (int i = 0; i < count; i++) {
            if (statuses[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
