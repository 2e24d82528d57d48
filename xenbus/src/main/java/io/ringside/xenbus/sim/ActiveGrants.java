package io.ringside.xenbus.sim;

import io.ringside.hypervisor.GuestMemory;
import io.ringside.xenbus.protocol.GnttabStatus;
import io.ringside.xenbus.protocol.GrantEntry;
import io.ringside.xenbus.protocol.XenErrno;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What the hypervisor knows about the grants of one domain: which entries are in use, how often, by
 * whom, and what each lent when its use began.
 *
 * <p>The table itself is the granting domain's memory, and may change at any moment. So an entry is
 * checked and marked in use in one step ({@link SharedEntries}), and if it changes meanwhile the
 * hypervisor gives up after a few tries. What the entry lends is read once, after that.
 *
 * <p>Threads: any using domain's; whoever calls {@link #pin}, {@link #unpin}, {@link #frame} and
 * {@link #span} holds this object's lock, and never that of a second one.
 */
final class ActiveGrants {
    private static final int IN_USE = GrantEntry.READING | GrantEntry.WRITING;

    private final GuestMemory memory;
    private final int maxVersion;

    private SharedEntries entries = new SharedEntriesV1();
    private UnsafeBuffer[] pages = new UnsafeBuffer[0];
    private int[] readers = new int[0];
    private int[] writers = new int[0];
    private int[] users = new int[0];
    private boolean[] transitive = new boolean[0];
    private long[] numbers = new long[0];
    private int[] starts = new int[0];
    private int[] ends = new int[0];
    private final GrantSpan found = new GrantSpan();
    private boolean copyIsCounted;
    private int pinCount;
    private boolean closed;

    ActiveGrants(final GuestMemory memory, final int maxVersion) {
        this.memory = memory;
        this.maxVersion = maxVersion;
    }

    /** Adds one page of entries to the table; version 2 has status words for it already. */
    synchronized void addPage(final UnsafeBuffer page) {
        pages = Arrays.copyOf(pages, pages.length + 1);
        pages[pages.length - 1] = page;
        entries.addPage(page);
        resize();
    }

    /** Adds one page of status words to a table of version 2. */
    synchronized void addStatusPage(final UnsafeBuffer page) {
        if (entries instanceof SharedEntriesV2 second) {
            second.addStatusPage(page);
        }
    }

    /** The granting domain is gone: nothing more is lent, and its table is not touched again. */
    synchronized void close() {
        closed = true;
    }

    /** The frames that others may write just now, each with its bytes. */
    synchronized Map<Integer, byte[]> writableFrames() {
        final Map<Integer, byte[]> copies = new HashMap<>();
        final UnsafeBuffer page = new UnsafeBuffer(0, 0);
        for (int reference = 0; reference < writers.length; reference++) {
            if (writers[reference] != 0 && !transitive[reference]) {
                final byte[] bytes = new byte[GuestMemory.PAGE_BYTES];
                memory.wrap(
                        page, numbers[reference] << GuestMemory.PAGE_SHIFT, GuestMemory.PAGE_BYTES);
                page.getBytes(0, bytes);
                copies.put((int) numbers[reference], bytes);
            }
        }
        return copies;
    }

    /** How many uses of this domain's pages there are. */
    synchronized int pinCount() {
        return pinCount;
    }

    /**
     * {@code GNTTABOP_set_version}: 0, or a negative errno that leaves everything as it was.
     *
     * @param statusPages the pages of status words that version 2 needs
     */
    synchronized int setVersion(final int wanted, final UnsafeBuffer... statusPages) {
        if (wanted != 1 && wanted != 2) {
            return -XenErrno.EINVAL;
        }
        if (wanted > maxVersion) {
            return -XenErrno.ENOSYS;
        }
        if (wanted == entries.version()) {
            return 0;
        }
        for (int reference = GrantEntry.RESERVED_ENTRIES; reference < readers.length; reference++) {
            if (readers[reference] + writers[reference] != 0) {
                return -XenErrno.EBUSY;
            }
        }
        final SharedEntries.SavedEntry[] reserved =
                new SharedEntries.SavedEntry[GrantEntry.RESERVED_ENTRIES];
        for (int reference = 0; reference < reserved.length; reference++) {
            reserved[reference] = new SharedEntries.SavedEntry();
            if (!entries.save(reference, reserved[reference])) {
                return -XenErrno.ERANGE;
            }
        }
        entries = wanted == 1 ? new SharedEntriesV1() : secondVersion(statusPages);
        for (final UnsafeBuffer page : pages) {
            page.setMemory(0, GuestMemory.PAGE_BYTES, (byte) 0);
            entries.addPage(page);
        }
        for (int reference = 0; reference < reserved.length; reference++) {
            entries.restore(reference, reserved[reference]);
        }
        resize();
        return 0;
    }

    /** {@code GNTTABOP_get_version}. */
    synchronized int version() {
        return entries.version();
    }

    /** {@code GNTTABOP_swap_grant_ref}: a {@code GNTST_} code. */
    synchronized int swap(final int first, final int second) {
        if (Integer.compareUnsigned(first, readers.length) >= 0
                || Integer.compareUnsigned(second, readers.length) >= 0) {
            return GnttabStatus.BAD_GNTREF;
        }
        if (readers[first] + writers[first] + readers[second] + writers[second] != 0) {
            return GnttabStatus.EAGAIN;
        }
        if (first != second) {
            entries.swap(first, second);
        }
        return GnttabStatus.OKAY;
    }

    /**
     * Takes an entry into use; answers with a {@code GNTST_} code.
     *
     * @param copying for a copy, which may use a part of a page or a transitive entry
     */
    int pin(final int reference, final int user, final boolean readOnly, final boolean copying) {
        if (closed) {
            return GnttabStatus.BAD_DOMAIN;
        }
        if (Integer.compareUnsigned(reference, readers.length) >= 0) {
            return GnttabStatus.BAD_GNTREF;
        }
        final boolean first = readers[reference] + writers[reference] == 0;
        if (!first && (users[reference] != user || (!copying && !isWholePage(reference)))) {
            return GnttabStatus.GENERAL_ERROR;
        }
        if (first || (!readOnly && writers[reference] == 0)) {
            final int status = entries.markInUse(reference, user, readOnly, first, copying);
            if (status != GnttabStatus.OKAY) {
                return status;
            }
        }
        if (first && !take(reference, user)) {
            entries.clearInUse(reference, IN_USE);
            return GnttabStatus.BAD_PAGE;
        }
        if (readOnly) {
            readers[reference]++;
        } else {
            writers[reference]++;
        }
        pinCount++;
        return GnttabStatus.OKAY;
    }

    /**
     * Takes an entry into use for a copy that ends before this object's lock is let go, and reads
     * what it lends; answers with a {@code GNTST_} code. One that is not in use otherwise is only
     * marked so where its lender sees it.
     */
    int beginCopy(
            final int reference, final int user, final boolean readOnly, final GrantSpan span) {
        copyIsCounted =
                Integer.compareUnsigned(reference, readers.length) >= 0
                        || closed
                        || readers[reference] + writers[reference] != 0;
        if (copyIsCounted) {
            final int status = pin(reference, user, readOnly, true);
            if (status == GnttabStatus.OKAY) {
                span(reference, span);
            }
            return status;
        }
        final int status = entries.markInUse(reference, user, readOnly, true, true);
        if (status != GnttabStatus.OKAY) {
            return status;
        }
        entries.read(span);
        if (!span.transitive && !isFrame(span.number)) {
            entries.clearInUse(reference, IN_USE);
            return GnttabStatus.BAD_PAGE;
        }
        return GnttabStatus.OKAY;
    }

    /** Lets go of the entry that {@link #beginCopy} took last. */
    void endCopy(final int reference, final boolean readOnly) {
        if (copyIsCounted) {
            unpin(reference, readOnly);
        } else {
            entries.clearInUse(reference, readOnly ? GrantEntry.READING : IN_USE);
        }
    }

    /** The frame of an entry that is in use, and no transitive one. */
    int frame(final int reference) {
        return (int) numbers[reference];
    }

    /** What an entry that is in use lends. */
    void span(final int reference, final GrantSpan span) {
        span.transitive = transitive[reference];
        span.number = numbers[reference];
        span.start = starts[reference];
        span.end = ends[reference];
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
            entries.clearInUse(reference, unused);
        }
    }

    private boolean take(final int reference, final int user) {
        entries.read(found);
        if (!found.transitive && !isFrame(found.number)) {
            return false;
        }
        transitive[reference] = found.transitive;
        numbers[reference] = found.number;
        starts[reference] = found.start;
        ends[reference] = found.end;
        users[reference] = user;
        return true;
    }

    private boolean isFrame(final long number) {
        return number >= 0 && number < memory.frameCount();
    }

    private boolean isWholePage(final int reference) {
        return !transitive[reference]
                && starts[reference] == 0
                && ends[reference] == GuestMemory.PAGE_BYTES;
    }

    private static SharedEntries secondVersion(final UnsafeBuffer... statusPages) {
        final SharedEntriesV2 second = new SharedEntriesV2();
        for (final UnsafeBuffer page : statusPages) {
            second.addStatusPage(page);
        }
        return second;
    }

    private void resize() {
        final int count = pages.length * entries.entriesPerPage();
        readers = Arrays.copyOf(readers, count);
        writers = Arrays.copyOf(writers, count);
        users = Arrays.copyOf(users, count);
        transitive = Arrays.copyOf(transitive, count);
        numbers = Arrays.copyOf(numbers, count);
        starts = Arrays.copyOf(starts, count);
        ends = Arrays.copyOf(ends, count);
    }
}
