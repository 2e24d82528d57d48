package io.ringside.emulated.tulip.backend;

import static io.ringside.emulated.tulip.backend.TulipRig.FRAME;
import static io.ringside.emulated.tulip.backend.TulipRig.TRANSMIT;
import static io.ringside.emulated.tulip.backend.TulipRig.WHOLE;
import static io.ringside.emulated.tulip.backend.TulipRig.slot;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.emulated.tulip.protocol.TulipBits;
import io.ringside.emulated.tulip.protocol.TulipDescriptor;
import io.ringside.emulated.tulip.protocol.TulipRegisters;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class TransmitListTest {
    private final TulipRig rig = new TulipRig();

    private void on() {
        rig.write(TulipRegisters.MODE, TulipBits.TRANSMITTER_ON);
    }

    private void poll() {
        rig.write(TulipRegisters.TRANSMIT_POLL, 0);
    }

    private void frameAt(final int address, final int value) {
        rig.bytes.setMemory(address, 2048, (byte) value);
    }

    @Test
    void returnsFromTheEndOfARingToItsStart() {
        for (int i = 0; i < 3; i++) {
            frameAt(FRAME + i * 0x1000, i);
        }
        on();
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 3; i++) {
                final int end = i == 2 ? TulipDescriptor.END_OF_RING : 0;
                rig.put(slot(TRANSMIT, i), WHOLE | end | 100 + i, FRAME + i * 0x1000, 0);
            }
            poll();
            final List<byte[]> left = rig.left();
            assertThat(left).hasSize(3);
            for (int i = 0; i < 3; i++) {
                assertThat(left.get(i)).hasSize(100 + i).containsOnly(i);
                assertThat(rig.status(slot(TRANSMIT, i))).isZero();
            }
        }
    }

    @Test
    void followsAChain() {
        frameAt(FRAME, 1);
        final int second = 0x18000;
        final int third = 0x16000;
        rig.put(TRANSMIT, WHOLE | TulipDescriptor.CHAINED | 100, FRAME, second);
        rig.put(second, WHOLE | TulipDescriptor.CHAINED | 200, FRAME, third);
        rig.put(third, WHOLE | 300, FRAME, TRANSMIT);
        rig.bytes.putInt(slot(third, 1), 0);
        on();
        assertThat(rig.left()).extracting(frame -> frame.length).containsExactly(100, 200, 300);
        rig.put(slot(third, 1), WHOLE | 400, FRAME, 0);
        poll();
        assertThat(rig.left()).extracting(frame -> frame.length).containsExactly(400);
    }

    @Test
    void prefersTheEndOfTheRingToAChain() {
        final int both = TulipDescriptor.CHAINED | TulipDescriptor.END_OF_RING;
        rig.put(TRANSMIT, WHOLE | 100, FRAME, 0);
        rig.put(slot(TRANSMIT, 1), WHOLE | both | 200, FRAME, 0x18000);
        rig.put(0x18000, WHOLE | 300, FRAME, 0);
        on();
        rig.put(TRANSMIT, WHOLE | 400, FRAME, 0);
        poll();
        assertThat(rig.left()).extracting(frame -> frame.length).containsExactly(100, 200, 400);
    }

    @Test
    void skipsTheWordsBetweenDescriptors() {
        rig.write(TulipRegisters.BUS_MODE, 4 << TulipBits.SKIP_SHIFT);
        rig.put(TRANSMIT, WHOLE | 100, FRAME, 0);
        rig.put(slot(TRANSMIT, 1), WHOLE | 200, FRAME, 0);
        rig.put(slot(TRANSMIT, 2), WHOLE | 300, FRAME, 0);
        on();
        assertThat(rig.left()).extracting(frame -> frame.length).containsExactly(100, 300);
    }

    @Test
    void gathersAFrameFromBothBuffersOfItsDescriptors() {
        for (int i = 0; i < 5; i++) {
            frameAt(FRAME + i * 0x1000, i);
        }
        final int second = 0x16000;
        rig.put(
                TRANSMIT,
                TulipDescriptor.FIRST | 20 << TulipDescriptor.LENGTH_2_SHIFT | 10,
                FRAME,
                FRAME + 0x1000);
        // A chained descriptor has one buffer.
        rig.put(
                slot(TRANSMIT, 1),
                TulipDescriptor.CHAINED | 999 << TulipDescriptor.LENGTH_2_SHIFT | 30,
                FRAME + 0x2000,
                second);
        rig.put(
                second,
                TulipDescriptor.LAST | 50 << TulipDescriptor.LENGTH_2_SHIFT | 40,
                FRAME + 0x3000,
                FRAME + 0x4000);
        on();
        final byte[] frame = rig.left().getFirst();
        assertThat(frame).hasSize(150);
        for (int i = 0, at = 0; i < 5; at += 10 * (i + 1), i++) {
            assertThat(frame[at]).isEqualTo((byte) i);
            assertThat(frame[at + 10 * (i + 1) - 1]).isEqualTo((byte) i);
        }
        assertThat(rig.status(TRANSMIT)).as("given back as it goes").isZero();
        assertThat(rig.status(slot(TRANSMIT, 1))).isZero();
        assertThat(rig.status(second)).isZero();
    }

    @Test
    void tellsOfAFrameWhenItsDescriptorAsks() {
        on();
        rig.clearEvents();
        rig.send(100);
        assertThat(rig.events()).isEqualTo(TulipBits.TRANSMIT_UNAVAILABLE);
        rig.put(TRANSMIT, WHOLE | TulipDescriptor.INTERRUPT | 100, FRAME, 0);
        poll();
        assertThat(rig.events()).isEqualTo(TulipBits.TRANSMIT_UNAVAILABLE | TulipBits.TRANSMITTED);
    }

    @Test
    void suspendsWithoutADescriptorUntilItIsPolled() {
        assertThat(rig.transmitState()).isEqualTo(TulipBits.STATE_STOPPED);
        on();
        assertThat(rig.transmitState()).isEqualTo(TulipBits.TRANSMIT_SUSPENDED);
        assertThat(rig.events()).isEqualTo(TulipBits.TRANSMIT_UNAVAILABLE);
        rig.put(TRANSMIT, WHOLE | 100, FRAME, 0);
        rig.model().doWork();
        assertThat(rig.left()).as("nobody has told the chip").isEmpty();
        poll();
        assertThat(rig.left()).hasSize(1);
        assertThat(rig.transmitState()).isEqualTo(TulipBits.TRANSMIT_SUSPENDED);
    }

    @Test
    void runsOutInTheMiddleOfAFrame() {
        rig.put(TRANSMIT, TulipDescriptor.FIRST | 100, FRAME, 0);
        on();
        assertThat(rig.events())
                .isEqualTo(TulipBits.TRANSMIT_UNAVAILABLE | TulipBits.TRANSMIT_UNDERFLOW);
        assertThat(rig.model().refusedFrames()).isEqualTo(1);
        rig.put(slot(TRANSMIT, 1), TulipDescriptor.LAST | 100, FRAME, 0);
        rig.put(slot(TRANSMIT, 2), WHOLE | 200, FRAME, 0);
        poll();
        assertThat(rig.status(slot(TRANSMIT, 1))).isEqualTo(TulipDescriptor.ERROR_SUMMARY);
        assertThat(rig.left()).extracting(frame -> frame.length).containsExactly(200);
        assertThat(rig.model().refusedFrames()).as("an end alone").isEqualTo(2);
    }

    @Test
    void dropsAFrameThatAnotherBeginningCutsShort() {
        rig.put(TRANSMIT, TulipDescriptor.FIRST | 100, FRAME, 0);
        rig.put(slot(TRANSMIT, 1), WHOLE | 200, FRAME, 0);
        on();
        assertThat(rig.left()).extracting(frame -> frame.length).containsExactly(200);
        assertThat(rig.model().refusedFrames()).isEqualTo(1);
        assertThat(rig.model().sent()).isEqualTo(1);
    }

    @Test
    void keepsItsPlaceWhenItStopsAndItsListWhileItRuns() {
        rig.put(TRANSMIT, WHOLE | 100, FRAME, 0);
        on();
        rig.clearEvents();
        rig.write(TulipRegisters.TRANSMIT_LIST, 0x18000);
        assertThat(rig.model().refusedWrites()).isEqualTo(1);
        assertThat(rig.read(TulipRegisters.TRANSMIT_LIST)).isEqualTo(TRANSMIT);
        rig.write(TulipRegisters.MODE, 0);
        assertThat(rig.events()).isEqualTo(TulipBits.TRANSMIT_STOPPED);
        assertThat(rig.transmitState()).isEqualTo(TulipBits.STATE_STOPPED);
        rig.put(slot(TRANSMIT, 1), WHOLE | 200, FRAME, 0);
        poll();
        assertThat(rig.left()).as("only the first").hasSize(1);
        on();
        assertThat(rig.left()).extracting(frame -> frame.length).containsExactly(200);
        rig.write(TulipRegisters.MODE, 0);
        rig.write(TulipRegisters.TRANSMIT_LIST, 0x18003);
        assertThat(rig.read(TulipRegisters.TRANSMIT_LIST)).isEqualTo(0x18000);
    }

    @Test
    void padsShortFramesUnlessToldNotTo() {
        frameAt(FRAME, 7);
        on();
        rig.send(20);
        final byte[] padded = rig.left().getFirst();
        assertThat(padded).hasSize(60);
        assertThat(padded[19]).isEqualTo((byte) 7);
        assertThat(padded[20]).isZero();
        rig.send(20 | TulipDescriptor.NO_PADDING);
        assertThat(rig.left()).as("a cable carries no runts").isEmpty();
        assertThat(rig.status(TRANSMIT)).isZero();
        assertThat(rig.model().refusedFrames()).isEqualTo(1);
    }

    @Test
    void takesTheCheckSequenceThatAFrameBrings() {
        frameAt(FRAME, 7);
        final CRC32 crc = new CRC32();
        final byte[] frame = new byte[100];
        rig.bytes.getBytes(FRAME, frame);
        crc.update(frame);
        rig.bytes.putInt(FRAME + 100, (int) crc.getValue());
        on();
        rig.send(104 | TulipDescriptor.HAS_CHECK);
        assertThat(rig.left().getFirst()).isEqualTo(frame);
        rig.bytes.putByte(FRAME, (byte) 8);
        rig.send(104 | TulipDescriptor.HAS_CHECK);
        rig.send(3 | TulipDescriptor.HAS_CHECK | TulipDescriptor.NO_PADDING);
        assertThat(rig.left()).as("nobody takes a damaged frame").isEmpty();
        assertThat(rig.model().refusedFrames()).isEqualTo(2);
    }

    @Test
    void cutsAFrameWithoutEndOffAndStops() {
        final int[] watchdogs = {
            TulipBits.JABBER_SHORT, 0, TulipBits.JABBER_SHORT | TulipBits.JABBER_OFF
        };
        final int[] pieces = {2, 16, 16}; // Of 2047 bytes; the limits are 2048 and 32500.
        for (int i = 0; i < watchdogs.length; i++) {
            rig.write(TulipRegisters.BUS_MODE, TulipBits.RESET);
            rig.write(TulipRegisters.TRANSMIT_LIST, TRANSMIT);
            rig.write(TulipRegisters.WATCHDOG, watchdogs[i]);
            for (int piece = 0; piece < 20; piece++) {
                final int first = piece == 0 ? TulipDescriptor.FIRST : 0;
                rig.put(slot(TRANSMIT, piece), first | 2047, FRAME, 0);
            }
            on();
            assertThat(rig.events())
                    .isEqualTo(TulipBits.TRANSMIT_JABBER | TulipBits.TRANSMIT_STOPPED);
            assertThat(rig.transmitState()).isEqualTo(TulipBits.STATE_STOPPED);
            assertThat(rig.status(slot(TRANSMIT, pieces[i] - 1)))
                    .isEqualTo(TulipDescriptor.ERROR_SUMMARY | TulipDescriptor.SENT_JABBER);
            assertThat(rig.status(slot(TRANSMIT, pieces[i]))).isEqualTo(TulipDescriptor.OWN);
        }
        assertThat(rig.left()).isEmpty();
    }

    @Test
    void waitsForAPortWithoutRoom() {
        final TulipRig narrow = new TulipRig(1);
        for (int i = 0; i < 3; i++) {
            narrow.put(slot(TRANSMIT, i), WHOLE | 100 + i, FRAME, 0);
        }
        narrow.write(TulipRegisters.MODE, TulipBits.TRANSMITTER_ON);
        assertThat(narrow.transmitState()).isEqualTo(TulipBits.TRANSMIT_WAITING);
        assertThat(narrow.status(slot(TRANSMIT, 1))).isEqualTo(TulipDescriptor.OWN);
        assertThat(narrow.left()).extracting(frame -> frame.length).containsExactly(100);
        // The frame is the chip's already, whatever becomes of its memory.
        narrow.bytes.setMemory(FRAME, 200, (byte) 9);
        narrow.write(TulipRegisters.TRANSMIT_POLL, 0);
        assertThat(narrow.left().getFirst()).hasSize(101).containsOnly(0);
        assertThat(narrow.transmitState()).isEqualTo(TulipBits.TRANSMIT_WAITING);
        // Stopped while it waits for room, the chip begins anew with the same descriptor.
        narrow.write(TulipRegisters.MODE, 0);
        assertThat(narrow.status(slot(TRANSMIT, 2))).isEqualTo(TulipDescriptor.OWN);
        narrow.write(TulipRegisters.MODE, TulipBits.TRANSMITTER_ON);
        assertThat(narrow.left().getFirst()).hasSize(102).containsOnly(9);
        assertThat(narrow.model().sent()).isEqualTo(3);
        assertThat(narrow.model().refusedFrames()).isZero();
    }
}
