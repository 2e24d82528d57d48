package io.ringside.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class XenstoreCommandTest {
    @TempDir private Path directory = Path.of("");

    /** Two threads: the command's, and a client's. */
    @Test
    void servesTheSampleUntilItIsInterrupted() throws Exception {
        final Path socket = directory.resolve("socket");
        final AtomicReference<Invocation> result = new AtomicReference<>();
        final Thread command =
                new Thread(() ->
                        result.set(
                                Invocation.of(
                                        "xenstore", "--socket", socket.toString(), "--sample")));
        command.start();
        String seen = "";
        while (command.isAlive() && seen.isEmpty()) {
            seen = StoreClient.directory(socket, "/local/domain/1/device/vbd");
        }
        assertThat(seen).isEqualTo("51712\0");
        command.interrupt();
        command.join();
        final Invocation ended = Objects.requireNonNull(result.get(), "result");
        assertThat(ended.out()).isEqualTo("export XENSTORED_PATH=" + socket + "\n");
        assertThat(ended.exitCode()).isZero();
        assertThat(socket).doesNotExist();
    }
}
