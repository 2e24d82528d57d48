package io.ringside.xen.blkfront.frontend;

import io.ringside.ringbuf.memory.PageView;
import io.ringside.ringbuf.xen.FrontRing;
import io.ringside.xenbus.grant.GrantQuarantine;
import io.ringside.xenbus.grant.GrantTable;
import java.util.Arrays;

/**
 * What one queue shares with the backend for as long as a connection lasts: the pages of a ring,
 * their grants, and a port.
 *
 * <p>Threads: one.
 */
final class RingShare {
    private final BlkfrontServices services;
    private final int[] frames;
    private final int[] references;
    private final PageView pages;
    private final FrontRing ring;
    private final int port;

    /**
     * Takes pages and a port, and grants them to the backend. {@link #isWhole} says whether there
     * were any left.
     */
    RingShare(final BlkfrontServices services, final int backendDomain, final int pageOrder) {
        this.services = services;
        frames = new int[1 << pageOrder];
        references = new int[frames.length];
        Arrays.setAll(frames, page -> services.frames().allocate());
        pages = services.memory().map(frames);
        pages.buffer().setMemory(0, pages.buffer().capacity(), (byte) 0);
        ring = FrontRing.initialise(pages.buffer(), services.options().abi().requestBytes());
        Arrays.setAll(
                references,
                page -> services.grants().grantAccess(backendDomain, frames[page], false));
        port = services.events().allocUnbound(backendDomain);
    }

    /** Shares that are all alike; none if the guest has no frames for all of them. */
    static RingShare[] all(
            final BlkfrontServices services, final int backendDomain, final RingKeys agreed) {
        if (!services.hasFrames(agreed.queues() << agreed.pageOrder())) {
            return Stage.NO_RINGS;
        }
        final RingShare[] rings = new RingShare[agreed.queues()];
        Arrays.setAll(rings, queue -> new RingShare(services, backendDomain, agreed.pageOrder()));
        return rings;
    }

    /** Whether there are any, and each of them is whole. */
    static boolean areWhole(final RingShare[] rings) {
        for (final RingShare ring : rings) {
            if (!ring.isWhole()) {
                return false;
            }
        }
        return rings.length != 0;
    }

    /** How many requests they hold together. */
    static int slotCount(final RingShare[] rings) {
        int count = 0;
        for (final RingShare ring : rings) {
            count += ring.ring.slotCount();
        }
        return count;
    }

    /** Whether there are both grants and a port to tell the backend. */
    boolean isWhole() {
        for (final int reference : references) {
            if (reference == GrantTable.NO_REFERENCE) {
                return false;
            }
        }
        return port > 0;
    }

    /** How many pages the ring has. */
    int pageCount() {
        return frames.length;
    }

    /** The grant of one page of the ring. */
    int reference(final int page) {
        return references[page];
    }

    /** The port that the backend binds. */
    int port() {
        return port;
    }

    /** Our half of the ring. */
    FrontRing ring() {
        return ring;
    }

    /** Takes all of them back. */
    static void closeAll(final RingShare[] rings, final GrantQuarantine quarantine) {
        for (final RingShare ring : rings) {
            ring.close(quarantine);
        }
    }

    /** Takes all of it back; a page that the backend has mapped goes to its quarantine. */
    void close(final GrantQuarantine quarantine) {
        if (port > 0) {
            services.events().close(port);
        }
        pages.close();
        for (int page = 0; page < frames.length; page++) {
            if (references[page] == GrantTable.NO_REFERENCE) {
                services.frames().free(frames[page]);
            } else {
                quarantine.release(references[page], frames[page]);
            }
        }
    }
}
