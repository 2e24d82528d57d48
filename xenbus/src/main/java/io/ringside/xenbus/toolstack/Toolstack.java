package io.ringside.xenbus.toolstack;

import io.ringside.xenbus.protocol.XenStoreErrors;
import io.ringside.xenbus.protocol.XenbusKeys;
import io.ringside.xenbus.protocol.XenbusState;
import io.ringside.xenbus.store.XenStore;
import io.ringside.xenbus.store.XenStoreException;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Writes into the store what an administrator's tool would: the homes of domains, and the two
 * directories by which the ends of a device meet.
 *
 * <p>Each end owns its directory and may read the other's. Both come into being in one transaction,
 * the frontend's first. The domains must exist: permissions name a domain that is there, and mean
 * nothing for one that comes later under its number.
 *
 * <p>Errors: a {@link XenStoreException} when the store refuses, {@code EAGAIN} when it never came
 * to rest. Threads: one.
 *
 * <p>Source: the keys that xl writes, in its order.
 */
public final class Toolstack {
    private static final int MAX_TRIES = 16;

    private final XenStore store;

    /** A tool with a privileged connection of its own. */
    public Toolstack(final XenStore privilegedStore) {
        this.store = privilegedStore;
    }

    /** One transaction's worth of requests. */
    @FunctionalInterface
    private interface Requests {
        void send(int transaction) throws XenStoreException;
    }

    /** Makes the home of a domain, unless there is one: readable by the domain, owned by nobody. */
    public void createHome(final int domain) throws XenStoreException {
        inTransaction(transaction -> createHome(transaction, domain));
    }

    /** Removes the home of a domain with all that is in it, if there is one. */
    public void removeHome(final int domain) throws XenStoreException {
        inTransaction(transaction -> {
            final String home = XenbusKeys.home(domain);
            if (store.readOrNull(transaction, home) != null) {
                store.remove(transaction, home);
            }
        });
    }

    /**
     * Makes a block device: both ends in state Initialising. What is there of the same device is
     * gone, and its ends begin anew: so a device is given back to a domain that died and came back.
     */
    public void createVbd(final VbdConfig vbd) throws XenStoreException {
        create(vbd);
    }

    /** Makes a network device, as {@link #createVbd} does a block device. */
    public void createVif(final VifConfig vif) throws XenStoreException {
        create(vif);
    }

    /**
     * Has another backend serve a block device, whatever became of the first: the backend's old
     * directory is removed, a new one made, and the frontend's names it. Both ends begin anew; the
     * frontend learns it from its own directory.
     *
     * @param from the device as it is
     * @param to the same device with another backend, or with the same one that has begun anew
     */
    public void moveVbd(final VbdConfig from, final VbdConfig to) throws XenStoreException {
        move(from, to);
    }

    /** Has another backend serve a network device, as {@link #moveVbd} does for a block device. */
    public void moveVif(final VifConfig from, final VifConfig to) throws XenStoreException {
        move(from, to);
    }

    /**
     * Unplugs a block device in good order, the first half: asks the backend to stop, and not to
     * wait for the frontend to come back. {@link #removeClosedVbd} is the second half.
     */
    public void closeVbd(final VbdConfig vbd) throws XenStoreException {
        close(vbd);
    }

    /** Unplugs a network device in good order, the first half, as {@link #closeVbd}. */
    public void closeVif(final VifConfig vif) throws XenStoreException {
        close(vif);
    }

    /**
     * Removes a block device if its backend has closed, or is gone: nothing of the frontend's is
     * mapped then.
     *
     * @return whether it did; if not, ask again later, or {@link #removeVbd} by force
     */
    public boolean removeClosedVbd(final VbdConfig vbd) throws XenStoreException {
        return removeClosed(vbd);
    }

    /** Removes a network device if its backend has closed, as {@link #removeClosedVbd}. */
    public boolean removeClosedVif(final VifConfig vif) throws XenStoreException {
        return removeClosed(vif);
    }

    /** Removes a block device by force, whatever its state, and the directories left empty. */
    public void removeVbd(final VbdConfig vbd) throws XenStoreException {
        remove(vbd);
    }

    /** Removes a network device by force, as {@link #removeVbd}. */
    public void removeVif(final VifConfig vif) throws XenStoreException {
        remove(vif);
    }

    private void create(final DeviceConfig device) throws XenStoreException {
        inTransaction(transaction -> {
            createHome(transaction, device.frontendDomain());
            createHome(transaction, device.backendDomain());
            writeBoth(transaction, device);
        });
    }

