package io.ringside.vmbus;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.hypervisor.Crossing;
import io.ringside.ringbuf.vmbus.PacketType;
import io.ringside.ringbuf.vmbus.RingStatus;
import io.ringside.vmbus.TestBus.Pair;
import io.ringside.vmbus.guest.ClientState;
import io.ringside.vmbus.guest.GuestChannel;
import io.ringside.vmbus.host.HostChannel;
import io.ringside.vmbus.protocol.VmbusVersion;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Connect, open, speak, close. */
class ChannelLifeTest {
    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[64]);

    @Test
    void connectsOpensSpeaksAndCloses() {
        try (TestBus bus = new TestBus()) {
            final HostChannel host = bus.offer(1);
            bus.connect();
            assertThat(bus.client.state()).isInstanceOf(ClientState.Connected.class);
            assertThat(bus.server.version()).isEqualTo(VmbusVersion.NEWEST);
            final String before = bus.figures();
            final Pair pair = bus.open(host);
            final long calls = bus.count(Crossing.HYPERCALL);
            payload.putLong(0, 0x1122_3344_5566_7788L);
            assertThat(pair.guestEnd().send(PacketType.IN_BAND, 1, 7, payload, 0, 12))
                    .isEqualTo(RingStatus.OK);
            assertThat(bus.count(Crossing.HYPERCALL) - calls).isEqualTo(1);
            assertThat(pair.host().takeSignal()).isTrue();
            assertThat(pair.hostEnd().incoming().nextCopied()).isEqualTo(RingStatus.OK);
            assertThat(pair.hostEnd().incoming().transactionId()).isEqualTo(7);
            pair.hostEnd().commitRead();

            final int[] woken = new int[1];
            pair.guest().handler(() -> woken[0]++);
            assertThat(pair.hostEnd().send(PacketType.COMPLETION, 0, 7, payload, 0, 8))
                    .isEqualTo(RingStatus.OK);
            bus.settle();
            assertThat(woken[0]).isEqualTo(1);
            assertThat(pair.guestEnd().incoming().next()).isEqualTo(RingStatus.OK);
            assertThat(pair.guestEnd().incoming().type()).isEqualTo(PacketType.COMPLETION);
            pair.guestEnd().commitRead();

            pair.guest().close();
            assertThat(pair.guest().channel()).isNull();
            bus.settle();
            assertThat(pair.guest().isClosed()).as("before the half let go").isFalse();
            assertThat(host.mustRelease()).isTrue();
            host.release();
            bus.settle();
            final GuestChannel guest = pair.guest();
            assertThat(guest.isClosed()).isTrue();
            assertThat(bus.figures()).isEqualTo(before);
            assertThat(bus.server.refusals().total()).isZero();
            assertThat(bus.client.refusals().total()).isZero();
        }
    }
}
