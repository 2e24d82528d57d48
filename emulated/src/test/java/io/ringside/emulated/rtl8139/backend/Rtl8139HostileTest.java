package io.ringside.emulated.rtl8139.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.net.LoopbackPort;
import io.ringside.emulated.nic.NicMachine;
import io.ringside.emulated.rtl8139.Rtl8139Kind;
import io.ringside.emulated.rtl8139.protocol.Rtl8139Bits;
import io.ringside.emulated.rtl8139.protocol.Rtl8139Registers;
import io.ringside.hypervisor.GuestMemory;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What a guest cannot make the chip do. */
class Rtl8139HostileTest {
    private static final int RING = 0x10000;
    private static final int RING_BYTES = 8192;
    private static final int FRAME = 0x30000;
    private static final int SLOTS = 2;
    private static final int MOST_FRAMES = 16;

    private final NicMachine machine =
            new NicMachine(new Rtl8139Kind(), new LoopbackPort(256, 2048));
    private final Rtl8139 model = (Rtl8139) machine.model();
    private final UnsafeBuffer bytes = new UnsafeBuffer(0, 0);

    private static int port(final int register) {
        return Rtl8139Kind.BASE + register;
    }

    private void on(final long ring, final long transmitConfig) {
        machine.memory().wrap(bytes, 0, 0x80000);
        machine.io().outb(port(Rtl8139Registers.COMMAND), Rtl8139Bits.RESET);
        machine.io().outl(port(Rtl8139Registers.RECEIVE_RING), ring);
        machine.io()
                .outb(
                        port(Rtl8139Registers.COMMAND),
                        Rtl8139Bits.TRANSMITTER_ON | Rtl8139Bits.RECEIVER_ON);
        machine.io().outl(port(Rtl8139Registers.RECEIVE_CONFIG), Rtl8139Bits.ACCEPT_ALL);
        machine.io().outl(port(Rtl8139Registers.TRANSMIT_CONFIG), transmitConfig);
    }

    private void send(final int slot, final long address, final int lengthBytes) {
        machine.io().outl(port(Rtl8139Registers.TRANSMIT_ADDRESS + 4 * slot), address);
        machine.io().outl(port(Rtl8139Registers.TRANSMIT_STATUS + 4 * slot), lengthBytes);
    }

    private void send(final int slot, final int lengthBytes, final byte value) {
        bytes.setMemory(FRAME, lengthBytes, value);
        send(slot, (long) FRAME, lengthBytes);
        model.doWork();
    }

    @Test
    void leaksNothingOfAnEarlierFrameIntoALaterOne() {
        for (final int transmitConfig : new int[] {0, Rtl8139Bits.LOOPBACK}) {
            on(RING, transmitConfig);
            bytes.setMemory(RING, 2 * RING_BYTES, (byte) 0);
            send(0, 1500, (byte) 0x55);
            assertThat(bytes.getByte(RING + 4)).isEqualTo((byte) 0x55);
            bytes.setMemory(RING, 2 * RING_BYTES, (byte) 0);
            send(1, 20, (byte) 0x66);
            assertThat(bytes.getShort(RING + 1508 + 2)).isEqualTo((short) 64);
            for (int i = 0; i < 2 * RING_BYTES; i++) {
                assertThat(bytes.getByte(RING + i)).isNotEqualTo((byte) 0x55);
            }
        }
    }

    @Test
    void holdsNoMoreThanItsSlotsHoweverOftenTheyAreHandedOver() {
        on(RING, 0);
        for (int i = 0; i < 300; i++) {
            send(i % 4, (long) FRAME, 100); // The port is full after 256 of them.
        }
        final long refused = model.refusedWrites();
        assertThat(refused).as("slots that the chip has already").isPositive();
        for (int i = 0; i < 100; i++) {
            send(i % 4, (long) FRAME, 100);
        }
        assertThat(model.refusedWrites()).isEqualTo(refused + 100);
        for (int i = 0; i < 260 / MOST_FRAMES + 2; i++) {
            assertThat(model.doWork()).isBetween(0, MOST_FRAMES + 4);
        }
        assertThat(model.doWork()).isZero();
        assertThat(machine.io().inw(port(Rtl8139Registers.TRANSMIT_SUMMARY)) & 0xF).isEqualTo(0xF);
    }

    /** An address that changes while its slot waits is looked at when the frame is sent. */
    @Test
    void looksAtTheAddressThatItSends() {
        on(RING, 0);
        for (int i = 0; i < 256 + SLOTS; i++) {
            send(i % 4, (long) FRAME, 100);
        }
        for (int slot = 0; slot < 4; slot++) {
            machine.io().outl(port(Rtl8139Registers.TRANSMIT_ADDRESS + 4 * slot), 0xFFFF_FFF0L);
        }
        for (int i = 0; i < 20; i++) {
            model.doWork();
        }
        assertThat(model.refusedFrames()).isEqualTo(SLOTS);
    }

    @Test
    void survivesARingThatIsWhatItSends() {
        for (final int transmitConfig : new int[] {0, Rtl8139Bits.LOOPBACK}) {
            on(FRAME, transmitConfig);
            bytes.setMemory(FRAME, RING_BYTES, (byte) 0xFF);
            for (int i = 0; i < 100; i++) {
                send(i % 4, FRAME + i * 7L, 1500);
                assertThat(model.doWork()).isBetween(0, MOST_FRAMES + 4);
            }
            for (int i = 0; i < 20; i++) {
                model.doWork();
            }
            assertThat(model.doWork()).isZero();
        }
    }

    @Test
    void writesNothingOutsideOfARingAtTheEndOfMemory() {
        final long last = (long) machine.memory().frameCount() << GuestMemory.PAGE_SHIFT;
        on(last - RING_BYTES + 256, 0);
        send(0, 1500, (byte) 0x55);
        assertThat(machine.io().inw(port(Rtl8139Registers.INTERRUPT_STATUS)))
                .isEqualTo(Rtl8139Bits.TRANSMIT_OK | Rtl8139Bits.BUS_ERROR);
        assertThat(machine.io().inw(port(Rtl8139Registers.WRITE_OFFSET))).isZero();
    }
}
