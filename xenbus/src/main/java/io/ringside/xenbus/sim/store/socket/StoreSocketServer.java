package io.ringside.xenbus.sim.store.socket;

import io.ringside.xenbus.sim.store.XenStoreServer;
import io.ringside.xenbus.sim.store.wire.StoreSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.agrona.concurrent.Agent;

/**
 * Serves a store on a Unix socket. Whoever may open the socket speaks for domain 0.
 *
 * <p>Never waits: each call takes in, answers and sends what is ready, and no more than a bound for
 * each peer. A peer that breaks the protocol, or is gone, is cut and counted; others do not notice.
 *
 * <p>Errors: {@link #open} refuses a path that cannot be used by a {@link FileSystemException}
 * whose reason says why; later only a failure of the selector itself is thrown. Threads: one.
 */
public final class StoreSocketServer implements Agent {
    private static final int PRIVILEGED = 0;
    private static final int MOST_PEERS = 256;

    private final Path path;
    private final XenStoreServer server;
    private final ServerSocketChannel listener;
    private final Selector selector;
    private final SelectionKey listenerKey;
    private final List<SocketPeer> peers = new ArrayList<>();
    private long cutCount;

    private StoreSocketServer(
            final Path path,
            final XenStoreServer server,
            final ServerSocketChannel listener,
            final Selector selector)
            throws IOException {
        this.path = path;
        this.server = server;
        this.listener = listener;
        this.selector = selector;
        listenerKey = listener.register(selector, SelectionKey.OP_ACCEPT);
    }

    /**
     * Begins to listen. A socket left behind that nobody serves is replaced.
     *
     * @throws FileSystemException if the path cannot be used
     */
    public static StoreSocketServer open(final Path path, final XenStoreServer server)
            throws IOException {
        final ServerSocketChannel listener = SocketFile.listen(path);
        return new StoreSocketServer(path, server, listener, Selector.open());
    }

    @Override
    public int doWork() {
        try {
            selector.selectNow();
            final Set<SelectionKey> ready = selector.selectedKeys();
            int work = ready.contains(listenerKey) ? accept() : 0;
            for (int i = peers.size() - 1; i >= 0; i--) {
                final SocketPeer peer = peers.get(i);
                final int done = peer.doWork(ready);
                if (done < 0) {
                    peers.remove(i);
                    peer.close();
                    cutCount++;
                    work++;
                } else {
                    work += done;
                }
            }
            ready.clear();
            return work;
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void onClose() {
        try {
            for (final SocketPeer peer : peers) {
                peer.close();
            }
            peers.clear();
            selector.close();
            listener.close();
            Files.deleteIfExists(path);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String roleName() {
        return "store-socket";
    }

    /** How many peers are connected. */
    public int peerCount() {
        return peers.size();
    }

    /** How many connections are over, whoever ended them. */
    public long cutCount() {
        return cutCount;
    }

    private int accept() throws IOException {
        if (peers.size() >= MOST_PEERS) {
            return 0;
        }
        final SocketChannel channel;
        try {
            channel = listener.accept();
        } catch (final IOException outOfDescriptors) {
            return 0;
        }
        if (channel == null) {
            return 0;
        }
        channel.configureBlocking(false);
        final SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
        peers.add(new SocketPeer(channel, key, new StoreSession(server, PRIVILEGED, () -> {})));
        return 1;
    }
}
