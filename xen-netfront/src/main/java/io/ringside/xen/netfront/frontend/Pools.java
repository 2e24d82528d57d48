package io.ringside.xen.netfront.frontend;

import io.ringside.device.guest.NetFrame;
import io.ringside.xenbus.grant.GrantQuarantine;
import java.util.ArrayList;
import java.util.List;

/**
 * What outlives a connection: the frames that the workload may still hold, and the pages that a
 * backend has still mapped.
 *
 * <p>Threads: one.
 */
final class Pools {
    private final Kit kit;
    private final GrantQuarantine quarantine;
    private final LostGrants lost;
    private final List<ReceivePool> pools = new ArrayList<>();

    Pools(final Kit kit) {
        this.kit = kit;
        this.quarantine = new GrantQuarantine(kit.services().grants(), kit.services().frames());
        this.lost = new LostGrants(kit.services().grants());
    }

    /** Where pages of our own go that do not come home. */
    GrantQuarantine quarantine() {
        return quarantine;
    }

    /** Where grants of callers' pages go that do not end. */
    LostGrants lost() {
        return lost;
    }

    /** The pool of one queue, for a connection that begins. */
    ReceivePool open(final int queue, final int backendDomain, final ReceivePages policy) {
        while (pools.size() <= queue) {
            pools.add(new ReceivePool(kit, quarantine, pools.size()));
        }
        final ReceivePool pool = pools.get(queue);
        pool.open(backendDomain, policy);
        return pool;
    }

    /** Ends the loan of a frame; answers which queue's it was. */
    int giveBack(final NetFrame frame) {
        final int queue = ReceivePool.queueOf(frame);
        if (queue >= pools.size()) {
            throw new IllegalArgumentException("not lent by this device: tag=" + frame.tag());
        }
        pools.get(queue).giveBack(frame);
        return queue;
    }

    /** How many pages the backend should have given back. */
    int keptCount() {
        return quarantine.heldCount() + lost.count();
    }

    /** Tries these once more; answers how many have come home. */
    int reclaim() {
        return quarantine.reclaim() + lost.reclaim();
    }
}
