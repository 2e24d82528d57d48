package io.ringside.cli;

import io.ringside.perf.scenario.StoreWindow;
import io.ringside.perf.scenario.UsageException;
import io.ringside.xenbus.sim.store.StoreLimits;
import io.ringside.xenbus.sim.store.XenStoreServer;
import io.ringside.xenbus.sim.store.socket.StoreSocketServer;
import io.ringside.xenbus.store.XenStore;
import io.ringside.xenbus.store.XenStoreException;
import io.ringside.xenbus.toolstack.Toolstack;
import io.ringside.xenbus.toolstack.VbdConfig;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code xenstore}: a live tree that Xen's own tools can look at and change. */
@Command(
        name = "xenstore",
        mixinStandardHelpOptions = true,
        description =
                "Serves a xenstore on a Unix socket until Ctrl-C. Xen's own tools (package"
                        + " xenstore-utils) work against it as domain 0; the socket is this user's"
                        + " alone.",
        footer = {
            "",
            "Examples:",
            "  ./ringside xenstore --socket /tmp/xenstored --sample",
            "  export XENSTORED_PATH=/tmp/xenstored",
            "  xenstore-ls -p",
            "  xenstore-write /local/domain/1/name guest",
            "  xenstore-watch /local/domain/1"
        })
final class XenstoreCommand implements Callable<Integer> {
    private static final int GUEST = 1;
    private static final int DISK = 51_712;
    private static final long MOST_IDLE_MILLIS = 1;

    @Option(
            names = "--socket",
            required = true,
            paramLabel = "PATH",
            description = "where the socket is made; it is removed at the end")
    private String socket = "";

    @Option(
            names = "--sample",
            description = "begin with domain 1 and its disk xvda, as a toolstack writes them")
    private boolean sample;

    @Override
    public Integer call() throws Exception {
        final XenStoreServer store = new XenStoreServer(StoreLimits.DEFAULTS);
        if (sample) {
            writeSample(store);
        }
        final StoreSocketServer server = open(store);
        try {
            Interruption.arm();
            System.out.println("export XENSTORED_PATH=" + Path.of(socket).toAbsolutePath());
            System.out.flush();
            serve(server);
        } finally {
            server.onClose();
        }
        return Ringside.DONE;
    }

    private StoreSocketServer open(final XenStoreServer store) throws UsageException {
        try {
            return StoreWindow.listen(Path.of(socket), store);
        } catch (final InvalidPathException e) {
            throw new UsageException("--socket is not a file name: " + e.getMessage());
        }
    }

    private static void serve(final StoreSocketServer server) {
        final IdleStrategy idle =
                new BackoffIdleStrategy(
                        10, 10, 1000, TimeUnit.MILLISECONDS.toNanos(MOST_IDLE_MILLIS));
        while (!Interruption.isRequested() && !Thread.currentThread().isInterrupted()) {
            idle.idle(server.doWork());
        }
    }

    private static void writeSample(final XenStoreServer store) throws XenStoreException {
        store.introduce(GUEST);
        final XenStore dom0 = store.connect(0, () -> {});
        final Toolstack tools = new Toolstack(dom0);
        tools.createHome(GUEST);
        tools.createVbd(new VbdConfig(GUEST, 0, DISK, "disk.img", false));
        dom0.close();
    }
}
