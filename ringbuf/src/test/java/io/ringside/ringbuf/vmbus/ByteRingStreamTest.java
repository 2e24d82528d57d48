package io.ringside.ringbuf.vmbus;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.Seed;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Both ends of one ring in a random order: what goes in comes out, in order and whole. */
class ByteRingStreamTest {
    private static final int STEPS = 30_000;
    private static final int PIECE_LIMIT = 64;

    private record Packet(
            int type, int flags, long transactionId, UnsafeBuffer header, UnsafeBuffer payload) {}

    private final Seed seed = Seed.ofRun();
    private final SplittableRandom random = seed.random();
    private final Deque<Packet> inFlight = new ArrayDeque<>();
    private final TransferPageHeader transferPages = new TransferPageHeader();
    private final GpaDirectHeader gpaDirect = new GpaDirectHeader();
    private int staged; // the youngest of inFlight, not yet published
    private long nextId;

    @ParameterizedTest
    @CsvSource({
        "PLAIN, 1", "PLAIN, 2", "PLAIN, 3", "PLAIN, 5",
        "MIRRORED, 1", "MIRRORED, 2", "MIRRORED, 3", "MIRRORED, 5"
    })
    void deliversEveryPacketWholeAndInOrder(final RingMemory.Mapping mapping, final int pages) {
        try (RingMemory memory = new RingMemory(mapping, pages)) {
            final OutgoingRing out = memory.outgoing();
            final IncomingRing in = memory.incoming();
            long delivered = 0;
            for (int step = 0; step < STEPS; step++) {
                switch (random.nextInt(8)) {
                    case 0, 1, 2, 3 -> produce(out);
                    case 4 -> {
                        out.commit();
                        staged = 0;
                    }
                    case 5, 6 -> delivered += consume(in, step);
                    default -> in.commitRead();
                }
                assertThat(out.isBroken() || in.isBroken()).as("%s", seed).isFalse();
            }
            out.commit();
            staged = 0;
            while (!inFlight.isEmpty()) {
                final int more = consume(in, STEPS);
                assertThat(more).as("%s", seed).isPositive();
                delivered += more;
            }
            in.commitRead();
            assertThat(in.next()).as("%s", seed).isEqualTo(RingStatus.EMPTY);
            assertThat(out.bytesToWrite()).as("%s", seed).isEqualTo(memory.dataBytes());
            assertThat(delivered).as("%s", seed).isEqualTo(nextId).isGreaterThan(STEPS / 100);
        }
    }

    private void produce(final OutgoingRing ring) {
        final Packet packet = randomPacket(ring.largestPayloadBytes());
        final int headerBytes = packet.header.capacity();
        final int payloadBytes = packet.payload.capacity();
        final boolean fits =
                PacketDescriptor.ringBytes(headerBytes, payloadBytes) < ring.bytesToWrite();
        final int status = put(ring, packet);
        assertThat(status)
                .as("%s header=%d payload=%d", seed, headerBytes, payloadBytes)
                .isEqualTo(fits ? RingStatus.OK : RingStatus.NO_ROOM);
        if (fits) {
            inFlight.addLast(packet);
            staged++;
            nextId++;
        }
    }

    private int put(final OutgoingRing ring, final Packet packet) {
        final int headerBytes = packet.header.capacity();
        final int payloadBytes = packet.payload.capacity();
        if (random.nextBoolean()) {
            final int at =
                    ring.claim(
                            packet.type,
                            packet.flags,
                            packet.transactionId,
                            headerBytes,
                            payloadBytes);
            if (at < 0) {
                return at;
            }
            final UnsafeBuffer claimed = ring.claimed();
            claimed.putBytes(at, packet.header, 0, headerBytes);
            claimed.putBytes(at + headerBytes, packet.payload, 0, payloadBytes);
            return RingStatus.OK;
        }
        if (headerBytes == 0) {
            return ring.write(
                    packet.type,
                    packet.flags,
                    packet.transactionId,
                    packet.payload,
                    0,
                    payloadBytes);
        }
        return ring.write(
                packet.type,
                packet.flags,
                packet.transactionId,
                packet.header,
                0,
                headerBytes,
                packet.payload,
                0,
                payloadBytes);
    }

