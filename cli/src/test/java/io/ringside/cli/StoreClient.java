package io.ringside.cli;

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

/** One question over a socket, as a tool would ask it. */
final class StoreClient {
    private StoreClient() {}

    /** The names of the children, each with its zero byte; empty where nobody answers. */
    static String directory(final Path socket, final String path) {
        try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            client.connect(UnixDomainSocketAddress.of(socket));
            final byte[] payload = (path + '\0').getBytes(StandardCharsets.ISO_8859_1);
            final ByteBuffer request = ByteBuffer.allocate(StoreMessage.MAX_BYTES);
            request.order(ByteOrder.LITTLE_ENDIAN);
            request.putInt(StoreMessageType.DIRECTORY).putInt(1).putInt(0).putInt(payload.length);
            request.put(payload).flip();
            while (request.hasRemaining()) {
                client.write(request);
            }
            final ByteBuffer head = read(client, StoreMessage.HEADER_BYTES);
            return head.getInt(0) == StoreMessageType.DIRECTORY
                    ? StandardCharsets.ISO_8859_1.decode(read(client, head.getInt(12))).toString()
                    : "";
        } catch (final IOException nobodyThere) {
            Thread.yield();
            return "";
        }
    }

    private static ByteBuffer read(final SocketChannel client, final int bytes) throws IOException {
        final ByteBuffer buffer = ByteBuffer.allocate(bytes);
        while (buffer.hasRemaining()) {
            if (client.read(buffer) < 0) {
                throw new IOException("the server hung up: bytes=" + buffer.position());
            }
        }
        return buffer.flip().order(ByteOrder.LITTLE_ENDIAN);
    }
}
