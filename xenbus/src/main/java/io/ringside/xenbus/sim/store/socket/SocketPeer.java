package io.ringside.xenbus.sim.store.socket;

import io.ringside.xenbus.sim.store.wire.StoreSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Set;

/** One connection: bytes from its socket to its session and back. */
final class SocketPeer {
    private static final int MOST_ROUNDS = 16;

    private final SocketChannel channel;
    private final SelectionKey key;
    private final StoreSession session;

    SocketPeer(final SocketChannel channel, final SelectionKey key, final StoreSession session) {
        this.channel = channel;
        this.key = key;
        this.session = session;
    }

    /** What can be done without waiting, up to a bound; -1 when the connection is over. */
    int doWork(final Set<SelectionKey> ready) {
        int work = 0;
        try {
            final boolean readable = ready.contains(key) && key.isReadable();
            for (int round = 0; round < MOST_ROUNDS; round++) {
                final int received = readable ? receive() : 0;
                if (received < 0) {
                    return -1;
                }
                final int step = received + session.doWork() + send();
                if (session.isBroken()) {
                    return -1;
                }
                if (step == 0) {
                    break;
                }
                work += step;
            }
            key.interestOps(
                    (session.inbound().hasRemaining() ? SelectionKey.OP_READ : 0)
                            | (session.outbound().hasRemaining() ? SelectionKey.OP_WRITE : 0));
        } catch (final IOException gone) {
            return -1;
        }
        return work;
    }

    void close() throws IOException {
        session.close();
        key.cancel();
        channel.close();
    }

    private int receive() throws IOException {
        final ByteBuffer space = session.inbound();
        if (!space.hasRemaining()) {
            return 0;
        }
        final int count = channel.read(space);
        if (count > 0) {
            session.received(count);
        }
        return count;
    }

    private int send() throws IOException {
        int sent = 0;
        ByteBuffer message = session.outbound();
        while (message.hasRemaining()) {
            final int count = channel.write(message);
            if (count == 0) {
                return sent;
            }
            sent += count;
            message = session.outbound();
        }
        return sent;
    }
}
