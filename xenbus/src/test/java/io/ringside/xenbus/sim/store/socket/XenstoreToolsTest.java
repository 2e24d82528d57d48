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
    void changesPermissionsOfANodeAndOfThoseAbove() throws Exception {
        for (int domain = 1; domain <= 3; domain++) {
            store.introduce(domain);
        }
        run("xenstore-write", "/a/b/c", "one", "/a/b/d", "two");
        assertThat(run("xenstore-chmod", "-u", "/a/b/c", "n1", "r2", "b3").exitCode()).isZero();
        assertThat(run("xenstore-ls", "-f", "-p", "/a").out())
                .isEqualTo(
                        """
                        /a/b = ""   (n1,r2,b3)
                        /a/b/c = "one"   (n1,r2,b3)
                        /a/b/d = "two"   (n0)
                        """);
        assertThat(run("xenstore-chmod", "/a", "q1").out())
                .contains("Invalid permission specification");
        assertThat(run("xenstore-chmod", "/no", "r1").out()).contains("No such file or directory");
        assertThat(run("xenstore-chmod", "/a", "r1", "r1", "r1").exitCode()).isZero();
    }

    @Test
    void showsATreeInEveryForm() throws Exception {
        run("xenstore-write", "/a/b", "one", "/a/b/c", "two");
        assertThat(run("xenstore-ls", "-p", "/a").out())
                .matches("b = \"one\"[ .]*\\(n0\\)\n c = \"two\"[ .]*\\(n0\\)\n");
        assertThat(run("xenstore-ls", "-f").out())
                .isEqualTo("/a = \"\"\n/a/b = \"one\"\n/a/b/c = \"two\"\n");
        assertThat(run("xenstore-list", "-p", "/a", "/a/b").out()).isEqualTo("/a/b\n/a/b/c\n");
        assertThat(run("xenstore-read", "-p", "/a/b", "/a/b/c").out())
                .isEqualTo("/a/b: one\n/a/b/c: two\n");
        assertThat(run("xenstore-ls", "/no").out()).contains("No such file or directory");
        assertThat(run("xenstore", "read", "/a/b").out()).isEqualTo("one\n");
    }

    @Test
    void keepsBytesThatAreNoText() throws Exception {
        dom0.write(OUTSIDE, "/raw", "a\u0000\u00ff");
        assertThat(run("xenstore-read", "/raw").out()).isEqualTo("a\\000\\xff\n");
        assertThat(run("xenstore-write", "/text", "a\\x41\\n").exitCode()).isZero();
        assertThat(dom0.read(OUTSIDE, "/text")).isEqualTo("aA\n");
    }

    @Test
    void writesBesideItsOwnHome() throws Exception {
        assertThat(run("xenstore-write", "name", "x", "data/y", "z").exitCode()).isZero();
        assertThat(run("xenstore-ls", "-f", "/local").out())
                .contains("/local/domain/0/name = \"x\"")
                .contains("/local/domain/0/data/y = \"z\"");
        assertThat(run("xenstore-write", "/a//b", "x").exitCode()).isEqualTo(1);
        assertThat(run("xenstore-write", "/a/b", "x", "/a/", "y").exitCode()).isEqualTo(1);
        assertThat(run("xenstore-exists", "/local", "/no").exitCode()).isEqualTo(1);
        assertThat(run("xenstore-exists", "/local", "name").exitCode()).isZero();
    }

    /** The tools that write do it in a transaction, and begin again when it fails. */
    @Test
    void repeatsATransactionThatAnotherOneCrossed() throws Exception {
        for (int i = 0; i < 300; i++) {
            dom0.write(OUTSIDE, "/rm/" + i + "/x", "");
        }
        final String[] command = new String[301];
        command[0] = "xenstore-rm";
        for (int i = 0; i < 300; i++) {
            command[1 + i] = "/rm/" + i + "/x";
        }
        final File out = directory.resolve("removed").toFile();
        final Process removing = start(out, command);
        boolean crossed = false;
        while (removing.isAlive() || server().peerCount() > 0) {
            server().doWork();
            if (!crossed && store.transactionCount() > 0) {
                server().doWork();
                dom0.write(OUTSIDE, "/rm/0/x", "crossed");
                crossed = true;
            }
        }
        assertThat(removing.waitFor()).isZero();
        assertThat(crossed).isTrue();
        assertThat(store.transactionCount()).isZero();
        assertThat(dom0.readOrNull(OUTSIDE, "/rm/0/x")).isNull();
        assertThat(dom0.readOrNull(OUTSIDE, "/rm/299/x")).isNull();
        assertThat(dom0.readOrNull(OUTSIDE, "/rm/299")).isNotNull();
    }

    @Test
    void removesATree() throws Exception {
        dom0.write(OUTSIDE, "/a/b/c", "");
        assertThat(run("xenstore-rm", "/a").exitCode()).isZero();
        assertThat(dom0.readOrNull(OUTSIDE, "/a/b/c")).isNull();
        assertThat(run("xenstore-rm", "/no/such").exitCode()).isNotZero();
        assertThat(run("xenstore-rm", "/nobody").exitCode()).as("its parent is there").isZero();
    }

    @Test
    void removesWhatIsLeftEmptyAbove() throws Exception {
        dom0.write(OUTSIDE, "/a/b/c/d", "");
        dom0.write(OUTSIDE, "/a/kept", "");
        assertThat(run("xenstore-rm", "-t", "/a/b/c/d").exitCode()).isZero();
        assertThat(run("xenstore-ls", "-f", "/").out()).isEqualTo("/a = \"\"\n/a/kept = \"\"\n");
    }

    @Test
    void watchesSeveralPathsAndEndsAfterANumber() throws Exception {
        final File out = directory.resolve("watched").toFile();
        final Process watching = start(out, "xenstore-watch", "-n", "5", "/a", "/b/c");
        while (store.watchCount() < 2 && watching.isAlive()) {
            server().doWork();
        }
        // Events that are the same wait once: the first ones must be out.
        deliver();
        dom0.write(OUTSIDE, "/a/b", "");
        dom0.write(OUTSIDE, "/b/other", "");
        dom0.write(OUTSIDE, "/b/c/d", "");
        dom0.remove(OUTSIDE, "/b");
        finish(watching);
        assertThat(out).hasContent("/a\n/b/c\n/a/b\n/b/c/d\n/b/c\n");
        assertThat(store.watchCount()).isZero();
    }

    @Test
    void watchesDomainsComeAndGo() throws Exception {
        final File out = directory.resolve("watched").toFile();
        final Process watching =
                start(out, "xenstore-watch", "-n", "4", "@introduceDomain", "@releaseDomain");
        while (store.watchCount() < 2 && watching.isAlive()) {
            server().doWork();
        }
        deliver();
        store.introduce(9);
        store.release(9);
        finish(watching);
        assertThat(out)
                .hasContent("@introduceDomain\n@releaseDomain\n@introduceDomain\n@releaseDomain\n");
    }

    private void deliver() {
        while (server().doWork() > 0) {
            Thread.onSpinWait();
        }
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
