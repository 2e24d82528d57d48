package io.ringside.xenbus.grant;

/**
 * The granting side with what version 2 of the table adds: parts of pages, and grants that stand
 * for another domain's. Both are for {@link GrantCopier} alone.
 *
 * <p>Threads: one (the granting domain's). Errors: an {@link IllegalStateException} while the table
 * is of version 1; {@link #NO_REFERENCE} when it is full.
 */
public interface GrantTableV2 extends GrantTable {
    /** {@code GNTTABOP_get_version}: 1 or 2. */
    int version();

    /**
     * {@code GNTTABOP_set_version}: changes the layout of the table, and wipes every entry but the
     * reserved ones, whatever was out.
     *
     * @return 0; {@code -EINVAL} for a version that does not exist, {@code -ENOSYS} for one that
     *     this hypervisor does not have, {@code -EBUSY} while a page is in use, {@code -ERANGE}
     *     when a reserved entry does not fit into version 1
     */
    int setVersion(int version);

    /** Lets {@code peerDomain} copy from, or to, a part of a frame. */
    int grantSubPage(int peerDomain, int frame, int offsetBytes, int lengthBytes, boolean readOnly);

    /** Lets {@code peerDomain} copy what another domain granted to us. */
    int grantTransitive(int peerDomain, int grantingDomain, int reference, boolean readOnly);
}
