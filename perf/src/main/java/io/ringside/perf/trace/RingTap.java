package io.ringside.perf.trace;

import io.ringside.hypervisor.GuestMemory;
import io.ringside.ringbuf.memory.PageView;
import io.ringside.ringbuf.vmbus.ControlPage;
import io.ringside.ringbuf.vmbus.IncomingRing;
import io.ringside.ringbuf.vmbus.RingStatus;
import java.util.Arrays;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads one byte ring beside its consumer.
 *
 * <p>The consumer's state is in the control page; this one has a control page of its own, into
 * which it copies the producer's index, and writes nothing to the shared one. What it has not read
 * in time may be overwritten: it must look after each turn of the producer, which writes no more
 * than the consumer left free before.
 *
 * <p>Errors: a producer that breaks the ring makes {@link #next} answer {@link RingStatus#BROKEN}
 * for good. Threads: one.
 */
final class RingTap implements AutoCloseable {
    private final PageView controlView;
    private final PageView dataView;
    private final ControlPage shared;
    private final ControlPage own;
    private final IncomingRing ring;

    /** The ring in these frames, its control page first, which must exist. */
    RingTap(final GuestMemory memory, final int[] frames) {
        controlView = memory.map(frames[0]);
        dataView = memory.map(Arrays.copyOfRange(frames, 1, frames.length));
        shared = new ControlPage(controlView.buffer());
        final UnsafeBuffer ownPage =
                new UnsafeBuffer(BufferUtil.allocateDirectAligned(ControlPage.BYTES, Long.BYTES));
        own = new ControlPage(ownPage);
        own.readIndexRelease((int) shared.readIndexAcquire());
        ring = new IncomingRing(ownPage, dataView.buffer(), dataView.buffer().capacity());
    }

    /** Takes the next packet as a private copy: a {@link RingStatus}. */
    int next() {
        ring.commitRead(); // The copy of the last packet is not needed any more.
        own.writeIndexRelease((int) shared.writeIndexAcquire());
        return ring.nextCopied();
    }

    /** The packet that was taken last. */
    IncomingRing packet() {
        return ring;
    }

    @Override
    public void close() {
        controlView.close();
        dataView.close();
    }
}
