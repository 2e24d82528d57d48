package io.ringside.emulated.tulip.backend;

import static io.ringside.emulated.tulip.backend.TulipRig.FRAME;
import static io.ringside.emulated.tulip.backend.TulipRig.RECEIVE;
import static io.ringside.emulated.tulip.backend.TulipRig.TRANSMIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.emulated.tulip.protocol.SetupFrame;
import io.ringside.emulated.tulip.protocol.TulipBits;
import io.ringside.emulated.tulip.protocol.TulipDescriptor;
import io.ringside.emulated.tulip.protocol.TulipRegisters;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class SetupFrameTest {
    private static final long OURS = 0x00163E112233L;
    private static final long OTHER = 0x00163E445566L;
    private static final long GROUP = 0x01005E0000FBL;
    private static final long BROADCAST = 0xFFFF_FFFF_FFFFL;
    private static final int FILTERS =
            TulipBits.HASH_FILTER | TulipBits.HASH_ONLY | TulipBits.INVERSE_FILTER;

    private final TulipRig rig = new TulipRig();

    private void on(final int mode) {
        rig.write(TulipRegisters.MODE, TulipRig.BOTH_ON | TulipBits.INTERNAL_LOOP | mode);
    }

    private UnsafeBuffer frame() {
        rig.fill(SetupFrame.BYTES, 0);
        return new UnsafeBuffer(rig.bytes, FRAME, SetupFrame.BYTES);
    }

    private boolean hears(final long to) {
        rig.receiveRing(1, 1536);
        rig.fill(100, 0);
        for (int i = 0; i < 6; i++) {
            rig.bytes.putByte(FRAME + i, (byte) (to >>> 8 * (5 - i)));
        }
        rig.send(100);
        return rig.status(RECEIVE) != TulipDescriptor.OWN;
    }

    private int filters() {
        return rig.read(TulipRegisters.MODE) & FILTERS;
    }

    @Test
    void hearsNobodyBeforeItHasSeenOne() {
        on(FILTERS);
        assertThat(filters()).as("read only").isZero();
        assertThat(hears(0)).isFalse();
        assertThat(hears(BROADCAST)).isFalse();
    }

    @Test
    void hearsTheAddressesOfAPerfectOne() {
        on(0);
        for (int entry = 0; entry < SetupFrame.ENTRIES; entry++) {
            SetupFrame.address(frame(), entry, OURS);
            rig.setUp(0);
            assertThat(rig.status(TRANSMIT)).isEqualTo(TulipDescriptor.SETUP_DONE);
            assertThat(hears(OURS)).as("entry %d", entry).isTrue();
            assertThat(hears(OTHER)).isFalse();
            assertThat(hears(GROUP)).isFalse();
            assertThat(hears(BROADCAST)).as("an address like any other").isFalse();
        }
        assertThat(filters()).isZero();
        SetupFrame.address(frame(), 7, BROADCAST);
        rig.setUp(0);
        assertThat(hears(BROADCAST)).isTrue();
        assertThat(hears(OURS)).isFalse();
        on(TulipBits.ALL_MULTICAST);
        assertThat(hears(GROUP)).isTrue();
        assertThat(hears(OURS)).isFalse();
        on(TulipBits.PROMISCUOUS);
        assertThat(hears(OURS)).isTrue();
    }

    @Test
    void hearsAllOthersAfterAnInverseOne() {
        on(0);
        SetupFrame.address(frame(), 3, OTHER);
        rig.setUp(TulipDescriptor.SETUP_INVERSE);
        assertThat(filters()).isEqualTo(TulipBits.INVERSE_FILTER);
        assertThat(hears(OTHER)).isFalse();
        assertThat(hears(OURS)).isTrue();
        assertThat(hears(GROUP)).isTrue();
    }

    @Test
    void hearsMulticastsByTheirHashAndTheStationByItsAddress() {
        on(0);
        for (int bit = 0; bit < 512; bit++) {
            final UnsafeBuffer frame = frame();
            SetupFrame.word(frame, bit / 16, 1 << bit % 16);
            SetupFrame.address(frame, SetupFrame.HASH_STATION, OURS);
            rig.setUp(TulipDescriptor.SETUP_HASH);
            // Linux sets bit 255 for broadcasts.
            assertThat(hears(BROADCAST)).as("bit %d", bit).isEqualTo(bit == 255);
            assertThat(hears(OURS)).isTrue();
            assertThat(hears(OTHER)).isFalse();
        }
        assertThat(filters()).isEqualTo(TulipBits.HASH_FILTER);
    }

    @Test
    void hearsByHashAloneWhenToldSo() {
        on(0);
        int heard = 0;
        for (int bit = 0; bit < 512; bit++) {
            final UnsafeBuffer frame = frame();
            SetupFrame.word(frame, bit / 16, 1 << bit % 16);
            SetupFrame.address(frame, SetupFrame.HASH_STATION, OTHER);
            rig.setUp(TulipDescriptor.SETUP_HASH | TulipDescriptor.SETUP_INVERSE);
            heard += hears(OURS) ? 1 : 0;
        }
        assertThat(filters()).isEqualTo(TulipBits.HASH_FILTER | TulipBits.HASH_ONLY);
        assertThat(heard).as("one bit is ours").isEqualTo(1);
    }

    @Test
    void tellsWhenItsDescriptorAsks() {
        on(0);
        frame();
        rig.clearEvents();
        rig.setUp(0);
        assertThat(rig.events() & TulipBits.TRANSMITTED).isZero();
        rig.setUp(TulipDescriptor.INTERRUPT);
        assertThat(rig.events() & TulipBits.TRANSMITTED).isNotZero();
    }

    @Test
    void refusesOneOfAnotherLength() {
        on(0);
        SetupFrame.address(frame(), 0, OURS);
        rig.setUp(0);
        int refused = 0;
        for (final int lengthBytes : new int[] {0, 1, 188, 191, 193, 196, 2047}) {
            rig.put(
                    TRANSMIT,
                    TulipDescriptor.SETUP | TulipDescriptor.END_OF_RING | lengthBytes,
                    FRAME + 0x1000,
                    0);
            rig.write(TulipRegisters.TRANSMIT_POLL, 0);
            refused++;
            assertThat(rig.status(TRANSMIT)).isEqualTo(TulipDescriptor.ERROR_SUMMARY);
            assertThat(rig.model().refusedFrames()).isEqualTo(refused);
        }
        assertThat(hears(OURS)).as("what was is still").isTrue();
    }
}
