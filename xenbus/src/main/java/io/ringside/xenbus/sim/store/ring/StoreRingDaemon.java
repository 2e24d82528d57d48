package io.ringside.xenbus.sim.store.ring;

import io.ringside.hypervisor.Doorbell;
import io.ringside.xenbus.event.EventChannels;
import io.ringside.xenbus.grant.GrantMapper;
import io.ringside.xenbus.protocol.GrantEntry;
import io.ringside.xenbus.protocol.XenStoreErrors;
import io.ringside.xenbus.sim.store.StoreRings;
import io.ringside.xenbus.sim.store.XenStoreServer;
import io.ringside.xenbus.store.XenStoreException;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.Agent;
import org.jspecify.annotations.Nullable;

/**
 * The store's half of every ring: a domain that is introduced is found by its reserved grant and
 * served from then on, as the daemon of Xen 4.17 does it.
 *
 * <p>A domain that is introduced once more gets its new port bound. One that is released, or gone,
 * has its page given back and its port closed the next time round.
 *
 * <p>Threads: one, the agent's, which is that of the domain whose grants and ports are used;
 * whoever may be asked for {@code XS_INTRODUCE} (a socket's server, for example) runs on it, too.
 */
public final class StoreRingDaemon implements Agent, StoreRings {
    private static final Runnable LOOK_AROUND = () -> {};

    /** One domain that is served. */
    private static final class Served {
        private final int domain;
        private final long life;
        private final GrantMapper.RingMapping.Mapped mapped;
        private final StoreRingServer ring;
        private int localPort;

        private Served(
                final int domain,
                final int localPort,
                final GrantMapper.RingMapping.Mapped mapped,
                final StoreRingDaemon daemon) {
            this.domain = domain;
            this.localPort = localPort;
            this.mapped = mapped;
            life = daemon.server.life(domain);
            ring =
                    new StoreRingServer(
                            daemon.server,
                            domain,
                            mapped.pages().buffer(),
                            () -> daemon.channels.send(localPort()),
                            daemon.doorbell);
        }

        private int localPort() {
            return localPort;
        }
    }

    private final XenStoreServer server;
    private final GrantMapper mapper;
    private final EventChannels channels;
    private final Doorbell doorbell;
    private final List<Served> served = new ArrayList<>();

    /**
     * Serves the domains that are introduced to a store from now on.
     *
     * @param mapper of the domain that the daemon runs in
     * @param channels of the same domain
     * @param doorbell is rung when there may be something to do, under the lock of the store
     */
    public StoreRingDaemon(
            final XenStoreServer server,
            final GrantMapper mapper,
            final EventChannels channels,
            final Doorbell doorbell) {
        this.server = server;
        this.mapper = mapper;
        this.channels = channels;
        this.doorbell = doorbell;
        server.serveRings(this);
    }

    @Override
    public void introduce(final int domain, final int port) throws XenStoreException {
        giveBackReleased();
        final Served known = find(domain);
        final int localPort = channels.bindInterdomain(domain, port);
        if (localPort < 0) {
            throw refused(domain, "port=" + port + " errno=" + -localPort);
        }
        channels.handler(localPort, LOOK_AROUND);
        if (known != null) {
            channels.close(known.localPort);
            known.localPort = localPort;
            return;
        }
        switch (mapper.mapRing(domain, GrantEntry.STORE_REFERENCE)) {
            case GrantMapper.RingMapping.Mapped mapped -> {
                server.introduce(domain);
                served.add(new Served(domain, localPort, mapped, this));
            }
            case GrantMapper.RingMapping.Refused notMapped -> {
                channels.close(localPort);
                throw refused(domain, "status=" + notMapped.status());
            }
        }
    }

    @Override
    public int doWork() {
        int work = channels.dispatch() + giveBackReleased();
        for (int i = 0; i < served.size(); i++) {
            work += served.get(i).ring.doWork();
        }
        return work;
    }

    @Override
    public void onClose() {
        for (int i = served.size() - 1; i >= 0; i--) {
            giveBack(i);
        }
    }

    @Override
    public String roleName() {
        return "store-rings";
    }

    /** How many domains are served. */
    public int servedCount() {
        return served.size();
    }

    private int giveBackReleased() {
        int work = 0;
        for (int i = served.size() - 1; i >= 0; i--) {
            final Served one = served.get(i);
            if (server.life(one.domain) != one.life) {
                giveBack(i);
                work++;
            }
        }
        return work;
    }

    private void giveBack(final int index) {
        final Served gone = served.remove(index);
        gone.ring.onClose();
        channels.close(gone.localPort);
        gone.mapped.unmap().run();
    }

    private @Nullable Served find(final int domain) {
        for (final Served one : served) {
            if (one.domain == domain) {
                return one;
            }
        }
        return null;
    }

    private static XenStoreException refused(final int domain, final String what) {
        return new XenStoreException(
                XenStoreErrors.EINVAL, "not introduced: domain=" + domain + " " + what);
    }
}
