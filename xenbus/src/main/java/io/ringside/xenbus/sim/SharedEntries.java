package io.ringside.xenbus.sim;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * The entries of one domain's grant table as the hypervisor reads and marks them, in the layout of
 * one version.
 *
 * <p>The memory is the granting domain's and may change at any moment: each word is read once.
 * Threads: one at a time, under the lock of {@link ActiveGrants}.
 */
sealed interface SharedEntries permits SharedEntriesV1, SharedEntriesV2 {
    /** After so many changes of an entry under its hands the hypervisor gives up. */
    int EXCHANGE_TRIES = 5;

    /** Number of the layout. */
    int version();

    /** Entries of one page. */
    int entriesPerPage();

    /** Adds one page of entries. */
    void addPage(UnsafeBuffer page);

    /**
     * Checks an entry and marks it in use, so that it cannot be taken back; answers with a {@code
     * GNTST_} code.
     *
     * @param first nobody uses it yet; otherwise it is read, and is to be written as well
     * @param copying parts of pages and transitive entries will do
     */
    int markInUse(int reference, int user, boolean readOnly, boolean first, boolean copying);

    /** Reads what the entry lends, after {@link #markInUse} found it good. */
    void read(GrantSpan span);

    /** Takes in-use bits back. */
    void clearInUse(int reference, int bits);

    /** Reads one entry whole, for a change of version: true if any layout can hold it. */
    boolean save(int reference, SavedEntry saved);

    /** Writes one entry whole, after a change of version. */
    void restore(int reference, SavedEntry saved);

    /** Exchanges two entries that nobody uses. */
    void swap(int first, int second);

    /** An entry between two versions. */
    final class SavedEntry {
        int header;
        long frame;
        int inUse;
    }
}
