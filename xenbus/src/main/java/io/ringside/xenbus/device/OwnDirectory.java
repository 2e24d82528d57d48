package io.ringside.xenbus.device;

import io.ringside.xenbus.protocol.XenbusKeys;
import io.ringside.xenbus.protocol.XenbusState;
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
        return inTransaction((transaction, state) -> {
            for (final String name : stale) {
                if (store.readOrNull(transaction, key(name)) != null) {
                    store.remove(transaction, key(name));
                }
            }
            for (final Map.Entry<String, String> value : values.entrySet()) {
                store.write(transaction, key(value.getKey()), value.getValue());
            }
        });
    }

    /**
     * Writes the state.
     *
     * @param overClosing whether it may replace the state Closing: if not, and that stands there,
     *     it stays
     * @return false as {@link #writeAll}
     */
    boolean tell(final int state, final boolean overClosing) {
        final String closing = Integer.toString(XenbusState.CLOSING);
        return inTransaction((transaction, before) -> {
            if (overClosing || !before.equals(closing)) {
                store.write(transaction, key(XenbusKeys.STATE), Integer.toString(state));
            }
        });
    }

    /** What is written at once, given the state that stands there. */
    @FunctionalInterface
    private interface Writes {
        void send(int transaction, String state) throws XenStoreException;
    }

    private boolean inTransaction(final Writes writes) {
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            try {
                final int transaction = store.startTransaction();
                final boolean written = write(transaction, writes);
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
    private boolean write(final int transaction, final Writes writes) {
        final String state = store.readOrNull(transaction, key(XenbusKeys.STATE));
        if (state == null) {
            return false;
        }
        try {
            writes.send(transaction, state);
            return true;
        } catch (final XenStoreException refused) {
            return false;
        }
    }

    private String key(final String name) {
        return path + "/" + name;
    }
}
