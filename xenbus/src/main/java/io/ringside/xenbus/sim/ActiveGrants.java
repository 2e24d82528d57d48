package io.ringside.xenbus.sim;

import io.ringside.hypervisor.GuestMemory;
import io.ringside.xenbus.protocol.GnttabStatus;
import io.ringside.xenbus.protocol.GrantEntry;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What the hypervisor knows about the grants of one domain: which entries are mapped, how often, by
 * whom, and the frame that each had when it was first mapped.
 *
 * <p>The table itself is the granting domain's memory, and may change at any moment. So the header
 * of an entry is read once, checked, and exchanged for one that says the page is in use: if the
 * exchange fails the entry has changed, and after a few tries the hypervisor gives up. The frame is
 * read once, after the exchange.
 *
 * <p>Threads: any mapping domain's; whoever calls {@link #pin}, {@link #unpin} and {@link #frame}
 * holds this object's lock.
 */
final class ActiveGrants {
    private static final int EXCHANGE_TRIES = 5;

    /** After so many, a lender has earned that its own last change is lost. */
    private static final int CLEAR_TRIES = 1000;

    private static final int IN_USE = GrantEntry.READING | GrantEntry.WRITING;

    private final GuestMemory memory;
    private final GrantEntry entry = new GrantEntry();

    private UnsafeBuffer[] pages = new UnsafeBuffer[0];
    private int[] readers = new int[0];
    private int[] writers = new int[0];
    private int[] mappers = new int[0];
    private long[] frames = new long[0];
    private int pinCount;
    private boolean closed;

    ActiveGrants(final GuestMemory memory) {
        this.memory = memory;
    }

    /** Adds one page of entries to the table. */
    synchronized void addPage(final UnsafeBuffer page) {
        final int count = pages.length;
        final int entries = (count + 1) * GrantEntry.ENTRIES_PER_PAGE;
        readers = Arrays.copyOf(readers, entries);
        writers = Arrays.copyOf(writers, entries);
        mappers = Arrays.copyOf(mappers, entries);
        frames = Arrays.copyOf(frames, entries);
        pages = Arrays.copyOf(pages, count + 1);
        pages[count] = page;
    }

    /** The granting domain is gone: nothing more is mapped, and its table is not touched again. */
    synchronized void close() {
        closed = true;
    }

    /** How many mappings of this domain's pages there are. */
    synchronized int pinCount() {
        return pinCount;
    }

    /** Takes an entry into use for a mapping domain; answers with a {@code GNTST_} code. */
    int pin(final int reference, final int mapper, final boolean readOnly) {
        if (closed) {
            return GnttabStatus.BAD_DOMAIN;
        }
        if (Integer.compareUnsigned(reference, readers.length) >= 0) {
            return GnttabStatus.BAD_GNTREF;
        }
        final boolean first = readers[reference] + writers[reference] == 0;
        if (!first && mappers[reference] != mapper) {
            return GnttabStatus.GENERAL_ERROR;
        }
        if (first || (!readOnly && writers[reference] == 0)) {
            final int status = markInUse(reference, mapper, readOnly, first);
            if (status != GnttabStatus.OKAY) {
                return status;
            }
        }
        if (first) {
            final long frame = entry.frame();
            if (!memory.contains(frame << GuestMemory.PAGE_SHIFT, GuestMemory.PAGE_BYTES)) {
                clearInUse(reference, IN_USE);
                return GnttabStatus.BAD_PAGE;
            }
            frames[reference] = frame;
            mappers[reference] = mapper;
        }
        if (readOnly) {
            readers[reference]++;
        } else {
            writers[reference]++;
        }
        pinCount++;
        return GnttabStatus.OKAY;
    }

    /** The frame of an entry that is in use. */
    int frame(final int reference) {
        return (int) frames[reference];
    }

    /** The granting domain's memory. */
    GuestMemory memory() {
        return memory;
    }

    /** Lets go of an entry that {@link #pin} took. */
    void unpin(final int reference, final boolean readOnly) {
        if (readOnly) {
            readers[reference]--;
        } else {
            writers[reference]--;
        }
        pinCount--;
        if (closed) {
            return;
        }
        int unused = 0;
        if (writers[reference] == 0) {
            unused |= GrantEntry.WRITING;
            if (readers[reference] == 0) {
                unused |= GrantEntry.READING;
            }
        }
        if (unused != 0) {
            clearInUse(reference, unused);
        }
    }

    private int markInUse(
            final int reference, final int mapper, final boolean readOnly, final boolean first) {
        wrapEntry(reference);
        final int typeMask = GrantEntry.TYPE_MASK | GrantEntry.SUB_PAGE;
        for (int tries = 0; tries < EXCHANGE_TRIES; tries++) {
            final int header = entry.headerAcquire();
            final int flags = GrantEntry.flags(header);
            if (first
                    && ((flags & typeMask) != GrantEntry.PERMIT_ACCESS
                            || GrantEntry.domain(header) != mapper)) {
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

    /** Lender and hypervisor change the header at the same time; the lender cannot hold us up. */
    private void clearInUse(final int reference, final int bits) {
        wrapEntry(reference);
        for (int tries = 0; tries < CLEAR_TRIES; tries++) {
            final int header = entry.headerAcquire();
            if (entry.compareAndSetHeaderVolatile(header, header & ~bits)) {
                return;
            }
        }
        entry.headerRelease(entry.headerAcquire() & ~bits);
    }

    private void wrapEntry(final int reference) {
        entry.wrap(
                pages[reference / GrantEntry.ENTRIES_PER_PAGE],
                reference % GrantEntry.ENTRIES_PER_PAGE);
    }
}
