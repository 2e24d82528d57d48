package io.ringside.xenbus.sim.store.ring;

import io.ringside.xenbus.store.XenStore;
import io.ringside.xenbus.store.XenStoreNodeContract;

class RingNodeContractTest extends XenStoreNodeContract {
    private final RingStores stores = new RingStores(3, 7);

    @Override
    protected XenStore connect(final int domain) {
        return stores.connect(domain);
    }
}
