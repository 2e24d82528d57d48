package io.ringside.xenbus.sim.store.ring;

import io.ringside.xenbus.sim.store.StoreLimits;
import io.ringside.xenbus.sim.store.XenStoreServer;
import io.ringside.xenbus.store.XenStore;
import io.ringside.xenbus.store.wire.XenStoreRingClient;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** A store whose connections are all ring pages, served while a client waits. */
final class RingStores {
    private static final int MOST_WAITS = 1000;

    private final XenStoreServer server = new XenStoreServer(StoreLimits.DEFAULTS);
    private final List<StoreRingServer> rings = new ArrayList<>();

    RingStores(final int... domains) {
        for (final int domain : domains) {
            server.introduce(domain);
        }
    }

    XenStore connect(final int domain) {
        final UnsafeBuffer page = new UnsafeBuffer(new byte[4096]);
        rings.add(new StoreRingServer(server, domain, page, () -> {}, () -> {}));
        return new XenStoreRingClient(domain, page, () -> {}, this::serve, MOST_WAITS);
    }

    /** Twice, so that what the last one changed is told to the first. */
    private void serve() {
        for (int round = 0; round < 2; round++) {
            for (final StoreRingServer ring : rings) {
                ring.doWork();
            }
        }
    }
}
