package io.ringside.perf.scenario;

import io.ringside.xenbus.sim.store.StoreLimits;
import io.ringside.xenbus.sim.store.XenStoreServer;
import io.ringside.xenbus.sim.store.socket.StoreSocketServer;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.jspecify.annotations.Nullable;

/**
 * The store of a running disk on a Unix socket, for Xen's own tools to look at.
 *
 * <p>Threads: one of its own, which sleeps for milliseconds at a time; opening and closing belong
 * to whoever sets the disk up.
 */
public final class StoreWindow implements AutoCloseable {
    private static final int IDLE_MILLIS = 5;

    private final AgentRunner runner;

    private StoreWindow(final StoreSocketServer server) {
        runner =
                new AgentRunner(
                        new SleepingMillisIdleStrategy(IDLE_MILLIS),
                        e -> System.err.println("ringside: the store's socket: " + e),
                        null,
                        server);
        AgentRunner.startOnThread(runner);
    }

    /** Serves the store of a disk that has one; null where nothing is to be served. */
    public static @Nullable StoreWindow of(final @Nullable Path socket, final DiskRig rig)
            throws UsageException {
        final XenStoreServer store = rig.xenStore();
        return socket == null || store == null ? null : new StoreWindow(listen(socket, store));
    }

    /** Refuses a path that could not be served later. */
    public static void check(final Path socket) throws UsageException {
        listen(socket, new XenStoreServer(StoreLimits.DEFAULTS)).onClose();
    }

    /** A server that nobody runs yet; a path that cannot be used is refused in one line. */
    public static StoreSocketServer listen(final Path socket, final XenStoreServer store)
            throws UsageException {
        try {
            return StoreSocketServer.open(socket, store);
        } catch (final IOException e) {
            final String reason =
                    e instanceof FileSystemException refused && refused.getReason() != null
                            ? refused.getReason()
                            : e.getMessage();
            throw new UsageException(
                    "cannot serve a xenstore on '"
                            + socket
                            + "' ("
                            + reason
                            + "): name another path for the socket");
        }
    }

    @Override
    public void close() {
        runner.close();
    }
}
