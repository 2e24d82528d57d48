package io.ringside.emulated.e1000;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.host.Packet;
import io.ringside.device.net.LearningSwitch;
import io.ringside.device.net.LoopbackPort;
import io.ringside.emulated.e1000.protocol.E1000Bits;
import io.ringside.emulated.e1000.protocol.E1000Descriptor;
import io.ringside.emulated.e1000.protocol.E1000Registers;
import io.ringside.emulated.nic.NicMachine;
import io.ringside.hypervisor.Crossing;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What holds an e1000's interrupts back, by the clock that it is given. */
class ModerationTest {
    private static final int RING = 0x10000;
    private static final int FRAME = 0x20000;
    private static final int UNIT_NANOS = 1024;
    private static final int FRAMES = 1000;
    private static final int GAP_NANOS = 10_000;
    private static final int THROTTLE_NANOS = 256;

    private final NicMachine machine = new NicMachine(new E1000Kind(0), new LoopbackPort(64, 2048));

    private void write(final int register, final int value) {
        machine.registers().write(E1000Kind.BASE + register, value);
    }

    private int causes() {
        return machine.registers().read(E1000Kind.BASE + E1000Registers.CAUSE_READ);
    }

    private boolean tellsAfter(final int units, final int cause) throws Exception {
        machine.clock().pass((long) units * UNIT_NANOS);
        machine.model().doWork();
        return (causes() & cause) != 0;
    }

    @Test
    void spacesInterruptsByTheThrottleThatTheDriverIsGiven() {
        for (final int throttle : new int[] {0, 40, 400, 2000}) {
            final LearningSwitch network = new LearningSwitch(2, 64, 2048, 64, 1_000_000_000L);
            try (NicMachine throttled = new NicMachine(new E1000Kind(throttle), network.port(0))) {
                throttled.settle();
                throttled.clock().pass(1_000_000);
                final long before = throttled.vcpu().count(Crossing.INTERRUPT);
                final Packet packet = packet();
                for (int i = 0; i < FRAMES; i++) {
                    network.port(1).send(packet);
                    throttled.settle();
                    throttled.clock().pass(GAP_NANOS);
                }
                // The first one at once, then one at the first frame behind each interval.
                final int frames = Math.max(1, Math.ceilDiv(throttle * THROTTLE_NANOS, GAP_NANOS));
                assertThat(throttled.vcpu().count(Crossing.INTERRUPT) - before)
                        .as("throttle %d", throttle)
                        .isEqualTo(1 + (FRAMES - 1) / frames);
                throttled.clock().pass(1_000_000);
                throttled.settle();
                assertThat(throttled.received()).hasSize(FRAMES);
            }
        }
    }

    private static Packet packet() {
        final UnsafeBuffer frame = new UnsafeBuffer(ByteBuffer.allocateDirect(100));
        for (int i = 0; i < 6; i++) {
            frame.putByte(i, (byte) (NicMachine.STATION >>> 8 * (5 - i)));
        }
        return new Packet(1, 0).add(frame, 0, frame.capacity());
    }

    @Test
    void delaysTheInterruptOfFramesThatWereSentIfTheirDescriptorsLetIt() throws Exception {
        final UnsafeBuffer bytes = new UnsafeBuffer(0, 0);
        machine.memory().wrap(bytes, 0, 0x80000);
        write(E1000Registers.TRANSMIT_BASE_LOW, RING);
        write(E1000Registers.TRANSMIT_LENGTH, 8 * E1000Descriptor.SIZE_BYTES);
        write(E1000Registers.TRANSMIT_CONTROL, E1000Bits.TRANSMIT_ON);
        write(E1000Registers.TRANSMIT_DELAY, 10);
        write(E1000Registers.TRANSMIT_ABSOLUTE_DELAY, 15);
        final int told = E1000Descriptor.END_OF_PACKET | E1000Descriptor.REPORT | 100;
        for (int i = 0; i < 4; i++) {
            final int at = RING + i * E1000Descriptor.SIZE_BYTES;
            bytes.putLong(at, FRAME);
            bytes.putInt(at + E1000Descriptor.LOWER, told | (i < 3 ? E1000Descriptor.DELAY : 0));
        }
        write(E1000Registers.TRANSMIT_TAIL, 1);
        assertThat(tellsAfter(9, E1000Bits.CAUSE_TRANSMIT_DONE)).isFalse();
        assertThat(tellsAfter(1, E1000Bits.CAUSE_TRANSMIT_DONE)).isTrue();
        write(E1000Registers.TRANSMIT_TAIL, 2);
        assertThat(tellsAfter(9, E1000Bits.CAUSE_TRANSMIT_DONE)).isFalse();
        write(E1000Registers.TRANSMIT_TAIL, 3);
        assertThat(tellsAfter(5, E1000Bits.CAUSE_TRANSMIT_DONE)).as("begun anew").isFalse();
        assertThat(tellsAfter(1, E1000Bits.CAUSE_TRANSMIT_DONE)).as("the absolute one").isTrue();
        write(E1000Registers.TRANSMIT_TAIL, 4);
        assertThat(tellsAfter(0, E1000Bits.CAUSE_TRANSMIT_DONE)).as("not to be delayed").isTrue();
    }

    @Test
    void tellsWhatIsBeingDelayedWhenItIsFlushed() throws Exception {
        machine.settle();
        write(E1000Registers.RECEIVE_DELAY, 10);
        write(E1000Registers.RECEIVE_DELAY, E1000Bits.RECEIVE_DELAY_FLUSH | 10);
        assertThat(causes() & E1000Bits.CAUSE_RECEIVED).as("nothing is").isZero();
        final byte[] frame = new byte[100];
        for (int i = 0; i < 6; i++) {
            frame[i] = (byte) (NicMachine.STATION >>> 8 * (5 - i));
        }
        machine.send(machine.frame(frame));
        assertThat(machine.received()).isEmpty();
        write(E1000Registers.RECEIVE_DELAY, E1000Bits.RECEIVE_DELAY_FLUSH | 10);
        machine.settle();
        assertThat(machine.received()).hasSize(1);
        assertThat(tellsAfter(20, E1000Bits.CAUSE_RECEIVED)).as("once").isFalse();
    }
}
