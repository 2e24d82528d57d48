package io.ringside.vmbus;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.ringbuf.vmbus.PacketType;
import io.ringside.ringbuf.vmbus.RingStatus;
import io.ringside.vmbus.TestBus.Pair;
import io.ringside.vmbus.guest.ClientOptions;
import io.ringside.vmbus.guest.ClientState;
import io.ringside.vmbus.host.HostChannel;
import io.ringside.vmbus.host.ServerOptions;
import io.ringside.vmbus.protocol.Guid;
import io.ringside.vmbus.protocol.TargetInfo;
import io.ringside.vmbus.protocol.VmbusVersion;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Every newest version of the host with every newest version of the guest. */
class VersionMatrixTest {
    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[16]);

    @Test
    void agreesOnTheNewestVersionThatBothSpeak() {
        for (int hosts = 0; hosts < VmbusVersion.count(); hosts++) {
            for (int guests = 0; guests < VmbusVersion.count(); guests++) {
                meet(VmbusVersion.at(hosts), VmbusVersion.at(guests));
            }
        }
    }

    private void meet(final int hostVersion, final int guestVersion) {
        final int agreed = Math.min(hostVersion, guestVersion);
        final String what =
                "host=%s guest=%s"
                        .formatted(VmbusVersion.name(hostVersion), VmbusVersion.name(guestVersion));
        try (TestBus bus =
                new TestBus(
                        2,
                        ServerOptions.DEFAULTS.withNewest(hostVersion),
                        ClientOptions.DEFAULTS.withNewest(guestVersion))) {
            final HostChannel first = bus.offer(1);
            final HostChannel second = bus.offer(2);
            bus.connect();
            assertThat(bus.client.state()).as(what).isEqualTo(new ClientState.Connected(agreed));
            assertThat(bus.server.version()).as(what).isEqualTo(agreed);
            assertThat(bus.server.refusals().total())
                    .as("versions declined: %s", what)
                    .isEqualTo(declined(hostVersion, guestVersion));
            speak(bus, bus.open(first), what);
            speak(bus, bus.open(second), what);
            assertThat(first.takeSignal()).as(what).isFalse();
            if (VmbusVersion.hasUnload(agreed)) {
                bus.client.unload();
                bus.settle();
                assertThat(bus.client.state()).isInstanceOf(ClientState.Unloading.class);
                first.release();
                second.release();
                bus.settle();
                assertThat(bus.client.state())
                        .as(what)
                        .isInstanceOf(ClientState.Disconnected.class);
            }
        }
    }

    /** How many versions the guest tries in vain that reach a host that looks at them. */
    private static int declined(final int hostVersion, final int guestVersion) {
        int declined = 0;
        for (int version = guestVersion;
                version > hostVersion;
                version = VmbusVersion.before(version)) {
            declined++;
        }
        return declined;
    }

    private void speak(final TestBus bus, final Pair pair, final String what) {
        final int[] woken = new int[1];
        pair.guest().handler(() -> woken[0]++);
        assertThat(pair.guestEnd().send(PacketType.IN_BAND, 0, 1, payload, 0, 16)).isZero();
        bus.settle();
        assertThat(pair.host().takeSignal()).as(what).isTrue();
        assertThat(pair.hostEnd().incoming().next()).as(what).isEqualTo(RingStatus.OK);
        pair.hostEnd().commitRead();
        assertThat(pair.hostEnd().send(PacketType.IN_BAND, 0, 2, payload, 0, 16)).isZero();
        bus.settle();
        assertThat(woken[0]).as(what).isEqualTo(1);
        assertThat(pair.guestEnd().incoming().next()).as(what).isEqualTo(RingStatus.OK);
        pair.guestEnd().commitRead();
    }

    @Test
    void givesUpWhenThereIsNoCommonVersion() {
        final ServerOptions old =
                new ServerOptions(VmbusVersion.V0_13, VmbusVersion.V2_4, 4, 16, 64);
        final ClientOptions young =
                new ClientOptions(VmbusVersion.V4_0, VmbusVersion.V5_3, 0, Guid.NONE, Set.of());
        try (TestBus bus = new TestBus(1, old, young)) {
            bus.connect();
            assertThat(bus.client.state()).isInstanceOf(ClientState.Disconnected.class);
            assertThat(bus.server.version()).isZero();
            bus.client.connect();
            bus.settle();
            assertThat(bus.client.state()).isInstanceOf(ClientState.Disconnected.class);
        }
    }

    @Test
    void postsWhereTheHostSays() {
        final ServerOptions elsewhere =
                new ServerOptions(
                        VmbusVersion.V0_13, VmbusVersion.NEWEST, 0x80_0074, 1024, 1 << 18);
        try (TestBus bus = new TestBus(1, elsewhere, ClientOptions.DEFAULTS)) {
            bus.open(bus.offer(1));
            assertThat(bus.client.droppedPosts()).isZero();
            assertThat(bus.partition.openPorts()).as("1, 2, 4, elsewhere, channel").isEqualTo(5);
        }
    }

    @Test
    void leavesOutEveryFeatureThatTheHostDoesNotHave() {
        for (int bit = 0; bit < Integer.SIZE; bit++) {
            final int flag = 1 << bit;
            try (TestBus bus = withFeatures(flag)) {
                bus.connect();
                assertThat(bus.client.state())
                        .as("bit %d", bit)
                        .isInstanceOf(ClientState.Connected.class);
                assertThat(bus.client.features())
                        .as("bit %d", bit)
                        .isEqualTo(flag == TargetInfo.CLIENT_ID ? flag : 0);
                assertThat(bus.server.refusals().total()).isZero();
            }
        }
        try (TestBus bus = withFeatures(-1)) {
            bus.connect();
            assertThat(bus.client.features()).isEqualTo(TargetInfo.CLIENT_ID);
        }
    }

    private static TestBus withFeatures(final int features) {
        return new TestBus(
                1,
                ServerOptions.DEFAULTS,
                new ClientOptions(
                        VmbusVersion.V0_13,
                        VmbusVersion.NEWEST,
                        features,
                        TestBus.instance(77),
                        Set.of()));
    }
}
