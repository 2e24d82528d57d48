package io.ringside.xen.blkfront.backend;

import io.ringside.xen.blkfront.protocol.BlkAbi;
import io.ringside.xen.blkfront.protocol.BlkKeys;
import io.ringside.xenbus.device.XenbusDevice;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a frontend has published about its rings: each key is read once, and what makes no sense is
 * refused as a whole.
 *
 * @param abi the layout of the slots
 * @param persistent whether the frontend uses its pages again and again
 * @param queues the rings, 1 to as many as were offered
 */
record FrontendKeys(BlkAbi abi, boolean persistent, List<Queue> queues) {
    private static final int MAX_REFERENCE = Integer.MAX_VALUE;
    private static final int MAX_PORT = Integer.MAX_VALUE;

    /**
     * One ring.
     *
     * @param ringReferences the grants of its pages, 1 to 16
     * @param port the frontend's port
     */
    record Queue(List<Integer> ringReferences, int port) {}

    /** Reads them, or answers null for what cannot be. */
    static @Nullable FrontendKeys read(final XenbusDevice device, final BlkbackOptions options) {
        final BlkAbi abi = BlkAbi.named(device.readText(BlkKeys.PROTOCOL));
        final int persistent = device.readInt(BlkKeys.FEATURE_PERSISTENT, 0, 1);
        final int pageOrder =
                device.readInt(
                        BlkKeys.RING_PAGE_ORDER,
                        orderOfPages(device, options),
                        options.maxRingPageOrder());
        final int queueCount = device.readInt(BlkKeys.NUM_QUEUES, 1, options.maxQueues());
        if (abi == null
                || persistent == XenbusDevice.REFUSED
                || pageOrder == XenbusDevice.REFUSED
                || queueCount == XenbusDevice.REFUSED
                || queueCount == 0) {
            return null;
        }
        final List<Queue> queues = new ArrayList<>();
        for (int i = 0; i < queueCount; i++) {
            final String directory = queueCount == 1 ? "" : BlkKeys.queue(i) + "/";
            final Queue queue = readQueue(device, directory, 1 << pageOrder);
            if (queue == null) {
                return null;
            }
            queues.add(queue);
        }
        return new FrontendKeys(abi, persistent != 0, queues);
    }

    /** What the deprecated key says, which counts only where the other is missing. */
    private static int orderOfPages(final XenbusDevice device, final BlkbackOptions options) {
        final int pages =
                device.readInt(BlkKeys.NUM_RING_PAGES, 1, 1 << options.maxRingPageOrder());
        return Integer.bitCount(pages) == 1
                ? Integer.numberOfTrailingZeros(pages)
                : XenbusDevice.REFUSED;
    }

    private static @Nullable Queue readQueue(
            final XenbusDevice device, final String directory, final int pageCount) {
        final List<Integer> references = new ArrayList<>();
        for (int page = 0; page < pageCount; page++) {
            final String key = pageCount == 1 ? BlkKeys.RING_REF : BlkKeys.ringRef(page);
            final int reference =
                    device.readInt(directory + key, XenbusDevice.REFUSED, MAX_REFERENCE);
            if (reference == XenbusDevice.REFUSED) {
                return null;
            }
            references.add(reference);
        }
        final int port =
                device.readInt(directory + BlkKeys.EVENT_CHANNEL, XenbusDevice.REFUSED, MAX_PORT);
        return port == XenbusDevice.REFUSED ? null : new Queue(references, port);
    }
}
