package io.ringside.emulated.e1000.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.net.LoopbackPort;
import io.ringside.emulated.e1000.E1000Kind;
import io.ringside.emulated.e1000.protocol.E1000Bits;
import io.ringside.emulated.e1000.protocol.E1000Descriptor;
import io.ringside.emulated.e1000.protocol.E1000Registers;
import io.ringside.emulated.nic.NicMachine;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What a guest cannot make the chip do. */
class E1000HostileTest {
    private static final int MEMORY_BYTES = 0x200000;
    private static final int RECEIVE = 0x8000;
    private static final int TRANSMIT = 0x10000;
    private static final int FRAME = 0x190000;
    private static final int BUFFERS = 0x1A0000;
    private static final int BUFFER_BYTES = 2048;
    private static final int RECEIVE_COUNT = 64;
    private static final int MOST_DESCRIPTORS = 0xFFF80 / E1000Descriptor.SIZE_BYTES;
    private static final int MOST_FRAMES = 64;
    private static final int WHOLE = E1000Descriptor.END_OF_PACKET | E1000Descriptor.REPORT;

    private final NicMachine machine =
            new NicMachine(new E1000Kind(0), new LoopbackPort(512, 16384));
    private final E1000 model = (E1000) machine.model();
    private final UnsafeBuffer bytes = new UnsafeBuffer(0, 0);
    private int tail;

    private int read(final int register) {
        return machine.registers().read(E1000Kind.BASE + register);
    }

    private void write(final int register, final int value) {
        machine.registers().write(E1000Kind.BASE + register, value);
    }

    private void on(final int transmitControl, final int transmitCount) {
        machine.memory().wrap(bytes, 0, MEMORY_BYTES);
        write(E1000Registers.CONTROL, E1000Bits.CONTROL_LINK_UP);
        write(E1000Registers.TRANSMIT_BASE_LOW, TRANSMIT);
        write(E1000Registers.TRANSMIT_LENGTH, transmitCount * E1000Descriptor.SIZE_BYTES);
        write(E1000Registers.TRANSMIT_CONTROL, E1000Bits.TRANSMIT_ON | transmitControl);
        write(E1000Registers.RECEIVE_BASE_LOW, RECEIVE);
        write(E1000Registers.RECEIVE_LENGTH, RECEIVE_COUNT * E1000Descriptor.SIZE_BYTES);
        for (int i = 0; i < RECEIVE_COUNT; i++) {
            final int at = RECEIVE + i * E1000Descriptor.SIZE_BYTES;
            bytes.putLong(at, BUFFERS + (long) (i % 8) * BUFFER_BYTES);
        }
        write(E1000Registers.RECEIVE_TAIL, RECEIVE_COUNT - 1);
        write(
                E1000Registers.RECEIVE_CONTROL,
                E1000Bits.RECEIVE_ON | E1000Bits.RECEIVE_ALL | E1000Bits.RECEIVE_STRIP_CHECK);
    }

    private void put(final int index, final long address, final int lower) {
        final int at = TRANSMIT + index * E1000Descriptor.SIZE_BYTES;
        bytes.putLong(at, address);
        bytes.putInt(at + E1000Descriptor.LOWER, lower);
        bytes.putInt(at + E1000Descriptor.UPPER, 0);
    }

    private void send(final int lengthBytes, final int value, final int command) {
        bytes.setMemory(FRAME, lengthBytes, (byte) value);
        put(tail, FRAME, lengthBytes | command);
        tail++;
        write(E1000Registers.TRANSMIT_TAIL, tail);
        model.doWork();
    }

    private void expectNothingOf(final int value, final int descriptor, final int lengthBytes) {
        final int at = RECEIVE + descriptor * E1000Descriptor.SIZE_BYTES;
        assertThat(bytes.getShort(at + E1000Descriptor.LOWER)).isEqualTo((short) lengthBytes);
        for (int i = 0; i < BUFFER_BYTES; i++) {
            assertThat(bytes.getByte(BUFFERS + descriptor * BUFFER_BYTES + i))
                    .isNotEqualTo((byte) value);
        }
    }

    @Test
    void leaksNothingOfAnEarlierFrameIntoALaterOne() {
        for (final int padding : new int[] {0, E1000Bits.TRANSMIT_PAD}) {
            write(E1000Registers.CONTROL, E1000Bits.CONTROL_RESET);
            tail = 0;
            on(padding, RECEIVE_COUNT);
            send(1500, 0x54, WHOLE);
            bytes.setMemory(BUFFERS + BUFFER_BYTES, BUFFER_BYTES, (byte) 0);
            send(20, 0x66, WHOLE);
            expectNothingOf(0x54, 1, 60);
        }
    }

