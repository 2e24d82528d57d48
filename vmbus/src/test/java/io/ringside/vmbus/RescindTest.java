package io.ringside.vmbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.hypervisor.Trace;
import io.ringside.ringbuf.vmbus.PacketType;
import io.ringside.ringbuf.vmbus.RingStatus;
import io.ringside.vmbus.TestBus.Pair;
import io.ringside.vmbus.channel.Gpadl;
import io.ringside.vmbus.channel.GpadlView;
import io.ringside.vmbus.guest.ClientOptions;
import io.ringside.vmbus.guest.ClientState;
import io.ringside.vmbus.guest.GuestChannel;
import io.ringside.vmbus.guest.GuestGpadl;
import io.ringside.vmbus.guest.OfferListener;
import io.ringside.vmbus.guest.OpenRequest;
import io.ringside.vmbus.guest.VmbusClient;
import io.ringside.vmbus.host.HostChannel;
import io.ringside.vmbus.host.HostChannelState;
import io.ringside.vmbus.host.ServerState;
import java.util.Objects;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Channels that go while they are used, and guests that leave and come back. */
class RescindTest {
    private final TestBus bus = new TestBus();
    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[32]);

    @AfterEach
    void close() {
        bus.close();
    }

    @Test
    void takesAChannelAwayWithRequestsInFlight() {
        bus.connect();
        final String before = bus.figures();
        final Pair pair = bus.open(bus.offer(1));
        for (int i = 0; i < 5; i++) {
            assertThat(pair.guestEnd().send(PacketType.IN_BAND, 1, i, payload, 0, 32)).isZero();
        }
        assertThat(pair.hostEnd().incoming().next()).isEqualTo(RingStatus.OK);
        pair.host().revoke();
        assertThat(pair.host().channel()).isNull();
        assertThat(pair.host().mustRelease()).isTrue();
        bus.settle();
        assertThat(pair.guest().isRescinded()).as("the half still uses the rings").isFalse();
        assertThat(pair.guestEnd().send(PacketType.IN_BAND, 1, 6, payload, 0, 32)).isZero();
        pair.hostEnd().commitRead(); // The half may end what it has in hand.

        pair.host().release();
        bus.settle();
        assertThat(pair.guest().isRescinded()).isTrue();
        assertThat(pair.guest().channel()).isNull();
        assertThat(pair.host().isGone()).isTrue();
        assertThatThrownBy(() -> pair.hostEnd().incoming().bytesToRead())
                .as("unmapped")
                .isInstanceOf(IndexOutOfBoundsException.class);
        // The guest's end stays mapped until its half has ended what is in flight.
        assertThat(pair.guestEnd().outgoing().bytesToWrite()).isPositive();
        pair.guest().release();
        bus.settle();
        assertThat(pair.guest().isReleased()).isTrue();
        assertThat(pair.host().state()).isInstanceOf(HostChannelState.Gone.class);
        assertThat(bus.figures()).isEqualTo(before);
        assertThat(bus.server.refusals().total() + bus.client.refusals().total()).isZero();
    }

    @Test
    void takesAChannelAwayInEveryStateOfItsOpening() {
        bus.connect();
        final String before = bus.figures();
        for (int steps = 0; steps < 12; steps++) {
            final HostChannel host = bus.offer(1);
            bus.settle();
            final GuestChannel guest = bus.guest(host);
            guest.open(OpenRequest.ofPages(3, 3));
            for (int step = 0; step < steps; step++) {
                if (step % 2 == 0) {
                    bus.client.doWork();
                } else {
                    bus.server.doWork();
                }
            }
            host.revoke();
            bus.settle();
            if (host.mustRelease()) {
                host.release();
                bus.settle();
            }
            assertThat(guest.isRescinded()).as("steps=%d", steps).isTrue();
            guest.release();
            bus.settle();
            assertThat(bus.figures()).as("steps=%d", steps).isEqualTo(before);
        }
    }

    @Test
    void releasesWhatNoDriverHasInHandByItself() {
        bus.connect();
        final String before = bus.figures();
        final HostChannel untouched = bus.offer(1);
        bus.settle();
        untouched.revoke();
        bus.settle();
        assertThat(bus.figures()).isEqualTo(before);

        final Pair pair = bus.open(bus.offer(2));
        pair.guest().close();
        bus.settle();
        pair.host().revoke();
        pair.host().release();
        bus.settle();
        assertThat(pair.guest().isReleased()).isTrue();
        assertThat(bus.figures()).isEqualTo(before);
        assertThat(bus.client.refusals().total()).isZero();
    }

    @Test
    void revokesSilentlyWhatTheGuestHasNeverHeardOf() {
        final HostChannel early = bus.offer(1);
        early.revoke();
        assertThat(early.state()).isInstanceOf(HostChannelState.Gone.class);
        assertThat(bus.server.channelCount()).isZero();
        bus.connect();
        assertThat(bus.client.channels()).isEmpty();
    }

    @Test
    void bringsAChannelBackAfterAHotRemove() {
        bus.connect();
        for (int round = 0; round < 3; round++) {
            final Pair pair = bus.open(bus.offer(1));
            assertThat(pair.guest().relid()).isEqualTo(1);
            pair.host().revoke();
            pair.host().release();
            bus.settle();
            pair.guest().release();
            bus.settle();
        }
        assertThat(bus.client.refusals().total()).isZero();
    }

    @Test
    void unloadsAndReconnects() {
        final HostChannel host = bus.offer(1);
        bus.connect();
        final String before = bus.figures();
        for (int round = 0; round < 3; round++) {
            final Pair pair = bus.open(host);
            final GuestGpadl shared = pair.guest().share(bus.frames.allocate());
            bus.settle();
            assertThat(shared.isCreated()).isTrue();
            final Gpadl gpadl = Objects.requireNonNull(host.gpadl(shared.handle()));
            final GpadlView view = Objects.requireNonNull(gpadl.map());

            bus.client.unload();
            bus.settle();
            assertThat(pair.guest().isRescinded()).isTrue();
            pair.guest().release();
            assertThat(bus.client.keptRings()).as("the host has them").isEqualTo(1);
            assertThat(bus.client.state()).isInstanceOf(ClientState.Unloading.class);
            assertThat(gpadl.isTornDown()).isTrue();
            host.release();
            bus.settle();
            assertThat(bus.server.state()).isInstanceOf(ServerState.Resetting.class);
            view.close();
            bus.settle();
            assertThat(bus.client.state()).isInstanceOf(ClientState.Disconnected.class);
            assertThat(bus.server.state()).isInstanceOf(ServerState.Disconnected.class);
            assertThat(shared.isGone()).isTrue();
            bus.frames.free(shared.frames()[0]);

            bus.connect();
            assertThat(bus.figures()).as("round=%d", round).isEqualTo(before);
        }
        assertThat(bus.server.refusals().total() + bus.client.refusals().total()).isZero();
    }

    @Test
    void letsANewKernelBeginAnewWithoutAWord() {
        final HostChannel host = bus.offer(1);
        final Pair pair = bus.open(host);
        // Another client on the same processors: the old one is never heard of again.
        final VmbusClient next =
                new VmbusClient(
                        bus.partition,
                        bus.memory,
                        bus.frames,
                        ClientOptions.DEFAULTS,
                        OfferListener.NONE,
                        Trace.OFF);
        next.connect();
        run(next);
        assertThat(bus.server.state())
                .as("the half holds the rings")
                .isInstanceOf(ServerState.Resetting.class);
        assertThat(host.mustRelease()).isTrue();
        host.release();
        run(next);
        assertThat(next.state()).isInstanceOf(ClientState.Connected.class);
        assertThat(next.channels()).hasSize(1);
        final GuestChannel channel = next.channels().getFirst();
        channel.open(OpenRequest.ofPages(2, 2));
        run(next);
        assertThat(channel.channel()).isNotNull();
        assertThat(host.channel()).isNotNull().isNotSameAs(pair.hostEnd());
        assertThat(bus.server.gpadlCount()).isEqualTo(1);
    }

    private void run(final VmbusClient next) {
        for (int i = 0; i < 50; i++) {
            bus.server.doWork();
            next.doWork();
        }
    }

    @Test
    void closesAndOpensAgainWhileTheHalfIsSlow() {
        final HostChannel host = bus.offer(1);
        final Pair pair = bus.open(host);
        pair.guest().close();
        bus.settle();
        assertThat(pair.guest().isClosed()).isFalse();
        assertThatThrownBy(() -> pair.guest().open(OpenRequest.ofPages(2, 2)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("relid=1");
        host.release();
        assertThatThrownBy(host::release).isInstanceOf(IllegalStateException.class);
        bus.settle();
        final Pair again = bus.open(host);
        assertThat(again.hostEnd()).isNotSameAs(pair.hostEnd());
    }

    @Test
    void closesAsSoonAsItIsOpenWhenToldSoEarly() {
        final HostChannel host = bus.offer(1);
        bus.connect();
        final String before = bus.figures();
        for (int steps = 0; steps < 6; steps++) {
            final GuestChannel guest = bus.guest(host);
            guest.open(OpenRequest.ofPages(2, 2));
            for (int step = 0; step < steps; step++) {
                bus.client.doWork();
                bus.server.doWork();
            }
            guest.close();
            bus.settle();
            if (host.mustRelease()) {
                host.release();
                bus.settle();
            }
            assertThat(guest.isClosed()).as("steps=%d", steps).isTrue();
            assertThat(bus.figures()).as("steps=%d", steps).isEqualTo(before);
        }
    }
}
