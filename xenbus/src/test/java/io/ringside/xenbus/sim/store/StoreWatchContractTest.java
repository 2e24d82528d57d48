package io.ringside.xenbus.sim.store;

import io.ringside.xenbus.store.XenStore;
import io.ringside.xenbus.store.XenStoreWatchContract;

class StoreWatchContractTest extends XenStoreWatchContract {
    private final XenStoreServer server = new XenStoreServer(StoreLimits.DEFAULTS);

    StoreWatchContractTest() {
        server.introduce(3);
        server.introduce(7);
    }

    @Override
    protected XenStore connect(final int domain) {
        return server.connect(domain, () -> {});
    }
}
