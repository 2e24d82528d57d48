package io.ringside.xenbus.store.wire;

import io.ringside.xenbus.protocol.StoreMessage;
import io.ringside.xenbus.protocol.StoreMessageType;
import io.ringside.xenbus.protocol.StoreRingPage;
import io.ringside.xenbus.protocol.XenStoreErrors;
import io.ringside.xenbus.protocol.XenStoreLimits;
import io.ringside.xenbus.store.XenStore;
import io.ringside.xenbus.store.XenStoreException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A domain's connection over its ring page: one request at a time, each waits for its reply.
 *
 * <p>What comes from the store is bounded: a message that is too long, a reply that nobody asked
 * for, an index that cannot be, more events than a bound, or no answer in so many waits breaks the
 * connection, and everything is {@code EIO} from then on. Events that are the same wait once.
 *
 * <p>Threads: one.
 */
public final class XenStoreRingClient implements XenStore {
    private static final int MOST_EVENTS = 4096;
    private static final int MOST_AT_A_LOOK = 64;
    private static final char MAX_BYTE = 0xFF;

    private final int domain;
    private final StoreByteRing requests;
    private final StoreByteRing responses;
    private final Runnable notifyStore;
    private final Runnable waiting;
    private final int mostWaits;

    private final StoreMessageReader reader = new StoreMessageReader();
    private final Set<WatchEvent> events = new LinkedHashSet<>();
    private int lastRequestId;
    private boolean broken;

    /**
     * A connection over a page that the store serves already.
     *
     * @param notifyStore sends on the event channel
     * @param waiting is run while there is nothing to read, or no room: idles, or does others' work
     * @param mostWaits how often in a row it is run before the store counts as gone
     */
    public XenStoreRingClient(
            final int domain,
            final UnsafeBuffer page,
            final Runnable notifyStore,
            final Runnable waiting,
            final int mostWaits) {
        this.domain = domain;
        this.notifyStore = notifyStore;
        this.waiting = waiting;
        this.mostWaits = mostWaits;
        final StoreRingPage view = new StoreRingPage(page);
        requests = new StoreByteRing(view, StoreRingPage.REQUESTS);
        responses = new StoreByteRing(view, StoreRingPage.RESPONSES);
    }

    @Override
    public int domainId() {
        return domain;
    }

    @Override
    public String read(final int transaction, final String path) throws XenStoreException {
        return ask(StoreMessageType.READ, transaction, word(path));
    }

    @Override
    public @Nullable String readOrNull(final int transaction, final String path) {
        try {
            return read(transaction, path);
        } catch (final XenStoreException absentOrHidden) {
            return null;
        }
    }

    @Override
    public void write(final int transaction, final String path, final String value)
            throws XenStoreException {
        ask(StoreMessageType.WRITE, transaction, word(path) + value);
    }

    @Override
    public void mkdir(final int transaction, final String path) throws XenStoreException {
        ask(StoreMessageType.MKDIR, transaction, word(path));
    }

    @Override
    public void remove(final int transaction, final String path) throws XenStoreException {
        ask(StoreMessageType.RM, transaction, word(path));
    }

    @Override
    public List<String> directory(final int transaction, final String path)
            throws XenStoreException {
        return words(ask(StoreMessageType.DIRECTORY, transaction, word(path)));
    }

    @Override
    public List<String> permissions(final int transaction, final String path)
            throws XenStoreException {
        return words(ask(StoreMessageType.GET_PERMS, transaction, word(path)));
    }

    @Override
    public void setPermissions(
            final int transaction, final String path, final List<String> permissions)
            throws XenStoreException {
        final StringBuilder payload = new StringBuilder(word(path));
        for (final String permission : permissions) {
            payload.append(word(permission));
        }
        ask(StoreMessageType.SET_PERMS, transaction, payload.toString());
    }

    @Override
    public int startTransaction() throws XenStoreException {
        final String text = ask(StoreMessageType.TRANSACTION_START, NO_TRANSACTION, "\0");
        try {
            return Integer.parseInt(text.replace("\0", ""));
        } catch (final NumberFormatException e) {
            throw broken("not a transaction");
        }
    }

