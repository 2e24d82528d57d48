package io.ringside.device.media;

import io.ringside.device.host.StoreRequest;

/**
 * An open file as a medium uses it: so little that a test can record it, and cut it short.
 *
 * <p>Threads: any, each with calls of its own; {@link #close} when all others have stopped.
 */
interface FileBytes extends AutoCloseable {
    /** How it was opened. */
    Access access();

    /** Length when it was opened, or when it was measured last. */
    long sizeBytes();

    /** Reads at a place; what {@link FileCalls#read} returns. */
    long read(FileCalls calls, IoVectors vectors, int count, long offset);

    /** Writes at a place; what {@link FileCalls#write} returns. */
    long write(FileCalls calls, IoVectors vectors, int count, long offset);

    /**
     * Brings to stable storage what was written so far, and returns whether it is there.
     *
     * <p>A failure is final: the system may have dropped what it could not write, and would call
     * the next sync a success.
     */
    boolean sync(FileCalls calls);

    /** Makes a range of the file read as zeros, and gives its storage back where it can. */
    StoreRequest.Status discard(FileCalls calls, long offset, long lengthBytes);

    /** Counts a request that the system failed; 0 for a file that ended too early. */
    void failed(int errno);

    /** How many requests the system has failed. */
    long failures();

    /** The errno of the last failure. */
    int lastErrno();

    @Override
    void close();
}
