package io.ringside.xenbus.sim;

import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Vcpu;
import io.ringside.xenbus.grant.GrantTable;
import io.ringside.xenbus.protocol.GrantEntry;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The grant table of one domain, version 1, in frames of its own memory.
 *
 * <p>It begins with one page and grows a page at a time: each further page is a frame of the
 * domain's allocator and one hypercall. Frames are zeroed before the hypervisor sees them. Free
 * references form a list, last freed first out.
 *
 * <p>A reference that {@link #endAccess} could not take back stays out, and so does its page: ask
 * again later, or give both to a {@link io.ringside.xenbus.grant.GrantQuarantine}.
 *
 * <p>Errors: a reference that is not out is an {@link IllegalArgumentException}. Threads: one (the
 * domain's).
 */
public final class DomainGrantTable implements GrantTable {
    private static final int LIST_END = -1;
    private static final int OUT = -2;
    private static final int REVOKE_TRIES = 16;

    private final GuestMemory memory;
    private final FrameAllocator frames;
    private final Vcpu vcpu;
    private final ActiveGrants active;

    private final int[] tableFrames;
    private final UnsafeBuffer[] pages;
    private final GrantEntry entry = new GrantEntry();
    private int[] nextFree = new int[0];
    private int firstFree = LIST_END;
    private int pageCount;
    private int usedCount;

    DomainGrantTable(
            final GuestMemory memory,
            final FrameAllocator frames,
            final Vcpu vcpu,
            final ActiveGrants active,
            final int maxPages) {
        this.memory = memory;
        this.frames = frames;
        this.vcpu = vcpu;
        this.active = active;
        this.tableFrames = new int[maxPages];
        this.pages = new UnsafeBuffer[maxPages];
        grow();
    }

    @Override
    public int grantAccess(final int peerDomain, final int frame, final boolean readOnly) {
        if (firstFree == LIST_END) {
            if (pageCount == pages.length) {
                return NO_REFERENCE;
            }
            vcpu.cross(Crossing.HYPERCALL);
            grow();
        }
        final int reference = firstFree;
        firstFree = nextFree[reference];
        nextFree[reference] = OUT;
        usedCount++;
        wrapEntry(reference);
        entry.frame(frame);
        final int flags = GrantEntry.PERMIT_ACCESS | (readOnly ? GrantEntry.READ_ONLY : 0);
        entry.headerRelease(GrantEntry.header(flags, peerDomain));
        return reference;
    }

    @Override
    public boolean endAccess(final int reference) {
        if (reference < 0 || reference >= nextFree.length || nextFree[reference] != OUT) {
            throw new IllegalArgumentException("not granted: reference=" + reference);
        }
        if (!revoke(reference)) {
            return false;
        }
        nextFree[reference] = firstFree;
        firstFree = reference;
        usedCount--;
        return true;
    }

    /** Looks and takes back in one exchange, which fails when the peer maps or unmaps just now. */
    private boolean revoke(final int reference) {
        wrapEntry(reference);
        for (int tries = 0; tries < REVOKE_TRIES; tries++) {
            final int header = entry.headerAcquire();
            if ((header & (GrantEntry.READING | GrantEntry.WRITING)) != 0) {
                return false;
            }
            if (entry.compareAndSetHeaderVolatile(header, GrantEntry.INVALID)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public int usedCount() {
        return usedCount;
    }

    /** How many pages the table has just now. */
    public int pageCount() {
        return pageCount;
    }

    /** The frame of one page of the table, as {@code GNTTABOP_setup_table} tells it. */
    public int tableFrame(final int page) {
        if (page < 0 || page >= pageCount) {
            throw new IllegalArgumentException("no such page of the table: page=" + page);
        }
        return tableFrames[page];
    }

    /** Gives the frames of the table back: the domain is gone. */
    void close() {
        for (int page = 0; page < pageCount; page++) {
            frames.free(tableFrames[page]);
        }
        pageCount = 0;
        nextFree = new int[0];
        firstFree = LIST_END;
    }

    private void grow() {
        final int frame = frames.allocate();
        final UnsafeBuffer page = new UnsafeBuffer(0, 0);
        memory.wrap(page, (long) frame << GuestMemory.PAGE_SHIFT, GuestMemory.PAGE_BYTES);
        page.setMemory(0, GuestMemory.PAGE_BYTES, (byte) 0);
        tableFrames[pageCount] = frame;
        pages[pageCount] = page;
        pageCount++;
        final int first = Math.max(nextFree.length, GrantEntry.RESERVED_ENTRIES);
        nextFree = Arrays.copyOf(nextFree, pageCount * GrantEntry.ENTRIES_PER_PAGE);
        Arrays.fill(nextFree, 0, GrantEntry.RESERVED_ENTRIES, LIST_END);
        for (int reference = nextFree.length - 1; reference >= first; reference--) {
            nextFree[reference] = firstFree;
            firstFree = reference;
        }
        active.addPage(page);
    }

    private void wrapEntry(final int reference) {
        entry.wrap(
                pages[reference / GrantEntry.ENTRIES_PER_PAGE],
                reference % GrantEntry.ENTRIES_PER_PAGE);
    }
}
