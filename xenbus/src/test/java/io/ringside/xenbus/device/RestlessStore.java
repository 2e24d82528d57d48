package io.ringside.xenbus.device;

import io.ringside.xenbus.store.XenStore;
import io.ringside.xenbus.store.XenStoreException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connection on which somebody else changes every node that a transaction has just written. */
final class RestlessStore implements XenStore {
    private final XenStore own;
    private final XenStore other;

    RestlessStore(final XenStore own, final XenStore other) {
        this.own = own;
        this.other = other;
    }

    @Override
    public int domainId() {
        return own.domainId();
    }

    @Override
    public String read(final int transaction, final String path) throws XenStoreException {
        return own.read(transaction, path);
    }

    @Override
    public @Nullable String readOrNull(final int transaction, final String path) {
        return own.readOrNull(transaction, path);
    }

    @Override
    public void write(final int transaction, final String path, final String value)
            throws XenStoreException {
        own.write(transaction, path, value);
        other.write(NO_TRANSACTION, path, value);
    }

    @Override
    public void mkdir(final int transaction, final String path) throws XenStoreException {
        own.mkdir(transaction, path);
    }

    @Override
    public void remove(final int transaction, final String path) throws XenStoreException {
        own.remove(transaction, path);
    }

    @Override
    public List<String> directory(final int transaction, final String path)
            throws XenStoreException {
        return own.directory(transaction, path);
    }

    @Override
    public List<String> permissions(final int transaction, final String path)
            throws XenStoreException {
        return own.permissions(transaction, path);
    }

    @Override
    public void setPermissions(
            final int transaction, final String path, final List<String> permissions)
            throws XenStoreException {
        own.setPermissions(transaction, path, permissions);
    }

    @Override
    public int startTransaction() throws XenStoreException {
        return own.startTransaction();
    }

    @Override
    public boolean endTransaction(final int transaction, final boolean commit)
            throws XenStoreException {
        return own.endTransaction(transaction, commit);
    }

    @Override
    public void watch(final String path, final String token) throws XenStoreException {
        own.watch(path, token);
    }

    @Override
    public void unwatch(final String path, final String token) throws XenStoreException {
        own.unwatch(path, token);
    }

    @Override
    public @Nullable WatchEvent pollWatchEvent() {
        return own.pollWatchEvent();
    }

    @Override
    public void close() {
        own.close();
    }
}
