package io.ringside.xenbus.sim.store.wire;

import io.ringside.xenbus.protocol.StoreMessageType;
import io.ringside.xenbus.protocol.XenStoreErrors;
import io.ringside.xenbus.protocol.XenStoreLimits;
import io.ringside.xenbus.sim.store.DirectoryPart;
import io.ringside.xenbus.sim.store.StoreConnection;
import io.ringside.xenbus.store.XenStore;
import io.ringside.xenbus.store.XenStoreException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a peer asks of the tree, of its transactions, and of its watches. */
final class NodeRequests {
    private static final int MOST_WORDS = XenStoreLimits.PAYLOAD_BYTES;
    private static final String DONE = "";

    private final StoreConnection connection;

    NodeRequests(final StoreConnection connection) {
        this.connection = connection;
    }

    /** The payload of the reply, empty where there is nothing to tell; null if not asked here. */
    @Nullable String answer(final StoreRequest request) throws XenStoreException {
        final int transaction = request.transaction();
        return switch (request.type()) {
            case StoreMessageType.DIRECTORY ->
                    joined(connection.directory(transaction, request.word()));
            case StoreMessageType.DIRECTORY_PART -> directoryPart(request);
            case StoreMessageType.READ -> connection.read(transaction, request.word());
            case StoreMessageType.GET_PERMS ->
                    joined(connection.permissions(transaction, request.word()));
            case StoreMessageType.WRITE -> {
                connection.write(transaction, request.path(), request.value());
                yield DONE;
            }
            case StoreMessageType.MKDIR -> {
                connection.mkdir(transaction, request.word());
                yield DONE;
            }
            case StoreMessageType.RM -> {
                connection.remove(transaction, request.word());
                yield DONE;
            }
            case StoreMessageType.SET_PERMS -> {
                final List<String> words = request.words(2, MOST_WORDS);
                connection.setPermissions(
                        transaction, words.getFirst(), words.subList(1, words.size()));
                yield DONE;
            }
            case StoreMessageType.WATCH -> watch(request);
            case StoreMessageType.UNWATCH -> {
                final List<String> words = request.words(2, 2);
                connection.unwatch(words.getFirst(), words.getLast());
                yield DONE;
            }
            case StoreMessageType.RESET_WATCHES -> {
                connection.reset();
                yield DONE;
            }
            case StoreMessageType.TRANSACTION_START -> startTransaction(transaction);
            case StoreMessageType.TRANSACTION_END -> endTransaction(request);
            default -> null;
        };
    }

    private String watch(final StoreRequest request) throws XenStoreException {
        final List<String> words = request.words(2, 3);
        if (words.size() == 2) {
            connection.watch(words.getFirst(), words.getLast());
        } else {
            connection.watch(words.getFirst(), words.get(1), request.smallNumber(words.getLast()));
        }
        return DONE;
    }

    private String directoryPart(final StoreRequest request) throws XenStoreException {
        final List<String> words = request.words(2, 2);
        final long offset = request.number(words.getLast());
        // The generation has at most 20 bytes with its zero byte, and the end one more.
        final DirectoryPart part =
                connection.directoryPart(
                        request.transaction(),
                        words.getFirst(),
                        offset,
                        XenStoreLimits.PAYLOAD_BYTES - 21);
        return Long.toString(part.generation())
                + '\0'
                + joined(part.names())
                + (part.last() ? "\0" : "");
    }

    private String startTransaction(final int outer) throws XenStoreException {
        if (outer != XenStore.NO_TRANSACTION) {
            throw new XenStoreException(XenStoreErrors.EBUSY, "transaction=" + outer);
        }
        return Integer.toString(connection.startTransaction()) + '\0';
    }

    private String endTransaction(final StoreRequest request) throws XenStoreException {
        final String how = request.word();
        if (!how.equals("T") && !how.equals("F")) {
            throw request.refused();
        }
        if (!connection.endTransaction(request.transaction(), how.equals("T"))) {
            throw new XenStoreException(
                    XenStoreErrors.EAGAIN, "transaction=" + request.transaction());
        }
        return DONE;
    }

    private static String joined(final List<String> words) {
        final StringBuilder text = new StringBuilder();
        for (final String word : words) {
            text.append(word).append('\0');
        }
        return text.toString();
    }
}
