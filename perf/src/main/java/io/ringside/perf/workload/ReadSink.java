package io.ringside.perf.workload;

import java.lang.foreign.MemorySegment;

/** Takes what a workload has read, once it is known to be right. Threads: the frontend's. */
public interface ReadSink {
    /** Nobody wants it. */
    ReadSink NONE = (block, memory) -> true;

    /**
     * Takes the bytes of a block, which are the caller's again afterwards.
     *
     * @return false if it cannot: the operation has failed
     */
    boolean take(long block, MemorySegment memory);
}
