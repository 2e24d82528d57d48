package io.ringside.xenbus.device;

import io.ringside.xenbus.protocol.DomainId;
import io.ringside.xenbus.protocol.XenStoreErrors;
import io.ringside.xenbus.protocol.XenbusKeys;
import io.ringside.xenbus.protocol.XenbusState;
import io.ringside.xenbus.store.XenStore;
import io.ringside.xenbus.store.XenStoreException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * One end of a device in the store: its own directory, and the other end's.
 *
 * <p>The other end may write anything into its directory. What cannot be understood is refused and
 * counted, never thrown. A store that refuses our own writes has taken the directory away: that is
 * an answer too, and the driver closes.
 *
 * <p>The connection to the store belongs to this device alone, since its watch events do.
 *
 * <p>Threads: one (the driver's). Control plane: it allocates.
 */
public final class XenbusDevice {
    /** A number of the other end that is none, or out of its bounds. */
    public static final int REFUSED = -1;

    private static final int MAX_TRIES = 16;
    private static final int MAX_EVENTS = 64;
    private static final int MAX_DIGITS = 18;

    // ---- ours, for good

    private final XenStore store;
    private final String path;
    private final String otherEndPath;
    private final int otherEndId;
    private final String token;

    // ---- as far as we know

    private int ownState;
    private long refusals;

    private XenbusDevice(
            final XenStore store, final String path, final String otherEndKey, final String idKey)
            throws XenStoreException {
        this.store = store;
        this.path = path;
        this.otherEndPath = store.read(XenStore.NO_TRANSACTION, path + "/" + otherEndKey);
        final long id = number(store.read(XenStore.NO_TRANSACTION, path + "/" + idKey));
        if (id == REFUSED || !DomainId.isDomain((int) id) || !otherEndPath.startsWith("/")) {
            throw new XenStoreException(
                    XenStoreErrors.EINVAL,
                    "directory names no other end: path=" + path + " otherEnd=" + otherEndPath);
        }
        this.otherEndId = (int) id;
        this.token = "otherend:" + path;
        this.ownState = state(store.readOrNull(XenStore.NO_TRANSACTION, key(XenbusKeys.STATE)));
        store.watch(otherEndKey(XenbusKeys.STATE), token);
    }

    /**
     * A frontend's end.
     *
     * @param store a connection of its own
     * @param path its directory, from the root
     * @throws XenStoreException if the directory does not name a backend
     */
    public static XenbusDevice ofFrontend(final XenStore store, final String path)
            throws XenStoreException {
        return new XenbusDevice(store, path, XenbusKeys.BACKEND, XenbusKeys.BACKEND_ID);
    }

    /**
     * A backend's end.
     *
     * @param store a connection of its own
     * @param path its directory, from the root
     * @throws XenStoreException if the directory does not name a frontend
     */
    public static XenbusDevice ofBackend(final XenStore store, final String path)
            throws XenStoreException {
        return new XenbusDevice(store, path, XenbusKeys.FRONTEND, XenbusKeys.FRONTEND_ID);
    }

    /** Its own directory. */
    public String path() {
        return path;
    }

    /** The other end's directory. */
    public String otherEndPath() {
        return otherEndPath;
    }

    /** The other end's domain. */
    public int otherEndId() {
        return otherEndId;
    }

    // ---- our own end

    /** The state that this end told last. */
    public int ownState() {
        return ownState;
    }

    /**
     * Tells a state, unless it is the one that was told last.
     *
     * @return false if the store does not take it: the directory is gone
     */
    public boolean switchState(final int state) {
        return state == ownState || tellState(state);
    }

    /**
     * Tells the same state once more, which asks the other end to look again.
     *
     * @return false if the store does not take it: the directory is gone
     */
    public boolean repeatState() {
        return tellState(ownState);
    }

    /**
     * Writes keys of this end's directory, all at once.
     *
     * @return false if the store does not take them: the directory is gone, or never came to rest
     */
    public boolean writeAll(final SequencedMap<String, String> values) {
        return writeAll(values, List.of());
    }

    /**
     * Writes keys of this end's directory and removes others that may be there, all at once.
     *
     * @param stale keys of an earlier connection, with all that is below them
     * @return false as {@link #writeAll(SequencedMap)}
     */
    public boolean writeAll(
            final SequencedMap<String, String> values, final Collection<String> stale) {
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            try {
                final int transaction = store.startTransaction();
                final boolean written = remove(transaction, stale) && write(transaction, values);
                if (store.endTransaction(transaction, written)) {
                    return written;
                }
            } catch (final XenStoreException refused) {
                return false;
            }
        }
        return false;
    }

    /** The text of a key of this end's directory, or null. */
    public @Nullable String ownText(final String name) {
        return store.readOrNull(XenStore.NO_TRANSACTION, key(name));
    }

    // ---- the other end

    /**
     * Takes the watch events that wait, a bounded number.
     *
     * @return whether the other end's state was touched, be it with the same value: look again
     */
    public boolean poll() {
        boolean touched = false;
        for (int i = 0; i < MAX_EVENTS; i++) {
            final XenStore.WatchEvent event = store.pollWatchEvent();
            if (event == null) {
                break;
            }
            touched |= event.token().equals(token);
        }
        return touched;
    }

    /** The other end's state; {@link XenbusState#UNKNOWN} if there is none that makes sense. */
    public int otherEndState() {
        final String text = readText(XenbusKeys.STATE);
        final int state = state(text);
        if (text != null && state == XenbusState.UNKNOWN) {
            refusals++;
        }
        return state;
    }

    /**
     * A number that the other end wrote.
     *
     * @param name the key
     * @param absent what a missing key means
     * @param max the highest number that makes sense; the lowest is 0
     * @return the number, {@code absent}, or {@link #REFUSED}
     */
    public long readNumber(final String name, final long absent, final long max) {
        final String text = readText(name);
        if (text == null) {
            return absent;
        }
        final long number = number(text);
        if (number == REFUSED || number > max) {
            refusals++;
            return REFUSED;
        }
        return number;
    }

    /** The same, for numbers that fit an int. */
    public int readInt(final String name, final int absent, final int max) {
        return (int) readNumber(name, absent, max);
    }

    /** The text of a key of the other end's directory, or null. */
    public @Nullable String readText(final String name) {
        return store.readOrNull(XenStore.NO_TRANSACTION, otherEndKey(name));
    }

    /** How many values of the other end were refused. */
    public long refusals() {
        return refusals;
    }

    // ---- tear down

    /** Stops watching the other end, and closes the connection. */
    public void close() {
        store.close();
    }

    private boolean tellState(final int state) {
        final LinkedHashMap<String, String> value = new LinkedHashMap<>();
        value.put(XenbusKeys.STATE, Integer.toString(state));
        if (writeAll(value)) {
            ownState = state;
            return true;
        }
        return false;
    }

    /** Writes within a transaction; a directory that was taken away is not made again. */
    private boolean write(final int transaction, final Map<String, String> values) {
        if (store.readOrNull(transaction, key(XenbusKeys.STATE)) == null) {
            return false;
        }
        try {
            for (final Map.Entry<String, String> value : values.entrySet()) {
                store.write(transaction, key(value.getKey()), value.getValue());
            }
            return true;
        } catch (final XenStoreException refused) {
            return false;
        }
    }

    private boolean remove(final int transaction, final Collection<String> names) {
        try {
            for (final String name : names) {
                if (store.readOrNull(transaction, key(name)) != null) {
                    store.remove(transaction, key(name));
                }
            }
            return true;
        } catch (final XenStoreException refused) {
            return false;
        }
    }

    private String key(final String name) {
        return path + "/" + name;
    }

    private String otherEndKey(final String name) {
        return otherEndPath + "/" + name;
    }

    private static int state(final @Nullable String text) {
        final long state = text == null ? XenbusState.UNKNOWN : number(text);
        return state >= XenbusState.UNKNOWN && state <= XenbusState.RECONFIGURED
                ? (int) state
                : XenbusState.UNKNOWN;
    }

    /** A decimal number of plain digits, or {@link #REFUSED}. */
    private static long number(final String text) {
        if (text.isEmpty() || text.length() > MAX_DIGITS) {
            return REFUSED;
        }
        long number = 0;
        for (int i = 0; i < text.length(); i++) {
            final char digit = text.charAt(i);
            if (digit < '0' || digit > '9') {
                return REFUSED;
            }
            number = number * 10 + (digit - '0');
        }
        return number;
    }
}
