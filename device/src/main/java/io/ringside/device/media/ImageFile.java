package io.ringside.device.media;

import io.ringside.device.host.StoreRequest;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The open file behind an image: its descriptor, its lock, and what went wrong with it.
 *
 * <p>A writer locks the file for itself, readers lock it among each other, by flock(2): the lock
 * holds between processes and within one, and goes with the descriptor, even when the process dies.
 * (The locks of {@code FileChannel} are lost as soon as this process closes any other descriptor of
 * the same file.)
 *
 * <p>Threads: any, each with calls of its own; {@link #close} when all others have stopped.
 */
final class ImageFile implements FileBytes {
    private final int descriptor;
    private final Access access;
    private volatile long sizeBytes;
    private final AtomicLong syncs = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicInteger lastErrno = new AtomicInteger();
    private volatile boolean syncFailed;

    private ImageFile(final int descriptor, final Access access, final long sizeBytes) {
        this.descriptor = descriptor;
        this.access = access;
        this.sizeBytes = sizeBytes;
    }

    /** Opens and locks an existing regular file that is a raw disk image. */
    static ImageFile open(final Path file, final Access access) throws MediumRefusedException {
        return open(file, access, ImageKind.RAW);
    }

    /** Opens and locks an existing regular file; its kind is for the lines of refusals only. */
    static ImageFile open(final Path file, final Access access, final ImageKind kind)
            throws MediumRefusedException {
        checkKind(file, kind);
        try (FileCalls calls = FileCalls.ofThisThread()) {
            final boolean writes = access == Access.READ_WRITE;
            final int descriptor =
                    calls.open(
                            file.toFile().getAbsolutePath(),
                            FileCalls.O_CLOEXEC | (writes ? FileCalls.O_RDWR : FileCalls.O_RDONLY));
            if (descriptor < 0) {
                throw notOpened(file, access, -descriptor);
            }
            final int locked =
                    calls.lock(
                            descriptor,
                            writes ? FileCalls.LOCK_EXCLUSIVE_NOW : FileCalls.LOCK_SHARED_NOW);
            if (locked < 0) {
                calls.close(descriptor);
                throw notLocked(file, access, -locked);
            }
            return new ImageFile(descriptor, access, calls.size(descriptor));
        }
    }

    private static void checkKind(final Path file, final ImageKind kind)
            throws MediumRefusedException {
        final BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(file, BasicFileAttributes.class);
        } catch (final NoSuchFileException e) {
            throw new MediumRefusedException(
                    file + ": no such file; make one with: " + kind.maker(file));
        } catch (final AccessDeniedException e) {
            throw notOpened(file, Access.READ_ONLY, FileCalls.EACCES);
        } catch (final IOException e) {
            throw new MediumRefusedException(
                    file + ": cannot be looked at (" + e.getMessage() + "); name another file");
        }
        if (attributes.isDirectory()) {
            throw new MediumRefusedException(
                    file + ": is a directory; name " + kind.article() + " in it");
        }
        if (!attributes.isRegularFile()) {
            throw new MediumRefusedException(
                    file + ": is not a regular file; name " + kind.article());
        }
    }

    /** The line for an open(2) that failed. */
    static MediumRefusedException notOpened(final Path file, final Access access, final int errno) {
        final boolean denied =
                errno == FileCalls.EACCES || errno == FileCalls.EPERM || errno == FileCalls.EROFS;
        if (!denied) {
            return new MediumRefusedException(
                    file + ": cannot be opened, errno=" + errno + "; see: man 3 errno");
        }
        if (access == Access.READ_ONLY) {
            return new MediumRefusedException(
                    file + ": not readable, errno=" + errno + "; allow it with: chmod u+r " + file);
        }
        return new MediumRefusedException(
                file
                        + ": not writable, errno="
                        + errno
                        + "; open it read-only, or allow writing with: chmod u+w "
                        + file);
    }

    private static MediumRefusedException notLocked(
            final Path file, final Access access, final int errno) {
        if (errno != FileCalls.EAGAIN) {
            return new MediumRefusedException(
                    file + ": cannot be locked, errno=" + errno + "; copy it to a local disk");
        }
        return new MediumRefusedException(
                access == Access.READ_ONLY
                        ? file + ": open for writing elsewhere; stop that run first"
                        : file + ": in use elsewhere; stop that run first, or open it read-only");
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    /** Looks at the length again: somebody may have made the file longer or shorter. */
    void measureAgain() {
        try (FileCalls calls = FileCalls.ofThisThread()) {
            final long measured = calls.size(descriptor);
            if (measured < 0) {
                failed((int) -measured);
            } else {
                sizeBytes = measured;
            }
        }
    }

    @Override
    public Access access() {
        return access;
    }

    @Override
    public long read(
            final FileCalls calls, final IoVectors vectors, final int count, final long offset) {
        return calls.read(descriptor, vectors.address(), count, offset);
    }

    @Override
    public long write(
            final FileCalls calls, final IoVectors vectors, final int count, final long offset) {
        return calls.write(descriptor, vectors.address(), count, offset);
    }

    @Override
    public boolean sync(final FileCalls calls) {
        if (syncFailed) {
            return false;
        }
        int result = calls.syncData(descriptor);
        while (result == -FileCalls.EINTR) {
            result = calls.syncData(descriptor);
        }
        if (result < 0) {
            syncFailed = true;
            failed(-result);
            return false;
        }
        syncs.incrementAndGet();
        return true;
    }

    @Override
    public StoreRequest.Status discard(
            final FileCalls calls, final long offset, final long lengthBytes) {
        if (lengthBytes == 0) {
            return StoreRequest.Status.OK;
        }
        int result = calls.punchHole(descriptor, offset, lengthBytes);
        while (result == -FileCalls.EINTR) {
            result = calls.punchHole(descriptor, offset, lengthBytes);
        }
        if (result == -FileCalls.EOPNOTSUPP) {
            return StoreRequest.Status.UNSUPPORTED;
        }
        if (result < 0) {
            failed(-result);
            return StoreRequest.Status.ERROR;
        }
        return StoreRequest.Status.OK;
    }

    @Override
    public void failed(final int errno) {
        lastErrno.set(errno);
        failures.incrementAndGet();
    }

    /** How many syncs have succeeded. */
    long syncs() {
        return syncs.get();
    }

    @Override
    public long failures() {
        return failures.get();
    }

    @Override
    public int lastErrno() {
        return lastErrno.get();
    }

    @Override
    public void close() {
        try (FileCalls calls = FileCalls.ofThisThread()) {
            calls.close(descriptor);
        }
    }
}
