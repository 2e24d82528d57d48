package io.ringside.emulated.e1000.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.net.LoopbackPort;
import io.ringside.emulated.e1000.E1000Kind;
import io.ringside.emulated.e1000.protocol.E1000Bits;
import io.ringside.emulated.e1000.protocol.E1000Descriptor;
import io.ringside.emulated.e1000.protocol.E1000Registers;
import io.ringside.emulated.nic.NicMachine;
import io.ringside.testkit.Seed;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class E1000ModelTest {
    private static final int TRANSMIT = 0x10000;
    private static final int RECEIVE = 0x11000;
    private static final int FRAME = 0x20000;
    private static final int BUFFERS = 0x40000;
    private static final int COUNT = 8;

    private final NicMachine machine =
            new NicMachine(new E1000Kind(0), new LoopbackPort(256, 16384));
    private final UnsafeBuffer bytes = new UnsafeBuffer(0, 0);
    private int tail;

    private E1000 model() {
        return (E1000) machine.model();
    }

    private int read(final int register) {
        return machine.registers().read(E1000Kind.BASE + register);
    }

    private void write(final int register, final int value) {
        machine.registers().write(E1000Kind.BASE + register, value);
    }

    private void on(final int receiveControl) {
        machine.memory().wrap(bytes, 0, 0x80000);
        write(E1000Registers.CONTROL, E1000Bits.CONTROL_LINK_UP);
        write(E1000Registers.TRANSMIT_BASE_LOW, TRANSMIT);
        write(E1000Registers.TRANSMIT_LENGTH, COUNT * E1000Descriptor.SIZE_BYTES);
        write(E1000Registers.TRANSMIT_CONTROL, E1000Bits.TRANSMIT_ON);
        write(E1000Registers.RECEIVE_BASE_LOW, RECEIVE);
        write(E1000Registers.RECEIVE_LENGTH, COUNT * E1000Descriptor.SIZE_BYTES);
        for (int i = 0; i < COUNT; i++) {
            bytes.putLong(RECEIVE + i * E1000Descriptor.SIZE_BYTES, BUFFERS + i * 0x1000L);
        }
        write(E1000Registers.RECEIVE_TAIL, COUNT - 1);
        write(
                E1000Registers.RECEIVE_CONTROL,
                E1000Bits.RECEIVE_ON | E1000Bits.RECEIVE_ALL | receiveControl);
        read(E1000Registers.CAUSE_READ);
    }

    /** A legacy descriptor. */
    private void send(final long address, final int lengthBytes, final int command) {
        final int at = TRANSMIT + tail * E1000Descriptor.SIZE_BYTES;
        bytes.putLong(at, address);
        bytes.putInt(at + E1000Descriptor.LOWER, lengthBytes | command);
        bytes.putInt(at + E1000Descriptor.UPPER, 0);
        tail = (tail + 1) % COUNT;
        write(E1000Registers.TRANSMIT_TAIL, tail);
        model().doWork();
    }

    private void sendWhole(final int lengthBytes) {
        bytes.setMemory(FRAME, lengthBytes, (byte) 2);
        send(FRAME, lengthBytes, E1000Descriptor.END_OF_PACKET | E1000Descriptor.REPORT);
    }

    private int received(final int index, final int offset) {
        return bytes.getInt(RECEIVE + index * E1000Descriptor.SIZE_BYTES + offset);
    }

    @Test
    void writesBackWhatItHasSentAndReceived() {
        on(0);
        sendWhole(100);
        assertThat(bytes.getInt(TRANSMIT + E1000Descriptor.UPPER)).isEqualTo(E1000Descriptor.DONE);
        assertThat(read(E1000Registers.TRANSMIT_HEAD)).isEqualTo(1);
        assertThat(read(E1000Registers.RECEIVE_HEAD)).isEqualTo(1);
        assertThat(received(0, E1000Descriptor.LOWER) & 0xFFFF).isEqualTo(104);
        assertThat(received(0, E1000Descriptor.UPPER))
                .isEqualTo(
                        E1000Descriptor.DONE
                                | E1000Descriptor.RECEIVED_END
                                | E1000Descriptor.CHECKSUM_IGNORED);
        final byte[] frame = new byte[100];
        bytes.getBytes(BUFFERS, frame);
        assertThat(frame).containsOnly(2);
        final CRC32 crc = new CRC32();
        crc.update(frame);
        assertThat(bytes.getInt(BUFFERS + 100)).isEqualTo((int) crc.getValue());
        assertThat(read(E1000Registers.CAUSE_READ))
                .isEqualTo(
                        E1000Bits.CAUSE_TRANSMIT_DONE
                                | E1000Bits.CAUSE_TRANSMIT_EMPTY
                                | E1000Bits.CAUSE_RECEIVED);
        assertThat(read(E1000Registers.CAUSE_READ)).as("cleared by the read").isZero();
        assertThat(read(E1000Registers.SENT)).isEqualTo(1);
        assertThat(read(E1000Registers.RECEIVED)).isEqualTo(1);
        assertThat(read(E1000Registers.RECEIVED)).as("cleared by the read").isZero();
    }

    @Test
    void gathersAFrameFromItsPieces() {
        on(E1000Bits.RECEIVE_STRIP_CHECK);
        bytes.setMemory(FRAME, 60, (byte) 2);
        bytes.setMemory(FRAME + 500, 60, (byte) 4);
        send(FRAME, 60, 0);
        assertThat(read(E1000Registers.RECEIVE_HEAD)).isZero();
        send(FRAME + 500, 60, E1000Descriptor.END_OF_PACKET);
        assertThat(received(0, E1000Descriptor.LOWER) & 0xFFFF).isEqualTo(120);
        assertThat(bytes.getByte(BUFFERS + 59)).isEqualTo((byte) 2);
        assertThat(bytes.getByte(BUFFERS + 60)).isEqualTo((byte) 4);
        assertThat(bytes.getInt(TRANSMIT + E1000Descriptor.UPPER)).as("no report asked").isZero();
    }

    @Test
    void spreadsALongFrameOverBuffers() {
        on(
                E1000Bits.RECEIVE_STRIP_CHECK
                        | E1000Bits.RECEIVE_LONG
                        | 1 << E1000Bits.RECEIVE_SIZE_SHIFT);
        sendWhole(2500);
        assertThat(read(E1000Registers.RECEIVE_HEAD)).isEqualTo(3);
        assertThat(received(0, E1000Descriptor.LOWER) & 0xFFFF).isEqualTo(1024);
        assertThat(received(0, E1000Descriptor.UPPER)).isEqualTo(E1000Descriptor.DONE);
        assertThat(received(2, E1000Descriptor.LOWER) & 0xFFFF).isEqualTo(452);
        assertThat(received(2, E1000Descriptor.UPPER) & E1000Descriptor.RECEIVED_END).isNotZero();
    }

    @Test
    void dropsLongFramesUnlessTheyAreWanted() {
        on(0);
        sendWhole(1519);
        assertThat(read(E1000Registers.RECEIVE_HEAD)).isZero();
        sendWhole(1518);
        assertThat(read(E1000Registers.RECEIVE_HEAD)).isEqualTo(1);
    }

    @Test
    void countsFramesThatFindNoDescriptor() {
        on(0);
        for (int i = 0; i < COUNT + 1; i++) {
            sendWhole(100);
        }
        assertThat(read(E1000Registers.MISSED)).isEqualTo(2);
        final int causes = read(E1000Registers.CAUSE_READ);
        assertThat(causes & E1000Bits.CAUSE_RECEIVE_OVERRUN).isNotZero();
        assertThat(causes & E1000Bits.CAUSE_RECEIVE_LOW).isNotZero();
    }

    @Test
    void dropsWhatCannotBeSentAndReportsItAsDone() {
        on(0);
        send(1L << 40, 100, E1000Descriptor.END_OF_PACKET | E1000Descriptor.REPORT);
        send(FRAME, 13, E1000Descriptor.END_OF_PACKET | E1000Descriptor.REPORT);
        for (int i = 0; i < 3; i++) {
            send(FRAME, 0xFFFF, 0);
        }
        send(FRAME, 100, E1000Descriptor.END_OF_PACKET | E1000Descriptor.REPORT);
        assertThat(model().refusedFrames()).isEqualTo(3);
        assertThat(bytes.getInt(TRANSMIT + E1000Descriptor.UPPER)).isEqualTo(E1000Descriptor.DONE);
        assertThat(read(E1000Registers.RECEIVE_HEAD)).isZero();
        sendWhole(100);
        assertThat(read(E1000Registers.RECEIVE_HEAD)).isEqualTo(1);
    }

    @Test
    void looksAtNoRingOutsideOfMemory() {
        on(0);
        write(E1000Registers.TRANSMIT_BASE_HIGH, 1);
        sendWhole(100);
        assertThat(read(E1000Registers.TRANSMIT_HEAD)).isZero();
        write(E1000Registers.TRANSMIT_BASE_HIGH, 0);
        write(E1000Registers.RECEIVE_BASE_HIGH, -1);
        model().doWork();
        assertThat(read(E1000Registers.TRANSMIT_HEAD)).isEqualTo(1);
        assertThat(read(E1000Registers.MISSED)).isEqualTo(1);
    }

    @Test
    void delaysTheInterruptAfterFrames() {
        on(0);
        write(E1000Registers.RECEIVE_DELAY, 10);
        write(E1000Registers.RECEIVE_ABSOLUTE_DELAY, 15);
        sendWhole(100);
        assertThat(read(E1000Registers.CAUSE_READ) & E1000Bits.CAUSE_RECEIVED).isZero();
        machine.clock().pass(9 * 1024);
        sendWhole(100);
        machine.clock().pass(5 * 1024);
        model().doWork();
        assertThat(read(E1000Registers.CAUSE_READ) & E1000Bits.CAUSE_RECEIVED)
                .as("the second frame has started the short delay anew")
                .isZero();
        machine.clock().pass(1024);
        model().doWork();
        assertThat(read(E1000Registers.CAUSE_READ) & E1000Bits.CAUSE_RECEIVED)
                .as("the absolute delay is over")
                .isNotZero();
    }

    @Test
    void hearsMulticastsOfItsTable() {
        on(E1000Bits.RECEIVE_STRIP_CHECK);
        write(E1000Registers.RECEIVE_CONTROL, E1000Bits.RECEIVE_ON);
        // 01:00:5e:00:00:fb, whose bits 36 to 47 are 0xfb0.
        write(E1000Registers.MULTICAST_TABLE + 4 * (0xFB0 >>> 5), 1 << (0xFB0 & 31));
        bytes.setMemory(FRAME, 100, (byte) 0);
        bytes.putBytes(FRAME, new byte[] {1, 0, 0x5E, 0, 0, (byte) 0xFB});
        send(FRAME, 100, E1000Descriptor.END_OF_PACKET);
        assertThat(read(E1000Registers.RECEIVE_HEAD)).isEqualTo(1);
        bytes.putByte(FRAME + 5, (byte) 0xFA);
        send(FRAME, 100, E1000Descriptor.END_OF_PACKET);
        assertThat(read(E1000Registers.RECEIVE_HEAD)).isEqualTo(1);
    }

    @Test
    void readsTheEepromBothWaysAndItsSumIsRight() {
        int sum = 0;
        for (int word = 0; word < 64; word++) {
            write(
                    E1000Registers.EEPROM_READ,
                    E1000Bits.EEPROM_START | word << E1000Bits.EEPROM_ADDRESS_SHIFT);
            final int value = read(E1000Registers.EEPROM_READ);
            assertThat(value & E1000Bits.EEPROM_DONE).isNotZero();
            assertThat(clocked(word)).isEqualTo(value >>> E1000Bits.EEPROM_DATA_SHIFT);
            sum += value >>> E1000Bits.EEPROM_DATA_SHIFT;
        }
        assertThat(sum & 0xFFFF).isEqualTo(0xBABA);
    }

    private int clocked(final int word) {
        write(E1000Registers.EEPROM_PINS, E1000Bits.EEPROM_REQUEST);
        assertThat(read(E1000Registers.EEPROM_PINS) & E1000Bits.EEPROM_GRANT).isNotZero();
        final int command = 6 << 6 | word;
        for (int i = 8; i >= 0; i--) {
            clock((command >>> i & 1) != 0);
        }
        int value = 0;
        for (int i = 0; i < 16; i++) {
            clock(false);
            final int pins = read(E1000Registers.EEPROM_PINS);
            value = value << 1 | ((pins & E1000Bits.EEPROM_OUT) != 0 ? 1 : 0);
        }
        write(E1000Registers.EEPROM_PINS, 0);
        return value;
    }

    private void clock(final boolean bit) {
        final int pins =
                E1000Bits.EEPROM_REQUEST
                        | E1000Bits.EEPROM_SELECT
                        | (bit ? E1000Bits.EEPROM_IN : 0);
        write(E1000Registers.EEPROM_PINS, pins);
        write(E1000Registers.EEPROM_PINS, pins | E1000Bits.EEPROM_CLOCK);
    }

    @Test
    void answersForItsPhyAlone() {
        write(
                E1000Registers.PHY,
                E1000Bits.PHY_READ
                        | 1 << E1000Bits.PHY_NUMBER_SHIFT
                        | 2 << E1000Bits.PHY_REGISTER_SHIFT);
        assertThat(read(E1000Registers.PHY) & (0xFFFF | E1000Bits.PHY_READY))
                .isEqualTo(E1000Bits.PHY_READY | 0x0141);
        write(E1000Registers.PHY, E1000Bits.PHY_READ | 2 << E1000Bits.PHY_NUMBER_SHIFT);
        assertThat(read(E1000Registers.PHY) & E1000Bits.PHY_ERROR).isNotZero();
    }

    @Test
    void survivesAnyAccess() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        on(0);
        for (int i = 0; i < 300_000; i++) {
            final int register =
                    switch (random.nextInt(5)) {
                        case 0 -> random.nextInt(E1000Registers.RANGE_BYTES / 4) * 4;
                        case 1 -> E1000Registers.TRANSMIT_BASE_LOW + random.nextInt(12) * 4;
                        case 2 -> E1000Registers.RECEIVE_BASE_LOW + random.nextInt(12) * 4;
                        case 3 -> random.nextInt(64) * 4;
                        default -> E1000Registers.TRANSMIT_TAIL;
                    };
            final int value = random.nextBoolean() ? random.nextInt(256) : random.nextInt();
            if (random.nextInt(4) == 0) {
                read(register);
            } else {
                write(register, value);
            }
            if (random.nextInt(4) == 0) {
                bytes.putInt(TRANSMIT + random.nextInt(1024) * 4, random.nextInt());
                bytes.putInt(TRANSMIT + random.nextInt(1024) * 4, random.nextInt(0x60000));
                on(random.nextInt() & ~E1000Bits.RECEIVE_LONG);
            }
            assertThat(model().doWork()).as(seed.toString()).isBetween(0, 400);
        }
        write(E1000Registers.CONTROL, E1000Bits.CONTROL_RESET);
        tail = 0;
        on(0);
        sendWhole(100);
        assertThat(read(E1000Registers.RECEIVE_HEAD)).as(seed.toString()).isEqualTo(1);
    }
}
