package io.ringside.xenbus.device;

import io.ringside.xenbus.protocol.XenbusKeys;
import io.ringside.xenbus.store.XenStore;
import io.ringside.xenbus.store.XenStoreException;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The directory of one end, as that end itself reads and writes it.
 *
 * @param store the connection
 * @param path where it is, from the root
 */
record OwnDirectory(XenStore store, String path) {
    private static final int MAX_TRIES = 16;

    /** The text of a key, or null. */
    @Nullable String text(final String name) {
        return store.readOrNull(XenStore.NO_TRANSACTION, key(name));
    }

    /**
     * Writes keys and removes others, all at once.
     *
     * @return false if the store does not take it: the directory is gone, or never came to rest
     */
    boolean writeAll(final Map<String, String> values, final Collection<String> stale) {
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            try {
                final int transaction = store.startTransaction();
                final boolean written = write(transaction, values, stale);
                if (store.endTransaction(transaction, written)) {
                    return written;
                }
            } catch (final XenStoreException refused) {
                return false;
            }
        }
        return false;
    }

    /** Writes within a transaction; a directory that was taken away is not made again. */
    private boolean write(
            final int transaction,
            final Map<String, String> values,
            final Collection<String> stale) {
        if (store.readOrNull(transaction, key(XenbusKeys.STATE)) == null) {
            return false;
        }
        try {
            for (final String name : stale) {
                if (store.readOrNull(transaction, key(name)) != null) {
                    store.remove(transaction, key(name));
                }
            }
            for (final Map.Entry<String, String> value : values.entrySet()) {
                store.write(transaction, key(value.getKey()), value.getValue());
            }
            return true;
        } catch (final XenStoreException refused) {
            return false;
        }
    }

    private String key(final String name) {
        return path + "/" + name;
    }
}
