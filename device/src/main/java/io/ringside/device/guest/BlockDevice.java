package io.ringside.device.guest;

/**
 * A disk as a workload sees it.
 *
 * <p>Nothing here blocks. Requests are submitted one by one and become visible to the other side
 * with {@link #commit}, so that a batch costs one notification. Completions arrive, in any order,
 * while the device's agent does its work.
 *
 * <p>Threads: one. Errors: a request outside {@link #limits} is the caller's fault and throws
 * {@link IllegalArgumentException}; what the medium or the peer gets wrong is a {@link
 * BlockStatus}.
 */
public interface BlockDevice {
    /**
     * Whether requests can be submitted; false before the device is connected and after it went.
     */
    boolean isReady();

    /** What the device can do. Only while {@link #isReady}. */
    BlockLimits limits();

    /** Sets where completions go; once, before the first request. */
    void completionsTo(BlockCompletions completions);

    /**
     * Takes a request.
     *
     * @return false if there is no room (or the device is not ready): try again after completions
     */
    boolean submit(BlockRequest request);

    /** Makes everything submitted so far visible to the other side, and wakes it if it asked. */
    void commit();
}