    private void move(final DeviceConfig from, final DeviceConfig to) throws XenStoreException {
        if (!from.frontendPath().equals(to.frontendPath())) {
            throw new IllegalArgumentException("not the same device: from=" + from + " to=" + to);
        }
        inTransaction(transaction -> {
            createHome(transaction, to.backendDomain());
            removeUpwards(transaction, from.backendPath(), XenbusKeys.home(from.backendDomain()));
            writeBoth(transaction, to);
        });
    }

    private void close(final DeviceConfig device) throws XenStoreException {
        final String path = device.backendPath();
        inTransaction(transaction -> {
            put(transaction, path, XenbusKeys.ONLINE, "0");
            put(transaction, path, XenbusKeys.STATE, state(XenbusState.CLOSING));
        });
    }

    private boolean removeClosed(final DeviceConfig device) throws XenStoreException {
        final String told =
                store.readOrNull(
                        XenStore.NO_TRANSACTION, device.backendPath() + "/" + XenbusKeys.STATE);
        if (told != null && !told.equals(state(XenbusState.CLOSED))) {
            return false;
        }
        remove(device);
        return true;
    }

    private void remove(final DeviceConfig device) throws XenStoreException {
        inTransaction(transaction -> {
            removeUpwards(
                    transaction,
                    device.frontendPath(),
                    XenbusKeys.home(device.frontendDomain()) + "/device");
            removeUpwards(
                    transaction, device.backendPath(), XenbusKeys.home(device.backendDomain()));
        });
    }

    private void createHome(final int transaction, final int domain) throws XenStoreException {
        final String home = XenbusKeys.home(domain);
        if (store.readOrNull(transaction, home) != null) {
            return;
        }
        final List<String> readable = List.of("n0", "r" + domain);
        makeDirectory(transaction, home, readable);
        put(transaction, home, "domid", Integer.toString(domain));
        makeDirectory(transaction, home + "/device", readable);
        makeDirectory(transaction, home + "/data", List.of("n" + domain));
    }

    /** The two directories of a device, each readable by the other end. */
    private void writeBoth(final int transaction, final DeviceConfig device)
            throws XenStoreException {
        final int front = device.frontendDomain();
        final int back = device.backendDomain();
        makeDirectory(transaction, device.frontendPath(), List.of("n" + front, "r" + back));
        putAll(transaction, device.frontendPath(), device.frontendKeys());
        makeDirectory(transaction, device.backendPath(), List.of("n" + back, "r" + front));
        putAll(transaction, device.backendPath(), device.backendKeys());
    }

    private void putAll(
            final int transaction, final String path, final SequencedMap<String, String> keys)
            throws XenStoreException {
        for (final Map.Entry<String, String> key : keys.entrySet()) {
            put(transaction, path, key.getKey(), key.getValue());
        }
    }

    /** A directory with nothing in it; what was there before is gone. */
    private void makeDirectory(
            final int transaction, final String path, final List<String> permissions)
            throws XenStoreException {
        if (store.readOrNull(transaction, path) != null) {
            store.remove(transaction, path);
        }
        store.mkdir(transaction, path);
        store.setPermissions(transaction, path, permissions);
    }

    private void put(final int transaction, final String path, final String key, final String value)
            throws XenStoreException {
        store.write(transaction, path + "/" + key, value);
    }

    /**
     * Removes a directory, and each one above it that is then empty, up to but not with the top.
     */
    private void removeUpwards(final int transaction, final String path, final String top)
            throws XenStoreException {
        String at = path;
        while (at.length() > top.length() && store.readOrNull(transaction, at) != null) {
            store.remove(transaction, at);
            at = at.substring(0, at.lastIndexOf('/'));
            if (!store.directory(transaction, at).isEmpty()) {
                return;
            }
        }
    }

    private void inTransaction(final Requests requests) throws XenStoreException {
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            final int transaction = store.startTransaction();
            boolean sent = false;
            try {
                requests.send(transaction);
                sent = true;
            } finally {
                if (!sent) {
                    store.endTransaction(transaction, false);
                }
            }
            if (store.endTransaction(transaction, true)) {
                return;
            }
        }
        throw new XenStoreException(XenStoreErrors.EAGAIN, "the store never came to rest");
    }

    private static String state(final int state) {
        return Integer.toString(state);
    }
}
