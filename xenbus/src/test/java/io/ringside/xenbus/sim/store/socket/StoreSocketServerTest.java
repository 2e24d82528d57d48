package io.ringside.xenbus.sim.store.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.xenbus.protocol.StoreMessage;
import io.ringside.xenbus.protocol.StoreMessageType;
import io.ringside.xenbus.sim.store.StoreLimits;
import io.ringside.xenbus.sim.store.XenStoreServer;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreSocketServerTest {
    private static final int MOST_STEPS = 100_000;

    @TempDir private static Path directory = Path.of("");

    private final XenStoreServer store = new XenStoreServer(StoreLimits.DEFAULTS);
    private Path socket = directory;
    private StoreSocketServer server;

    StoreSocketServerTest() throws IOException {
        socket = Files.createTempDirectory(directory, "s").resolve("socket");
        server = StoreSocketServer.open(socket, store);
    }

    @BeforeEach
    void isThere() {
        assertThat(socket).exists();
    }

    @AfterEach
    void stop() {
        server.onClose();
        assertThat(socket).doesNotExist();
    }

    @Test
    void letsOnlyItsUserIn() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-------");
    }

    @Test
    void replacesASocketThatNobodyServes() throws IOException {
        final Path old = directory.resolve("old");
        try (ServerSocketChannel left = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            left.bind(UnixDomainSocketAddress.of(old));
            assertThatThrownBy(() -> StoreSocketServer.open(old, store))
                    .hasMessageContaining("another process serves it");
        }
        assertThat(old).exists();
        StoreSocketServer.open(old, store).onClose();
        assertThat(old).doesNotExist();
    }

    @Test
    void answersOthersWhileOneFloodsAndNeverReads() throws IOException {
        try (SocketChannel flooding = connect();
                SocketChannel polite = connect()) {
            final ByteBuffer flood = request(StoreMessageType.DIRECTORY, "/|");
            int written = 0;
            int idle = 0;
            while (idle < 100) {
                flood.rewind();
                final int count = flooding.write(flood);
                written += count;
                idle = count == 0 ? idle + 1 : 0;
                assertThat(written).as("is stopped").isLessThan(100_000_000);
                server.doWork();
            }
            assertThat(ask(polite, StoreMessageType.READ, "/|")).isEqualTo(StoreMessageType.READ);
            assertThat(server.peerCount()).isEqualTo(2);
        }
        step(0);
        assertThat(store.connectionCount()).isZero();
    }

    @Test
    void cutsOffWhoSendsTooMuch() throws IOException {
        try (SocketChannel client = connect();
                SocketChannel polite = connect()) {
            step(2);
            final ByteBuffer bad = request(StoreMessageType.READ, "/|").putInt(12, -1);
            client.write(bad);
            step(1);
            assertThat(client.read(ByteBuffer.allocate(10))).isEqualTo(-1);
            assertThat(ask(polite, StoreMessageType.READ, "/|")).isEqualTo(StoreMessageType.READ);
            assertThat(server.cutCount()).isEqualTo(1);
        }
    }

    @Test
    void givesBackWhatAPeerHadThatIsGone() throws IOException {
        try (SocketChannel client = connect()) {
            ask(client, StoreMessageType.WATCH, "/a|t|");
            ask(client, StoreMessageType.TRANSACTION_START, "|");
            assertThat(store.watchCount() + store.transactionCount()).isEqualTo(2);
        }
        step(0);
        assertThat(store.watchCount() + store.transactionCount()).isZero();
    }

    private SocketChannel connect() throws IOException {
        final SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX);
        client.connect(UnixDomainSocketAddress.of(socket));
        client.configureBlocking(false);
        return client;
    }

    /** Goes on until there are so many peers. */
    private void step(final int peers) {
        int steps = 0;
        do {
            server.doWork();
            assertThat(++steps).as("peers=%d", server.peerCount()).isLessThan(MOST_STEPS);
        } while (server.peerCount() != peers);
    }

    /** The type of the reply. */
    private int ask(final SocketChannel client, final int type, final String payload)
            throws IOException {
        final ByteBuffer request = request(type, payload);
        final ByteBuffer reply = ByteBuffer.allocate(StoreMessage.HEADER_BYTES);
        int steps = 0;
        while (reply.hasRemaining()) {
            client.write(request);
            server.doWork();
            client.read(reply);
            assertThat(++steps).isLessThan(MOST_STEPS);
        }
        return new StoreMessage().wrap(new UnsafeBuffer(reply.array()), 0).type();
    }

    private static ByteBuffer request(final int type, final String payload) {
        return ByteBuffer.wrap(StoreMessage.bytes(type, 0, 0, payload.replace('|', '\0')));
    }
}
