package io.ringside.ringbuf.vmbus;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The data path makes no garbage: staging, publishing, taking, asking for room.
 *
 * <p>The JVM itself may allocate a few bytes on this thread while it compiles or links, once. What
 * the data path allocates, it allocates in every window.
 */
class ByteRingAllocationTest {
    private static final int WARM_UP = 20_000;
    private static final int WINDOWS = 5;
    private static final int MEASURED = 4_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[256]);
    private final UnsafeBuffer header = new UnsafeBuffer(new byte[64]);
    private final TransferPageHeader transferPages = new TransferPageHeader();
    private final GpaDirectHeader gpaDirect = new GpaDirectHeader();

    @ParameterizedTest
    @EnumSource
    void allocatesNothing(final RingMemory.Mapping mapping) {
        try (RingMemory memory = new RingMemory(mapping, 3)) {
            final OutgoingRing out = memory.outgoing();
            final IncomingRing in = memory.incoming();
            in.honourPendingSend();
            assertThat(run(out, in, WARM_UP)).isPositive();
            long least = Long.MAX_VALUE;
            for (int window = 0; window < WINDOWS; window++) {
                final long before = threads.getCurrentThreadAllocatedBytes();
                final long taken = run(out, in, MEASURED);
                final long allocated = threads.getCurrentThreadAllocatedBytes() - before;
                assertThat(taken).isGreaterThan(10L * MEASURED);
                least = Math.min(least, allocated);
            }
            assertThat(least).as("bytes allocated").isZero();
            assertThat(out.isBroken() || in.isBroken()).isFalse();
        }
    }

    private long run(final OutgoingRing out, final IncomingRing in, final int rounds) {
        long taken = 0;
        for (int round = 0; round < rounds; round++) {
            int packet = 0;
            while (stage(out, packet) != RingStatus.NO_ROOM) {
                packet++;
            }
            out.commit();
            out.askForRoom(2048);
            in.mask();
            while ((round & 1) == 0
                    ? in.next() == RingStatus.OK
                    : in.nextCopied() == RingStatus.OK) {
                taken += look(in);
            }
            in.commitRead();
            in.unmask();
        }
        return taken;
    }

    private int stage(final OutgoingRing out, final int packet) {
        return switch (packet % 4) {
            case 0 -> out.write(PacketType.IN_BAND, 1, packet, payload, 0, 250);
            case 1 -> {
                transferPages.start(header, 0, 1, false, 2).putRange(0, 1, 2);
                yield out.write(
                        PacketType.TRANSFER_PAGES, 1, packet, header, 0, 24, payload, 0, 60);
            }
            case 2 -> {
                final int at = out.claim(PacketType.GPA_DIRECT, 0, packet, 24, 64);
                if (at >= 0) {
                    gpaDirect.start(out.claimed(), at, 24).addRange(100, 50);
                    gpaDirect.addPage(packet);
                }
                yield Math.min(at, RingStatus.OK);
            }
            default ->
                    out.claim(PacketType.COMPLETION, 0, packet, 0, 33) >= 0
                            ? RingStatus.OK
                            : RingStatus.NO_ROOM;
        };
    }

    private int look(final IncomingRing in) {
        final int type = in.type();
        if (type == PacketType.TRANSFER_PAGES) {
            return transferPages.wrap(in).rangeCount() > 0 ? 1 : 0;
        }
        if (type == PacketType.GPA_DIRECT) {
            return gpaDirect.wrap(in).nextRange() == RingStatus.OK ? 1 : 0;
        }
        payload.putBytes(0, in.buffer(), in.payloadOffset(), in.payloadBytes());
        return 1;
    }
}
