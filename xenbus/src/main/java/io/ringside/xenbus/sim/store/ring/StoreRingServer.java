package io.ringside.xenbus.sim.store.ring;

import io.ringside.hypervisor.Doorbell;
import io.ringside.xenbus.protocol.StoreRingPage;
import io.ringside.xenbus.sim.store.XenStoreServer;
import io.ringside.xenbus.sim.store.wire.StoreSession;
import io.ringside.xenbus.store.wire.StoreByteRing;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The store's end of one domain's ring page.
 *
 * <p>A domain that breaks its indices, or sends a message that cannot be, finds the reason in the
 * error word and is not served any more until it asks to begin anew, which gives back its watches
 * and transactions. A domain that is released is not served again.
 *
 * <p>Threads: one, the agent's; nobody else at this end may touch the page.
 */
public final class StoreRingServer implements Agent {
    private static final int MOST_ROUNDS = 16;

    private final XenStoreServer server;
    private final int domain;
    private final StoreRingPage page;
    private final Runnable notifyDomain;
    private final Doorbell doorbell;
    private final StoreByteRing requests;
    private final StoreByteRing responses;
    private StoreSession session;
    private boolean stopped;

    /**
     * Begins to serve; a domain may have written requests before.
     *
     * @param domain 0, or a domain that was introduced
     * @param shared the page, mapped
     * @param notifyDomain sends on the event channel
     * @param doorbell is rung when a watch event waits for the domain
     */
    public StoreRingServer(
            final XenStoreServer server,
            final int domain,
            final UnsafeBuffer shared,
            final Runnable notifyDomain,
            final Doorbell doorbell) {
        this.server = server;
        this.domain = domain;
        this.notifyDomain = notifyDomain;
        this.doorbell = doorbell;
        page = new StoreRingPage(shared);
        requests = new StoreByteRing(page, StoreRingPage.REQUESTS);
        responses = new StoreByteRing(page, StoreRingPage.RESPONSES);
        session = new StoreSession(server, domain, doorbell);
        page.features(server.features(domain));
        page.errorRelease(StoreRingPage.ERROR_NONE);
        page.connectionRelease(StoreRingPage.CONNECTED);
        notifyDomain.run();
    }

    @Override
    public int doWork() {
        if (page.connectionAcquire() == StoreRingPage.RECONNECT && mayReconnect()) {
            reconnect();
            return 1;
        }
        int work = 0;
        boolean moved = false;
        for (int round = 0; round < MOST_ROUNDS && !stopped; round++) {
            final int taken = requests.read(session.inbound());
            if (taken < 0) {
                stop(StoreRingPage.ERROR_RING_INDEX);
                return work + 1;
            }
            session.received(taken);
            int step = taken + session.doWork();
            if (session.isBroken()) {
                stop(
                        server.isIntroduced(domain)
                                ? StoreRingPage.ERROR_PROTOCOL
                                : StoreRingPage.ERROR_COMMUNICATION);
                return work + 1;
            }
            final int put = responses.write(session.outbound());
            if (put < 0) {
                stop(StoreRingPage.ERROR_RING_INDEX);
                return work + 1;
            }
            moved |= taken > 0 || put > 0;
            step += put;
            if (step == 0) {
                break;
            }
            work += step;
        }
        if (moved) {
            notifyDomain.run();
        }
        return work;
    }

    @Override
    public void onClose() {
        stopped = true;
        session.close();
    }

    @Override
    public String roleName() {
        return "store-ring-" + domain;
    }

    /** Whether the domain is not served, for its own fault or because it is gone. */
    public boolean isStopped() {
        return stopped;
    }

    private boolean mayReconnect() {
        return (server.features(domain) & StoreRingPage.FEATURE_RECONNECTION) != 0
                && server.isIntroduced(domain);
    }

    private void reconnect() {
        session.close();
        session = new StoreSession(server, domain, doorbell);
        for (int ring = StoreRingPage.REQUESTS; ring <= StoreRingPage.RESPONSES; ring++) {
            page.consumerRelease(ring, 0);
            page.producerRelease(ring, 0);
        }
        requests.reset();
        responses.reset();
        stopped = false;
        page.features(server.features(domain));
        page.errorRelease(StoreRingPage.ERROR_NONE);
        page.connectionRelease(StoreRingPage.CONNECTED);
        notifyDomain.run();
    }

    private void stop(final int error) {
        stopped = true;
        session.close();
        if ((server.features(domain) & StoreRingPage.FEATURE_ERROR) != 0) {
            page.errorRelease(error);
        }
        notifyDomain.run();
    }
}
