package io.ringside.emulated.tulip.backend;

import static io.ringside.emulated.tulip.backend.TulipRig.BUFFERS;
import static io.ringside.emulated.tulip.backend.TulipRig.FRAME;
import static io.ringside.emulated.tulip.backend.TulipRig.RECEIVE;
import static io.ringside.emulated.tulip.backend.TulipRig.slot;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.emulated.tulip.protocol.TulipBits;
import io.ringside.emulated.tulip.protocol.TulipDescriptor;
import io.ringside.emulated.tulip.protocol.TulipRegisters;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class ReceiveListTest {
    private static final int WHOLE = TulipDescriptor.RECEIVED_FIRST | TulipDescriptor.RECEIVED_LAST;
    private static final int LENGTH = 1 << TulipDescriptor.RECEIVED_LENGTH_SHIFT;

    private final TulipRig rig = new TulipRig();

    /** Receives every address; a frame of twos has a type. */
    private void on() {
        rig.fill(16384, 2);
        rig.bytes.putByte(FRAME + 12, (byte) 8);
        rig.on();
        rig.clearEvents();
    }

    @Test
    void writesTheFrameItsCheckSequenceAndWhatItFound() {
        rig.receiveRing(2, 1536);
        on();
        assertThat(rig.receiveState()).isEqualTo(TulipBits.RECEIVE_WAITING);
        rig.sendAndHear(100);
        assertThat(rig.status(RECEIVE))
                .isEqualTo(WHOLE | 104 * LENGTH | TulipDescriptor.RECEIVED_TYPED);
        final byte[] frame = new byte[100];
        rig.bytes.getBytes(BUFFERS, frame);
        assertThat(frame[0]).isEqualTo((byte) 2);
        assertThat(frame[99]).isEqualTo((byte) 2);
        final CRC32 crc = new CRC32();
        crc.update(frame);
        assertThat(rig.bytes.getInt(BUFFERS + 100)).isEqualTo((int) crc.getValue());
        assertThat(rig.bytes.getInt(BUFFERS + 104)).as("not written").isZero();
        assertThat(rig.events() & TulipBits.RECEIVED).isNotZero();
        rig.bytes.putByte(FRAME, (byte) 3);
        rig.bytes.putShort(FRAME + 12, (short) 0);
        rig.sendAndHear(100);
        assertThat(rig.status(slot(RECEIVE, 1)))
                .isEqualTo(WHOLE | 104 * LENGTH | TulipDescriptor.RECEIVED_MULTICAST);
    }

    @Test
    void spreadsAFrameOverBuffersAndDescriptors() {
        final int third = 0x16000;
        rig.put(
                RECEIVE,
                16 << TulipDescriptor.LENGTH_2_SHIFT | 18, // Of which 16 are whole words.
                BUFFERS + 2, // Which stands at a word.
                BUFFERS + 0x1000);
        rig.put(
                slot(RECEIVE, 1),
                TulipDescriptor.CHAINED | 32 << TulipDescriptor.LENGTH_2_SHIFT | 32,
                BUFFERS + 0x2000,
                third);
        rig.put(third, 100, BUFFERS + 0x3000, 0);
        on();
        rig.sendAndHear(100);
        assertThat(rig.status(RECEIVE)).isEqualTo(TulipDescriptor.RECEIVED_FIRST);
        assertThat(rig.status(slot(RECEIVE, 1))).isZero();
        assertThat(rig.status(third))
                .isEqualTo(
                        TulipDescriptor.RECEIVED_LAST
                                | 104 * LENGTH
                                | TulipDescriptor.RECEIVED_TYPED);
        assertThat(rig.bytes.getByte(BUFFERS + 15)).isEqualTo((byte) 2);
        assertThat(rig.bytes.getByte(BUFFERS + 16)).isZero();
        assertThat(rig.bytes.getByte(BUFFERS + 0x1000 + 15)).isEqualTo((byte) 2);
        assertThat(rig.bytes.getByte(BUFFERS + 0x2000 + 31)).isEqualTo((byte) 2);
        assertThat(rig.bytes.getByte(BUFFERS + 0x2000 + 32)).isZero();
        assertThat(rig.bytes.getByte(BUFFERS + 0x3000 + 35)).isEqualTo((byte) 2);
    }

    @Test
    void suspendsWhenTheNextDescriptorIsTheGuestsAndSaysSoOnce() {
        rig.receiveRing(2, 1536);
        on();
        rig.sendAndHear(100);
        assertThat(rig.receiveState()).isEqualTo(TulipBits.RECEIVE_WAITING);
        rig.clearEvents();
        rig.sendAndHear(100);
        assertThat(rig.receiveState())
                .as("already, without a frame that was missed")
                .isEqualTo(TulipBits.RECEIVE_SUSPENDED);
        assertThat(rig.read(TulipRegisters.MISSED) & TulipBits.MISSED_MASK).isZero();
        assertThat(rig.events() & TulipBits.RECEIVE_UNAVAILABLE).isNotZero();
        rig.clearEvents();
        rig.sendAndHear(100);
        rig.write(TulipRegisters.RECEIVE_POLL, 0);
        assertThat(rig.receiveState()).isEqualTo(TulipBits.RECEIVE_SUSPENDED);
        assertThat(rig.events()).isEqualTo(TulipBits.TRANSMIT_UNAVAILABLE);
        assertThat(rig.read(TulipRegisters.MISSED) & TulipBits.MISSED_MASK).isEqualTo(1);
    }

    @Test
    void goesOnAtAPollDemandOrAtTheNextFrame() {
        rig.receiveRing(1, 1536);
        on();
        rig.sendAndHear(100);
        rig.receiveRing(1, 1536);
        rig.write(TulipRegisters.RECEIVE_POLL, 0);
        assertThat(rig.receiveState()).isEqualTo(TulipBits.RECEIVE_WAITING);
        rig.sendAndHear(100);
        assertThat(rig.receiveState()).isEqualTo(TulipBits.RECEIVE_SUSPENDED);
        rig.receiveRing(1, 1536);
        rig.sendAndHear(200);
        assertThat(rig.status(RECEIVE) >>> TulipDescriptor.RECEIVED_LENGTH_SHIFT).isEqualTo(204);
        assertThat(rig.read(TulipRegisters.MISSED) & TulipBits.MISSED_MASK).isZero();
    }

    @Test
    void countsMissedFramesUntilTheyAreReadAndSaysWhenItCannot() {
        rig.bytes.putInt(RECEIVE, 0);
        on();
        for (int i = 0; i < 3; i++) {
            rig.sendAndHear(100);
        }
        assertThat(rig.read(TulipRegisters.MISSED)).isEqualTo(0xE000_0003);
        assertThat(rig.read(TulipRegisters.MISSED)).isEqualTo(0xE000_0000);
        for (int i = 0; i < 0x1_0001; i++) {
            rig.sendAndHear(60);
        }
        assertThat(rig.read(TulipRegisters.MISSED))
                .isEqualTo(0xE000_0000 | TulipBits.MISSED_OVERFLOW | 1);
    }

    @Test
    void cutsAFrameThatRunsOutOfDescriptors() {
        rig.receiveRing(3, 64);
        rig.bytes.putInt(slot(RECEIVE, 2), 0);
        on();
        rig.sendAndHear(1000);
        assertThat(rig.status(RECEIVE)).isEqualTo(TulipDescriptor.RECEIVED_FIRST);
        assertThat(rig.status(slot(RECEIVE, 1)))
                .isEqualTo(
                        TulipDescriptor.RECEIVED_LAST
                                | 128 * LENGTH
                                | TulipDescriptor.RECEIVED_TYPED
                                | TulipDescriptor.RECEIVED_CUT
                                | TulipDescriptor.ERROR_SUMMARY);
        assertThat(rig.receiveState()).isEqualTo(TulipBits.RECEIVE_SUSPENDED);
        assertThat(rig.events() & (TulipBits.RECEIVED | TulipBits.RECEIVE_UNAVAILABLE))
                .isEqualTo(TulipBits.RECEIVED | TulipBits.RECEIVE_UNAVAILABLE);
    }

    @Test
    void marksLongFramesAndCutsThoseWithoutEnd() {
        rig.receiveRing(8, 2044);
        on();
        rig.sendAndHear(1514);
        rig.sendAndHear(1515);
        assertThat(rig.status(RECEIVE) & TulipDescriptor.RECEIVED_LONG).isZero();
        assertThat(rig.status(slot(RECEIVE, 1)))
                .isEqualTo(
                        WHOLE
                                | 1519 * LENGTH
                                | TulipDescriptor.RECEIVED_TYPED
                                | TulipDescriptor.RECEIVED_LONG
                                | TulipDescriptor.ERROR_SUMMARY);
        final int second = FRAME + 0x4000;
        rig.bytes.setMemory(second, 2000, (byte) 3);
        for (int i = 0; i < 2; i++) {
            rig.clearEvents();
            rig.put(
                    TulipRig.TRANSMIT,
                    TulipRig.WHOLE
                            | TulipDescriptor.END_OF_RING
                            | 2000 << TulipDescriptor.LENGTH_2_SHIFT
                            | 2000,
                    FRAME,
                    second);
            rig.write(TulipRegisters.TRANSMIT_POLL, 0);
            rig.model().doWork();
            final int last = rig.status(slot(RECEIVE, 3 + 2 * i));
            final boolean isCut = i == 0;
            assertThat(last >>> TulipDescriptor.RECEIVED_LENGTH_SHIFT)
                    .isEqualTo(isCut ? 2560 : 4004);
            assertThat((last & TulipDescriptor.RECEIVED_WATCHDOG) != 0).isEqualTo(isCut);
            assertThat((rig.events() & TulipBits.RECEIVE_WATCHDOG) != 0).isEqualTo(isCut);
            rig.write(TulipRegisters.WATCHDOG, TulipBits.RECEIVE_WATCHDOG_OFF);
        }
    }

    @Test
    void hearsItselfAloneWhenItsLoopIsClosedInside() {
        rig.receiveRing(4, 1536);
        rig.fill(100, 2);
        rig.write(
                TulipRegisters.MODE,
                TulipRig.BOTH_ON | TulipBits.PROMISCUOUS | TulipBits.INTERNAL_LOOP);
        rig.send(100);
        assertThat(rig.left()).isEmpty();
        assertThat(rig.status(RECEIVE))
                .isEqualTo(WHOLE | 104 * LENGTH | 1 << TulipDescriptor.RECEIVED_LOOP_SHIFT);
        // A runt, which the receiver takes only if it is told to.
        rig.send(20 | TulipDescriptor.NO_PADDING);
        assertThat(rig.status(slot(RECEIVE, 1))).isEqualTo(TulipDescriptor.OWN);
        rig.write(
                TulipRegisters.MODE,
                TulipRig.BOTH_ON
                        | TulipBits.PROMISCUOUS
                        | TulipBits.INTERNAL_LOOP
                        | TulipBits.PASS_BAD);
        rig.send(20 | TulipDescriptor.NO_PADDING);
        final int runt = TulipDescriptor.RECEIVED_RUNT | TulipDescriptor.ERROR_SUMMARY;
        assertThat(rig.status(slot(RECEIVE, 1)) & runt).isEqualTo(runt);
        assertThat(rig.status(slot(RECEIVE, 1)) >>> TulipDescriptor.RECEIVED_LENGTH_SHIFT)
                .isEqualTo(24);
    }

    @Test
    void receivesAllWithTheFiltersVerdict() {
        rig.receiveRing(4, 1536);
        rig.fill(100, 2);
        rig.write(TulipRegisters.MODE, TulipRig.BOTH_ON);
        rig.sendAndHear(100);
        assertThat(rig.status(RECEIVE)).isEqualTo(TulipDescriptor.OWN);
        rig.write(TulipRegisters.MODE, TulipRig.BOTH_ON | TulipBits.RECEIVE_ALL);
        rig.sendAndHear(100);
        assertThat(rig.status(RECEIVE) & TulipDescriptor.RECEIVED_FOREIGN).isNotZero();
    }

    @Test
    void hearsNothingWhenItIsOffAndKeepsItsPlace() {
        rig.receiveRing(3, 1536);
        on();
        rig.sendAndHear(100);
        rig.clearEvents();
        rig.write(TulipRegisters.RECEIVE_LIST, 0x18000);
        assertThat(rig.model().refusedWrites()).isEqualTo(1);
        rig.write(TulipRegisters.MODE, TulipBits.TRANSMITTER_ON);
        assertThat(rig.events() & TulipBits.RECEIVE_STOPPED).isNotZero();
        assertThat(rig.receiveState()).isEqualTo(TulipBits.STATE_STOPPED);
        rig.sendAndHear(100);
        assertThat(rig.status(slot(RECEIVE, 1))).isEqualTo(TulipDescriptor.OWN);
        assertThat(rig.read(TulipRegisters.MISSED) & TulipBits.MISSED_MASK).isZero();
        rig.on();
        rig.sendAndHear(100);
        assertThat(rig.status(slot(RECEIVE, 1))).isNotEqualTo(TulipDescriptor.OWN);
    }
}
