package io.ringside.xenbus.sim.store;

import io.ringside.xenbus.store.XenStoreException;

/**
 * What serves the ring pages of domains, if anything does.
 *
 * <p>Threads: called on the thread of whoever is asked for {@code XS_INTRODUCE}, without the
 * store's lock; an implementation says which threads may do that.
 */
public interface StoreRings {
    /**
     * {@code XS_INTRODUCE}: finds the page of a domain, binds its port, has the store know it, and
     * serves it from now on.
     *
     * @param port the domain's own, which waits to be bound
     * @throws XenStoreException {@code EINVAL} if there is no such domain, page or port; nothing
     *     has changed then
     */
    void introduce(int domain, int port) throws XenStoreException;
}
