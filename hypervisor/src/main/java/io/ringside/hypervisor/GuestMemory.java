package io.ringside.hypervisor;

import io.ringside.ringbuf.memory.PageView;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The memory of one guest: 4 KiB page frames, numbered from 0.
 *
 * <p>A guest-physical address is {@code frame * 4096 + offset}. Nobody computes a host address: a
 * half asks for a view of what it may use, and gives it back.
 *
 * <p>Errors: a frame or range that does not exist is an {@link IllegalArgumentException}; whoever
 * got the number from a peer asks {@link #contains} first. Threads: any; the memory order is that
 * of the protocol above.
 */
public interface GuestMemory extends AutoCloseable {
    /** Bytes of one page frame. */
    int PAGE_BYTES = 4096;

    /** log2 of {@link #PAGE_BYTES}. */
    int PAGE_SHIFT = 12;

    /** How many frames there are. */
    int frameCount();

    /** Whether all bytes from {@code guestAddress} on exist. Safe for any pair of numbers. */
    boolean contains(long guestAddress, long lengthBytes);

    /**
     * Lays {@code view} over a guest-physical range, without allocating. For a guest over its own
     * memory, and for a host over single ranges that it has checked.
     */
    void wrap(UnsafeBuffer view, long guestAddress, int lengthBytes);

    /** One contiguous view of a list of frames, to be closed when done. */
    PageView map(int... frames);

    /** The list of frames twice in a row, to be closed when done. */
    PageView mapMirrored(int... frames);

    /** Lets the memory go; every view of it is gone. */
    @Override
    void close();
}
