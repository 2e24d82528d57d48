package io.ringside.vmbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.Vcpu;
import io.ringside.ringbuf.vmbus.PacketType;
import io.ringside.ringbuf.vmbus.RingStatus;
import io.ringside.vmbus.TestBus.Pair;
import io.ringside.vmbus.channel.Channel;
import io.ringside.vmbus.guest.ClientOptions;
import io.ringside.vmbus.guest.GuestChannel;
import io.ringside.vmbus.guest.OpenRequest;
import io.ringside.vmbus.host.ChannelOffer;
import io.ringside.vmbus.host.HostChannel;
import io.ringside.vmbus.host.ServerOptions;
import io.ringside.vmbus.protocol.DeviceType;
import io.ringside.vmbus.protocol.UserData;
import io.ringside.vmbus.protocol.VmbusVersion;
import java.util.Objects;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What a packet costs in crossings, by each way to signal; and which processor hears of it. */
class SignalTest {
    private static final int LATENCY_100_NANOS = 1000;
    private static final int PACKETS = 10;

    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[16]);

    @Test
    void paysOneHypercallForAPacketThatSignals() {
        try (TestBus bus = new TestBus()) {
            final Pair pair = bus.open(bus.offer(1));
            final String before = crossings(bus.vcpus.getFirst());
            for (int i = 1; i <= PACKETS; i++) {
                send(pair);
                take(pair);
            }
            assertThat(crossings(bus.vcpus.getFirst()))
                    .isEqualTo(plus(before, PACKETS, PACKETS, 0));
            assertThat(pair.guestEnd().signals()).isEqualTo(PACKETS);
        }
    }

    @Test
    void paysOneHypercallForManyPacketsThatNobodyHasTaken() {
        try (TestBus bus = new TestBus()) {
            final Pair pair = bus.open(bus.offer(1));
            final String before = crossings(bus.vcpus.getFirst());
            for (int i = 0; i < PACKETS; i++) {
                send(pair);
            }
            assertThat(crossings(bus.vcpus.getFirst())).isEqualTo(plus(before, 1, 1, 0));
            pair.hostEnd().incoming().mask();
            while (pair.hostEnd().incoming().next() == RingStatus.OK) {
                assertThat(pair.hostEnd().incoming().payloadBytes()).isEqualTo(16);
            }
            pair.hostEnd().commitRead();
            send(pair);
            assertThat(crossings(bus.vcpus.getFirst()))
                    .as("masked")
                    .isEqualTo(plus(before, 1, 1, 0));
        }
    }

    @Test
    void paysNothingForAPacketThatIsMonitored() {
        try (TestBus bus = new TestBus()) {
            final HostChannel host =
                    bus.offer(
                            ChannelOffer.of(DeviceType.SCSI, TestBus.instance(1))
                                    .monitored(LATENCY_100_NANOS));
            final Pair pair = bus.open(host);
            assertThat(bus.poller.doWork()).isZero();
            final String before = crossings(bus.vcpus.getFirst());
            for (int i = 1; i <= PACKETS; i++) {
                send(pair);
                assertThat(host.takeSignal()).as("before the host looks").isFalse();
                assertThat(bus.poller.doWork()).as("before it is due").isZero();
                bus.nowNanos += LATENCY_100_NANOS * 100L - 1;
                assertThat(bus.poller.doWork()).as("a moment early").isZero();
                bus.nowNanos++;
                final int rings = bus.driverRings;
                assertThat(bus.poller.doWork()).isEqualTo(1);
                assertThat(bus.driverRings - rings).isEqualTo(1);
                assertThat(host.takeSignal()).isTrue();
                take(pair);
            }
            assertThat(crossings(bus.vcpus.getFirst())).isEqualTo(before);
        }
    }

    @Test
    void servesMonitoredChannelsOfEveryVersion() {
        for (int i = 0; i < VmbusVersion.count(); i++) {
            final int version = VmbusVersion.at(i);
            try (TestBus bus =
                    new TestBus(
                            1,
                            ServerOptions.DEFAULTS.withNewest(version),
                            ClientOptions.DEFAULTS)) {
                final HostChannel host =
                        bus.offer(
                                ChannelOffer.of(DeviceType.SCSI, TestBus.instance(1)).monitored(0));
                final Pair pair = bus.open(host);
                assertThat(pair.guest().offer().isMonitored()).isTrue();
                send(pair);
                assertThat(bus.poller.doWork()).as(VmbusVersion.name(version)).isEqualTo(1);
                assertThat(host.takeSignal()).isTrue();
            }
        }
    }

    @Test
    void paysOneInterruptForAnAnswer() {
        try (TestBus bus = new TestBus()) {
            final Pair pair = bus.open(bus.offer(1));
            final String guest = crossings(bus.vcpus.getFirst());
            final String host = crossings(bus.hostVcpu);
            for (int i = 1; i <= PACKETS; i++) {
                assertThat(pair.hostEnd().send(PacketType.COMPLETION, 0, i, payload, 0, 16))
                        .isZero();
                assertThat(bus.client.doWork()).isPositive();
                assertThat(pair.guestEnd().incoming().next()).isEqualTo(RingStatus.OK);
                pair.guestEnd().commitRead();
            }
            assertThat(crossings(bus.vcpus.getFirst())).isEqualTo(plus(guest, 0, 0, PACKETS));
            assertThat(crossings(bus.hostVcpu)).isEqualTo(plus(host, PACKETS, PACKETS, 0));
        }
    }

    @Test
    void wakesTheProcessorThatTheChannelWasOpenedFor() {
        try (TestBus bus = new TestBus(3, ServerOptions.DEFAULTS, ClientOptions.DEFAULTS)) {
            final HostChannel host = bus.offer(1);
            bus.connect();
            final GuestChannel guest = bus.guest(host);
            final int[] woken = new int[1];
            guest.handler(() -> woken[0]++);
            guest.open(new OpenRequest(2, 2, 1, UserData.of((byte) 9)));
            bus.settle();
            assertThat(host.openData().byteAt(0)).isEqualTo(9);
            assertThat(host.targetVp()).isEqualTo(1);
            answer(bus, host);
            assertThat(bus.client.dispatch(2)).isZero();
            bus.client.doWork();
            assertThat(woken[0]).isZero();
            assertThat(bus.client.dispatch(1)).isPositive();
            assertThat(woken[0]).isEqualTo(1);

            guest.modify(2);
            assertThatThrownBy(() -> guest.modify(1)).isInstanceOf(IllegalStateException.class);
            bus.settle();
            assertThat(guest.targetVp()).isEqualTo(2);
            answer(bus, host);
            assertThat(bus.client.dispatch(1)).isZero();
            assertThat(bus.client.dispatch(2)).isPositive();
            assertThat(woken[0]).isEqualTo(2);
            assertThat(bus.vcpus.get(2).count(Crossing.UPCALL)).isEqualTo(1);

            guest.modify(7);
            bus.settle();
            assertThat(guest.lastStatus()).as("no such processor").isNotZero();
            assertThat(guest.targetVp()).isEqualTo(2);
        }
    }

    @Test
    void movesAnInterruptWithoutAnAnswerBefore53() {
        try (TestBus bus =
                new TestBus(
                        2,
                        ServerOptions.DEFAULTS.withNewest(VmbusVersion.V4_1),
                        ClientOptions.DEFAULTS)) {
            final HostChannel host = bus.offer(1);
            final Pair pair = bus.open(host);
            final int[] woken = new int[1];
            pair.guest().handler(() -> woken[0]++);
            pair.guest().modify(1);
            assertThat(pair.guest().targetVp()).isEqualTo(1);
            bus.settle();
            assertThat(host.targetVp()).isEqualTo(1);
            answer(bus, host);
            assertThat(bus.client.dispatch(1)).isPositive();
            assertThat(woken[0]).isEqualTo(1);
            assertThat(bus.client.refusals().total()).isZero();
        }
    }

    private void answer(final TestBus bus, final HostChannel host) {
        final Channel channel = Objects.requireNonNull(host.channel());
        assertThat(channel.send(PacketType.IN_BAND, 0, 1, payload, 0, 16)).isZero();
        final Channel taken = Objects.requireNonNull(bus.client.channels().getFirst().channel());
        assertThat(taken.incoming().next()).isEqualTo(RingStatus.OK);
        taken.commitRead();
    }

    @Test
    void signalsWhoeverWaitsForRoom() {
        try (TestBus bus = new TestBus()) {
            final Pair pair = bus.open(bus.offer(1));
            int sent = 0;
            while (pair.hostEnd().send(PacketType.IN_BAND, 0, sent, payload, 0, 16)
                    == RingStatus.OK) {
                sent++;
            }
            assertThat(pair.hostEnd().outgoing().askForRoom(40)).isEqualTo(RingStatus.NO_ROOM);
            pair.host().takeSignal();
            for (int i = 0; i < sent; i++) {
                assertThat(pair.guestEnd().incoming().next()).isEqualTo(RingStatus.OK);
            }
            final long before = bus.count(Crossing.HYPERCALL);
            pair.guestEnd().commitRead();
            assertThat(bus.count(Crossing.HYPERCALL) - before).isEqualTo(1);
            assertThat(pair.host().takeSignal()).isTrue();
        }
    }

    private void send(final Pair pair) {
        assertThat(pair.guestEnd().send(PacketType.IN_BAND, 0, 1, payload, 0, 16)).isZero();
    }

    private static void take(final Pair pair) {
        assertThat(pair.hostEnd().incoming().next()).isEqualTo(RingStatus.OK);
        pair.hostEnd().commitRead();
    }

    private static String crossings(final Vcpu vcpu) {
        return "%d %d %d %d"
                .formatted(
                        vcpu.count(Crossing.HYPERCALL),
                        vcpu.count(Crossing.KICK),
                        vcpu.count(Crossing.UPCALL),
                        vcpu.count(Crossing.PORT_EXIT) + vcpu.count(Crossing.MMIO_EXIT));
    }

    private static String plus(
            final String before, final long hypercalls, final long kicks, final long interrupts) {
        final String[] counts = before.split(" ", -1);
        return "%d %d %d %s"
                .formatted(
                        Long.parseLong(counts[0]) + hypercalls,
                        Long.parseLong(counts[1]) + kicks,
                        Long.parseLong(counts[2]) + interrupts,
                        counts[3]);
    }
}
