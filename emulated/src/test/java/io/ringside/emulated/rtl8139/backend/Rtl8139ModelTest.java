package io.ringside.emulated.rtl8139.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.guest.NetFrame;
import io.ringside.device.net.LoopbackPort;
import io.ringside.emulated.nic.NicMachine;
import io.ringside.emulated.rtl8139.Rtl8139Kind;
import io.ringside.emulated.rtl8139.protocol.Rtl8139Bits;
import io.ringside.emulated.rtl8139.protocol.Rtl8139Registers;
import io.ringside.hypervisor.Crossing;
import io.ringside.testkit.Seed;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class Rtl8139ModelTest {
    private static final int RING = 0x10000;
    private static final int FRAME = 0x30000;

    private final NicMachine machine =
            new NicMachine(new Rtl8139Kind(), new LoopbackPort(256, 2048));
    private final UnsafeBuffer bytes = new UnsafeBuffer(0, 0);

    private Rtl8139 model() {
        return (Rtl8139) machine.model();
    }

    private static int port(final int register) {
        return Rtl8139Kind.BASE + register;
    }

    private void on(final int receiveConfig) {
        machine.memory().wrap(bytes, 0, 0x80000);
        machine.io().outl(port(Rtl8139Registers.RECEIVE_RING), RING);
        machine.io()
                .outb(
                        port(Rtl8139Registers.COMMAND),
                        Rtl8139Bits.TRANSMITTER_ON | Rtl8139Bits.RECEIVER_ON);
        machine.io().outl(port(Rtl8139Registers.RECEIVE_CONFIG), receiveConfig);
    }

    private void send(final int slot, final int lengthBytes) {
        bytes.setMemory(FRAME, lengthBytes, (byte) (slot + 1));
        machine.io().outl(port(Rtl8139Registers.TRANSMIT_ADDRESS + 4 * slot), FRAME);
        machine.io().outl(port(Rtl8139Registers.TRANSMIT_STATUS + 4 * slot), lengthBytes);
        model().doWork();
    }

    @Test
    void writesHeaderFrameAndCheckSequenceIntoTheRing() {
        on(Rtl8139Bits.ACCEPT_ALL | Rtl8139Bits.NO_WRAP);
        send(0, 101);
        assertThat(bytes.getShort(RING) & 0xFFFF)
                .isEqualTo(Rtl8139Bits.RECEIVED_OK | Rtl8139Bits.RECEIVED_MULTICAST);
        assertThat(bytes.getShort(RING + 2)).isEqualTo((short) 105);
        final byte[] frame = new byte[101];
        bytes.getBytes(RING + 4, frame);
        assertThat(frame).containsOnly(1);
        final CRC32 crc = new CRC32();
        crc.update(frame);
        assertThat(bytes.getInt(RING + 105)).isEqualTo((int) crc.getValue());
        assertThat(machine.io().inw(port(Rtl8139Registers.WRITE_OFFSET))).isEqualTo(112);
        assertThat(machine.io().inb(port(Rtl8139Registers.COMMAND)) & Rtl8139Bits.RING_EMPTY)
                .isZero();
        machine.io().outw(port(Rtl8139Registers.READ_OFFSET), 112 - 16);
        assertThat(machine.io().inb(port(Rtl8139Registers.COMMAND)) & Rtl8139Bits.RING_EMPTY)
                .isEqualTo(Rtl8139Bits.RING_EMPTY);
    }

    @Test
    void runsPastTheEndOrWrapsAsConfigured() {
        for (final int noWrap : new int[] {0, Rtl8139Bits.NO_WRAP}) {
            machine.io().outb(port(Rtl8139Registers.COMMAND), Rtl8139Bits.RESET);
            on(Rtl8139Bits.ACCEPT_ALL | noWrap);
            bytes.setMemory(RING, 8192 + 2064, (byte) 0x55);
            for (int sent = 0; sent < 6; sent++) {
                send(sent % 4, 1500);
                final int at = machine.io().inw(port(Rtl8139Registers.WRITE_OFFSET));
                machine.io().outw(port(Rtl8139Registers.READ_OFFSET), at - 16 & 0xFFFF);
            }
            // Five frames of 1508 bytes end at 7540; the sixth has 652 bytes before the end.
            assertThat(machine.io().inw(port(Rtl8139Registers.WRITE_OFFSET))).isEqualTo(856);
            assertThat(bytes.getByte(RING + 8191)).isEqualTo((byte) 2);
            assertThat(bytes.getByte(RING + 8192)).isEqualTo((byte) (noWrap == 0 ? 0x55 : 2));
            assertThat(bytes.getByte(RING)).isEqualTo((byte) (noWrap == 0 ? 2 : 1));
        }
    }

    @Test
    void countsFramesThatFindNoRoomAndSaysSo() {
        on(Rtl8139Bits.ACCEPT_ALL);
        for (int i = 0; i < 8; i++) {
            send(i % 4, 1500);
        }
        assertThat(machine.io().inl(port(Rtl8139Registers.MISSED))).isEqualTo(3);
        assertThat(
                        machine.io().inw(port(Rtl8139Registers.INTERRUPT_STATUS))
                                & Rtl8139Bits.RING_FULL)
                .isEqualTo(Rtl8139Bits.RING_FULL);
        machine.io().outl(port(Rtl8139Registers.MISSED), 0);
        assertThat(model().missed()).isZero();
    }

    @Test
    void interruptsForEachFrameAtOnceForThisChipHoldsNothingBack() {
        on(Rtl8139Bits.ACCEPT_ALL);
        machine.io().outw(port(Rtl8139Registers.INTERRUPT_MASK), Rtl8139Bits.RECEIVE_OK);
        machine.io().outb(0x21, 0);
        machine.io().outb(0xA1, 0);
        machine.io().outb(0x4D1, 0xDE);
        for (int i = 0; i < 4; i++) {
            send(i, 100);
            assertThat(machine.interrupts().isPending(Rtl8139Kind.LINE)).isTrue();
            machine.io().outw(port(Rtl8139Registers.INTERRUPT_STATUS), Rtl8139Bits.TRANSMIT_OK);
            assertThat(machine.interrupts().isPending(Rtl8139Kind.LINE)).isTrue();
            machine.io().outw(port(Rtl8139Registers.INTERRUPT_STATUS), Rtl8139Bits.RECEIVE_OK);
            assertThat(machine.interrupts().isPending(Rtl8139Kind.LINE)).isFalse();
        }
    }

    @Test
    void givesUpFramesThatAreTooLongOrNotThere() {
        on(Rtl8139Bits.ACCEPT_ALL);
        send(0, Rtl8139Registers.MAX_TRANSMIT_BYTES + 1);
        machine.io().outl(port(Rtl8139Registers.TRANSMIT_ADDRESS + 4), 0xFFFF_FF00L);
        machine.io().outl(port(Rtl8139Registers.TRANSMIT_STATUS + 4), 100);
        assertThat(model().refusedFrames()).isEqualTo(2);
        assertThat(machine.io().inw(port(Rtl8139Registers.TRANSMIT_SUMMARY))).isEqualTo(0x003F);
        assertThat(machine.io().inw(port(Rtl8139Registers.INTERRUPT_STATUS)))
                .isEqualTo(Rtl8139Bits.TRANSMIT_ERROR);
    }

    @Test
    void raisesABusErrorForARingThatIsNotThere() {
        on(Rtl8139Bits.ACCEPT_ALL);
        machine.io().outl(port(Rtl8139Registers.RECEIVE_RING), 0xFFFF_F000L);
        send(0, 100);
        assertThat(machine.io().inw(port(Rtl8139Registers.INTERRUPT_STATUS)))
                .isEqualTo(Rtl8139Bits.TRANSMIT_OK | Rtl8139Bits.BUS_ERROR);
    }

    @Test
    void hearsMulticastsByTheirHash() {
        on(Rtl8139Bits.ACCEPT_MULTICAST);
        // 01:00:5e:00:00:01 has the Ethernet CRC 0x7fa32d9b turned round: bit 31.
        final byte[] group = {1, 0, 0x5E, 0, 0, 1};
        bytes.setMemory(FRAME, 100, (byte) 0);
        bytes.putBytes(FRAME, group);
        for (int bit = 0; bit < 64; bit++) {
            machine.io().outl(port(Rtl8139Registers.MULTICAST_FILTER), bit < 32 ? 1L << bit : 0);
            machine.io()
                    .outl(
                            port(Rtl8139Registers.MULTICAST_FILTER + 4),
                            bit < 32 ? 0 : 1L << bit - 32);
            final int before = machine.io().inw(port(Rtl8139Registers.WRITE_OFFSET));
            machine.io().outl(port(Rtl8139Registers.TRANSMIT_ADDRESS), FRAME);
            machine.io().outl(port(Rtl8139Registers.TRANSMIT_STATUS), 100);
            model().doWork();
            final int after = machine.io().inw(port(Rtl8139Registers.WRITE_OFFSET));
            assertThat(after != before).as("bit %d", bit).isEqualTo(bit == 31);
        }
    }

    @Test
    void keepsLockedRegisters() {
        machine.io().outb(port(Rtl8139Registers.STATION_ADDRESS), 0xAA);
        machine.io().outb(port(Rtl8139Registers.CONFIG_1), 0xAA);
        assertThat(machine.io().inb(port(Rtl8139Registers.STATION_ADDRESS))).isZero();
        assertThat(machine.io().inb(port(Rtl8139Registers.CONFIG_1))).isZero();
        assertThat(model().refusedWrites()).isEqualTo(2);
        machine.io().outb(port(Rtl8139Registers.EEPROM), Rtl8139Bits.UNLOCK);
        machine.io().outb(port(Rtl8139Registers.CONFIG_1), 0xAA);
        assertThat(machine.io().inb(port(Rtl8139Registers.CONFIG_1))).isEqualTo(0xAA);
    }

    @Test
    void loopsBackInsideOfTheCard() {
        machine.model();
        on(Rtl8139Bits.ACCEPT_ALL);
        machine.io().outl(port(Rtl8139Registers.TRANSMIT_CONFIG), Rtl8139Bits.LOOPBACK);
        bytes.setMemory(FRAME, 20, (byte) 7);
        machine.io().outl(port(Rtl8139Registers.TRANSMIT_ADDRESS), FRAME);
        machine.io().outl(port(Rtl8139Registers.TRANSMIT_STATUS), 20);
        assertThat(bytes.getShort(RING + 2)).as("padded, with its check").isEqualTo((short) 64);
        assertThat(bytes.getByte(RING + 4 + 19)).isEqualTo((byte) 7);
        assertThat(bytes.getByte(RING + 4 + 20)).isZero();
    }

    @Test
    void survivesAnyAccess() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        on(Rtl8139Bits.ACCEPT_ALL);
        for (int i = 0; i < 200_000; i++) {
            final int port = Rtl8139Kind.BASE + random.nextInt(Rtl8139Registers.PORTS - 3);
            final int value = random.nextInt(4) == 0 ? random.nextInt(2048) : random.nextInt();
            switch (random.nextInt(7)) {
                case 0 -> machine.io().inb(port);
                case 1 -> machine.io().inl(port & ~3);
                case 2 -> machine.io().outb(port, value);
                case 3 -> machine.io().outw(port, value);
                case 4 -> machine.io().outl(port, value);
                case 5 ->
                        machine.io()
                                .outb(
                                        port(Rtl8139Registers.COMMAND),
                                        Rtl8139Bits.TRANSMITTER_ON | 8);
                default -> assertThat(model().doWork()).as(seed.toString()).isBetween(0, 64);
            }
        }
        machine.io().outb(port(Rtl8139Registers.COMMAND), Rtl8139Bits.RESET);
        assertThat(machine.io().inl(port(Rtl8139Registers.TRANSMIT_STATUS)))
                .as(seed.toString())
                .isEqualTo(Rtl8139Bits.HOST_OWNS);
    }

    @Test
    void countsTheExitsOfAFrame() {
        machine.settle();
        final byte[] frame = new byte[100];
        for (int i = 0; i < 6; i++) {
            frame[i] = (byte) (NicMachine.STATION >>> 8 * (5 - i));
        }
        final NetFrame sent = machine.frame(frame);
        machine.send(sent);
        final long before = machine.exits();
        final long interrupts = machine.vcpu().count(Crossing.INTERRUPT);
        machine.send(sent);
        // Status of the slot out; interrupt status in and out, slot status in; ring empty in, read
        // offset out, ring empty in; both controllers out.
        assertThat(machine.exits() - before).isEqualTo(9);
        assertThat(machine.vcpu().count(Crossing.INTERRUPT) - interrupts).isEqualTo(1);
        assertThat(machine.received()).hasSize(2);
    }
}
