/**
 * The media: what stands behind a backend.
 *
 * <p>Read in this order: {@link io.ringside.device.media.RamStore}, a disk in memory, which
 * finishes everything at once; then {@link io.ringside.device.media.RawImage}, a disk in a file,
 * which may block and so has workers behind it:
 *
 * <pre>
 *                      submissions                            completions
 *                   (ring of requests)                    (ring of requests)
 *
 *   backend         +---+---+---+---+     worker 0        +---+---+---+---+        backend
 *   submit ------&gt;  | 0 | 1 | 2 | 3 | --&gt; worker 1 ----&gt;  | 0 | 2 | 1 |   | -----&gt; poll
 *                   +---+---+---+---+     ...             +---+---+---+---+
 *                                            |
 *                                            +-- wake: run after a completion is visible
 * </pre>
 *
 * <p>A worker claims the next submission that nobody has claimed, so that a slow request holds up
 * one worker and nobody else; completions come back in the order in which they end. The second ring
 * has room for all requests in flight, so that no worker ever waits to hand one over. {@code
 * StorePipeline} is that drawing, {@code StoreWorker} what a medium puts into it; {@code
 * RawImageWorker}, {@code IoVectors}, {@code ImageFile} and {@code FileCalls} are the way down to
 * the system. {@link io.ringside.device.media.LargeBlocks} shows any of them as a disk of larger
 * blocks.
 *
 * <p>{@link io.ringside.device.media.VhdImage}, a disk in a VHD file, works in the same way; {@link
 * io.ringside.device.media.NewVhd} makes one. Behind it, in the order in which an image is opened:
 * {@code VhdOpening} looks at {@code VhdFooter}, {@code VhdDynamicHeader} and {@code
 * BlockAllocationTable}, and {@code VhdParent} finds what it rests on; {@code VhdLayer} is one open
 * file, {@code VhdGrowth} how it gets new blocks, and why a power cut does no harm; {@code
 * VhdWorker} carries out requests.
 *
 * <p>Threads: {@code submit} and {@code poll} are the backend's; workers run on threads of a given
 * factory. Rests on: {@code device.host}, {@code ringbuf} for memory, the LMAX Disruptor's rings.
 * Facts: preadv(2), pwritev(2), fdatasync(2), flock(2), fallocate(2), madvise(2); Microsoft,
 * Virtual Hard Disk Image Format Specification, version 1.0.
 */
@NullMarked
package io.ringside.device.media;

import org.jspecify.annotations.NullMarked;
