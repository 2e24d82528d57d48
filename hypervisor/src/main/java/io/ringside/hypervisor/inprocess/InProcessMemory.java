package io.ringside.hypervisor.inprocess;

import io.ringside.hypervisor.GuestMemory;
import io.ringside.ringbuf.memory.PageView;
import io.ringside.ringbuf.memory.SharedPages;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The memory of a guest that lives in this process: one run of shared page frames.
 *
 * <p>Errors: an {@link IllegalArgumentException} for a frame or range that does not exist, an
 * {@link IllegalStateException} when the system refuses memory or after {@link #close}. Threads:
 * views are taken and closed by one thread at a time, their bytes are used by all.
 */
public final class InProcessMemory implements GuestMemory {
    private final SharedPages pages;
    private final UnsafeBuffer whole;
    private long sizeBytes;

    private InProcessMemory(final SharedPages pages) {
        this.pages = pages;
        this.whole = pages.whole();
        this.sizeBytes = (long) pages.frameCount() << PAGE_SHIFT;
    }

    /** Zeroed memory that is gone with the process: 1 to 524287 frames. */
    public static InProcessMemory anonymous(final int frames) {
        return new InProcessMemory(SharedPages.anonymous(frames));
    }

    /** Memory that is the bytes of a file, made or resized to fit: 1 to 524287 frames. */
    public static InProcessMemory ofFile(final Path file, final int frames) {
        return new InProcessMemory(SharedPages.ofFile(file, frames));
    }

    @Override
    public int frameCount() {
        return pages.frameCount();
    }

    @Override
    public boolean contains(final long guestAddress, final long lengthBytes) {
        return guestAddress >= 0
                && lengthBytes >= 0
                && guestAddress <= sizeBytes
                && lengthBytes <= sizeBytes - guestAddress;
    }

    @Override
    public void wrap(final UnsafeBuffer view, final long guestAddress, final int lengthBytes) {
        if (!contains(guestAddress, lengthBytes)) {
            checkOpen();
            throw new IllegalArgumentException(
                    "no such memory: guestAddress="
                            + guestAddress
                            + " lengthBytes="
                            + lengthBytes
                            + " sizeBytes="
                            + sizeBytes);
        }
        // The memory is smaller than 2 GiB, so that an address within it is an int.
        view.wrap(whole, (int) guestAddress, lengthBytes);
    }

    @Override
    public PageView map(final int... frames) {
        checkOpen();
        return pages.view(frames);
    }

    @Override
    public PageView mapMirrored(final int... frames) {
        checkOpen();
        return pages.mirrored(frames);
    }

    @Override
    public void close() {
        sizeBytes = 0;
        pages.close();
    }

    private void checkOpen() {
        if (sizeBytes == 0) {
            throw new IllegalStateException("memory is closed: frames=" + pages.frameCount());
        }
    }
}
