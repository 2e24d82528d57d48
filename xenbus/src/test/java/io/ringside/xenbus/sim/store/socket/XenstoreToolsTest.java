package io.ringside.xenbus.sim.store.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.ringside.xenbus.sim.store.StoreLimits;
import io.ringside.xenbus.sim.store.XenStoreServer;
import io.ringside.xenbus.store.XenStore;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Other people's tools (package xenstore-utils) on our socket. */
class XenstoreToolsTest {
    private static final int OUTSIDE = XenStore.NO_TRANSACTION;

    @TempDir private Path directory = Path.of("");

    private final XenStoreServer store = new XenStoreServer(StoreLimits.DEFAULTS);
    private final XenStore dom0 = store.connect(0, () -> {});
    private Path socket = Path.of("");
    private @Nullable StoreSocketServer server;

    private record Output(int exitCode, String out) {}

    @BeforeEach
    void serve() throws IOException {
        assumeThat(new File("/usr/bin/xenstore-ls"))
                .as("xenstore-ls is not installed (package xenstore-utils)")
                .exists();
        socket = directory.resolve("socket");
        server = StoreSocketServer.open(socket, store);
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.onClose();
        }
    }

    @Test
    void readsAndWrites() throws Exception {
        assertThat(run("xenstore-write", "/a/b", "one", "/a/c", "two").exitCode()).isZero();
        assertThat(dom0.read(OUTSIDE, "/a/b")).isEqualTo("one");
        assertThat(run("xenstore-read", "/a/b", "/a/c").out()).isEqualTo("one\ntwo\n");
        assertThat(run("xenstore-exists", "/a/b").exitCode()).isZero();
        assertThat(run("xenstore-exists", "/a/x").exitCode()).isEqualTo(1);
        assertThat(run("xenstore-list", "/a").out()).isEqualTo("b\nc\n");
        assertThat(run("xenstore-read", "/a/x").out()).contains("couldn't read path /a/x");
    }

    @Test
    void showsTheTreeWithPermissions() throws Exception {
        store.introduce(3);
        dom0.write(OUTSIDE, "/local/domain/3/name", "guest");
        dom0.write(OUTSIDE, "/vm/x", "");
        assertThat(run("xenstore-chmod", "-r", "/local/domain/3", "n3", "r0").exitCode()).isZero();
        assertThat(dom0.permissions(OUTSIDE, "/local/domain/3/name")).containsExactly("n3", "r0");
        assertThat(run("xenstore-ls", "-f", "-p").out())
                .contains("/local/domain/3/name = \"guest\"   (n3,r0)")
                .contains("/vm/x = \"\"   (n0)");
        assertThat(run("xenstore-ls", "/local").out())
                .isEqualTo("domain = \"\"\n 3 = \"\"\n  name = \"guest\"\n");
    }

    @Test
    void listsADirectoryThatNeedsSeveralMessages() throws Exception {
        for (int i = 1000; i < 2000; i++) {
            dom0.write(OUTSIDE, "/many/name-of-a-child-" + i, "");
        }
        final List<String> names = run("xenstore-list", "/many").out().lines().toList();
        assertThat(names).hasSize(1000).doesNotHaveDuplicates();
        assertThat(names).startsWith("name-of-a-child-1000").endsWith("name-of-a-child-1999");
    }

    @Test
    void removesATree() throws Exception {
        dom0.write(OUTSIDE, "/a/b/c", "");
        assertThat(run("xenstore-rm", "/a").exitCode()).isZero();
        assertThat(dom0.readOrNull(OUTSIDE, "/a/b/c")).isNull();
        assertThat(run("xenstore-rm", "/no/such").exitCode()).isNotZero();
    }

    @Test
    void watches() throws Exception {
        final File out = directory.resolve("watched").toFile();
        final Process watching = start(out, "xenstore-watch", "-n", "2", "/a");
        while (store.watchCount() == 0 && watching.isAlive()) {
            server().doWork();
        }
        dom0.write(OUTSIDE, "/a/b", "");
        finish(watching);
        assertThat(out).hasContent("/a\n/a/b\n");
        assertThat(store.watchCount()).isZero();
    }

    private Output run(final String... command) throws IOException, InterruptedException {
        final File out = directory.resolve("out").toFile();
        final int exitCode = finish(start(out, command));
        return new Output(exitCode, Files.readString(out.toPath()));
    }

    private Process start(final File out, final String... command) throws IOException {
        final ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("XENSTORED_PATH", socket.toString());
        return builder.redirectErrorStream(true).redirectOutput(out).start();
    }

    private int finish(final Process process) throws InterruptedException {
        while (process.isAlive()) {
            if (server().doWork() == 0) {
                Thread.yield();
            }
        }
        while (server().peerCount() > 0) {
            server().doWork();
        }
        return process.waitFor();
    }

    private StoreSocketServer server() {
        return Objects.requireNonNull(server, "server");
    }
}
