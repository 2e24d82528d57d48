package io.ringside.xen.netfront.frontend;

import io.ringside.xen.netfront.protocol.ExtraInfo;
import org.agrona.collections.LongHashSet;

/**
 * Which multicasts one backend has been asked for, so that it is told what has changed and no more.
 *
 * <p>Threads: one.
 */
final class MulticastJoins {
    private final LongHashSet told = new LongHashSet();
    private final TransmitQueue queue;

    /** Nothing is asked for yet; requests go out on one queue among the packets. */
    MulticastJoins(final TransmitQueue queue) {
        this.queue = queue;
    }

    /**
     * Asks for what is wanted, and no more for what is not.
     *
     * @return false if there was no room for all of it: try again later
     */
    boolean tell(final LongHashSet wanted) {
        for (final long address : told.toArray(new Long[0])) {
            if (!wanted.contains(address)) {
                if (!queue.submitMulticast(ExtraInfo.MULTICAST_DELETE, address)) {
                    return false;
                }
                told.remove(address);
            }
        }
        for (final long address : wanted.toArray(new Long[0])) {
            if (!told.contains(address)) {
                if (!queue.submitMulticast(ExtraInfo.MULTICAST_ADD, address)) {
                    return false;
                }
                told.add(address);
            }
        }
        return true;
    }
}
