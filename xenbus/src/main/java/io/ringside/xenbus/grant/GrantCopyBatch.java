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

    // One copy after the other, so that all that is known of one lies side by side.
    private static final int FLAGS = 0;
    private static final int SOURCE_DOMAIN = 1;
    private static final int SOURCE = 2;
    private static final int SOURCE_OFFSET = 3;
    private static final int DESTINATION_DOMAIN = 4;
    private static final int DESTINATION = 5;
    private static final int DESTINATION_OFFSET = 6;
    private static final int LENGTH = 7;
    private static final int STATUS = 8;
    private static final int FIELDS = 9;

    private final int[] fields;
    private int count;

    /** A batch of at most {@code capacity} copies. */
    public GrantCopyBatch(final int capacity) {
        fields = new int[capacity * FIELDS];
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
        final int at = count * FIELDS;
        fields[at + SOURCE_DOMAIN] = domain;
        fields[at + SOURCE] = number;
        fields[at + SOURCE_OFFSET] = offsetBytes;
    }

    /**
     * Sets where the next copy writes.
     *
     * @param domain whose page it is; {@link DomainId#SELF} for a frame of the caller
     * @param number the grant reference, or the frame
     * @param offsetBytes where in the page
     */
    public void to(final int domain, final int number, final int offsetBytes) {
        final int at = count * FIELDS;
        fields[at + DESTINATION_DOMAIN] = domain;
        fields[at + DESTINATION] = number;
        fields[at + DESTINATION_OFFSET] = offsetBytes;
    }

    /** Adds the copy that {@link #from} and {@link #to} tell; the flags say what is a grant. */
    public void add(final int grantFlags, final int lengthBytes) {
        final int at = count * FIELDS;
        fields[at + FLAGS] = grantFlags;
        fields[at + LENGTH] = lengthBytes;
        fields[at + STATUS] = 0;
        count++;
    }

    /** How many copies the batch has. */
    public int count() {
        return count;
    }

    /** Whether one copy reads a granted page. */
    public boolean sourceIsGrant(final int index) {
        return (fields[index * FIELDS + FLAGS] & SOURCE_GRANT) != 0;
    }

    /** Whose page one copy reads. */
    public int sourceDomain(final int index) {
        return fields[index * FIELDS + SOURCE_DOMAIN];
    }

    /** The reference or frame that one copy reads. */
    public int source(final int index) {
        return fields[index * FIELDS + SOURCE];
    }

    /** Where in its page one copy begins to read. */
    public int sourceOffset(final int index) {
        return fields[index * FIELDS + SOURCE_OFFSET];
    }

    /** Whether one copy writes a granted page. */
    public boolean destinationIsGrant(final int index) {
        return (fields[index * FIELDS + FLAGS] & DESTINATION_GRANT) != 0;
    }

    /** Whose page one copy writes. */
    public int destinationDomain(final int index) {
        return fields[index * FIELDS + DESTINATION_DOMAIN];
    }

    /** The reference or frame that one copy writes. */
    public int destination(final int index) {
        return fields[index * FIELDS + DESTINATION];
    }

    /** Where in its page one copy begins to write. */
    public int destinationOffset(final int index) {
        return fields[index * FIELDS + DESTINATION_OFFSET];
    }

    /** Length of one copy in bytes. */
    public int lengthBytes(final int index) {
        return fields[index * FIELDS + LENGTH];
    }

    /** Status of one copy: 0 or a negative {@code GNTST_} code. */
    public int status(final int index) {
        return fields[index * FIELDS + STATUS];
    }

    /** Set by the hypervisor. */
    public void result(final int index, final int status) {
        fields[index * FIELDS + STATUS] = status;
    }

    /** Whether every copy was done. */
    public boolean allCopied() {
        for (int i = 0; i < count; i++) {
            if (fields[i * FIELDS + STATUS] != 0) {
                return false;
            }
        }
        return true;
    }
}
