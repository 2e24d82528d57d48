package io.ringside.ringbuf.vmbus;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.Seed;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A consumer that writes what it likes into the control page (threats, rows 40, 41 and 43). */
class HostileConsumerTest {
    private static final int ROUNDS = 3_000;

    private final RingMemory memory = new RingMemory(RingMemory.Mapping.MIRRORED, 1);
    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[4096]);

    @AfterEach
    void letGo() {
        memory.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {4096, 4104, 4, 1, 0x7fff_fff8, 0x8000_0000, -8, -1})
    void refusesAReadIndexThatIsNone(final int readIndex) {
        final OutgoingRing ring = nearlyFull();
        memory.page().readIndexRelease(readIndex);
        assertRefused(ring);
    }

    @Test
    void refusesAReadIndexThatGoesBack() {
        final OutgoingRing ring = nearlyFull();
        memory.page().readIndexRelease(320);
        assertThat(ring.bytesToWrite()).isPositive();
        memory.page().readIndexRelease(288);
        assertThat(ring.bytesToWrite()).isZero();
        assertRefused(ring);
    }

    @Test
    void refusesAReadIndexBeyondWhatWasPublished() {
        final OutgoingRing ring = nearlyFull();
        write(ring, 0); // staged, and no business of the consumer yet
        memory.page().readIndexRelease(memory.writeIndex() + 8);
        assertRefused(ring);
    }

    @Test
    void startsBrokenOnIndicesThatAreNone() {
        memory.indices(12, 0);
        assertThat(memory.outgoing().refusal()).isEqualTo(Refusal.WRITE_INDEX);
        memory.indices(0, 4096);
        final OutgoingRing ring = memory.outgoing();
        assertThat(ring.refusal()).isEqualTo(Refusal.READ_INDEX);
        assertThat(write(ring, 8)).isEqualTo(RingStatus.BROKEN);
        assertThat(ring.claim(PacketType.IN_BAND, 0, 0, 0, 8)).isEqualTo(RingStatus.BROKEN);
    }

    @Test
    void publishesNothingOnceBroken() {
        final OutgoingRing ring = nearlyFull();
        final int published = memory.writeIndex();
        write(ring, 0);
        memory.page().featureBitsRelease(ControlPage.FEATURE_PENDING_SEND);
        memory.page().readIndexRelease(-1);
        assertThat(ring.bytesToWrite()).isZero();
        assertThat(ring.commit()).isFalse();
        assertThat(memory.writeIndex()).isEqualTo(published);
        assertThat(ring.askForRoom(32)).isEqualTo(RingStatus.BROKEN);
        assertThat(memory.pendingSend()).isZero();
    }

    /** Row 40: whatever the consumer stores, a batch costs one signal at most, and none masked. */
    @Test
    void decidesForNoSignalWhileMaskedWithAnyValue() {
        final OutgoingRing ring = memory.outgoing();
        memory.control().putInt(ControlPage.INTERRUPT_MASK_OFFSET, 0x8000_0000);
        write(ring, 8);
        assertThat(ring.commit()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void writesOnlyPacketsOrBreaksWhateverTheConsumerStores(final RingMemory.Mapping mapping) {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        int written = 0;
        int broken = 0;
        try (RingMemory pages = new RingMemory(mapping, 3)) {
            for (int round = 0; round < ROUNDS; round++) {
                pages.indices(0, 0);
                final OutgoingRing ring = pages.outgoing();
                for (int step = 0; step < 100 && !ring.isBroken(); step++) {
                    scribble(pages, random);
                    final int status = act(ring, random);
                    assertThat(status).as("%s", seed).isBetween(RingStatus.BROKEN, RingStatus.OK);
                    written += status == RingStatus.OK ? 1 : 0;
                    final int free = ring.bytesToWrite();
                    assertThat(free).as("%s", seed).isBetween(0, pages.dataBytes());
                }
                if (ring.isBroken()) {
                    broken++;
                    assertThat(ring.bytesToWrite()).as("%s", seed).isZero();
                    assertThat(act(ring, random)).as("%s", seed).isNotEqualTo(RingStatus.OK);
                }
            }
        }
        assertThat(written).as("%s", seed).isGreaterThan(ROUNDS);
        assertThat(broken).as("%s", seed).isGreaterThan(ROUNDS / 2);
    }

    private static void scribble(final RingMemory pages, final SplittableRandom random) {
        final ControlPage page = pages.page();
        switch (random.nextInt(64)) {
            case 0 -> page.readIndexRelease(random.nextInt());
            case 1, 2, 3 -> page.readIndexRelease(random.nextInt(pages.dataBytes() / 8) * 8);
            case 4 -> pages.control().putInt(ControlPage.INTERRUPT_MASK_OFFSET, random.nextInt());
            case 5 -> page.featureBitsRelease(random.nextInt());
            case 6 -> page.pendingSendRelease(random.nextInt());
            case 7 -> page.writeIndexRelease(random.nextInt()); // not its word: never read back
            default -> page.readIndexRelease(pages.writeIndex() & -8);
        }
    }

    private int act(final OutgoingRing ring, final SplittableRandom random) {
        return switch (random.nextInt(4)) {
            case 0 -> {
                final int at = ring.claim(7, 1, 2, 8 * random.nextInt(9), random.nextInt(999));
                yield Math.min(at, RingStatus.OK);
            }
            case 1 -> {
                ring.commit();
                yield RingStatus.EMPTY;
            }
            case 2 -> {
                ring.commit();
                yield ring.askForRoom(1 + random.nextInt(2 * ring.dataBytes()));
            }
            default -> write(ring, random.nextInt(2000));
        };
    }

    private OutgoingRing nearlyFull() {
        final OutgoingRing ring = memory.outgoing();
        for (int i = 0; i < 3; i++) {
            assertThat(write(ring, 1272)).isEqualTo(RingStatus.OK);
        }
        ring.commit();
        return ring;
    }

    private int write(final OutgoingRing ring, final int payloadBytes) {
        return ring.write(PacketType.IN_BAND, 0, 0, payload, 0, payloadBytes);
    }

    private void assertRefused(final OutgoingRing ring) {
        assertThat(write(ring, 1272)).isEqualTo(RingStatus.BROKEN);
        assertThat(ring.isBroken()).isTrue();
        assertThat(ring.refusal()).isEqualTo(Refusal.READ_INDEX);
        assertThat(write(ring, 0)).isEqualTo(RingStatus.BROKEN);
        assertThat(ring.askForRoom(32)).isEqualTo(RingStatus.BROKEN);
        assertThat(ring.commit()).isFalse();
        assertThat(ring.bytesToWrite()).isZero();
    }
}
