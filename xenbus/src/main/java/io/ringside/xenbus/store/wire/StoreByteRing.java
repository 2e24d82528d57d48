package io.ringside.xenbus.store.wire;

import io.ringside.xenbus.protocol.StoreRingPage;
import java.nio.ByteBuffer;

/**
 * One end of one ring of bytes. Its own index it knows by heart; the peer's is checked each time.
 *
 * <p>Errors: {@link #BROKEN} when the peer's index cannot be. Threads: one.
 */
public final class StoreByteRing {
    /** The peer's index cannot be. */
    public static final int BROKEN = -1;

    private final StoreRingPage page;
    private final int ring;
    private int ownIndex;

    /**
     * An end of a ring.
     *
     * @param ring {@link StoreRingPage#REQUESTS} or {@link StoreRingPage#RESPONSES}
     */
    public StoreByteRing(final StoreRingPage page, final int ring) {
        this.page = page;
        this.ring = ring;
    }

    /** Both ends begin at 0 again. */
    public void reset() {
        ownIndex = 0;
    }

    /** Takes what is there, as far as there is room; how many bytes, or {@link #BROKEN}. */
    public int read(final ByteBuffer target) {
        final int waiting = page.producerAcquire(ring) - ownIndex;
        if (Integer.compareUnsigned(waiting, StoreRingPage.RING_BYTES) > 0) {
            return BROKEN;
        }
        final int count = Math.min(waiting, target.remaining());
        int left = count;
        while (left > 0) {
            final int position = ownIndex & (StoreRingPage.RING_BYTES - 1);
            final int chunk = Math.min(left, StoreRingPage.RING_BYTES - position);
            page.getBytes(ring, position, target, chunk);
            ownIndex += chunk;
            left -= chunk;
        }
        if (count > 0) {
            page.consumerRelease(ring, ownIndex);
        }
        return count;
    }

    /** Puts as much as there is room for; how many bytes, or {@link #BROKEN}. */
    public int write(final ByteBuffer source) {
        final int used = ownIndex - page.consumerAcquire(ring);
        if (Integer.compareUnsigned(used, StoreRingPage.RING_BYTES) > 0) {
            return BROKEN;
        }
        final int count = Math.min(StoreRingPage.RING_BYTES - used, source.remaining());
        int left = count;
        while (left > 0) {
            final int position = ownIndex & (StoreRingPage.RING_BYTES - 1);
            final int chunk = Math.min(left, StoreRingPage.RING_BYTES - position);
            page.putBytes(ring, position, source, chunk);
            ownIndex += chunk;
            left -= chunk;
        }
        if (count > 0) {
            page.producerRelease(ring, ownIndex);
        }
        return count;
    }
}
