package io.ringside.xenbus.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.xenbus.device.XenbusDevice;
import io.ringside.xenbus.grant.GrantMapper.RingMapping;
import io.ringside.xenbus.protocol.XenbusState;
import io.ringside.xenbus.sim.store.XenStoreServer;
import io.ringside.xenbus.store.XenStore;
import io.ringside.xenbus.store.XenStoreException;
import io.ringside.xenbus.toolstack.Toolstack;
import io.ringside.xenbus.toolstack.VbdConfig;
import java.util.LinkedHashMap;
import org.junit.jupiter.api.Test;

/** Threats, row 8: whatever is connected and torn down again and again leaves nothing behind. */
class LeakTest {
    private static final int ROUNDS = 200;

    private final SimulatedXen xen = new SimulatedXen();
    private final XenStore tools = xen.connectStore(0, () -> {});
    private final Toolstack toolstack = new Toolstack(tools);
    private final VbdConfig vbd = new VbdConfig(3, 7, 51712, "disk.img", false);

    @Test
    void leavesNothingWhenADeviceComesAndGoes() throws XenStoreException {
        try (TestDomain front = new TestDomain(xen, 3);
                TestDomain back = new TestDomain(xen, 7)) {
            toolstack.createHome(3);
            toolstack.createHome(7);
            connectAndDisconnect(front, back);
            final String before = figures(front, back);
            for (int round = 0; round < ROUNDS; round++) {
                connectAndDisconnect(front, back);
                assertThat(figures(front, back)).as("round=%d", round).isEqualTo(before);
            }
        }
    }

    @Test
    void leavesNothingWhenAFrontendDomainComesAndGoes() throws XenStoreException {
        try (TestDomain back = new TestDomain(xen, 7)) {
            toolstack.createHome(7);
            String before = "";
            for (int round = 0; round < ROUNDS; round++) {
                final TestDomain front = new TestDomain(xen, 3);
                connectAndLeaveMapped(front, back);
                front.domain().destroy();
                assertThat(front.frames().usedCount()).as("its ring frame").isEqualTo(1);
                assertThat(front.domain().foreignMappings()).isZero();
                toolstack.removeVbd(vbd);
                toolstack.removeHome(3);
                final String after = figures(front, back);
                assertThat(after).as("round=%d", round).isEqualTo(round == 0 ? after : before);
                before = after;
                front.close();
            }
        }
    }

    private void connectAndDisconnect(final TestDomain front, final TestDomain back)
            throws XenStoreException {
        toolstack.createVbd(vbd);
        final XenbusDevice frontend =
                XenbusDevice.ofFrontend(front.domain().connectStore(), vbd.frontendPath());
        final XenbusDevice backend =
                XenbusDevice.ofBackend(back.domain().connectStore(), vbd.backendPath());
        final int frame = front.frames().allocate();
        final int reference = front.domain().grantTable().grantAccess(7, frame, false);
        final int port = front.domain().eventChannels().allocUnbound(7);
        publish(frontend, reference, port);

        final RingMapping ring =
                back.domain()
                        .grantMapper()
                        .mapRing(3, backend.readInt("ring-ref", XenbusDevice.REFUSED, 1000));
        final int bound =
                back.domain()
                        .eventChannels()
                        .bindInterdomain(
                                3, backend.readInt("event-channel", XenbusDevice.REFUSED, 4095));
        assertThat(bound).isPositive();
        back.domain().eventChannels().handler(bound, () -> {});
        front.domain().eventChannels().send(port);
        assertThat(back.domain().eventChannels().dispatch()).isEqualTo(1);

        assertThat(front.domain().grantTable().endAccess(reference)).as("still mapped").isFalse();
        assertThat(ring).isInstanceOf(RingMapping.Mapped.class);
        ((RingMapping.Mapped) ring).unmap().run();
        back.domain().eventChannels().close(bound);
        backend.close();
        front.domain().eventChannels().close(port);
        assertThat(front.domain().grantTable().endAccess(reference)).isTrue();
        front.frames().free(frame);
        frontend.close();
        toolstack.removeVbd(vbd);
    }

    /** The frontend's domain goes while its page is mapped; the backend notices and lets go. */
    private void connectAndLeaveMapped(final TestDomain front, final TestDomain back)
            throws XenStoreException {
        toolstack.createVbd(vbd);
        final XenbusDevice frontend =
                XenbusDevice.ofFrontend(front.domain().connectStore(), vbd.frontendPath());
        final XenbusDevice backend =
                XenbusDevice.ofBackend(back.domain().connectStore(), vbd.backendPath());
        final int frame = front.frames().allocate();
        final int reference = front.domain().grantTable().grantAccess(7, frame, false);
        final int port = front.domain().eventChannels().allocUnbound(7);
        publish(frontend, reference, port);
        final RingMapping ring = back.domain().grantMapper().mapRing(3, reference);
        final int bound = back.domain().eventChannels().bindInterdomain(3, port);
        backend.poll();
        front.domain().destroy();
        assertThat(backend.poll()).isTrue();
        assertThat(backend.otherEndState()).isEqualTo(XenbusState.UNKNOWN);
        assertThat(back.domain().eventChannels().send(bound)).isZero();
        assertThat(ring).isInstanceOf(RingMapping.Mapped.class);
        ((RingMapping.Mapped) ring).unmap().run();
        back.domain().eventChannels().close(bound);
        backend.close();
    }

    private static void publish(final XenbusDevice frontend, final int reference, final int port) {
        final LinkedHashMap<String, String> keys = new LinkedHashMap<>();
        keys.put("ring-ref", Integer.toString(reference));
        keys.put("event-channel", Integer.toString(port));
        assertThat(frontend.writeAll(keys)).isTrue();
        assertThat(frontend.switchState(XenbusState.INITIALISED)).isTrue();
    }

    private String figures(final TestDomain front, final TestDomain back) {
        final XenStoreServer store = xen.storeServer();
        return "granted=%d frames=%d+%d mapped=%d foreign=%d ports=%d+%d "
                        .formatted(
                                front.domain().grantTable().usedCount(),
                                front.frames().usedCount(),
                                back.frames().usedCount(),
                                back.domain().grantMapper().mappedCount(),
                                front.domain().foreignMappings(),
                                front.domain().eventChannels().openPorts(),
                                back.domain().eventChannels().openPorts())
                + "nodes=%d connections=%d watches=%d transactions=%d"
                        .formatted(
                                store.nodeCount(),
                                store.connectionCount(),
                                store.watchCount(),
                                store.transactionCount());
    }
}
