package io.ringside.xenbus.sim.store.socket;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The name of a socket in the file system: who may have it, and what is done with an old one. */
final class SocketFile {
    /** Bytes of a path in {@code sockaddr_un}, the zero byte at the end included. */
    private static final int PATH_BYTES = 108;

    private SocketFile() {}

    /**
     * A channel that listens there; only this user may connect.
     *
     * @throws FileSystemException if the path cannot be used; its reason says why
     */
    static ServerSocketChannel listen(final Path path) throws IOException {
        final int bytes = path.toString().getBytes(StandardCharsets.UTF_8).length + 1;
        if (bytes > PATH_BYTES) {
            throw refused(path, "the path has more than " + (PATH_BYTES - 1) + " bytes");
        }
        final Path directory = path.toAbsolutePath().getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw refused(path, "its directory does not exist");
        }
        removeStale(path);
        final ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(UnixDomainSocketAddress.of(path));
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            channel.configureBlocking(false);
            return channel;
        } catch (final IOException e) {
            channel.close();
            throw refused(path, String.valueOf(e.getMessage()));
        }
    }

    /** A socket that nobody listens on any more is taken away; anything else is left alone. */
    private static void removeStale(final Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (Files.isDirectory(path) || !isSocket(path)) {
            throw refused(path, "it exists and is not a socket");
        }
        if (answers(path)) {
            throw refused(path, "another process serves it");
        }
        Files.delete(path);
    }

    private static boolean isSocket(final Path path) throws IOException {
        final int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        return (mode & 0xF000) == 0xC000;
    }

    private static boolean answers(final Path path) {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return probe.connect(UnixDomainSocketAddress.of(path));
        } catch (final IOException e) {
            return false;
        }
    }

    private static FileSystemException refused(final Path path, final String reason) {
        return new FileSystemException(path.toString(), null, reason);
    }
}
