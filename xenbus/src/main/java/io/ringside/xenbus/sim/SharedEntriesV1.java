package io.ringside.xenbus.sim;

import io.ringside.hypervisor.GuestMemory;
import io.ringside.xenbus.protocol.GnttabStatus;
import io.ringside.xenbus.protocol.GrantEntry;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Entries of version 1: the in-use bits are in the header, which is exchanged whole.
 *
 * <p>Threads: one at a time.
 */
final class SharedEntriesV1 implements SharedEntries {
    private static final int IN_USE = GrantEntry.READING | GrantEntry.WRITING;

    /** After so many, a lender has earned that its own last change is lost. */
    private static final int CLEAR_TRIES = 1000;

    private UnsafeBuffer[] pages = new UnsafeBuffer[0];
    private final GrantEntry entry = new GrantEntry();
    private final GrantEntry other = new GrantEntry();

    @Override
    public int version() {
        return 1;
    }

    @Override
    public int entriesPerPage() {
        return GrantEntry.ENTRIES_PER_PAGE;
    }

    @Override
    public void addPage(final UnsafeBuffer page) {
        pages = Arrays.copyOf(pages, pages.length + 1);
        pages[pages.length - 1] = page;
    }

    @Override
    public int markInUse(
            final int reference,
            final int user,
            final boolean readOnly,
            final boolean first,
            final boolean copying) {
        wrap(entry, reference);
        final int typeMask = GrantEntry.TYPE_MASK | GrantEntry.SUB_PAGE;
        for (int tries = 0; tries < EXCHANGE_TRIES; tries++) {
            final int header = entry.headerAcquire();
            final int flags = GrantEntry.flags(header);
            if ((flags & typeMask) != GrantEntry.PERMIT_ACCESS
                    || GrantEntry.domain(header) != user) {
                return GnttabStatus.GENERAL_ERROR;
            }
            if (!readOnly && (flags & GrantEntry.READ_ONLY) != 0) {
                return GnttabStatus.GENERAL_ERROR;
            }
            final int inUse = readOnly ? GrantEntry.READING : IN_USE;
            if (entry.compareAndSetHeaderVolatile(header, header | inUse)) {
                return GnttabStatus.OKAY;
            }
        }
        return GnttabStatus.GENERAL_ERROR;
    }

    @Override
    public void read(final GrantSpan span) {
        span.transitive = false;
        span.number = entry.frame();
        span.start = 0;
        span.end = GuestMemory.PAGE_BYTES;
    }

    /** Lender and hypervisor change the header at the same time; the lender cannot hold us up. */
    @Override
    public void clearInUse(final int reference, final int bits) {
        wrap(entry, reference);
        for (int tries = 0; tries < CLEAR_TRIES; tries++) {
            final int header = entry.headerAcquire();
            if (entry.compareAndSetHeaderVolatile(header, header & ~bits)) {
                return;
            }
        }
        entry.headerRelease(entry.headerAcquire() & ~bits);
    }

    @Override
    public boolean save(final int reference, final SavedEntry saved) {
        wrap(entry, reference);
        final int header = entry.headerAcquire();
        saved.header = header & ~IN_USE;
        saved.inUse = header & IN_USE;
        saved.frame = entry.frame();
        return true;
    }

    @Override
    public void restore(final int reference, final SavedEntry saved) {
        wrap(entry, reference);
        entry.frame(saved.frame);
        entry.headerRelease(saved.header | saved.inUse);
    }

    @Override
    public void swap(final int first, final int second) {
        wrap(entry, first);
        wrap(other, second);
        final int header = entry.headerAcquire();
        final long frame = entry.frame();
        entry.frame(other.frame());
        entry.headerRelease(other.headerAcquire());
        other.frame(frame);
        other.headerRelease(header);
    }

    private void wrap(final GrantEntry view, final int reference) {
        view.wrap(
                pages[reference / GrantEntry.ENTRIES_PER_PAGE],
                reference % GrantEntry.ENTRIES_PER_PAGE);
    }
}
