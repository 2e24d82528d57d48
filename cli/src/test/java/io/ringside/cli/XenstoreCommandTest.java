package io.ringside.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.xenbus.protocol.StoreMessage;
import io.ringside.xenbus.protocol.StoreMessageType;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
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
        try (SocketChannel client = connect(socket, command)) {
            assertThat(directory(client, "/local/domain/1/device/vbd")).isEqualTo("51712\0");
        }
        command.interrupt();
        command.join();
        final Invocation ended = Objects.requireNonNull(result.get(), "result");
        assertThat(ended.out()).isEqualTo("export XENSTORED_PATH=" + socket + "\n");
        assertThat(ended.exitCode()).isZero();
        assertThat(socket).doesNotExist();
    }

    private static SocketChannel connect(final Path socket, final Thread command)
            throws IOException {
        while (command.isAlive()) {
            final SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                client.connect(UnixDomainSocketAddress.of(socket));
                return client;
            } catch (final IOException notYet) {
                client.close();
                Thread.yield();
            }
        }
        throw new IOException("the command has ended: socket=" + socket);
    }

    private static String directory(final SocketChannel client, final String path)
            throws IOException {
        final byte[] payload = (path + '\0').getBytes(StandardCharsets.ISO_8859_1);
        final ByteBuffer request = ByteBuffer.allocate(StoreMessage.MAX_BYTES);
        request.order(ByteOrder.LITTLE_ENDIAN);
        request.putInt(StoreMessageType.DIRECTORY).putInt(1).putInt(0).putInt(payload.length);
        request.put(payload).flip();
        while (request.hasRemaining()) {
            client.write(request);
        }
        final ByteBuffer head = read(client, StoreMessage.HEADER_BYTES);
        assertThat(head.getInt(0)).isEqualTo(StoreMessageType.DIRECTORY);
        return StandardCharsets.ISO_8859_1.decode(read(client, head.getInt(12))).toString();
    }

    private static ByteBuffer read(final SocketChannel client, final int bytes) throws IOException {
        final ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining() && client.read(buffer) >= 0) {
            Thread.onSpinWait();
        }
        return buffer.flip().order(ByteOrder.LITTLE_ENDIAN);
    }
}
