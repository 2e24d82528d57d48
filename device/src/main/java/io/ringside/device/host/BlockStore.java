package io.ringside.device.host;

/**
 * A medium as a backend sees it.
 *
 * <p>Nothing here blocks: a store whose medium can block has workers of its own. Completions come
 * back in any order, from {@link #poll} only. A flush covers every request whose completion was
 * polled before the flush was submitted; its own sector and segments mean nothing. A discarded
 * range reads as zeros once the discard has completed; it is as durable as a write. An erased one
 * does so too, and what it held is on no storage that the medium can reach any more.
 *
 * <p>Threads: {@link #submit} and {@link #poll} belong to the backend's thread. Errors: a range
 * outside the medium, a write or discard to a read-only one, a discard that the medium cannot do,
 * or an address or length that is no multiple of its blocks, is a status, never an exception.
 */
public interface BlockStore extends AutoCloseable {
    /** Bytes of one sector, the unit of every address here. */
    int SECTOR_BYTES = 512;

    /** Size of the medium in sectors; a medium may grow or shrink between two requests. */
    long sectors();

    /** Bytes of one block, a power of two from 512 on: whatever is asked for is whole blocks. */
    default int blockBytes() {
        return SECTOR_BYTES;
    }

    /** Bytes that the medium really writes at once, a multiple of its blocks: a hint. */
    default int physicalBlockBytes() {
        return blockBytes();
    }

    /** Bytes of the smallest discard that gives storage back, a multiple of the blocks: a hint. */
    default int discardGranularityBytes() {
        return blockBytes();
    }

    /** Whether {@link StoreRequest.Operation#ERASE} is done at all. */
    default boolean canErase() {
        return false;
    }

    /** Whether writes are refused. */
    boolean isReadOnly();

    /**
     * Takes a request.
     *
     * @return false if there is no room: then some request is in flight, and it is worth to try
     *     again whenever a completion has been polled
     */
    boolean submit(StoreRequest request);

    /** Hands over at most {@code limit} finished requests, and returns how many. */
    int poll(StoreCompletions completions, int limit);

    /**
     * Sets what is run, on any thread, after a request has finished behind the backend's back, so
     * that a backend that sleeps can be woken. Once, before the first request; a store that
     * finishes everything within {@link #submit} never runs it.
     */
    void wakeWith(Runnable wake);

    /**
     * Waits for what is in flight and lets the medium go. What has finished can still be polled; a
     * request submitted from then on throws {@link IllegalStateException}. The second time, nothing
     * happens.
     */
    @Override
    void close();
}
