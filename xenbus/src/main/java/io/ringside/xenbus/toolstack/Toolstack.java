package io.ringside.xenbus.toolstack;

import io.ringside.xenbus.protocol.XenStoreErrors;
import io.ringside.xenbus.protocol.XenbusKeys;
import io.ringside.xenbus.protocol.XenbusState;
import io.ringside.xenbus.store.XenStore;
import io.ringside.xenbus.store.XenStoreException;
import java.util.List;

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
        inTransaction(transaction -> {
            createHome(transaction, vbd.frontendDomain());
            createHome(transaction, vbd.backendDomain());
            writeFrontend(transaction, vbd);
            writeBackend(transaction, vbd);
        });
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
        if (!from.frontendPath().equals(to.frontendPath())) {
            throw new IllegalArgumentException("not the same device: from=" + from + " to=" + to);
        }
        inTransaction(transaction -> {
            createHome(transaction, to.backendDomain());
            removeUpwards(transaction, from.backendPath(), XenbusKeys.home(from.backendDomain()));
            writeFrontend(transaction, to);
            writeBackend(transaction, to);
        });
    }

    /**
     * Unplugs a block device in good order, the first half: asks the backend to stop, and not to
     * wait for the frontend to come back. {@link #removeClosedVbd} is the second half.
     */
    public void closeVbd(final VbdConfig vbd) throws XenStoreException {
        final String path = vbd.backendPath();
        inTransaction(transaction -> {
            put(transaction, path, XenbusKeys.ONLINE, "0");
            put(transaction, path, XenbusKeys.STATE, state(XenbusState.CLOSING));
        });
    }

    /**
     * Removes a block device if its backend has closed, or is gone: nothing of the frontend's is
     * mapped then.
     *
     * @return whether it did; if not, ask again later, or {@link #removeVbd} by force
     */
    public boolean removeClosedVbd(final VbdConfig vbd) throws XenStoreException {
        final String told =
                store.readOrNull(
                        XenStore.NO_TRANSACTION, vbd.backendPath() + "/" + XenbusKeys.STATE);
        if (told != null && !told.equals(state(XenbusState.CLOSED))) {
            return false;
        }
        removeVbd(vbd);
        return true;
    }

    /** Removes a block device by force, whatever its state, and the directories left empty. */
    public void removeVbd(final VbdConfig vbd) throws XenStoreException {
        inTransaction(transaction -> {
            removeUpwards(
                    transaction,
                    vbd.frontendPath(),
                    XenbusKeys.home(vbd.frontendDomain()) + "/device");
            removeUpwards(transaction, vbd.backendPath(), XenbusKeys.home(vbd.backendDomain()));
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

    private void writeFrontend(final int transaction, final VbdConfig vbd)
            throws XenStoreException {
        final String path = vbd.frontendPath();
        final String device = Integer.toString(vbd.virtualDevice());
        makeDirectory(
                transaction, path, List.of("n" + vbd.frontendDomain(), "r" + vbd.backendDomain()));
        put(transaction, path, XenbusKeys.BACKEND, vbd.backendPath());
        put(transaction, path, XenbusKeys.BACKEND_ID, Integer.toString(vbd.backendDomain()));
        put(transaction, path, XenbusKeys.STATE, state(XenbusState.INITIALISING));
        put(transaction, path, XenbusKeys.HANDLE, device);
        put(transaction, path, XenbusKeys.VIRTUAL_DEVICE, device);
        put(transaction, path, XenbusKeys.DEVICE_TYPE, "disk");
    }

    private void writeBackend(final int transaction, final VbdConfig vbd) throws XenStoreException {
        final String path = vbd.backendPath();
        makeDirectory(
                transaction, path, List.of("n" + vbd.backendDomain(), "r" + vbd.frontendDomain()));
        put(transaction, path, XenbusKeys.FRONTEND, vbd.frontendPath());
        put(transaction, path, XenbusKeys.PARAMS, vbd.params());
        put(transaction, path, XenbusKeys.FRONTEND_ID, Integer.toString(vbd.frontendDomain()));
        put(transaction, path, XenbusKeys.ONLINE, "1");
        put(transaction, path, XenbusKeys.STATE, state(XenbusState.INITIALISING));
        put(transaction, path, XenbusKeys.HANDLE, Integer.toString(vbd.virtualDevice()));
        put(transaction, path, XenbusKeys.MODE, vbd.readOnly() ? "r" : "w");
        put(transaction, path, XenbusKeys.DEVICE_TYPE, "disk");
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