    @Test
    void leaksNothingOfAFrameThatWasNeverFinished() {
        on(0, RECEIVE_COUNT);
        send(1000, 0x54, 0);
        write(E1000Registers.CONTROL, E1000Bits.CONTROL_RESET);
        tail = 0;
        on(0, RECEIVE_COUNT);
        send(100, 0x66, WHOLE);
        expectNothingOf(0x54, 0, 100);
        send(1000, 0x54, 0);
        put(tail, 1L << 40, 100 | WHOLE); // Its last piece is not there.
        write(E1000Registers.TRANSMIT_TAIL, ++tail);
        model.doWork();
        send(20, 0x66, WHOLE);
        expectNothingOf(0x54, 1, 60);
        assertThat(model.refusedFrames()).isEqualTo(1);
    }

    /**
     * A checksum that is asked for behind the end of a frame would be of the last frame's bytes.
     */
    @Test
    void sumsUpNothingBehindTheEndOfAFrame() {
        on(0, RECEIVE_COUNT);
        send(1500, 0x54, WHOLE);
        bytes.setMemory(BUFFERS + BUFFER_BYTES, BUFFER_BYTES, (byte) 0);
        for (final int startAndField : new int[] {200, 200 << 8, 200 | 200 << 8, 99 << 8}) {
            bytes.setMemory(FRAME, 100, (byte) 0x66);
            final int field = startAndField >>> 8;
            final int start = startAndField & 0xFF;
            put(tail, FRAME, 100 | field << 16 | E1000Descriptor.INSERT_CHECKSUM | WHOLE);
            bytes.putInt(
                    TRANSMIT + tail * E1000Descriptor.SIZE_BYTES + E1000Descriptor.UPPER,
                    start << 8);
            write(E1000Registers.TRANSMIT_TAIL, ++tail);
            model.doWork();
        }
        assertThat(model.refusedFrames()).isEqualTo(4);
        assertThat(read(E1000Registers.RECEIVE_HEAD)).isEqualTo(1);
    }

    /** All of memory is one ring, and no descriptor of it ends a frame. */
    @Test
    void takesABoundedNumberOfDescriptorsOfAFrameWithoutEnd() {
        on(0, MOST_DESCRIPTORS);
        for (final int lower : new int[] {0, 100, E1000Descriptor.EXTENDED, 0xFFFF}) {
            for (int i = 0; i < MOST_DESCRIPTORS; i++) {
                put(i, 0, lower);
            }
            final int head = read(E1000Registers.TRANSMIT_HEAD);
            write(E1000Registers.TRANSMIT_TAIL, (head + MOST_DESCRIPTORS - 1) % MOST_DESCRIPTORS);
            final int taken = read(E1000Registers.TRANSMIT_HEAD) - head;
            assertThat(Math.floorMod(taken, MOST_DESCRIPTORS)).isEqualTo(TransmitRing.BURST);
            int turns = 1;
            while (read(E1000Registers.TRANSMIT_HEAD) != read(E1000Registers.TRANSMIT_TAIL)) {
                assertThat(model.doWork()).isBetween(1, TransmitRing.BURST + 1);
                turns++;
            }
            assertThat(turns).isGreaterThanOrEqualTo(MOST_DESCRIPTORS / TransmitRing.BURST);
        }
        assertThat(read(E1000Registers.SENT)).isZero();
        assertThat(read(E1000Registers.RECEIVE_HEAD)).isZero();
    }

    @Test
    void takesABoundedNumberOfFramesBackAtOnce() {
        on(0, MOST_DESCRIPTORS);
        write(E1000Registers.RECEIVE_CONTROL, 0);
        for (int i = 0; i < 250; i++) {
            put(i, FRAME, 100 | E1000Descriptor.END_OF_PACKET);
        }
        write(E1000Registers.TRANSMIT_TAIL, 250);
        final int first = model.doWork();
        assertThat(first).isBetween(MOST_FRAMES, MOST_FRAMES + 2);
        assertThat(model.doWork()).isBetween(MOST_FRAMES, MOST_FRAMES + 2);
    }

    @Test
    void survivesFramesThatOverwriteTheRingTheyAreStoredBy() {
        on(0, RECEIVE_COUNT);
        for (int i = 0; i < RECEIVE_COUNT; i++) {
            bytes.putLong(RECEIVE + i * E1000Descriptor.SIZE_BYTES, RECEIVE + i * 16L);
        }
        for (int i = 0; i < 40; i++) {
            send(1500, 0xFF, WHOLE);
        }
        assertThat(model.doWork()).isZero();
        write(E1000Registers.TRANSMIT_HEAD, 0);
        tail = 0;
        for (int i = 0; i < RECEIVE_COUNT; i++) {
            put(i, TRANSMIT, E1000Descriptor.SIZE_BYTES * RECEIVE_COUNT | WHOLE);
            bytes.putLong(RECEIVE + i * E1000Descriptor.SIZE_BYTES, TRANSMIT);
        }
        write(E1000Registers.RECEIVE_TAIL, read(E1000Registers.RECEIVE_HEAD) + 63 & 63);
        write(E1000Registers.TRANSMIT_TAIL, RECEIVE_COUNT - 1);
        int work = 1;
        for (int i = 0; i < 10 && work != 0; i++) {
            work = model.doWork();
        }
        assertThat(work).as("it comes to an end").isZero();
    }
}
