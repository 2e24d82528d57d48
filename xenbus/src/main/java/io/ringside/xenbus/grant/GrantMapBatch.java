package io.ringside.xenbus.grant;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * A batch of pages to map in one hypercall, and then to unmap in another.
 *
 * <p>Allocated once, refilled for every use. Threads: one.
 */
public final class GrantMapBatch {
    /** The entry holds no mapping. */
    public static final int NO_HANDLE = -1;

    private final int[] references;
    private final boolean[] readOnly;
    private final int[] statuses;
    private final int[] handles;
    private final UnsafeBuffer[] pages;
    private int domain;
    private int count;

    /** A batch of at most {@code capacity} pages. */
    public GrantMapBatch(final int capacity) {
        references = new int[capacity];
        readOnly = new boolean[capacity];
        statuses = new int[capacity];
        handles = new int[capacity];
        pages = new UnsafeBuffer[capacity];
        for (int i = 0; i < capacity; i++) {
            pages[i] = new UnsafeBuffer(0, 0);
            handles[i] = NO_HANDLE;
        }
    }

    /** Starts a new use, with pages of one granting domain. */
    public GrantMapBatch reset(final int grantingDomain) {
        domain = grantingDomain;
        count = 0;
        return this;
    }

    /** Adds one page. */
    public void add(final int reference, final boolean mapReadOnly) {
        references[count] = reference;
        readOnly[count] = mapReadOnly;
        statuses[count] = 0;
        handles[count] = NO_HANDLE;
        count++;
    }

    /** The domain that granted the pages. */
    public int domain() {
        return domain;
    }

    /** How many pages the batch has. */
    public int count() {
        return count;
    }

    /** Grant reference of one entry. */
    public int reference(final int index) {
        return references[index];
    }

    /** Whether one entry is mapped for reading only. */
    public boolean readOnly(final int index) {
        return readOnly[index];
    }

    /** Status of one entry: 0 or a negative {@code GNTST_} code. */
    public int status(final int index) {
        return statuses[index];
    }

    /** Handle of one entry, or {@link #NO_HANDLE}. */
    public int handle(final int index) {
        return handles[index];
    }

    /** The mapped page of one entry, 4096 bytes; empty when it is not mapped. */
    public UnsafeBuffer page(final int index) {
        return pages[index];
    }

    /** Set by the hypervisor. */
    public void result(final int index, final int status, final int handle) {
        statuses[index] = status;
        handles[index] = handle;
    }

    /** Whether every entry is mapped. */
    public boolean allMapped() {
        for (int i = 0; i < count; i++) {
            if (statuses[i] != 0 || handles[i] == NO_HANDLE) {
                return false;
            }
        }
        return true;
    }
}
