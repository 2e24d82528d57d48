package io.ringside.xen.netfront.backend;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.ringside.ringbuf.xen.BackRing;
import io.ringside.xen.netfront.protocol.NetifLimits;

/**
 * The pages that a frontend offers for what it receives, in the order in which they must be used:
 * each request is copied off the ring once, as soon as it is there.
 *
 * <p>Threads: one.
 */
final class PostedPages {
    private static final int MASK = NetifLimits.RX_SLOTS - 1;
    private static final int ID_MASK = 0xFFFF;

    private final BackRing ring;
    private final int[] ids = new int[NetifLimits.RX_SLOTS];
    private final int[] references = new int[NetifLimits.RX_SLOTS];
    private int first;
    private int count;

    PostedPages(final BackRing ring) {
        this.ring = ring;
    }

    /** Takes what was offered since; a ring has never more requests unanswered than slots. */
    void takeAll() {
        for (int left = ring.requests(); left != 0; left = ring.requests()) {
            for (int i = 0; i < left; i++) {
                // A whole RxRequest in one read.
                final long request = ring.buffer().getLong(ring.requestOffset(), LITTLE_ENDIAN);
                ring.requestTaken();
                final int at = first + count & MASK;
                ids[at] = (int) request & ID_MASK;
                references[at] = (int) (request >>> Integer.SIZE);
                count++;
            }
        }
    }

    /** How many pages there are. */
    int count() {
        return count;
    }

    /** What the frontend calls one of them, 0 being the next. */
    int id(final int index) {
        return ids[first + index & MASK];
    }

    /** Grant reference of one of them. */
    int reference(final int index) {
        return references[first + index & MASK];
    }

    /** The next pages are used. */
    void use(final int pages) {
        first = first + pages & MASK;
        count -= pages;
    }
}
