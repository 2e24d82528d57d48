package io.ringside.xenbus.grant;

/**
 * The granting side: one domain lets another use single page frames of its memory.
 *
 * <p>A grant reference is an index into a table in the domain's own memory, which the hypervisor
 * reads. Entries 0 to 7 are reserved. Granting and revoking are plain stores: they never cross.
 *
 * <p>Threads: one (the granting domain's). Errors: {@link #NO_REFERENCE} when the table is full.
 */
public interface GrantTable {
    /** No reference: the table is full. */
    int NO_REFERENCE = -1;

    /** Lets {@code peerDomain} map a frame, and returns the reference to tell it. */
    int grantAccess(int peerDomain, int frame, boolean readOnly);

    /**
     * Takes a grant back, atomically.
     *
     * @return false if the peer still has it mapped: the page must not be reused; try again later
     */
    boolean endAccess(int reference);

    /** How many references are out, quarantined ones included. */
    int usedCount();
}
