package io.ringside.xenbus.sim;

import io.ringside.hypervisor.GuestMemory;
import io.ringside.xenbus.protocol.GnttabStatus;
import io.ringside.xenbus.protocol.GrantEntry;
import io.ringside.xenbus.protocol.GrantEntryV2;
import io.ringside.xenbus.protocol.GrantStatusWords;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Entries of version 2: the in-use bits are in a status word beside the entry.
 *
 * <p>The lender takes an entry back by clearing the header and then reading the status word; the
 * hypervisor sets the status word and then reads the header again. Each does so in full order, so
 * that one of them at least sees the other.
 *
 * <p>Threads: one at a time.
 */
final class SharedEntriesV2 implements SharedEntries {
    private static final int IN_USE = GrantEntry.READING | GrantEntry.WRITING;
    private static final long LARGEST_V1_FRAME = 0xFFFF_FFFFL;

    private UnsafeBuffer[] pages = new UnsafeBuffer[0];
    private GrantStatusWords[] statusPages = new GrantStatusWords[0];
    private final GrantEntryV2 entry = new GrantEntryV2();
    private final GrantEntryV2 other = new GrantEntryV2();
    private int goodHeader;

    @Override
    public int version() {
        return 2;
    }

    @Override
    public int entriesPerPage() {
        return GrantEntryV2.ENTRIES_PER_PAGE;
    }

    @Override
    public void addPage(final UnsafeBuffer page) {
        pages = Arrays.copyOf(pages, pages.length + 1);
        pages[pages.length - 1] = page;
    }

    /** Adds one page of status words, before the entries that need it. */
    void addStatusPage(final UnsafeBuffer page) {
        statusPages = Arrays.copyOf(statusPages, statusPages.length + 1);
        statusPages[statusPages.length - 1] = new GrantStatusWords(page);
    }

    @Override
    public int markInUse(
            final int reference,
            final int user,
            final boolean readOnly,
            final boolean first,
            final boolean copying) {
        wrap(entry, reference);
        int bits = readOnly ? GrantEntry.READING : GrantEntry.WRITING;
        if (first) {
            bits |= GrantEntry.READING;
        }
        for (int tries = 0; tries < EXCHANGE_TRIES; tries++) {
            final int header = entry.headerVolatile();
            if (!permits(header, user, copying)
                    || (!readOnly && (header & GrantEntry.READ_ONLY) != 0)) {
                return GnttabStatus.GENERAL_ERROR;
            }
            setInUse(reference, bits);
            // The status must be out before the header is read again.
            if (entry.headerVolatile() == header) {
                goodHeader = header;
                return GnttabStatus.OKAY;
            }
            clearInUse(reference, bits);
        }
        return GnttabStatus.GENERAL_ERROR;
    }

    private static boolean permits(final int header, final int user, final boolean copying) {
        final int flags = GrantEntry.flags(header);
        final int type = flags & GrantEntry.TYPE_MASK;
        if (GrantEntry.domain(header) != user) {
            return false;
        }
        if (copying) {
            return type == GrantEntry.PERMIT_ACCESS || type == GrantEntry.TRANSITIVE;
        }
        return type == GrantEntry.PERMIT_ACCESS && (flags & GrantEntry.SUB_PAGE) == 0;
    }

    @Override
    public void read(final GrantSpan span) {
        final int flags = GrantEntry.flags(goodHeader);
        span.transitive = (flags & GrantEntry.TYPE_MASK) == GrantEntry.TRANSITIVE;
        if (span.transitive) {
            span.number = Integer.toUnsignedLong(entry.targetReference());
            span.start = entry.targetDomain();
            span.end = 0;
            return;
        }
        span.number = entry.frame();
        if ((flags & GrantEntry.SUB_PAGE) != 0) {
            span.start = entry.subPageOffset();
            span.end = Math.min(span.start + entry.subPageLength(), GuestMemory.PAGE_BYTES);
        } else {
            span.start = 0;
            span.end = GuestMemory.PAGE_BYTES;
        }
    }

    private void setInUse(final int reference, final int bits) {
        statusPages[reference / GrantStatusWords.WORDS_PER_PAGE].setVolatile(
                reference % GrantStatusWords.WORDS_PER_PAGE, bits);
    }

    @Override
    public void clearInUse(final int reference, final int bits) {
        statusPages[reference / GrantStatusWords.WORDS_PER_PAGE].clearVolatile(
                reference % GrantStatusWords.WORDS_PER_PAGE, bits);
    }

    @Override
    public boolean save(final int reference, final SavedEntry saved) {
        wrap(entry, reference);
        final int header = entry.headerVolatile();
        final int type = header & GrantEntry.TYPE_MASK;
        saved.header = header & ~IN_USE;
        saved.frame = entry.frame();
        saved.inUse =
                statusPages[0].statusVolatile(reference % GrantStatusWords.WORDS_PER_PAGE) & IN_USE;
        return type == GrantEntry.INVALID
                || (type == GrantEntry.PERMIT_ACCESS
                        && (header & GrantEntry.SUB_PAGE) == 0
                        && Long.compareUnsigned(saved.frame, LARGEST_V1_FRAME) <= 0);
    }

    @Override
    public void restore(final int reference, final SavedEntry saved) {
        wrap(entry, reference);
        entry.clearBody();
        entry.frame(saved.frame);
        entry.headerVolatile(saved.header);
        setInUse(reference, saved.inUse);
    }

    @Override
    public void swap(final int first, final int second) {
        wrap(entry, first);
        wrap(other, second);
        final int header = entry.headerVolatile();
        final int span = entry.targetDomain() | entry.subPageLength() << Short.SIZE;
        final long frame = entry.frame();
        final int otherHeader = other.headerVolatile();
        entry.subPage(other.subPageOffset(), other.subPageLength());
        entry.frame(other.frame());
        entry.headerVolatile(otherHeader);
        other.subPage(span & 0xFFFF, span >>> Short.SIZE);
        other.frame(frame);
        other.headerVolatile(header);
    }

    private void wrap(final GrantEntryV2 view, final int reference) {
        view.wrap(
                pages[reference / GrantEntryV2.ENTRIES_PER_PAGE],
                reference % GrantEntryV2.ENTRIES_PER_PAGE);
    }
}
