package io.ringside.ringbuf.vmbus;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.Seed;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A producer that writes what it likes (threats, rows 28, 37, 38 and 43). */
class HostileProducerTest {
    private static final int ROUNDS = 20_000;
    private static final int SMALLEST_RING_BYTES = 24;

    private final RingMemory memory = new RingMemory(RingMemory.Mapping.MIRRORED, 1);

    @AfterEach
    void letGo() {
        memory.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {4096, 4104, 4, 1, 0x7fff_fff8, 0x8000_0000, -8, -1})
    void refusesAWriteIndexThatIsNone(final int writeIndex) {
        final IncomingRing ring = memory.incoming();
        memory.page().writeIndexRelease(writeIndex);
        assertRefused(ring, Refusal.WRITE_INDEX);
    }

    @Test
    void refusesAWriteIndexThatGoesBack() {
        put(0, 6, 2, 3);
        put(32, 6, 2, 3);
        memory.page().writeIndexRelease(64);
        final IncomingRing ring = memory.incoming();
        assertThat(ring.next()).isEqualTo(RingStatus.OK);
        memory.page().writeIndexRelease(32);
        assertThat(ring.bytesToRead()).isZero();
        assertRefused(ring, Refusal.WRITE_INDEX);
    }

    @Test
    void refusesAWriteIndexThatPassesWhatIsNotYetRead() {
        memory.indices(32, 0);
        put(0, 6, 2, 3);
        final IncomingRing ring = memory.incoming();
        assertThat(ring.next()).isEqualTo(RingStatus.OK);
        memory.page().writeIndexRelease(8); // over the packet that we still hold
        assertRefused(ring, Refusal.WRITE_INDEX);
    }

    @Test
    void startsBrokenOnAReadIndexThatIsNone() {
        memory.indices(0, 12);
        assertRefused(memory.incoming(), Refusal.READ_INDEX);
    }

