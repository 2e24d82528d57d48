package io.ringside.ringbuf.vmbus;

import static org.assertj.core.api.Assertions.assertThat;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Packets moved into the ring together are the same bytes as packets written one by one. */
class PacketStageTest {
    private static final int DATA_BYTES = 2 * 4096;
    private static final int LARGEST_SMALL = PacketStage.LARGEST_RING_BYTES - 24;

    private final UnsafeBuffer payload = RingMemory.counting(DATA_BYTES, 1);

    @ParameterizedTest
    @EnumSource
    void laysABatchAsIfEachPacketWereWrittenAlone(final RingMemory.Mapping mapping) {
        try (RingMemory together = new RingMemory(mapping, 2);
                RingMemory alone = new RingMemory(mapping, 2)) {
            for (int start = 0; start < DATA_BYTES; start += 8) {
                final OutgoingRing staged = fresh(together, start);
                final OutgoingRing inPlace = fresh(alone, start);
                int id = 0;
                for (final int length : new int[] {0, 1, 7, 8, 9, 64, LARGEST_SMALL, 0, 63}) {
                    write(staged, id, length);
                    claim(inPlace, id, length);
                    id++;
                }
                staged.commit();
                inPlace.commit();
                assertSameBytes(together, alone, start);
            }
        }
    }

    /** More than the stage holds, and every way to stage a packet between the small ones. */
    @ParameterizedTest
    @EnumSource
    void keepsTheOrderOfPacketsStagedInDifferentWays(final RingMemory.Mapping mapping) {
        try (RingMemory together = new RingMemory(mapping, 2);
                RingMemory alone = new RingMemory(mapping, 2)) {
            for (int start = 0; start < DATA_BYTES; start += 40) {
                final OutgoingRing staged = fresh(together, start);
                final OutgoingRing inPlace = fresh(alone, start);
                for (int id = 0; id < 60; id++) {
                    final int length = id % 7 == 6 ? LARGEST_SMALL + 1 : id;
                    if (id % 5 == 4) {
                        claim(staged, id, length);
                    } else {
                        write(staged, id, length);
                    }
                    claim(inPlace, id, length);
                }
                staged.commit();
                inPlace.commit();
                assertSameBytes(together, alone, start);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void movesNothingOfABatchWhoseRingBroke(final RingMemory.Mapping mapping) {
        try (RingMemory memory = new RingMemory(mapping, 2)) {
            final OutgoingRing ring = fresh(memory, 0);
            write(ring, 1, 64);
            memory.page().readIndexRelease(-1);
            assertThat(ring.bytesToWrite()).isZero();
            assertThat(ring.commit()).isFalse();
            assertThat(memory.dataHex(0, 8)).isEqualTo("5a 5a 5a 5a 5a 5a 5a 5a");
        }
    }

    @ParameterizedTest
    @EnumSource
    void movesEveryPacketBeforeTheIndexSaysSo(final RingMemory.Mapping mapping) {
        try (RingMemory memory = new RingMemory(mapping, 2)) {
            for (int start = 0; start < DATA_BYTES; start += 8) {
                fresh(memory, start);
                final PublishedBytes control = new PublishedBytes(memory, start);
                final OutgoingRing ring = new OutgoingRing(control, memory.data(), DATA_BYTES);
                write(ring, 1, 24);
                claim(ring, 2, 24);
                write(ring, 3, 24);
                ring.commit();
                assertThat(control.bytes).isEqualTo(memory.dataHex(start, 3 * 48));
                assertThat(control.bytes).startsWith("06 00 02 00 05 00 01 00 01 00 00 00");
            }
        }
    }

    /** A control page that keeps what is in the ring when the write index is stored. */
    private static final class PublishedBytes extends UnsafeBuffer {
        private final RingMemory memory;
        private final int start;
        private String bytes = "";

        PublishedBytes(final RingMemory memory, final int start) {
            super(memory.control());
            this.memory = memory;
            this.start = start;
        }

        @Override
        public void putIntRelease(final int index, final int value) {
            if (index == ControlPage.WRITE_INDEX_OFFSET) {
                bytes = memory.dataHex(start, 3 * 48);
            }
            super.putIntRelease(index, value);
        }
    }

    private static OutgoingRing fresh(final RingMemory memory, final int start) {
        memory.indices(start, start);
        memory.data().setMemory(0, DATA_BYTES, (byte) 0x5a);
        return memory.outgoing();
    }

    private void write(final OutgoingRing ring, final int id, final int length) {
        assertThat(ring.write(PacketType.IN_BAND, 1, id, payload, id, length))
                .isEqualTo(RingStatus.OK);
    }

    private void claim(final OutgoingRing ring, final int id, final int length) {
        final int at = ring.claim(PacketType.IN_BAND, 1, id, 0, length);
        assertThat(at).isNotNegative();
        ring.claimed().putBytes(at, payload, id, length);
    }

    private static void assertSameBytes(
            final RingMemory together, final RingMemory alone, final int start) {
        assertThat(together.writeIndex()).as("start=%d", start).isEqualTo(alone.writeIndex());
        final int same = together.data().compareTo(alone.data());
        assertThat(same).as("start=%d", start).isZero();
    }
}
