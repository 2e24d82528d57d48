package io.ringside.xenbus.sim.store.wire;

import io.ringside.hypervisor.Doorbell;
import io.ringside.xenbus.protocol.StoreMessageType;
import io.ringside.xenbus.protocol.XenStoreErrors;
import io.ringside.xenbus.protocol.XenStoreLimits;
import io.ringside.xenbus.sim.store.StoreConnection;
import io.ringside.xenbus.sim.store.XenStoreServer;
import io.ringside.xenbus.store.XenStore.WatchEvent;
import io.ringside.xenbus.store.XenStoreException;
import io.ringside.xenbus.store.wire.StoreMessageReader;
import java.nio.ByteBuffer;

/**
 * One peer of the store that speaks its wire protocol. Knows nothing of what carries the bytes.
 *
 * <p>A transport goes round: it fills {@link #inbound} and says so by {@link #received}; calls
 * {@link #doWork}; and drains {@link #outbound}. Requests are answered in their order; events come
 * between replies. While as many messages wait as {@code outstanding} allows, the peer's next
 * request stays where it is, and nothing more is taken in.
 *
 * <p>Errors: a refused request is a reply. A message that is too long, or a domain that is gone,
 * ends the session ({@link #isBroken}): the transport cuts the connection. Threads: one.
 */
public final class StoreSession {
    private static final String OK = "OK\0";

    private final XenStoreServer server;
    private final StoreConnection connection;
    private final NodeRequests nodes;
    private final DomainRequests domains;
    private final StoreMessageReader inbox = new StoreMessageReader();
    private final StoreOutbox outbox = new StoreOutbox();

    /**
     * A session that speaks for a domain.
     *
     * @param domain 0, or a domain that was introduced
     * @param doorbell is rung when a watch event waits, under the lock of the store
     */
    public StoreSession(final XenStoreServer server, final int domain, final Doorbell doorbell) {
        this.server = server;
        connection = server.connect(domain, doorbell);
        nodes = new NodeRequests(connection);
        domains = new DomainRequests(server, domain);
    }

    /** Where the transport puts what comes next; without room while nothing is wanted. */
    public ByteBuffer inbound() {
        return inbox.space();
    }

    /** The transport has put bytes there. */
    public void received(final int count) {
        inbox.received(count);
    }

    /** What is to be sent next; empty if there is nothing. Sending moves its position. */
    public ByteBuffer outbound() {
        return outbox.oldest();
    }

    /** Answers the request that waits, then has events follow, as far as there is room. */
    public int doWork() {
        int work = 0;
        outbox.oldest();
        final int room = Math.max(1, server.limits(connection.domainId()).outstanding());
        if (inbox.isWhole() && outbox.count() < room) {
            answer(take());
            work++;
        }
        while (outbox.count() < room) {
            final WatchEvent event = connection.pollWatchEvent();
            if (event == null) {
                break;
            }
            outbox.put(
                    StoreMessageType.WATCH_EVENT, 0, 0, event.path() + '\0' + event.token() + '\0');
            work++;
        }
        return work;
    }

    /** Whether the connection is to be cut. */
    public boolean isBroken() {
        return inbox.isBroken() || connection.isClosed();
    }

    /** Gives back watches and transactions; what was not sent is gone. */
    public void close() {
        connection.close();
        outbox.clear();
    }

    private StoreRequest take() {
        final int type = inbox.type();
        final int requestId = inbox.requestId();
        final int transaction = inbox.transactionId();
        return new StoreRequest(type, requestId, transaction, inbox.takePayload());
    }

    private void answer(final StoreRequest request) {
        int type = request.type();
        String payload;
        try {
            payload = payload(request);
            if (payload.length() > XenStoreLimits.PAYLOAD_BYTES) {
                throw new XenStoreException(XenStoreErrors.E2BIG, "type=" + type);
            }
        } catch (final XenStoreException e) {
            type = StoreMessageType.ERROR;
            payload = e.error() + '\0';
        }
        outbox.put(type, request.requestId(), request.transaction(), payload);
    }

    private String payload(final StoreRequest request) throws XenStoreException {
        String answer = nodes.answer(request);
        if (answer == null) {
            answer = domains.answer(request);
        }
        if (answer == null) {
            throw new XenStoreException(XenStoreErrors.ENOSYS, "type=" + request.type());
        }
        return answer.isEmpty() && !mayBeEmpty(request.type()) ? OK : answer;
    }

    private static boolean mayBeEmpty(final int type) {
        return type == StoreMessageType.READ || type == StoreMessageType.DIRECTORY;
    }
}
