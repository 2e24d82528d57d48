/**
 * Shared page frames, and contiguous views of any list of them.
 *
 * <p>Read {@link io.ringside.ringbuf.memory.SharedPages} first, then {@link
 * io.ringside.ringbuf.memory.PageView}; {@code SystemCalls} is the one place that speaks to the
 * operating system.
 *
 * <p>Threads: mapping and closing belong to the control plane; the views may be read and written by
 * any thread, in the memory order that the ring over them prescribes. Facts: mmap(2),
 * memfd_create(2), ftruncate(2).
 */
@NullMarked
package io.ringside.ringbuf.memory;

import org.jspecify.annotations.NullMarked;
