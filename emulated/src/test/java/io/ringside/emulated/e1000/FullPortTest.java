package io.ringside.emulated.e1000;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.net.LoopbackPort;
import io.ringside.emulated.e1000.protocol.E1000Bits;
import io.ringside.emulated.e1000.protocol.E1000Descriptor;
import io.ringside.emulated.e1000.protocol.E1000Registers;
import io.ringside.emulated.nic.NicMachine;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What a guest does to its ring while the card waits for room behind it. */
class FullPortTest {
    private static final int RING = 0x10000;
    private static final int FRAME = 0x20000;
    private static final int SEGMENT_BYTES = 1000;

    private final LoopbackPort port = new LoopbackPort(1, 16384);
    private final NicMachine machine = new NicMachine(new E1000Kind(0), new CuttingPort(port));
    private final UnsafeBuffer bytes = new UnsafeBuffer(0, 0);

    private void write(final int register, final int value) {
        machine.registers().write(E1000Kind.BASE + register, value);
    }

    private void on() {
        machine.memory().wrap(bytes, 0, 0x80000);
        write(E1000Registers.CONTROL, E1000Bits.CONTROL_LINK_UP);
        write(E1000Registers.TRANSMIT_BASE_LOW, RING);
        write(E1000Registers.TRANSMIT_LENGTH, 8 * E1000Descriptor.SIZE_BYTES);
        write(E1000Registers.TRANSMIT_CONTROL, E1000Bits.TRANSMIT_ON);
    }

    private void put(final int index, final long first, final int lower, final int upper) {
        final int at = RING + index * E1000Descriptor.SIZE_BYTES;
        bytes.putLong(at, first);
        bytes.putInt(at + E1000Descriptor.LOWER, lower);
        bytes.putInt(at + E1000Descriptor.UPPER, upper);
    }

    private List<Integer> lengthsThatLeft() {
        final List<Integer> lengths = new ArrayList<>();
        port.take(
                packet -> {
                    lengths.add(packet.totalBytes());
                    port.giveBack(packet);
                },
                8);
        return lengths;
    }

    @Test
    void readsADescriptorOnceHoweverLongItWaits() {
        on();
        put(0, FRAME, E1000Descriptor.END_OF_PACKET | 100, 0);
        put(1, FRAME, E1000Descriptor.END_OF_PACKET | E1000Descriptor.REPORT | 200, 0);
        write(E1000Registers.TRANSMIT_TAIL, 2);
        put(1, FRAME, 0, 0);
        assertThat(lengthsThatLeft()).containsExactly(100);
        write(E1000Registers.TRANSMIT_TAIL, 2);
        assertThat(lengthsThatLeft()).containsExactly(200);
        assertThat(bytes.getInt(RING + E1000Descriptor.SIZE_BYTES + E1000Descriptor.UPPER))
                .isEqualTo(E1000Descriptor.DONE);
    }

    @Test
    void forgetsThePieceThatWaitedWhenItIsReset() {
        on();
        sendCut(2500);
        write(E1000Registers.CONTROL, E1000Bits.CONTROL_RESET);
        assertThat(lengthsThatLeft()).as("the first of three").containsExactly(1054);
        on();
        sendCut(500);
        assertThat(lengthsThatLeft()).containsExactly(554);
    }

    /** A context that says where the headers are, and a frame that is to be cut. */
    private void sendCut(final int payloadBytes) {
        final byte[] frame = E1000Test.tcp(payloadBytes);
        bytes.putBytes(FRAME, frame);
        final long ip = 14 | 24 << 8 | 33 << 16;
        final long transport = 34 | 50 << 8;
        put(
                0,
                ip | transport << Integer.SIZE,
                E1000Descriptor.EXTENDED
                        | E1000Descriptor.CONTEXT_TCP
                        | E1000Descriptor.CONTEXT_IPV4
                        | E1000Descriptor.SEGMENT
                        | payloadBytes,
                54 << 8 | SEGMENT_BYTES << 16);
        put(
                1,
                FRAME,
                E1000Descriptor.EXTENDED
                        | E1000Descriptor.DATA
                        | E1000Descriptor.SEGMENT
                        | E1000Descriptor.END_OF_PACKET
                        | frame.length,
                E1000Descriptor.OPTION_IP | E1000Descriptor.OPTION_TRANSPORT);
        write(E1000Registers.TRANSMIT_TAIL, 2);
    }
}