    private int consume(final IncomingRing ring, final int step) {
        int taken = 0;
        final int wanted = 1 + random.nextInt(8);
        while (taken < wanted && inFlight.size() > staged) {
            final boolean copied = random.nextBoolean();
            assertThat(copied ? ring.nextCopied() : ring.next())
                    .as("%s step=%d refusal=%d", seed, step, ring.refusal())
                    .isEqualTo(RingStatus.OK);
            if (random.nextInt(16) == 0) {
                ring.putBack();
                continue;
            }
            assertSame(ring, inFlight.removeFirst());
            taken++;
        }
        if (inFlight.size() == staged) {
            assertThat(ring.next()).as("%s", seed).isEqualTo(RingStatus.EMPTY);
        }
        return taken;
    }

    private void assertSame(final IncomingRing ring, final Packet packet) {
        final String where = seed + " packet " + packet.transactionId;
        assertThat(ring.transactionId()).as(where).isEqualTo(packet.transactionId);
        assertThat(ring.type()).as(where).isEqualTo(packet.type);
        assertThat(ring.flags()).as(where).isEqualTo(packet.flags);
        assertThat(ring.headerBytes()).as(where).isEqualTo(packet.header.capacity());
        assertThat(ring.payloadBytes())
                .as(where)
                .isEqualTo(PacketDescriptor.padded(packet.payload.capacity()));
        assertBytes(where, ring.buffer(), ring.headerOffset(), packet.header);
        assertBytes(where, ring.buffer(), ring.payloadOffset(), packet.payload);
        final int end = ring.payloadOffset() + ring.payloadBytes();
        int at = ring.payloadOffset() + packet.payload.capacity();
        for (; at < end; at++) {
            assertThat(ring.buffer().getByte(at)).as(where).isZero();
        }
        assertThat(ring.rangeCount()).as(where).isEqualTo(ranges(packet));
    }

    private static void assertBytes(
            final String where, final UnsafeBuffer actual, final int at, final UnsafeBuffer bytes) {
        final UnsafeBuffer part = new UnsafeBuffer(actual, at, bytes.capacity());
        assertThat(part.compareTo(bytes)).as(where).isZero();
    }

    private static int ranges(final Packet packet) {
        return PacketType.hasRanges(packet.type) ? packet.header.getInt(Integer.BYTES) : 0;
    }

    private Packet randomPacket(final int largestPayloadBytes) {
        final int type = 1 + random.nextInt(15);
        final UnsafeBuffer header = randomHeader(type);
        final int most = largestPayloadBytes - header.capacity();
        final int payloadBytes =
                switch (random.nextInt(8)) {
                    case 0 -> random.nextInt(most + 1);
                    case 1 -> most - random.nextInt(PIECE_LIMIT);
                    case 2 -> 0;
                    default -> random.nextInt(4 * PIECE_LIMIT);
                };
        return new Packet(type, random.nextInt(0x10000), nextId, header, randomBytes(payloadBytes));
    }

    private UnsafeBuffer randomHeader(final int type) {
        return switch (type) {
            case PacketType.IN_BAND, PacketType.COMPLETION -> randomBytes(0);
            case PacketType.TRANSFER_PAGES -> transferPageHeader();
            case PacketType.GPA_DIRECT, PacketType.ESTABLISH_GPADL -> gpaDirectHeader();
            default -> randomBytes(PacketType.leastHeaderBytes(type) + 8 * random.nextInt(5));
        };
    }

    private UnsafeBuffer transferPageHeader() {
        final int ranges = random.nextInt(40);
        final UnsafeBuffer header = randomBytes(TransferPageHeader.bytes(ranges));
        transferPages.start(header, 0, random.nextInt(0x10000), random.nextBoolean(), ranges);
        for (int range = 0; range < ranges; range++) {
            transferPages.putRange(range, random.nextInt(), random.nextInt());
        }
        return header;
    }

    private UnsafeBuffer gpaDirectHeader() {
        final int ranges = random.nextInt(6);
        final UnsafeBuffer header = randomBytes(GpaDirectHeader.bytes(ranges, 2 * ranges));
        gpaDirect.start(header, 0, header.capacity());
        for (int range = 0; range < ranges; range++) {
            gpaDirect.addRange(4096, 1 + random.nextInt(4095));
            gpaDirect.addPage(random.nextLong());
            gpaDirect.addPage(random.nextLong());
        }
        return header;
    }

    private UnsafeBuffer randomBytes(final int length) {
        final byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return new UnsafeBuffer(bytes);
    }
}
