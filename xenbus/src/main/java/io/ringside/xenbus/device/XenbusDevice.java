package io.ringside.xenbus.device;

import io.ringside.xenbus.backend.BackendState;
import io.ringside.xenbus.backend.BackendStep;
import io.ringside.xenbus.frontend.FrontendState;
import io.ringside.xenbus.frontend.FrontendStep;
import io.ringside.xenbus.protocol.XenStoreErrors;
import io.ringside.xenbus.protocol.XenbusKeys;
import io.ringside.xenbus.protocol.XenbusState;
import io.ringside.xenbus.store.XenStore;
import io.ringside.xenbus.store.XenStoreException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * One end of a device in the store: its own directory, and the other end's.
 *
 * <p>The other end may write anything into its directory. What cannot be understood is refused and
 * counted, never thrown. A store that refuses our own writes has taken the directory away: that is
 * an answer too, and the driver closes.
 *
 * <p>The other end may become another one while the driver runs: the toolstack names another
 * backend, or our own domain is suspended and comes back ({@link #renew}). Both count one more in
 * {@link #incarnation}: a driver remembers that number with its connection, and where {@link #poll}
 * leaves another one the connection is void. It ends it without waiting for anybody, and begins the
 * next from {@link FrontendState#renewed} or {@link BackendState#renewed}.
 *
 * <p>The connection to the store belongs to this device alone, since its watch events do. Threads:
 * one (the driver's). Control plane: it allocates.
 */
public final class XenbusDevice {
    /** A number of the other end that is none, or out of its bounds. */
    public static final int REFUSED = -1;

    private static final int MAX_EVENTS = 64;

    // ---- ours, for good

    private final String otherEndKey;
    private final String otherEndIdKey;

    // ---- ours, until we are suspended, or the toolstack moves the other end

    private XenStore store;
    private OwnDirectory own;
    private OtherEnd otherEnd;
    private final List<String> watchedKeys = new ArrayList<>(List.of(XenbusKeys.STATE));
    private boolean present = true;
    private int incarnation = 1;

    // ---- as far as we know

    private int ownState;
    private boolean touched;
    private long refusals;

    private XenbusDevice(
            final XenStore store,
            final String path,
            final String otherEndKey,
            final String otherEndIdKey)
            throws XenStoreException {
        this.store = store;
        this.own = new OwnDirectory(store, path);
        this.otherEndKey = otherEndKey;
        this.otherEndIdKey = otherEndIdKey;
        this.otherEnd = attach(store, path);
        this.ownState = stateAtFirst();
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
        return own.path();
    }

    /** The other end's directory. */
    public String otherEndPath() {
        return otherEnd.path();
    }

    /** The other end's domain. */
    public int otherEndId() {
        return otherEnd.domain();
    }

    /**
     * Which life of this device it is, counted from 1: one more each time another end is named in
     * our directory, the directory is made anew, or {@link #renew} was called.
     */
    public int incarnation() {
        return incarnation;
    }

    /** Whether our own directory was there when {@link #poll} looked last. */
    public boolean isPresent() {
        return present;
    }

    /**
     * Begins again on another connection: our domain has come back from a suspend, perhaps under
     * another number. The connection from before was cut with the domain. {@link #poll} says that
     * there is something to look at.
     *
     * @param newStore a connection of its own
     * @param newPath its directory now, from the root
     * @throws XenStoreException if the directory does not name the other end: nothing has changed,
     *     and the new connection is still the caller's
     */
    public void renew(final XenStore newStore, final String newPath) throws XenStoreException {
        final OtherEnd now = attach(newStore, newPath);
        store.close();
        store = newStore;
        own = new OwnDirectory(newStore, newPath);
        beginAnew(now);
        touched = true;
    }

    /** Reads who the other end is, and watches both that it stays so and what its state is. */
    private OtherEnd attach(final XenStore newStore, final String newPath)
            throws XenStoreException {
        final String named = newStore.read(XenStore.NO_TRANSACTION, newPath + "/" + otherEndKey);
        final String id = newStore.read(XenStore.NO_TRANSACTION, newPath + "/" + otherEndIdKey);
        final OtherEnd now = OtherEnd.named(named, id);
        if (now == null) {
            throw new XenStoreException(
                    XenStoreErrors.EINVAL,
                    "directory names no other end: path=" + newPath + " otherEnd=" + named);
        }
        newStore.watch(newPath + "/" + otherEndKey, nameToken(newPath));
        for (final String key : watchedKeys) {
            newStore.watch(now.key(key), stateToken(newPath));
        }
        if (otherEndKey.equals(XenbusKeys.FRONTEND)) {
            newStore.watch(newPath + "/" + XenbusKeys.HOTPLUG_STATUS, stateToken(newPath));
        }
        return now;
    }

    private void beginAnew(final OtherEnd now) {
        otherEnd = now;
        ownState = stateAtFirst();
        present = true;
        incarnation++;
    }

    // ---- our own end

    /** The state that this end told last. */
    public int ownState() {
        return ownState;
    }

    /**
     * Tells a state, unless it is the one that was told last. Where the toolstack has written
     * Closing into our directory, that stands until we close, and the other end sees it.
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
        return own.writeAll(values, List.of());
    }

    /**
     * Writes keys of this end's directory and removes others that may be there, all at once.
     *
     * @param stale keys of an earlier connection, with all that is below them
     * @return false as {@link #writeAll(SequencedMap)}
     */
    public boolean writeAll(
            final SequencedMap<String, String> values, final Collection<String> stale) {
        return own.writeAll(values, stale);
    }

    /** Whether the toolstack wants the device to be there again when a connection has ended. */
    public boolean isOnline() {
        return "1".equals(ownText(XenbusKeys.ONLINE));
    }

    /** Whether the hotplug script of a backend has made all ready, if there is a script. */
    public boolean isPlugged() {
        return ownText(XenbusKeys.SCRIPT) == null
                || "connected".equals(ownText(XenbusKeys.HOTPLUG_STATUS));
    }

    /** The text of a key of this end's directory, or null. */
    public @Nullable String ownText(final String name) {
        return own.text(name);
    }

    // ---- the other end

    /**
     * Takes the watch events that wait, a bounded number, and follows the other end where the
     * toolstack has moved it: compare {@link #incarnation}.
     *
     * @return whether what is watched of the other end was touched, be it with the same value, or
     *     our hotplug script's status, or the other end is another one, or our directory is gone:
     *     look again
     */
    public boolean poll() {
        boolean named = false;
        boolean changed = touched;
        touched = false;
        for (int i = 0; i < MAX_EVENTS; i++) {
            final XenStore.WatchEvent event = store.pollWatchEvent();
            if (event == null) {
                break;
            }
            changed |= event.token().equals(stateToken(own.path()));
            named |= event.token().equals(nameToken(own.path()));
        }
        return (named && follow()) | changed;
    }

    /** Has {@link #poll} look at one more key of the other end's; false if the store will not. */
    public boolean alsoWatch(final String name) {
        try {
            store.watch(otherEnd.key(name), stateToken(own.path()));
            return watchedKeys.add(name);
        } catch (final XenStoreException refused) {
            return false;
        }
    }

    /** Looks who the other end is now; true if that, or our own directory, is another one. */
    private boolean follow() {
        final String named = ownText(otherEndKey);
        final OtherEnd now = OtherEnd.named(named, ownText(otherEndIdKey));
        final boolean wasPresent = present;
        present = named != null;
        if (now == null) {
            refusals += present ? 1 : 0;
            return wasPresent != present;
        }
        // A directory that was made anew says so, unless the toolstack has asked to close it since.
        final int told = StoreNumber.state(ownText(XenbusKeys.STATE));
        final boolean reset = stateAtFirst() == XenbusState.INITIALISING && told != ownState;
        return (!wasPresent || reset || !now.equals(otherEnd)) && watchInstead(now);
    }

    private boolean watchInstead(final OtherEnd now) {
        try {
            if (!now.path().equals(otherEnd.path())) {
                for (final String key : watchedKeys) {
                    store.unwatch(otherEnd.key(key), stateToken(own.path()));
                    store.watch(now.key(key), stateToken(own.path()));
                }
            }
        } catch (final XenStoreException refused) {
            refusals++;
            return false;
        }
        beginAnew(now);
        return true;
    }

    /** The other end's state; {@link XenbusState#UNKNOWN} if there is none that makes sense. */
    public int otherEndState() {
        final int told = knownState();
        if (told == REFUSED) {
            refusals++;
            return XenbusState.UNKNOWN;
        }
        return told;
    }

    /** The other end's state, or {@link #REFUSED} where there is one that is none. */
    private int knownState() {
        final String text = readText(XenbusKeys.STATE);
        final int told = StoreNumber.state(text);
        return text != null && told == XenbusState.UNKNOWN ? REFUSED : told;
    }

    /** What a frontend in a state does next; what the backend may not tell is counted. */
    public FrontendStep step(final FrontendState state) {
        final FrontendStep next = state.step(knownState());
        refusals += next == FrontendStep.REFUSE ? 1 : 0;
        return next;
    }

    /** What a backend in a state does next; what the frontend may not tell is counted. */
    public BackendStep step(final BackendState state) {
        final BackendStep next = state.step(knownState());
        refusals += next == BackendStep.REFUSE ? 1 : 0;
        return next;
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
        final long number = StoreNumber.parse(text);
        if (number == REFUSED || number > max) {
            refusals++;
            return REFUSED;
        }
        return number;
    }

    /** The same for an int. */
    public int readInt(final String name, final int absent, final int max) {
        return (int) readNumber(name, absent, max);
    }

    /** The text of a key of the other end's directory, or null. */
    public @Nullable String readText(final String name) {
        return store.readOrNull(XenStore.NO_TRANSACTION, otherEnd.key(name));
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

    /** What stands in our directory before we tell anything; a Closing there is not our word. */
    private int stateAtFirst() {
        final int standing = StoreNumber.state(own.text(XenbusKeys.STATE));
        return standing == XenbusState.CLOSING ? XenbusState.INITIALISING : standing;
    }

    /** A Closing that we have not told ourselves stands until we close: the toolstack asks so. */
    private boolean tellState(final int state) {
        final boolean closes = state == XenbusState.CLOSING || state == XenbusState.CLOSED;
        if (!own.tell(state, closes || ownState == XenbusState.CLOSING)) {
            return false;
        }
        ownState = state;
        return true;
    }

    private static String nameToken(final String path) {
        return "own:" + path;
    }

    private static String stateToken(final String path) {
        return "otherend:" + path;
    }
}
