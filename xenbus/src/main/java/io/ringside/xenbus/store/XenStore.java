package io.ringside.xenbus.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One domain's connection to the xenstore: a tree of small values with watches and transactions.
 *
 * <p>Paths are absolute ({@code /local/domain/1/...}) or relative to the domain's own home. A
 * transaction is a number; {@link #NO_TRANSACTION} means outside of any. Errors carry the wire's
 * names ({@code ENOENT}, {@code EAGAIN}).
 *
 * <p>Threads: one a connection. Control plane only: it may allocate.
 */
public interface XenStore {
    /** Outside of any transaction. */
    int NO_TRANSACTION = 0;

    /** The domain this connection speaks for. */
    int domainId();

    /** {@code XS_READ}. */
    String read(int transaction, String path) throws XenStoreException;

    /** {@code XS_READ}, or null where there is no such node (or it may not be read). */
    @Nullable String readOrNull(int transaction, String path);

    /** {@code XS_WRITE}: makes missing parents. */
    void write(int transaction, String path, String value) throws XenStoreException;

    /** {@code XS_MKDIR}. */
    void mkdir(int transaction, String path) throws XenStoreException;

    /** {@code XS_RM}: removes the node and all below it. */
    void remove(int transaction, String path) throws XenStoreException;

    /** {@code XS_DIRECTORY}: the names of the children. */
    List<String> directory(int transaction, String path) throws XenStoreException;

    /** {@code XS_GET_PERMS}: owner first, for example {@code n1}, {@code r2}. */
    List<String> permissions(int transaction, String path) throws XenStoreException;

    /** {@code XS_SET_PERMS}. */
    void setPermissions(int transaction, String path, List<String> permissions)
            throws XenStoreException;

    /** {@code XS_TRANSACTION_START}. */
    int startTransaction() throws XenStoreException;

    /**
     * {@code XS_TRANSACTION_END}.
     *
     * @param commit false drops all changes
     * @return false if something it depends on has changed ({@code EAGAIN}): do it all again
     * @throws XenStoreException also if others have used up what it needs: it is over, and nothing
     *     has changed
     */
    boolean endTransaction(int transaction, boolean commit) throws XenStoreException;

    /** {@code XS_WATCH}: one event comes at once, then one for each change at or below the path. */
    void watch(String path, String token) throws XenStoreException;

    /** {@code XS_UNWATCH}. */
    void unwatch(String path, String token) throws XenStoreException;

    /** The next watch event, or null if none is waiting. */
    @Nullable WatchEvent pollWatchEvent();

    /** Gives back watches, transactions and the connection. */
    void close();

    /**
     * A change under a watch.
     *
     * @param path the node that changed (relative if the watch was)
     * @param token the watch's own token
     */
    record WatchEvent(String path, String token) {}
}
