package io.ringside.emulated.tulip.backend;

import static io.ringside.emulated.tulip.backend.TulipRig.BUFFERS;
import static io.ringside.emulated.tulip.backend.TulipRig.FRAME;
import static io.ringside.emulated.tulip.backend.TulipRig.MEMORY_BYTES;
import static io.ringside.emulated.tulip.backend.TulipRig.RECEIVE;
import static io.ringside.emulated.tulip.backend.TulipRig.TRANSMIT;
import static io.ringside.emulated.tulip.backend.TulipRig.WHOLE;
import static io.ringside.emulated.tulip.backend.TulipRig.slot;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.emulated.tulip.TulipKind;
import io.ringside.emulated.tulip.protocol.SetupFrame;
import io.ringside.emulated.tulip.protocol.TulipBits;
import io.ringside.emulated.tulip.protocol.TulipDescriptor;
import io.ringside.emulated.tulip.protocol.TulipRegisters;
import io.ringside.testkit.Seed;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TulipHostileTest {
    private static final int NOWHERE = 0xFFFF_F000;
    private static final int FATAL = TulipBits.BUS_ERROR | TulipBits.MASTER_ABORT;
    private static final int MOST_WORK = TransmitProcess.BURST + ReceiveProcess.MOST_DESCRIPTORS;
    private static final int LOOPED = TulipBits.INTERNAL_LOOP | TulipBits.PROMISCUOUS;

    private final TulipRig rig = new TulipRig();

    private void loop() {
        rig.write(TulipRegisters.MODE, TulipRig.BOTH_ON | LOOPED);
    }

    /** The chip has given up: it neither reads nor writes memory until it is reset. */
    private void expectBusError(final String what) {
        assertThat(rig.read(TulipRegisters.STATUS) & (FATAL | TulipBits.MASTER_ABORT))
                .as(what)
                .isEqualTo(FATAL);
        rig.clearEvents();
        rig.left();
        rig.receiveRing(2, 1536);
        rig.put(TRANSMIT, WHOLE | TulipDescriptor.END_OF_RING | 100, FRAME, 0);
        rig.write(TulipRegisters.TRANSMIT_POLL, 0);
        rig.write(TulipRegisters.RECEIVE_POLL, 0);
        rig.write(TulipRegisters.MODE, 0);
        rig.on();
        assertThat(rig.model().doWork()).as(what).isZero();
        assertThat(rig.status(TRANSMIT)).as(what).isEqualTo(TulipDescriptor.OWN);
        assertThat(rig.status(RECEIVE)).as(what).isEqualTo(TulipDescriptor.OWN);
        expectRecovery(what);
    }

    private void expectRecovery(final String what) {
        rig.write(TulipRegisters.BUS_MODE, TulipBits.RESET);
        assertThat(rig.read(TulipRegisters.STATUS)).as(what).isEqualTo(0xFC00_0000);
        rig.write(TulipRegisters.TRANSMIT_LIST, TRANSMIT);
        rig.write(TulipRegisters.RECEIVE_LIST, RECEIVE);
        rig.receiveRing(2, 1536);
        rig.fill(100, 1);
        rig.left();
        rig.bytes.putInt(TRANSMIT, 0);
        rig.on();
        rig.sendAndHear(100);
        assertThat(rig.status(RECEIVE)).as(what).isNotEqualTo(TulipDescriptor.OWN);
        rig.write(TulipRegisters.BUS_MODE, TulipBits.RESET);
        rig.write(TulipRegisters.TRANSMIT_LIST, TRANSMIT);
        rig.write(TulipRegisters.RECEIVE_LIST, RECEIVE);
        rig.bytes.setMemory(TRANSMIT, 0x4000, (byte) 0);
    }

    @Test
    void reportsMemoryThatIsNotThereAsABusErrorAndLeavesItAlone() {
        for (final int nowhere : new int[] {NOWHERE, -4, MEMORY_BYTES, MEMORY_BYTES - 12}) {
            rig.write(TulipRegisters.TRANSMIT_LIST, nowhere);
            rig.write(TulipRegisters.MODE, TulipBits.TRANSMITTER_ON);
            expectBusError("transmit list");
            rig.write(TulipRegisters.RECEIVE_LIST, nowhere);
            rig.write(TulipRegisters.MODE, TulipBits.RECEIVER_ON);
            expectBusError("receive list");
            rig.put(TRANSMIT, WHOLE | TulipDescriptor.CHAINED | 100, FRAME, nowhere);
            rig.write(TulipRegisters.MODE, TulipBits.TRANSMITTER_ON);
            expectBusError("next of a chain");
            rig.put(TRANSMIT, WHOLE | 100, nowhere, 0);
            rig.write(TulipRegisters.MODE, TulipBits.TRANSMITTER_ON);
            expectBusError("frame");
            rig.put(TRANSMIT, WHOLE | 100 << TulipDescriptor.LENGTH_2_SHIFT | 100, FRAME, nowhere);
            rig.write(TulipRegisters.MODE, TulipBits.TRANSMITTER_ON);
            expectBusError("second piece");
            rig.put(TRANSMIT, TulipDescriptor.SETUP | SetupFrame.BYTES, nowhere, 0);
            rig.write(TulipRegisters.MODE, TulipBits.TRANSMITTER_ON);
            expectBusError("setup frame");
            rig.put(RECEIVE, 1536, nowhere, 0);
            loop();
            rig.send(100);
            expectBusError("receive buffer");
            rig.put(RECEIVE, TulipDescriptor.CHAINED | 64, BUFFERS, nowhere);
            loop();
            rig.send(100);
            expectBusError("next of a receive chain");
        }
    }

    @Test
    void comesToAnEndOnAListThatIsItsOwnNext() {
        final int[] frames = {WHOLE | 100, WHOLE, TulipDescriptor.FIRST, TulipDescriptor.LAST, 0};
        for (final int frame : frames) {
            rig.put(TRANSMIT, frame | TulipDescriptor.CHAINED, FRAME, TRANSMIT);
            rig.write(TulipRegisters.MODE, TulipBits.TRANSMITTER_ON);
            assertThat(rig.transmitState()).isEqualTo(TulipBits.TRANSMIT_SUSPENDED);
            rig.write(TulipRegisters.MODE, 0);
        }
        // A frame whose only descriptor has no room, and is its own next one.
        rig.put(RECEIVE, TulipDescriptor.CHAINED, BUFFERS, RECEIVE);
        loop();
        rig.send(100);
        assertThat(rig.status(RECEIVE) & TulipDescriptor.RECEIVED_CUT).isNotZero();
        assertThat(rig.receiveState()).isEqualTo(TulipBits.RECEIVE_SUSPENDED);
    }

    /** All of memory is one list of descriptors that are the card's. */
    @Test
    void takesABoundedNumberOfDescriptorsAtOnce() {
        for (final int control : new int[] {0, WHOLE, WHOLE | 100, TulipDescriptor.SETUP}) {
            for (int at = TRANSMIT; at < MEMORY_BYTES; at += TulipDescriptor.SIZE_BYTES) {
                rig.put(at, control, 0, 0);
            }
            rig.write(TulipRegisters.MODE, TulipBits.TRANSMITTER_ON);
            assertThat(rig.status(slot(TRANSMIT, TransmitProcess.BURST - 1)))
                    .isNotEqualTo(TulipDescriptor.OWN);
            assertThat(rig.status(slot(TRANSMIT, TransmitProcess.BURST)))
                    .isEqualTo(TulipDescriptor.OWN);
            rig.write(TulipRegisters.BUS_MODE, TulipBits.RESET);
            rig.write(TulipRegisters.TRANSMIT_LIST, TRANSMIT);
            rig.left();
        }
    }

    @Test
    void cutsAFrameThatFindsNoRoomInManyDescriptors() {
        for (int at = BUFFERS; at < MEMORY_BYTES; at += TulipDescriptor.SIZE_BYTES) {
            rig.put(at, 0, 0, 0);
        }
        rig.write(TulipRegisters.RECEIVE_LIST, BUFFERS);
        loop();
        for (int i = 0; i < 2; i++) {
            final int last = (i + 1) * ReceiveProcess.MOST_DESCRIPTORS - 1;
            rig.send(100);
            assertThat(rig.status(slot(BUFFERS, last)) & TulipDescriptor.RECEIVED_CUT).isNotZero();
            assertThat(rig.status(slot(BUFFERS, last + 1))).isEqualTo(TulipDescriptor.OWN);
        }
        assertThat(rig.model().doWork()).isZero();
    }

    @Test
    void boundsTheWorkOfManyFramesThatComeBackIntoManyDescriptors() {
        for (int at = BUFFERS; at < MEMORY_BYTES; at += TulipDescriptor.SIZE_BYTES) {
            rig.put(at, 0, 0, 0);
        }
        rig.write(TulipRegisters.RECEIVE_LIST, BUFFERS);
        for (int i = 0; i < 20; i++) {
            rig.put(slot(TRANSMIT, i), WHOLE | 100, FRAME, 0);
        }
        loop();
        assertThat(rig.status(TRANSMIT)).isZero();
        assertThat(rig.status(slot(TRANSMIT, 1))).as("later").isEqualTo(TulipDescriptor.OWN);
        rig.model().doWork();
        assertThat(rig.status(slot(TRANSMIT, 1))).isZero();
        assertThat(rig.status(slot(TRANSMIT, 2))).isEqualTo(TulipDescriptor.OWN);
    }

    @Test
    void survivesAFrameThatOverwritesTheListItIsStoredBy() {
        rig.bytes.setMemory(FRAME, 2047, (byte) 0xFF);
        for (int i = 0; i < 16; i++) {
            rig.put(slot(RECEIVE, i), 64, RECEIVE + i * 32, 0);
        }
        loop();
        rig.send(1500);
        rig.send(1500);
        assertThat(rig.model().doWork()).isLessThanOrEqualTo(MOST_WORK);
    }

    @Test
    void leaksNothingOfAnEarlierFrameIntoALaterOne() {
        rig.fill(2000, 0x55);
        rig.receiveRing(4, 1536);
        loop();
        rig.send(1500);
        rig.bytes.setMemory(BUFFERS + 0x1000, 1536, (byte) 0);
        rig.fill(20, 0x66);
        rig.send(20);
        for (int i = 0; i < 1536; i++) {
            assertThat(rig.bytes.getByte(BUFFERS + 0x1000 + i)).isNotEqualTo((byte) 0x55);
        }
    }

    @Test
    void survivesAnyAccess() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        for (int i = 0; i < 300_000; i++) {
            final int port = TulipKind.BASE + random.nextInt(TulipRegisters.PORTS - 3);
            switch (random.nextInt(12)) {
                case 0 -> rig.machine.io().inb(port);
                case 1 -> rig.machine.io().inl(port);
                case 2 -> rig.machine.io().outw(port, random.nextInt());
                case 3, 4 -> rig.write(random.nextInt(16) * 8, random.nextInt());
                case 5 -> rig.write(random.nextInt(16) * 8, 1 << random.nextInt(32));
                case 6 -> rig.write(TulipRegisters.MODE, random.nextInt() | TulipRig.BOTH_ON);
                case 7 -> {
                    rig.write(TulipRegisters.BUS_MODE, random.nextInt(8) == 0 ? 1 : 0);
                    rig.write(TulipRegisters.TRANSMIT_LIST, TRANSMIT + random.nextInt(0x4000));
                    rig.write(TulipRegisters.RECEIVE_LIST, RECEIVE + random.nextInt(0x4000));
                }
                case 8, 9 -> descriptor(random);
                case 10 -> rig.write(TulipRegisters.TRANSMIT_POLL, 0);
                default -> {
                    rig.machine.clock().pass(random.nextLong(1L << random.nextInt(40)));
                    assertThat(rig.model().doWork())
                            .as(seed.toString())
                            .isBetween(0, MOST_WORK * 2);
                }
            }
        }
        rig.bytes.setMemory(0, MEMORY_BYTES, (byte) 0);
        expectRecovery(seed.toString());
    }

    private void descriptor(final SplittableRandom random) {
        final int at = TRANSMIT + random.nextInt(0x4000) / 16 * 16;
        final int lengths = random.nextInt() & (random.nextBoolean() ? 0x003F_FFFF : 0x0000_01FF);
        final int flags = random.nextInt() & 0xFFC0_0000;
        final int known = random.nextInt(4) == 0 ? TulipDescriptor.SETUP | 192 : WHOLE | lengths;
        rig.put(
                at,
                random.nextBoolean() ? flags | lengths : known,
                random.nextInt(16) == 0 ? random.nextInt() : random.nextInt(MEMORY_BYTES),
                random.nextInt(16) == 0
                        ? random.nextInt()
                        : TRANSMIT + random.nextInt(0x4000) / 16 * 16);
    }
}
