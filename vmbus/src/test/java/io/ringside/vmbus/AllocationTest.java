package io.ringside.vmbus;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.ringside.ringbuf.vmbus.GpaDirectHeader;
import io.ringside.ringbuf.vmbus.PacketType;
import io.ringside.ringbuf.vmbus.RingStatus;
import io.ringside.vmbus.TestBus.Pair;
import io.ringside.vmbus.channel.GpaPages;
import io.ringside.vmbus.channel.RequestIds;
import io.ringside.vmbus.guest.ClientOptions;
import io.ringside.vmbus.host.ChannelOffer;
import io.ringside.vmbus.host.ServerOptions;
import io.ringside.vmbus.protocol.DeviceType;
import io.ringside.vmbus.protocol.VmbusVersion;
import java.lang.management.ManagementFactory;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** A packet and its answer allocate nothing, whichever way they are signalled. */
class AllocationTest {
    private static final int ROUNDS = 20_000;

    /** The compiler may allocate once while it takes over: one clean run is the proof. */
    private static final int RUNS = 20;

    private static final int PAGES = 4;

    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[64]);
    private final UnsafeBuffer piece = new UnsafeBuffer(0, 0);
    private final GpaDirectHeader written = new GpaDirectHeader();
    private final GpaDirectHeader read = new GpaDirectHeader();
    private final RequestIds ids = new RequestIds(8);
    private long work;

    @Test
    void allocatesNothingForASignalledPacket() {
        try (TestBus bus = new TestBus()) {
            checkThatPacketsAllocateNothing(bus, ChannelOffer.NO_MONITOR);
        }
    }

    @Test
    void allocatesNothingForAMonitoredPacket() {
        try (TestBus bus = new TestBus()) {
            checkThatPacketsAllocateNothing(bus, 0);
        }
    }

    @Test
    void allocatesNothingWhereAllChannelsShareAnInterrupt() {
        try (TestBus bus =
                new TestBus(
                        1,
                        ServerOptions.DEFAULTS.withNewest(VmbusVersion.V0_13),
                        ClientOptions.DEFAULTS)) {
            checkThatPacketsAllocateNothing(bus, ChannelOffer.NO_MONITOR);
        }
    }

    private void checkThatPacketsAllocateNothing(final TestBus bus, final int latency) {
        final ChannelOffer offer = ChannelOffer.of(DeviceType.SCSI, TestBus.instance(1));
        final Pair pair =
                bus.open(
                        bus.offer(
                                latency == ChannelOffer.NO_MONITOR
                                        ? offer
                                        : offer.monitored(latency)));
        pair.guest().handler(() -> work++);
        final GpaPages pages = new GpaPages(bus.memory, PAGES);
        final int frame = bus.frames.allocate(PAGES);
        long least = Long.MAX_VALUE;
        for (int run = 0; run < RUNS && least != 0; run++) {
            least = Math.min(least, allocatedBytes(bus, pair, pages, frame));
        }
        assertThat(least).isZero();
        assertThat(work).isGreaterThanOrEqualTo(ROUNDS);
        assertThat(pair.guestEnd().isBroken() || pair.hostEnd().isBroken()).isFalse();
    }

    private long allocatedBytes(
            final TestBus bus, final Pair pair, final GpaPages pages, final int frame) {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long self = Thread.currentThread().threadId();
        final long before = threads.getThreadAllocatedBytes(self);
        final long idle = threads.getThreadAllocatedBytes(self) - before;
        for (int round = 0; round < ROUNDS; round++) {
            exchange(bus, pair, pages, frame);
        }
        return Math.max(threads.getThreadAllocatedBytes(self) - before - 2 * idle, 0);
    }

    private void exchange(
            final TestBus bus, final Pair pair, final GpaPages pages, final int frame) {
        final int slot = ids.take();
        final int headerBytes = GpaDirectHeader.bytes(1, PAGES);
        final int at =
                pair.guestEnd()
                        .outgoing()
                        .claim(PacketType.GPA_DIRECT, 1, ids.idOf(slot), headerBytes, 64);
        written.start(pair.guestEnd().outgoing().claimed(), at, headerBytes);
        written.addRange(PAGES * 4096, 0);
        for (int i = 0; i < PAGES; i++) {
            written.addPage(frame + i);
        }
        pair.guestEnd().outgoing().claimed().putBytes(at + headerBytes, payload, 0, 64);
        pair.guestEnd().commit();

        bus.poller.doWork();
        bus.server.doWork();
        if (pair.host().takeSignal() && pair.hostEnd().incoming().nextCopied() == RingStatus.OK) {
            read.wrap(pair.hostEnd().incoming());
            while (read.nextRange() == RingStatus.OK && pages.read(read)) {
                while (pages.nextPiece(piece, 8192)) {
                    piece.putLong(0, work);
                }
            }
            final long id = pair.hostEnd().incoming().transactionId();
            pair.hostEnd().commitRead();
            pair.hostEnd().send(PacketType.COMPLETION, 0, id, payload, 0, 64);
        }

        bus.client.doWork();
        if (pair.guestEnd().incoming().next() == RingStatus.OK) {
            ids.release(ids.slotOf(pair.guestEnd().incoming().transactionId()));
            pair.guestEnd().commitRead();
        }
    }
}
