/**
 * The host's half of the block pair: serves one virtual disk out of a {@link
 * io.ringside.device.host.BlockStore}.
 *
 * <p>Read in this order: {@code Blkback} (how it meets its frontend, and lets go of it) with {@link
 * io.ringside.xen.blkfront.backend.BlkbackOptions}, {@code FrontendKeys} and {@code VirtualDisk};
 * {@code BlkbackConnection} (its rings) and {@code BlkbackQueue} (how one ring is served); {@code
 * RequestCheck} (what is refused); then how a request gets to the store and back: {@code
 * TakenRequest}, {@code RequestPass}, {@code FrontendPages}, {@code EndedRequests}; and the
 * features that need more: {@code PersistentGrants}, {@code IndirectSegments}, {@code
 * WriteBarrier}. Last {@link io.ringside.xen.blkfront.backend.BlkbackCounters} with {@link
 * io.ringside.xen.blkfront.backend.BlkbackRefusal}.
 *
 * <p>Threads: one, that of the backend's agent. Rests on: {@code protocol}, the slot ring, and the
 * grants, event channels and store of {@code xenbus}. Facts: xen/io/blkif.h, and what Linux's own
 * frontend expects, as recorded in the wire facts {@code xen-blkif}.
 */
@NullMarked
package io.ringside.xen.blkfront.backend;

import org.jspecify.annotations.NullMarked;
