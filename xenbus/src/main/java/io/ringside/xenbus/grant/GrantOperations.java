package io.ringside.xenbus.grant;

/**
 * Grant operations that split drivers seldom need.
 *
 * <p>Threads: one (the calling domain's). Errors: a {@code GNTST_} code or a negative errno, as
 * each says; never an exception.
 */
public interface GrantOperations {
    /**
     * {@code GNTTABOP_transfer}: gives a page away for good, to an entry that waits for it.
     *
     * @return a {@code GNTST_} code: bad page for a frame that is not ours, bad domain for one that
     *     does not exist or is ourselves, general error where the other has no room for a page more
     */
    int transfer(int frame, int domain, int reference);

    /**
     * {@code GNTTABOP_unmap_and_replace}: unmaps every entry of a batch, and puts what is mapped at
     * {@code newAddress} in place; only 0, nothing, is possible in a domain with a memory of its
     * own. Any other address is a general error, and the entry stays mapped.
     */
    void unmapAndReplace(GrantMapBatch batch, long newAddress);

    /**
     * {@code GNTTABOP_cache_flush}: writes a part of a frame back from the caches.
     *
     * @param operation 1 to clean, 2 to invalidate, or both
     * @return 0; {@code -EINVAL} for what leaves the page or an operation that does not exist,
     *     {@code -EOPNOTSUPP} for invalidating alone and for a grant reference as the source,
     *     {@code -EPERM} for a frame that is not ours
     */
    int cacheFlush(long frame, int offsetBytes, int lengthBytes, int operation);

    /**
     * {@code GNTTABOP_get_version}: the version of a domain's table.
     *
     * @return 1 or 2; {@code -ESRCH} for no such domain, {@code -EPERM} for another's
     */
    int version(int domain);
}
