package io.ringside.xen.netfront.backend;

import io.ringside.xen.netfront.protocol.NetKeys;
import io.ringside.xenbus.device.XenbusDevice;
import io.ringside.xenbus.store.XenStore;
import io.ringside.xenbus.store.XenStoreException;

/**
 * The keys that may change at any time: whether the frontend wants multicasts held back, how much
 * it may send, and whether the hotplug script is done.
 *
 * <p>However often a key is written, it is looked at once for each {@link #poll} at most. A store
 * that takes no more watches means that changes are not heard of. Threads: one.
 */
final class KeyWatches {
    /** The frontend's {@link NetKeys#REQUEST_MULTICAST_CONTROL}. */
    static final int MULTICAST = 1;

    /** Our own {@link NetKeys#RATE}. */
    static final int RATE = 2;

    /** Our own {@link NetKeys#HOTPLUG_STATUS}. */
    static final int HOTPLUG = 4;

    private static final int MAX_EVENTS = 64;
    private static final String[] TOKENS = {"multicast", "rate", "hotplug"};

    private final XenStore store;
    private final String[] paths = {"", "", ""};

    KeyWatches(final XenStore store) {
        this.store = store;
    }

    /** Watches the keys of a device, and those of no other any more. */
    void attach(final XenbusDevice device) {
        watch(0, device.otherEndPath() + "/" + NetKeys.REQUEST_MULTICAST_CONTROL);
        watch(1, device.path() + "/" + NetKeys.RATE);
        watch(2, device.path() + "/" + NetKeys.HOTPLUG_STATUS);
    }

    private void watch(final int key, final String path) {
        if (paths[key].equals(path)) {
            return;
        }
        try {
            if (!paths[key].isEmpty()) {
                store.unwatch(paths[key], TOKENS[key]);
            }
            store.watch(path, TOKENS[key]);
            paths[key] = path;
        } catch (final XenStoreException refused) {
            paths[key] = "";
        }
    }

    /** Takes the events that wait, a bounded number; answers which keys to look at. */
    int poll() {
        int changed = 0;
        for (int i = 0; i < MAX_EVENTS; i++) {
            final XenStore.WatchEvent event = store.pollWatchEvent();
            if (event == null) {
                break;
            }
            for (int key = 0; key < TOKENS.length; key++) {
                changed |= event.token().equals(TOKENS[key]) ? 1 << key : 0;
            }
        }
        return changed;
    }

    /** Ends all watches with the connection. */
    void close() {
        store.close();
    }
}
