package io.ringside.xenbus.device;

import io.ringside.xenbus.protocol.XenbusKeys;
import io.ringside.xenbus.store.XenStore;
import io.ringside.xenbus.store.XenStoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Where a domain learns which devices of one kind are plugged in and unplugged while it runs.
 *
 * <pre>
 *   frontends   /local/domain/[own]/device/[kind]/[device]
 *   backends    /local/domain/[own]/backend/[kind]/[frontend's domain]/[device]
 * </pre>
 *
 * <p>A directory with a {@code state} key is a device. One that is removed and made again between
 * two looks is the same device: its {@link XenbusDevice#incarnation} tells. After a suspend the
 * domain makes another bus, since its number and its connection are others.
 *
 * <p>Threads: one. Control plane: it allocates.
 */
public final class DeviceBus {
    private static final int MAX_EVENTS = 64;

    private final XenStore store;
    private final String root;
    private final int levels;
    private final TreeSet<String> known = new TreeSet<>();

    private DeviceBus(final XenStore store, final String side, final String kind, final int levels)
            throws XenStoreException {
        this.store = store;
        this.root = XenbusKeys.home(store.domainId()) + "/" + side + "/" + kind;
        this.levels = levels;
        store.watch(root, root);
    }

    /** Hears which devices come and go. */
    public interface Devices {
        /** A device is there; its other end may not be, yet. */
        void appeared(String path);

        /** A device is gone. */
        void vanished(String path);
    }

    /**
     * The frontends of the domain that a connection speaks for.
     *
     * @param store a connection of its own
     * @param kind the kind of device, for example {@code vbd}
     */
    public static DeviceBus ofFrontends(final XenStore store, final String kind)
            throws XenStoreException {
        return new DeviceBus(store, "device", kind, 1);
    }

    /** The backends in the same way. */
    public static DeviceBus ofBackends(final XenStore store, final String kind)
            throws XenStoreException {
        return new DeviceBus(store, "backend", kind, 2);
    }

    /** Takes the watch events that wait, a bounded number; answers how many devices changed. */
    public int poll(final Devices devices) {
        boolean look = false;
        for (int i = 0; i < MAX_EVENTS; i++) {
            final XenStore.WatchEvent event = store.pollWatchEvent();
            if (event == null) {
                break;
            }
            look |= isDeviceOrAbove(event.path());
        }
        return look ? compare(devices) : 0;
    }

    /** Which devices there were at the last look. */
    public List<String> paths() {
        return List.copyOf(known);
    }

    /** Stops watching, and closes the connection. */
    public void close() {
        store.close();
    }

    /** What devices write below their own directories is not looked at. */
    private boolean isDeviceOrAbove(final String path) {
        int depth = 0;
        for (int i = root.length(); i < path.length(); i++) {
            depth += path.charAt(i) == '/' ? 1 : 0;
        }
        return depth <= levels;
    }

    private int compare(final Devices devices) {
        final TreeSet<String> found = new TreeSet<>();
        addDevices(root, levels, found);
        final List<String> gone = new ArrayList<>(known);
        gone.removeAll(found);
        final List<String> fresh = new ArrayList<>(found);
        fresh.removeAll(known);
        known.clear();
        known.addAll(found);
        gone.forEach(devices::vanished);
        fresh.forEach(devices::appeared);
        return gone.size() + fresh.size();
    }

    private void addDevices(final String at, final int below, final TreeSet<String> found) {
        if (below == 0) {
            if (store.readOrNull(XenStore.NO_TRANSACTION, at + "/" + XenbusKeys.STATE) != null) {
                found.add(at);
            }
            return;
        }
        for (final String name : names(at)) {
            addDevices(at + "/" + name, below - 1, found);
        }
    }

    /** The children of a directory; none if it is not there, or may not be read. */
    private List<String> names(final String at) {
        try {
            return store.directory(XenStore.NO_TRANSACTION, at);
        } catch (final XenStoreException absent) {
            return List.of();
        }
    }
}