    @Override
    public boolean endTransaction(final int transaction, final boolean commit)
            throws XenStoreException {
        try {
            ask(StoreMessageType.TRANSACTION_END, transaction, commit ? "T\0" : "F\0");
            return true;
        } catch (final XenStoreException e) {
            if (e.error().equals(XenStoreErrors.EAGAIN)) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public void watch(final String path, final String token) throws XenStoreException {
        ask(StoreMessageType.WATCH, NO_TRANSACTION, word(path) + word(token));
    }

    @Override
    public void unwatch(final String path, final String token) throws XenStoreException {
        ask(StoreMessageType.UNWATCH, NO_TRANSACTION, word(path) + word(token));
    }

    @Override
    public @Nullable WatchEvent pollWatchEvent() {
        try {
            for (int taken = 0; taken < MOST_AT_A_LOOK && !broken && receive(); taken++) {
                takeEvent();
            }
        } catch (final XenStoreException e) {
            return null;
        }
        final Iterator<WatchEvent> oldest = events.iterator();
        if (!oldest.hasNext()) {
            return null;
        }
        final WatchEvent event = oldest.next();
        oldest.remove();
        return event;
    }

    /** Gives back watches and transactions; the page stays as it is. */
    @Override
    public void close() {
        try {
            ask(StoreMessageType.RESET_WATCHES, NO_TRANSACTION, "\0");
        } catch (final XenStoreException e) {
            // Whoever does not answer has nothing of ours any more.
            events.clear();
        }
        broken = true;
        events.clear();
    }

    private String ask(final int type, final int transaction, final String payload)
            throws XenStoreException {
        if (payload.length() > XenStoreLimits.PAYLOAD_BYTES) {
            throw new XenStoreException(XenStoreErrors.E2BIG, "bytes=" + payload.length());
        }
        for (int i = 0; i < payload.length(); i++) {
            if (payload.charAt(i) > MAX_BYTE) {
                throw new XenStoreException(XenStoreErrors.EINVAL, "not a byte: index=" + i);
            }
        }
        lastRequestId++;
        send(type, transaction, payload);
        int waits = 0;
        for (int before = 0; before <= MOST_EVENTS; before++) {
            while (!receive()) {
                waits = waited(waits);
            }
            if (reader.type() != StoreMessageType.WATCH_EVENT) {
                return reply(type);
            }
            takeEvent();
            waits = 0;
        }
        throw broken("no answer behind so many events");
    }

    private String reply(final int asked) throws XenStoreException {
        final int type = reader.type();
        if (reader.requestId() != lastRequestId
                || (type != asked && type != StoreMessageType.ERROR)) {
            throw broken("not our reply: type=" + StoreMessageType.name(type));
        }
        final String payload = reader.takePayload();
        if (type == StoreMessageType.ERROR) {
            final int end = payload.indexOf('\0');
            throw new XenStoreException(
                    end < 0 ? payload : payload.substring(0, end),
                    "domain=" + domain + " type=" + StoreMessageType.name(asked));
        }
        return payload;
    }

    private void send(final int type, final int transaction, final String payload)
            throws XenStoreException {
        final ByteBuffer message =
                ByteBuffer.wrap(StoreMessage.bytes(type, lastRequestId, transaction, payload));
        int waits = 0;
        while (message.hasRemaining()) {
            if (broken) {
                throw broken("connection is broken");
            }
            final int count = requests.write(message);
            if (count < 0) {
                throw broken("request index cannot be");
            }
            if (count > 0) {
                notifyStore.run();
                waits = 0;
            } else {
                waits = waited(waits);
            }
        }
    }

    /** Takes bytes that are there; whether a message is whole now. */
    private boolean receive() throws XenStoreException {
        boolean moved = true;
        while (moved && !reader.isWhole()) {
            final int count = responses.read(reader.space());
            if (count < 0) {
                throw broken("response index cannot be");
            }
            reader.received(count);
            if (reader.isBroken()) {
                throw broken("message is too long");
            }
            moved = count > 0;
            if (moved) {
                notifyStore.run();
            }
        }
        return reader.isWhole();
    }

    private void takeEvent() throws XenStoreException {
        if (reader.type() != StoreMessageType.WATCH_EVENT) {
            throw broken("a reply that nobody asked for");
        }
        final List<String> words = words(reader.takePayload());
        if (words.size() < 2 || events.size() >= MOST_EVENTS) {
            throw broken("events=" + events.size() + " words=" + words.size());
        }
        events.add(new WatchEvent(words.get(0), words.get(1)));
    }

    private int waited(final int waits) throws XenStoreException {
        if (waits >= mostWaits) {
            throw broken("no answer");
        }
        waiting.run();
        return waits + 1;
    }

    private XenStoreException broken(final String what) {
        broken = true;
        return new XenStoreException(XenStoreErrors.EIO, what + " domain=" + domain);
    }

    private static String word(final String text) throws XenStoreException {
        if (text.indexOf('\0') >= 0) {
            throw new XenStoreException(XenStoreErrors.EINVAL, "a zero byte within a word");
        }
        return text + '\0';
    }

    private static List<String> words(final String payload) {
        final List<String> words = new ArrayList<>();
        int at = 0;
        int end = payload.indexOf('\0');
        while (end >= 0) {
            words.add(payload.substring(at, end));
            at = end + 1;
            end = payload.indexOf('\0', at);
        }
        return words;
    }
}
