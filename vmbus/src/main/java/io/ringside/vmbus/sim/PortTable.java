package io.ringside.vmbus.sim;

import io.ringside.hypervisor.Doorbell;
import io.ringside.vmbus.protocol.ConnectionId;
import io.ringside.vmbus.protocol.HvStatus;
import io.ringside.vmbus.synic.EventPort;
import io.ringside.vmbus.synic.MessagePort;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What the connections of a guest lead to: ports of its host.
 *
 * <p>A guest's calls look up a map that is replaced as a whole, so that they take no lock. Threads:
 * any.
 */
final class PortTable {
    private volatile Int2ObjectHashMap<Port> ports = new Int2ObjectHashMap<>();

    /** Either kind of port. */
    private sealed interface Port {}

    MessagePort openMessages(final int connectionId, final int capacity, final Doorbell doorbell) {
        final Messages port = new Messages(connectionId, capacity, doorbell);
        add(connectionId, port);
        return port;
    }

    EventPort openEvents(final int connectionId, final Doorbell doorbell) {
        final Events port = new Events(connectionId, doorbell);
        add(connectionId, port);
        return port;
    }

    /** A message to a connection: an {@link HvStatus}. */
    int post(
            final int connectionId,
            final int messageType,
            final DirectBuffer payload,
            final int offset,
            final int length) {
        if (!(port(connectionId) instanceof Messages messages)) {
            return HvStatus.INVALID_CONNECTION_ID;
        }
        if (!messages.queue.put(messageType, payload, offset, length)) {
            return HvStatus.INSUFFICIENT_BUFFERS;
        }
        messages.doorbell.ring();
        return HvStatus.SUCCESS;
    }

    /** A signal to a connection: an {@link HvStatus}. */
    int signal(final int connectionId, final int flag) {
        if (!(port(connectionId) instanceof Events events)) {
            return HvStatus.INVALID_CONNECTION_ID;
        }
        if (flag != 0) {
            return HvStatus.INVALID_PARAMETER;
        }
        events.signals.incrementAndGet();
        if (!events.signalled.getAndSet(true)) {
            events.doorbell.ring();
        }
        return HvStatus.SUCCESS;
    }

    int count() {
        return ports.size();
    }

    private @Nullable Port port(final int connectionId) {
        return ports.get(connectionId);
    }

    private synchronized void add(final int connectionId, final Port port) {
        if ((connectionId & ~ConnectionId.MASK) != 0 || ports.containsKey(connectionId)) {
            throw new IllegalArgumentException("not free: connectionId=" + connectionId);
        }
        final Int2ObjectHashMap<Port> more = new Int2ObjectHashMap<>(ports);
        more.put(connectionId, port);
        ports = more;
    }

    private synchronized void remove(final int connectionId, final Port port) {
        if (port.equals(ports.get(connectionId))) {
            final Int2ObjectHashMap<Port> fewer = new Int2ObjectHashMap<>(ports);
            fewer.remove(connectionId);
            ports = fewer;
        }
    }

    /** Ports are told apart by identity. */
    private final class Messages implements Port, MessagePort {
        private final int connectionId;
        private final MessageQueue queue;
        private final Doorbell doorbell;

        private Messages(final int connectionId, final int capacity, final Doorbell doorbell) {
            this.connectionId = connectionId;
            this.queue = new MessageQueue(capacity);
            this.doorbell = doorbell;
        }

        @Override
        public int take(final MutableDirectBuffer target, final int offset) {
            return queue.take(target, offset);
        }

        @Override
        public void close() {
            remove(connectionId, this);
        }
    }

    private final class Events implements Port, EventPort {
        private final int connectionId;
        private final Doorbell doorbell;
        private final AtomicBoolean signalled = new AtomicBoolean();
        private final AtomicLong signals = new AtomicLong();

        private Events(final int connectionId, final Doorbell doorbell) {
            this.connectionId = connectionId;
            this.doorbell = doorbell;
        }

        @Override
        public boolean take() {
            // A load first: most calls find nothing.
            return signalled.get() && signalled.getAndSet(false);
        }

        @Override
        public boolean isSignalled() {
            return signalled.get();
        }

        @Override
        public long signals() {
            return signals.get();
        }

        @Override
        public void close() {
            remove(connectionId, this);
        }
    }
}
