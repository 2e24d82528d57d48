package io.ringside.xenbus.sim.store.ring;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.xenbus.event.EventChannels;
import io.ringside.xenbus.grant.GrantMapper.RingMapping.Mapped;
import io.ringside.xenbus.sim.SimulatedXen;
import io.ringside.xenbus.sim.TestDomain;
import io.ringside.xenbus.store.XenStore;
import io.ringside.xenbus.store.XenStoreException;
import io.ringside.xenbus.store.wire.XenStoreRingClient;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** A guest that lends its store page to domain 0, and both wake each other by event channels. */
class GrantedRingTest {
    private int guestEvents;
    private int storeEvents;

    @Test
    void speaksOverAGrantedPageAndEventChannels() throws XenStoreException {
        final SimulatedXen xen = new SimulatedXen();
        try (TestDomain dom0 = new TestDomain(xen, 0);
                TestDomain guest = new TestDomain(xen, 3)) {
            final int frame = guest.frames().allocate();
            final UnsafeBuffer page = guest.page(frame);
            page.setMemory(0, page.capacity(), (byte) 0);
            final int reference = guest.domain().grantTable().grantAccess(0, frame, false);
            final EventChannels guestChannels = guest.domain().eventChannels();
            final EventChannels storeChannels = dom0.domain().eventChannels();
            final int guestPort = guestChannels.allocUnbound(0);
            final int storePort = storeChannels.bindInterdomain(3, guestPort);
            guestChannels.handler(guestPort, () -> guestEvents++);
            storeChannels.handler(storePort, () -> storeEvents++);
            assertThat(dom0.domain().grantMapper().mapRing(3, reference))
                    .isInstanceOfSatisfying(
                            Mapped.class,
                            mapped -> {
                                final StoreRingServer ring =
                                        new StoreRingServer(
                                                xen.storeServer(),
                                                3,
                                                mapped.pages().buffer(),
                                                () -> storeChannels.send(storePort),
                                                dom0.domain().doorbell());
                                speak(guest, dom0, page, guestPort, ring);
                                ring.onClose();
                                mapped.unmap().run();
                            });
            assertThat(guest.domain().grantTable().endAccess(reference)).isTrue();
        }
    }

    private void speak(
            final TestDomain guest,
            final TestDomain dom0,
            final UnsafeBuffer page,
            final int guestPort,
            final StoreRingServer ring) {
        final EventChannels channels = guest.domain().eventChannels();
        final Runnable serve =
                () -> {
                    // The store works only when it was woken.
                    if (dom0.domain().eventChannels().dispatch() > 0) {
                        ring.doWork();
                    }
                    channels.dispatch();
                };
        final XenStore client =
                new XenStoreRingClient(3, page, () -> channels.send(guestPort), serve, 100);
        try {
            dom0.domain().store().mkdir(XenStore.NO_TRANSACTION, "/local/domain/3");
            dom0.domain()
                    .store()
                    .setPermissions(XenStore.NO_TRANSACTION, "/local/domain/3", List.of("n3"));
            client.write(XenStore.NO_TRANSACTION, "data", "x".repeat(2000));
            assertThat(client.read(XenStore.NO_TRANSACTION, "data"))
                    .as("longer than the ring")
                    .isEqualTo("x".repeat(2000));
        } catch (final XenStoreException e) {
            throw new IllegalStateException("refused", e);
        }
        assertThat(guestEvents).isPositive();
        assertThat(storeEvents).isPositive();
    }
}
