package io.ringside.device.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.host.Packet;
import io.ringside.device.host.PacketPort;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

final class LoopbackPortTest extends CarryingPortContract {
    private final LoopbackPort port = new LoopbackPort(SLOTS, MAX_FRAME_BYTES);

    @Override
    PacketPort sender() {
        return port;
    }

    @Override
    PacketPort receiver() {
        return port;
    }

    @Test
    void hasTheBackendWaitWhileAllSlotsAreLent() {
        final UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(60));
        final Packet packet = new Packet(1, 0).add(memory, 0, 60);
        for (int i = 0; i < SLOTS; i++) {
            assertThat(port.send(packet)).isTrue();
        }
        assertThat(port.send(packet)).isFalse();
        final Packet[] lent = new Packet[1];
        assertThat(port.take(p -> lent[0] = p, 1)).isEqualTo(1);
        assertThat(port.send(packet)).isFalse();
        port.giveBack(lent[0]);
        assertThat(port.send(packet)).isTrue();
        assertThat(port.dropped()).isZero();
    }
}
