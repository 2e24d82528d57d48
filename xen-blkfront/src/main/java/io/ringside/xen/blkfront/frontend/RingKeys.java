package io.ringside.xen.blkfront.frontend;

import io.ringside.xen.blkfront.protocol.BlkKeys;
import io.ringside.xenbus.device.XenbusDevice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * How rings are agreed on: what a backend that waits for them bears, and what it is told of ours.
 *
 * <p>An offer that is no number is refused and counted, and means the same as none. A larger offer
 * than we have use for is no fault.
 *
 * @param pageOrder log2 of the pages of each ring
 * @param queues how many rings
 * @param inPages whether the backend knows rings by {@code max-ring-pages}, as one vendor had it
 */
record RingKeys(int pageOrder, int queues, boolean inPages) {
    private static final String FEATURE_ON = "1";
    private static final String FEATURE_OFF = "0";

    /** What both ends can do. */
    static RingKeys agreed(final XenbusDevice device, final BlkfrontServices services) {
        final BlkfrontOptions options = services.options();
        final int maxOrder = offer(device, BlkKeys.MAX_RING_PAGE_ORDER, 0, services);
        final int maxPages = offer(device, BlkKeys.MAX_RING_PAGES, 1, services);
        final int queues = Math.max(1, offer(device, BlkKeys.MAX_QUEUES, 1, services));
        final boolean inPages = maxOrder == 0 && maxPages > 1;
        final int bound =
                inPages ? Integer.numberOfTrailingZeros(Integer.highestOneBit(maxPages)) : maxOrder;
        final int order = Math.min(bound, options.ringPageOrder());
        return new RingKeys(order, Math.min(queues, options.queues()), inPages && order != 0);
    }

    /** A number that the backend offers, or what it means that there is none. */
    static int offer(
            final XenbusDevice device,
            final String key,
            final int absent,
            final BlkfrontServices services) {
        final int offered = device.readInt(key, absent, Integer.MAX_VALUE);
        if (offered == XenbusDevice.REFUSED) {
            services.counters().refused(BlkfrontRefusal.OFFER);
            return absent;
        }
        return offered;
    }

    /**
     * Tells the backend of the rings, and takes away what an earlier connection told.
     *
     * @return whether the store took it
     */
    boolean publish(
            final XenbusDevice device, final RingShare[] rings, final BlkfrontOptions options) {
        final LinkedHashMap<String, String> keys = new LinkedHashMap<>();
        if (pageOrder != 0) {
            keys.put(
                    inPages ? BlkKeys.NUM_RING_PAGES : BlkKeys.RING_PAGE_ORDER,
                    Integer.toString(inPages ? 1 << pageOrder : pageOrder));
        }
        if (queues == 1) {
            putRing(keys, "", rings[0]);
        } else {
            keys.put(BlkKeys.NUM_QUEUES, Integer.toString(queues));
            for (int i = 0; i < queues; i++) {
                putRing(keys, BlkKeys.queue(i) + "/", rings[i]);
            }
        }
        if (options.layout() != null) {
            keys.put(BlkKeys.PROTOCOL, options.layout().protocolName());
        }
        keys.put(BlkKeys.FEATURE_PERSISTENT, options.persistentGrants() ? FEATURE_ON : FEATURE_OFF);
        return device.writeAll(keys, stale(device, keys));
    }

    private static void putRing(
            final LinkedHashMap<String, String> keys,
            final String directory,
            final RingShare ring) {
        if (ring.pageCount() == 1) {
            keys.put(directory + BlkKeys.RING_REF, Integer.toString(ring.reference(0)));
        } else {
            for (int page = 0; page < ring.pageCount(); page++) {
                keys.put(directory + BlkKeys.ringRef(page), Integer.toString(ring.reference(page)));
            }
        }
        keys.put(directory + BlkKeys.EVENT_CHANNEL, Integer.toString(ring.port()));
    }

    /** Every key that another connection may have left and this one does not write. */
    private static List<String> stale(
            final XenbusDevice device, final LinkedHashMap<String, String> keys) {
        final List<String> stale = new ArrayList<>();
        if (device.ownText(BlkKeys.FEATURE_PERSISTENT) == null) {
            return stale; // There was none.
        }
        for (int i = 0; i < BlkKeys.QUEUES_LIMIT; i++) {
            stale.add(BlkKeys.queue(i));
        }
        for (int page = 0; page < BlkKeys.RING_PAGES_LIMIT; page++) {
            stale.add(BlkKeys.ringRef(page));
        }
        stale.add(BlkKeys.RING_REF);
        stale.add(BlkKeys.EVENT_CHANNEL);
        stale.add(BlkKeys.RING_PAGE_ORDER);
        stale.add(BlkKeys.NUM_RING_PAGES);
        stale.add(BlkKeys.NUM_QUEUES);
        stale.add(BlkKeys.PROTOCOL);
        stale.removeAll(keys.keySet());
        return stale;
    }
}
