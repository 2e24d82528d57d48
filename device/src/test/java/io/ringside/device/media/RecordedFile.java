package io.ringside.device.media;

import io.ringside.device.host.StoreRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A file that remembers every change in order, so that a test can cut the power after each.
 *
 * <p>What was changed before the last sync is there after a cut. Of what came later, the system may
 * have brought to the disk any sectors in any order: {@link #afterCut} draws one such outcome.
 */
final class RecordedFile implements FileBytes {
    private static final int SECTOR_BYTES = 512;

    /** One change; without bytes it is a sync. */
    private static final class Change {
        private final long offset;
        private final byte[] bytes;
        private final boolean hole;

        private Change(final long offset, final byte[] bytes, final boolean hole) {
            this.offset = offset;
            this.bytes = bytes;
            this.hole = hole;
        }

        private boolean isSync() {
            return bytes.length == 0;
        }
    }

    private final FileBytes file;
    private final byte[] before;
    private final List<Change> changes = new ArrayList<>();
    private int failsAfter = Integer.MAX_VALUE;
    private boolean hasHoles = true;

    private RecordedFile(final FileBytes file, final byte[] before) {
        this.file = file;
        this.before = before;
    }

    static RecordedFile open(final Path path, final Access access) throws MediumRefusedException {
        try {
            final byte[] before = Files.readAllBytes(path);
            return new RecordedFile(ImageFile.open(path, access, ImageKind.VHD), before);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From now on, so many changes succeed, and no more. */
    void failAfter(final int moreChanges) {
        failsAfter = moreChanges == Integer.MAX_VALUE ? moreChanges : changes.size() + moreChanges;
    }

    /** From now on, the file system has no holes. */
    void refuseHoles() {
        hasHoles = false;
    }

    /** How many changes and syncs there were so far. */
    int changes() {
        return changes.size();
    }

    /** What was done so far, in order: a line for each change, and one for each sync. */
    List<String> story() {
        final List<String> lines = new ArrayList<>();
        for (final Change change : changes) {
            lines.add(
                    change.isSync()
                            ? "sync"
                            : (change.hole ? "hole " : "write ")
                                    + change.offset
                                    + "+"
                                    + change.bytes.length);
        }
        return lines;
    }

    /** The file after a power cut behind so many changes: all of them, in order. */
    byte[] afterStop(final int count) {
        byte[] bytes = before;
        for (int i = 0; i < count; i++) {
            bytes = with(bytes, changes.get(i).offset, changes.get(i).bytes);
        }
        return bytes;
    }

    /** The file after a power cut: any sectors of what was not synced are there, or not. */
    byte[] afterCut(final int count, final SplittableRandom random) {
        int synced = 0;
        for (int i = 0; i < count; i++) {
            synced = changes.get(i).isSync() ? i : synced;
        }
        byte[] bytes = afterStop(synced);
        final int kept = random.nextInt(3);
        for (int i = synced; i < count; i++) {
            final Change change = changes.get(i);
            for (int at = 0; at < change.bytes.length; at += SECTOR_BYTES) {
                if (random.nextInt(3) <= kept) {
                    final int end = Math.min(at + SECTOR_BYTES, change.bytes.length);
                    bytes =
                            with(
                                    bytes,
                                    change.offset + at,
                                    Arrays.copyOfRange(change.bytes, at, end));
                }
            }
        }
        return bytes;
    }

    private static byte[] with(final byte[] bytes, final long offset, final byte[] change) {
        if (change.length == 0) {
            return bytes;
        }
        final int end = Math.toIntExact(offset + change.length);
        final byte[] changed = Arrays.copyOf(bytes, Math.max(bytes.length, end));
        System.arraycopy(change, 0, changed, (int) offset, change.length);
        return changed;
    }

    private boolean fails() {
        return changes.size() >= failsAfter;
    }

    @Override
    public long write(
            final FileCalls calls, final IoVectors vectors, final int count, final long offset) {
        if (fails()) {
            return -28; // ENOSPC
        }
        long moved = 0;
        for (int i = 0; i < count; i++) {
            final byte[] bytes = new byte[(int) vectors.lengthBytes(i)];
            new UnsafeBuffer(vectors.address(i), bytes.length).getBytes(0, bytes);
            changes.add(new Change(offset + moved, bytes, false));
            moved += bytes.length;
        }
        final long written = file.write(calls, vectors, count, offset);
        if (written != moved) {
            throw new AssertionError("short write: " + written + " of " + moved);
        }
        return written;
    }

    @Override
    public boolean sync(final FileCalls calls) {
        if (fails()) {
            return false;
        }
        changes.add(new Change(0, new byte[0], false));
        return true;
    }

    @Override
    public StoreRequest.Status discard(
            final FileCalls calls, final long offset, final long lengthBytes) {
        if (!hasHoles) {
            return StoreRequest.Status.UNSUPPORTED;
        }
        if (fails()) {
            return StoreRequest.Status.ERROR;
        }
        changes.add(new Change(offset, new byte[Math.toIntExact(lengthBytes)], true));
        return file.discard(calls, offset, lengthBytes);
    }

    @Override
    public long read(
            final FileCalls calls, final IoVectors vectors, final int count, final long offset) {
        return file.read(calls, vectors, count, offset);
    }

    @Override
    public Access access() {
        return file.access();
    }

    @Override
    public long sizeBytes() {
        return file.sizeBytes();
    }

    @Override
    public void failed(final int errno) {
        file.failed(errno);
    }

    @Override
    public long failures() {
        return file.failures();
    }

    @Override
    public int lastErrno() {
        return file.lastErrno();
    }

    @Override
    public void close() {
        file.close();
    }
}
