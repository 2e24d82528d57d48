package io.ringside.xenbus.sim.store.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.xenbus.event.EventChannels;
import io.ringside.xenbus.protocol.StoreRingPage;
import io.ringside.xenbus.sim.SimulatedXen;
import io.ringside.xenbus.sim.TestDomain;
import io.ringside.xenbus.sim.store.XenStoreServer;
import io.ringside.xenbus.store.XenStore;
import io.ringside.xenbus.store.XenStoreException;
import io.ringside.xenbus.store.wire.XenStoreRingClient;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Domains that are introduced with a page and a port, and what becomes of both. */
class StoreRingDaemonTest {
    private static final int OUTSIDE = XenStore.NO_TRANSACTION;

    private final SimulatedXen xen = new SimulatedXen();
    private final XenStoreServer store = xen.storeServer();
    private final TestDomain dom0 = new TestDomain(xen, 0);
    private final TestDomain guest = new TestDomain(xen, 3);
    private final TestDomain other = new TestDomain(xen, 4);
    private final EventChannels storeChannels = dom0.domain().eventChannels();
    private final StoreRingDaemon daemon =
            new StoreRingDaemon(
                    store, dom0.domain().grantMapper(), storeChannels, dom0.domain().doorbell());

    @BeforeEach
    void makeHomes() throws XenStoreException {
        for (int domain = 3; domain <= 4; domain++) {
            dom0.domain().store().mkdir(OUTSIDE, "/local/domain/" + domain);
            dom0.domain()
                    .store()
                    .setPermissions(OUTSIDE, "/local/domain/" + domain, List.of("n" + domain));
        }
    }

    @AfterEach
    void endDomains() {
        daemon.onClose();
        other.close();
        guest.close();
        dom0.close();
    }

    private XenStore client(final TestDomain domain, final GuestStorePage page) {
        final EventChannels channels = domain.domain().eventChannels();
        channels.handler(page.port(), () -> {});
        return new XenStoreRingClient(
                domain.domain().id(),
                page.view(),
                () -> channels.send(page.port()),
                () -> {
                    daemon.doWork();
                    channels.dispatch();
                },
                100);
    }

    private void assertServed(final XenStore client, final String value) throws XenStoreException {
        client.write(OUTSIDE, "data", value);
        assertThat(dom0.domain().store().read(OUTSIDE, "/local/domain/3/data")).isEqualTo(value);
        assertThat(client.read(OUTSIDE, "data")).isEqualTo(value);
    }

    @Test
    void servesADomainThatIsIntroduced() throws XenStoreException {
        final GuestStorePage page = new GuestStorePage(guest.domain(), 0);
        store.introduce(3, page.port());
        assertThat(daemon.servedCount()).isEqualTo(1);
        assertThat(new StoreRingPage(page.view()).connectionAcquire())
                .isEqualTo(StoreRingPage.CONNECTED);
        assertThat(new StoreRingPage(page.view()).eventPort()).isEqualTo(page.port());
        assertThat(guest.domain().foreignMappings()).isEqualTo(1);
        assertServed(client(guest, page), "one");
    }

    @Test
    void bindsTheNewPortOfADomainThatIsIntroducedAgain() throws XenStoreException {
        final GuestStorePage page = new GuestStorePage(guest.domain(), 0);
        store.introduce(3, page.port());
        final int ports = storeChannels.openPorts();
        final int again = guest.domain().eventChannels().allocUnbound(0);
        store.introduce(3, again);
        assertThat(storeChannels.openPorts()).isEqualTo(ports);
        assertThat(daemon.servedCount()).isEqualTo(1);
        final int before = guest.rings();
        guest.domain().eventChannels().handler(again, () -> {});
        guest.domain().eventChannels().dispatch();
        guest.forgetRings();
        assertServed(client(guest, page), "two");
        assertThat(guest.rings()).as("by its new port, before: %d", before).isPositive();
    }

    @Test
    void refusesADomainWithoutAPageOrAPort() {
        final int ports = storeChannels.openPorts();
        final int port = guest.domain().eventChannels().allocUnbound(0);
        assertThatThrownBy(() -> store.introduce(3, port)).hasMessageStartingWith("EINVAL");
        assertThat(guest.domain().eventChannels().status(port)).as("unbound again").isEqualTo(1);
        final int notOurs = guest.domain().eventChannels().allocUnbound(4);
        assertThatThrownBy(() -> store.introduce(3, notOurs)).hasMessageStartingWith("EINVAL");
        assertThatThrownBy(() -> store.introduce(99, 1)).hasMessageStartingWith("EINVAL");
        assertThat(store.isIntroduced(99)).isFalse();
        assertThat(storeChannels.openPorts()).isEqualTo(ports);
        assertThat(daemon.servedCount()).isZero();
        assertThat(dom0.domain().grantMapper().mappedCount()).isZero();
    }

    @Test
    void givesBackWhatAReleasedDomainLent() throws XenStoreException {
        final GuestStorePage page = new GuestStorePage(guest.domain(), 0);
        store.introduce(3, page.port());
        final int ports = storeChannels.openPorts();
        store.release(3);
        daemon.doWork();
        assertThat(daemon.servedCount()).isZero();
        assertThat(guest.domain().foreignMappings()).isZero();
        assertThat(storeChannels.openPorts()).isEqualTo(ports - 1);
    }

    /** Threats, row 24: a number that is another domain's already is not served by the old page. */
    @Test
    void doesNotTakeTheNextDomainOfTheSameNumberForTheOld() throws XenStoreException {
        final GuestStorePage page = new GuestStorePage(guest.domain(), 0);
        store.introduce(3, page.port());
        store.release(3);
        store.introduce(3);
        daemon.doWork();
        assertThat(daemon.servedCount()).isZero();
        assertThat(guest.domain().foreignMappings()).isZero();
        final int port = guest.domain().eventChannels().allocUnbound(0);
        store.introduce(3, port);
        assertThat(daemon.servedCount()).isEqualTo(1);
    }

    /** Threats, row 12: the ring ends, and its worker lives. */
    @Test
    void servesOthersWhenOneBreaksItsRing() throws XenStoreException {
        final GuestStorePage bad = new GuestStorePage(other.domain(), 0);
        final GuestStorePage good = new GuestStorePage(guest.domain(), 0);
        store.introduce(4, bad.port());
        store.introduce(3, good.port());
        final StoreRingPage broken = new StoreRingPage(bad.view());
        broken.producerRelease(StoreRingPage.REQUESTS, 5000);
        assertServed(client(guest, good), "three");
        assertThat(broken.errorAcquire()).isEqualTo(StoreRingPage.ERROR_RING_INDEX);
    }
}
