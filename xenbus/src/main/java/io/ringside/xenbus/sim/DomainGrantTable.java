package io.ringside.xenbus.sim;

import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Vcpu;
import io.ringside.xenbus.grant.GrantTableV2;
import io.ringside.xenbus.protocol.GrantEntry;
import io.ringside.xenbus.protocol.GrantEntryV2;
import io.ringside.xenbus.protocol.GrantStatusWords;
import io.ringside.xenbus.protocol.XenErrno;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The grant table of one domain, in frames of its own memory: version 1 until it asks for 2.
 *
 * <p>It begins with one page and grows a page at a time: each further page is a frame of the
 * domain's allocator and one hypercall; version 2 takes a frame of status words beside every eight.
 * Frames are zeroed before the hypervisor sees them. Free references form a list, last freed first
 * out.
 *
 * <p>A reference that {@link #endAccess} could not take back stays out, and so does its page: ask
 * again later, or give both to a {@link io.ringside.xenbus.grant.GrantQuarantine}.
 *
 * <p>Errors: a reference that is not out is an {@link IllegalArgumentException}. Threads: one (the
 * domain's).
 */
public final class DomainGrantTable implements GrantTableV2 {
    private static final int LIST_END = -1;
    private static final int OUT = -2;
    private static final int REVOKE_TRIES = 16;

    private final GuestMemory memory;
    private final FrameAllocator frames;
    private final Vcpu vcpu;
    private ActiveGrants active;

    private final int[] tableFrames;
    private final UnsafeBuffer[] pages;
    private final int[] statusFrames;
    private final GrantStatusWords[] statusPages;
    private final GrantEntry entry = new GrantEntry();
    private final GrantEntryV2 entryV2 = new GrantEntryV2();
    private int[] nextFree = new int[0];
    private int firstFree = LIST_END;
    private int version = 1;
    private int pageCount;
    private int statusPageCount;
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
        tableFrames = new int[maxPages];
        pages = new UnsafeBuffer[maxPages];
        statusFrames = new int[statusPagesFor(maxPages)];
        statusPages = new GrantStatusWords[statusFrames.length];
        grow();
    }

    @Override
    public int grantAccess(final int peerDomain, final int frame, final boolean readOnly) {
        final int access = readOnly ? GrantEntry.READ_ONLY : 0;
        return grantPage(GrantEntry.PERMIT_ACCESS | access, peerDomain, frame);
    }

    /** Waits for a page that {@code peerDomain} gives away; {@link #endAccess} stops waiting. */
    public int acceptTransfer(final int peerDomain) {
        return grantPage(GrantEntry.ACCEPT_TRANSFER, peerDomain, 0);
    }

    private int grantPage(final int flags, final int peerDomain, final int frame) {
        final int reference = takeReference();
        if (reference == NO_REFERENCE) {
            return NO_REFERENCE;
        }
        if (version == 1) {
            wrapEntry(reference);
            entry.frame(frame);
            entry.headerRelease(GrantEntry.header(flags, peerDomain));
        } else {
            wrapEntryV2(reference);
            entryV2.clearBody();
            entryV2.frame(frame);
            entryV2.headerVolatile(GrantEntry.header(flags, peerDomain));
        }
        return reference;
    }

    @Override
    public int grantSubPage(
            final int peerDomain,
            final int frame,
            final int offsetBytes,
            final int lengthBytes,
            final boolean readOnly) {
        checkVersion2();
        if (offsetBytes < 0
                || lengthBytes < 1
                || offsetBytes > GuestMemory.PAGE_BYTES - lengthBytes) {
            throw new IllegalArgumentException(
                    "not within a page: offsetBytes="
                            + offsetBytes
                            + " lengthBytes="
                            + lengthBytes);
        }
        final int reference = takeReference();
        if (reference != NO_REFERENCE) {
            wrapEntryV2(reference);
            entryV2.clearBody();
            entryV2.subPage(offsetBytes, lengthBytes);
            entryV2.frame(frame);
            publish(GrantEntry.PERMIT_ACCESS | GrantEntry.SUB_PAGE, readOnly, peerDomain);
        }
        return reference;
    }

    @Override
    public int grantTransitive(
            final int peerDomain,
            final int grantingDomain,
            final int targetReference,
            final boolean readOnly) {
        checkVersion2();
        final int reference = takeReference();
        if (reference != NO_REFERENCE) {
            wrapEntryV2(reference);
            entryV2.clearBody();
            entryV2.target(grantingDomain, targetReference);
            publish(GrantEntry.TRANSITIVE, readOnly, peerDomain);
        }
        return reference;
    }

    @Override
    public boolean endAccess(final int reference) {
        if (reference < 0 || reference >= nextFree.length || nextFree[reference] != OUT) {
            throw new IllegalArgumentException("not granted: reference=" + reference);
        }
        if (!(version == 1 ? revoke(reference) : revokeV2(reference))) {
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

    /** Takes back, then looks: from the first line on nobody new gets in. */
    private boolean revokeV2(final int reference) {
        wrapEntryV2(reference);
        entryV2.headerVolatile(GrantEntry.INVALID);
        final int status =
                statusPages[reference / GrantStatusWords.WORDS_PER_PAGE].statusVolatile(
                        reference % GrantStatusWords.WORDS_PER_PAGE);
        return (status & (GrantEntry.READING | GrantEntry.WRITING)) == 0;
    }

    @Override
    public int usedCount() {
        return usedCount;
    }

    @Override
    public int version() {
        return version;
    }

    @Override
    public int setVersion(final int wanted) {
        vcpu.cross(Crossing.HYPERCALL);
        if (wanted == version) {
            return 0;
        }
        final UnsafeBuffer[] status = new UnsafeBuffer[wanted == 2 ? statusPagesFor(pageCount) : 0];
        if (freeFrames() < status.length) {
            return -XenErrno.ENOMEM;
        }
        for (int i = 0; i < status.length; i++) {
            status[i] = addStatusPage();
        }
        final int answer = active.setVersion(wanted, status);
        if (answer != 0) {
            freeStatusPages(status.length);
            return answer;
        }
        version = wanted;
        if (wanted == 1) {
            freeStatusPages(statusPageCount);
        }
        usedCount = 0;
        nextFree = new int[0];
        firstFree = LIST_END;
        extendFreeList();
        return 0;
    }

    /**
     * {@code GNTTABOP_setup_table}: sees to it that the table has so many pages.
     *
     * @return false if it may not, or the domain has no frame left
     */
    boolean extendTo(final int wantedPages) {
        if (wantedPages > pages.length) {
            return false;
        }
        while (pageCount < wantedPages) {
            // A page of entries, and one of status words at most.
            if (freeFrames() < version) {
                return false;
            }
            grow();
        }
        return true;
    }

    /** {@code GNTTABOP_swap_grant_ref}: two entries change places; a {@code GNTST_} code. */
    public int swap(final int first, final int second) {
        vcpu.cross(Crossing.HYPERCALL);
        return swapUncounted(first, second);
    }

    /** The same as a part of a hypercall that is counted already. */
    int swapUncounted(final int first, final int second) {
        return active.swap(first, second);
    }

    /** How many pages the table has just now, as {@code GNTTABOP_query_size} tells it. */
    public int pageCount() {
        return pageCount;
    }

    /** How many pages the table may have, as {@code GNTTABOP_query_size} tells it. */
    public int maxPageCount() {
        return pages.length;
    }

    /** The frame of one page of the table, as {@code GNTTABOP_setup_table} tells it. */
    public int tableFrame(final int page) {
        if (page < 0 || page >= pageCount) {
            throw new IllegalArgumentException("no such page of the table: page=" + page);
        }
        return tableFrames[page];
    }

    /** How many pages of status words there are: none in version 1. */
    public int statusPageCount() {
        return statusPageCount;
    }

    /** The frame of one page of status words, as {@code GNTTABOP_get_status_frames} tells it. */
    public int statusFrame(final int page) {
        if (page < 0 || page >= statusPageCount) {
            throw new IllegalArgumentException("no such page of status words: page=" + page);
        }
        return statusFrames[page];
    }

    /** Begins again with empty entries; references that are out stay so until they are ended. */
    void resume(final ActiveGrants fresh) {
        active = fresh;
        for (int page = 0; page < pageCount; page++) {
            fresh.addPage(zeroed(tableFrames[page]));
        }
        final UnsafeBuffer[] status = new UnsafeBuffer[statusPageCount];
        Arrays.setAll(status, page -> zeroed(statusFrames[page]));
        fresh.setVersion(version, status);
    }

    /** Gives the frames of the table back: the domain is gone. */
    void close() {
        for (int page = 0; page < pageCount; page++) {
            frames.free(tableFrames[page]);
        }
        freeStatusPages(statusPageCount);
        pageCount = 0;
        nextFree = new int[0];
        firstFree = LIST_END;
    }

    private int takeReference() {
        if (firstFree == LIST_END) {
            if (pageCount == pages.length || freeFrames() < version) {
                return NO_REFERENCE;
            }
            vcpu.cross(Crossing.HYPERCALL);
            grow();
        }
        final int reference = firstFree;
        firstFree = nextFree[reference];
        nextFree[reference] = OUT;
        usedCount++;
        return reference;
    }

    private void publish(final int flags, final boolean readOnly, final int peerDomain) {
        entryV2.headerVolatile(
                GrantEntry.header(flags | (readOnly ? GrantEntry.READ_ONLY : 0), peerDomain));
    }

    private void checkVersion2() {
        if (version != 2) {
            throw new IllegalStateException("not in this table: version=" + version);
        }
    }

    private void grow() {
        if (version == 2 && statusPageCount < statusPagesFor(pageCount + 1)) {
            active.addStatusPage(addStatusPage());
        }
        final int frame = frames.allocate();
        final UnsafeBuffer page = zeroed(frame);
        tableFrames[pageCount] = frame;
        pages[pageCount] = page;
        pageCount++;
        extendFreeList();
        active.addPage(page);
    }

    private void extendFreeList() {
        final int first = Math.max(nextFree.length, GrantEntry.RESERVED_ENTRIES);
        nextFree = Arrays.copyOf(nextFree, pageCount * entriesPerPage());
        Arrays.fill(nextFree, 0, GrantEntry.RESERVED_ENTRIES, LIST_END);
        for (int reference = nextFree.length - 1; reference >= first; reference--) {
            nextFree[reference] = firstFree;
            firstFree = reference;
        }
    }

    private UnsafeBuffer addStatusPage() {
        final int frame = frames.allocate();
        final UnsafeBuffer page = zeroed(frame);
        statusFrames[statusPageCount] = frame;
        statusPages[statusPageCount] = new GrantStatusWords(page);
        statusPageCount++;
        return page;
    }

    private void freeStatusPages(final int count) {
        for (int i = 0; i < count; i++) {
            statusPageCount--;
            frames.free(statusFrames[statusPageCount]);
        }
    }

    private int freeFrames() {
        return memory.frameCount() - 1 - frames.usedCount();
    }

    private UnsafeBuffer zeroed(final int frame) {
        final UnsafeBuffer page = new UnsafeBuffer(0, 0);
        memory.wrap(page, (long) frame << GuestMemory.PAGE_SHIFT, GuestMemory.PAGE_BYTES);
        page.setMemory(0, GuestMemory.PAGE_BYTES, (byte) 0);
        return page;
    }

    private int entriesPerPage() {
        return version == 1 ? GrantEntry.ENTRIES_PER_PAGE : GrantEntryV2.ENTRIES_PER_PAGE;
    }

    private static int statusPagesFor(final int tablePages) {
        final int entries = tablePages * GrantEntryV2.ENTRIES_PER_PAGE;
        return (entries + GrantStatusWords.WORDS_PER_PAGE - 1) / GrantStatusWords.WORDS_PER_PAGE;
    }

    private void wrapEntry(final int reference) {
        entry.wrap(
                pages[reference / GrantEntry.ENTRIES_PER_PAGE],
                reference % GrantEntry.ENTRIES_PER_PAGE);
    }

    private void wrapEntryV2(final int reference) {
        entryV2.wrap(
                pages[reference / GrantEntryV2.ENTRIES_PER_PAGE],
                reference % GrantEntryV2.ENTRIES_PER_PAGE);
    }
}