    /** offset8 and len8, in words, of a packet with 96 readable bytes. */
    @ParameterizedTest
    @CsvSource({
        "2, 0, 3",
        "2, 1, 3",
        "0, 0, 3",
        "1, 1, 3",
        "2, 12, 3",
        "2, 13, 3",
        "2, 65535, 3",
        "65535, 65535, 3",
        "0, 11, 4",
        "1, 11, 4",
        "12, 11, 4",
        "65535, 11, 4",
        "3, 2, 4"
    })
    void refusesALengthOrOffsetThatIsNone(final int offset8, final int len8, final int refusal) {
        put(0, PacketType.IN_BAND, offset8, len8);
        memory.page().writeIndexRelease(96);
        assertRefused(memory.incoming(), refusal);
        assertThat(memory.incoming().nextCopied()).isEqualTo(RingStatus.BROKEN);
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 16})
    void refusesLessThanTheSmallestPacket(final int readableBytes) {
        put(0, PacketType.IN_BAND, 2, 2);
        memory.page().writeIndexRelease(readableBytes);
        assertRefused(memory.incoming(), Refusal.PACKET_LENGTH);
    }

    @Test
    void refusesAPacketLargerThanItsTakerTakes() {
        put(0, PacketType.IN_BAND, 2, 6);
        put(56, PacketType.IN_BAND, 2, 7);
        memory.page().writeIndexRelease(56 + 64);
        final IncomingRing ring =
                new IncomingRing(memory.control(), memory.data(), memory.dataBytes(), 48);
        assertThat(ring.nextCopied()).isEqualTo(RingStatus.OK);
        assertRefused(ring, Refusal.PACKET_LENGTH);
    }

    /** Row 28: a descriptor alone where the type needs 24 bytes. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 7, 8, 9, 13})
    void refusesAHeaderTooShortForItsType(final int type) {
        final int words = 2 + PacketType.leastHeaderBytes(type) / 8;
        put(0, type, words - 1, 11);
        memory.page().writeIndexRelease(96);
        assertRefused(memory.incoming(), Refusal.HEADER_LENGTH);
        put(0, type, words, 11);
        assertThat(memory.incoming().next()).isEqualTo(RingStatus.OK);
    }

    @ParameterizedTest
    @CsvSource({
        "7, 3, 0, 0", "7, 3, 1, 6", "7, 4, 1, 0", "7, 4, 2, 6", "7, 4, -1, 6",
                "7, 4, -2147483648, 6",
        "9, 3, 0, 0", "9, 3, 1, 6", "9, 6, 3, 0", "9, 6, 4, 6", "9, 6, 536870912, 6", "4, 4, 2, 6"
    })
    void refusesMoreRangesThanTheHeaderHolds(
            final int type, final int offset8, final int rangeCount, final int refusal) {
        put(0, type, offset8, 11);
        memory.data().putInt(20, rangeCount, ByteOrder.LITTLE_ENDIAN);
        memory.page().writeIndexRelease(96);
        final IncomingRing ring = memory.incoming();
        if (refusal == Refusal.NONE) {
            assertThat(ring.next()).isEqualTo(RingStatus.OK);
            assertThat(ring.rangeCount()).isEqualTo(rangeCount);
        } else {
            assertRefused(ring, refusal);
        }
    }

    /** Rows 37 and 38: the host edits the packet after it was looked at. */
    @Test
    void aCopyDoesNotChangeWithTheRing() {
        put(0, PacketType.TRANSFER_PAGES, 4, 6);
        memory.data().putInt(20, 1, ByteOrder.LITTLE_ENDIAN);
        memory.data().putLong(32, 0x1234);
        memory.page().writeIndexRelease(56);
        final IncomingRing ring = memory.incoming();
        assertThat(ring.nextCopied()).isEqualTo(RingStatus.OK);
        memory.data().setMemory(0, 4096, (byte) 0xff);
        assertThat(ring.type()).isEqualTo(PacketType.TRANSFER_PAGES);
        assertThat(ring.headerBytes()).isEqualTo(16);
        assertThat(ring.payloadBytes()).isEqualTo(16);
        assertThat(ring.rangeCount()).isEqualTo(1);
        assertThat(ring.buffer().getLong(ring.payloadOffset())).isEqualTo(0x1234);
        assertThat(ring.buffer().getInt(ring.headerOffset() + 4)).isEqualTo(1);
    }

    @Test
    void readsTheHeadOfADescriptorOnce() {
        final CountingBuffer data = new CountingBuffer(memory.data());
        put(0, PacketType.IN_BAND, 2, 6);
        memory.page().writeIndexRelease(56);
        for (final boolean copied : new boolean[] {false, true}) {
            data.headReads = 0;
            final IncomingRing ring = new IncomingRing(memory.control(), data, memory.dataBytes());
            assertThat(copied ? ring.nextCopied() : ring.next()).isEqualTo(RingStatus.OK);
            assertThat(ring.payloadOffset() + ring.payloadBytes()).isPositive();
            assertThat(data.headReads).isEqualTo(1);
        }
    }

    private static final class CountingBuffer extends UnsafeBuffer {
        private int headReads;

        CountingBuffer(final UnsafeBuffer whole) {
            super(whole);
        }

        @Override
        public long getLong(final int index, final ByteOrder byteOrder) {
            headReads += index == 0 ? 1 : 0;
            return super.getLong(index, byteOrder);
        }
    }

    @Test
    void leavesTheWholePageAloneOnceBroken() {
        put(0, PacketType.IN_BAND, 2, 2);
        put(24, PacketType.IN_BAND, 0, 5);
        memory.page().writeIndexRelease(96);
        final IncomingRing ring = memory.incoming();
        ring.honourPendingSend();
        assertThat(ring.next()).isEqualTo(RingStatus.OK);
        assertThat(ring.next()).isEqualTo(RingStatus.BROKEN);
        assertThat(ring.commitRead()).isFalse();
        assertThat(memory.readIndex()).isZero();
        memory.page().maskOpaque(true);
        assertThat(ring.unmask()).as("there is something to tell").isTrue();
        assertThat(memory.page().isMaskedOpaque()).isTrue();
        assertThat(ring.refuse(Refusal.MESSAGE)).isEqualTo(RingStatus.BROKEN);
        assertThat(ring.refusal()).as("the first one").isEqualTo(Refusal.PAYLOAD_OFFSET);
    }

    @Test
    void aDriverMayRefuseAMessageOfItsOwn() {
        put(0, PacketType.IN_BAND, 2, 2);
        put(24, PacketType.IN_BAND, 2, 2);
        memory.page().writeIndexRelease(48);
        final IncomingRing ring = memory.incoming();
        assertThat(ring.next()).isEqualTo(RingStatus.OK);
        assertThat(ring.refuse(Refusal.MESSAGE)).isEqualTo(RingStatus.BROKEN);
        assertRefused(ring, Refusal.MESSAGE);
    }

    @ParameterizedTest
    @EnumSource
    void endsWithPacketsOrARefusalWhateverIsInThePages(final RingMemory.Mapping mapping) {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        int packets = 0;
        int refusals = 0;
        try (RingMemory pages = new RingMemory(mapping, 2)) {
            for (int round = 0; round < ROUNDS; round++) {
                spoil(pages, random);
                final IncomingRing ring = pages.incoming();
                final int most = pages.dataBytes() / SMALLEST_RING_BYTES;
                int taken = 0;
                int status;
                do {
                    status = random.nextBoolean() ? ring.next() : ring.nextCopied();
                    if (status == RingStatus.OK) {
                        readAll(ring, random, pages);
                        taken++;
                    }
                } while (status == RingStatus.OK && taken <= most);
                assertThat(taken).as("%s round=%d", seed, round).isLessThanOrEqualTo(most);
                ring.commitRead();
                if (status == RingStatus.BROKEN) {
                    assertThat(ring.refusal()).isNotEqualTo(Refusal.NONE);
                    assertThat(ring.next()).isEqualTo(RingStatus.BROKEN);
                    refusals++;
                }
                packets += taken;
            }
        }
        assertThat(packets).as("%s: the garbage is too rough", seed).isGreaterThan(ROUNDS / 10);
        assertThat(refusals).as("%s: the garbage is too mild", seed).isGreaterThan(ROUNDS / 10);
    }

    /** Garbage of a plausible kind: some lengths fit, some do not, and all of it may be torn. */
    private static void spoil(final RingMemory pages, final SplittableRandom random) {
        final UnsafeBuffer data = pages.data();
        int at = 0;
        while (at + 16 <= pages.dataBytes()) {
            final int len8 = 2 + random.nextInt(random.nextInt(8) == 0 ? 0xfff0 : 12);
            final int offset8 = random.nextInt(8) == 0 ? random.nextInt(14) : 2;
            data.putLong(
                    at,
                    PacketDescriptor.head(
                            random.nextInt(16), offset8 * 8, len8 * 8, random.nextInt()),
                    ByteOrder.LITTLE_ENDIAN);
            data.putInt(at + 12, random.nextInt(4), ByteOrder.LITTLE_ENDIAN);
            at += (len8 & 15) * 8 + 8;
        }
        final boolean wild = random.nextInt(8) == 0;
        final int words = pages.dataBytes() / 8;
        pages.indices(
                wild ? random.nextInt() : random.nextInt(words) * 8,
                wild ? random.nextInt() : random.nextInt(words) * 8);
        pages.page().pendingSendRelease(random.nextInt());
        pages.page().featureBitsRelease(random.nextInt());
    }

    /** Reads every byte of what was handed out, while the producer goes on scribbling. */
    private static void readAll(
            final IncomingRing ring, final SplittableRandom random, final RingMemory pages) {
        pages.data().putLong(random.nextInt(pages.dataBytes() / 8) * 8, random.nextLong());
        final UnsafeBuffer buffer = ring.buffer();
        assertThat(ring.headerBytes()).isNotNegative();
        assertThat(ring.payloadBytes()).isNotNegative();
        buffer.boundsCheck(ring.headerOffset(), ring.headerBytes());
        buffer.boundsCheck(ring.payloadOffset(), ring.payloadBytes());
        if (ring.type() == PacketType.TRANSFER_PAGES) {
            final TransferPageHeader header = new TransferPageHeader().wrap(ring);
            for (int range = 0; range < header.rangeCount(); range++) {
                assertThat(header.byteCount(range) + header.byteOffset(range)).isNotNegative();
            }
        } else if (ring.type() == PacketType.GPA_DIRECT) {
            final GpaDirectHeader header = new GpaDirectHeader().wrap(ring);
            while (header.nextRange() == RingStatus.OK) {
                for (int page = 0; page < header.pageCount(); page++) {
                    header.page(page);
                }
            }
        }
    }

    private void put(final int at, final int type, final int offset8, final int len8) {
        new PacketDescriptor().wrap(memory.data(), at).put(type, offset8 * 8, len8 * 8, 1, 42);
    }

    private static void assertRefused(final IncomingRing ring, final int refusal) {
        assertThat(ring.next()).isEqualTo(RingStatus.BROKEN);
        assertThat(ring.isBroken()).isTrue();
        assertThat(ring.refusal()).isEqualTo(refusal);
        assertThat(ring.next()).isEqualTo(RingStatus.BROKEN);
        assertThat(ring.nextCopied()).isEqualTo(RingStatus.BROKEN);
        assertThat(ring.bytesToRead()).isZero();
        assertThat(ring.commitRead()).isFalse();
    }
}
