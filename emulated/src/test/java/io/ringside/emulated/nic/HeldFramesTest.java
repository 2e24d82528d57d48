package io.ringside.emulated.nic;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.guest.NetFrame;
import io.ringside.device.host.Packet;
import io.ringside.device.host.PacketArrivals;
import io.ringside.device.host.PacketPort;
import io.ringside.emulated.e1000.E1000Kind;
import io.ringside.emulated.rtl8139.Rtl8139Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of frames that a card has no room for. */
class HeldFramesTest {
    private static final int FRAMES = 600;
    private static final int FRAME_BYTES = 1514;

    static List<NicMachine.Kind> kinds() {
        return List.of(new Rtl8139Kind(), new E1000Kind(0));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void stayInAPortThatHoldsThemBack(final NicMachine.Kind kind) {
        final Sender port = new Sender(true);
        try (NicMachine machine = new NicMachine(kind, port)) {
            machine.givesBack(false);
            machine.settle();
            assertThat(port.left).isPositive();
            while (machine.received().size() < FRAMES) {
                final List<NetFrame> held = List.copyOf(machine.held());
                assertThat(held).isNotEmpty();
                machine.held().clear();
                held.forEach(machine.device()::giveBack);
                machine.device().commit();
                machine.settle();
            }
            assertThat(machine.received().size()).isEqualTo(FRAMES);
            for (int i = 0; i < FRAMES; i++) {
                assertThat(ByteBuffer.wrap(machine.received().get(i)).getInt(100)).isEqualTo(i);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void areLostInTheCardWhereNobodyHoldsThemBack(final NicMachine.Kind kind) {
        final Sender port = new Sender(false);
        try (NicMachine machine = new NicMachine(kind, port)) {
            machine.givesBack(false);
            machine.settle();
            assertThat(port.left).isZero();
            assertThat(machine.received().size()).isBetween(1, FRAMES - 1);
        }
    }

    /** Brings its frames one by one, each with its number. */
    private static final class Sender implements PacketPort {
        private final boolean holdsBack;
        private final UnsafeBuffer bytes = new UnsafeBuffer(ByteBuffer.allocateDirect(FRAME_BYTES));
        private final Packet packet = new Packet(1, 0);
        private int left = FRAMES;

        Sender(final boolean holdsBack) {
            this.holdsBack = holdsBack;
            for (int i = 0; i < 6; i++) {
                bytes.putByte(i, (byte) (NicMachine.STATION >>> 8 * (5 - i)));
            }
        }

        @Override
        public int take(final PacketArrivals arrivals, final int limit) {
            if (left == 0) {
                return 0;
            }
            bytes.putInt(100, FRAMES - left, ByteOrder.BIG_ENDIAN);
            left--;
            arrivals.arrived(packet.reset().add(bytes, 0, FRAME_BYTES));
            return 1;
        }

        @Override
        public boolean holdsBack() {
            return holdsBack;
        }

        @Override
        public boolean isLinkUp() {
            return true;
        }

        @Override
        public int maxFrameBytes() {
            return FRAME_BYTES;
        }

        @Override
        public boolean takesBlankChecksums() {
            return false;
        }

        @Override
        public boolean takesUncutFrames() {
            return false;
        }

        @Override
        public boolean send(final Packet sent) {
            throw new IllegalStateException("nobody sends: totalBytes=" + sent.totalBytes());
        }

        @Override
        public void giveBack(final Packet given) {
            // There is one, and it is used again.
        }

        @Override
        public long dropped() {
            return 0;
        }

        @Override
        public void wakeWith(final Runnable wake) {
            // It is asked.
        }

        @Override
        public void close() {
            // It has nothing to give back.
        }
    }
}
