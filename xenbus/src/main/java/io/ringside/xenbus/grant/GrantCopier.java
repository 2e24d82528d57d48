package io.ringside.xenbus.grant;

/**
 * Copies to and from granted pages, done by the hypervisor: {@code GNTTABOP_copy}.
 *
 * <p>Each call is one hypercall, however many copies its batch has; each copy has its own status (a
 * {@code GNTST_} code, 0 or negative), and counts as one grant copy with its bytes when it was
 * done. Errors are statuses, never exceptions. Parts of pages and transitive grants can be used so,
 * and only so.
 *
 * <p>Threads: one (the copying domain's).
 */
public interface GrantCopier {
    /** Does every copy of a batch whose status is still 0, and sets its status. */
    void copy(GrantCopyBatch batch);
}
