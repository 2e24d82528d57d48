/**
 * The guest's half of the block pair: a {@link io.ringside.device.guest.BlockDevice} that a backend
 * serves over a slot ring.
 *
 * <p>Read in this order: {@link io.ringside.xen.blkfront.frontend.Blkfront} (how it meets its
 * backend, and lets go of it) with {@code Stage} and {@link
 * io.ringside.xen.blkfront.frontend.BlkfrontOptions}, {@code RingKeys} and {@code DiskKeys} (what
 * is agreed on), {@code QueueSet} with {@code UnsentRequests} (which ring takes a request, and
 * when), {@code BlkfrontQueue} with {@code Piece} (how one ring is filled, and answers are
 * checked), {@code RequestWriter} and {@code IndirectSegments} (how a request lies in its slot),
 * {@code LentPages} (the grants of requests in flight, persistent or not) with {@code PageCopies},
 * {@link io.ringside.xen.blkfront.frontend.BlkfrontCounters} with {@link
 * io.ringside.xen.blkfront.frontend.BlkfrontRefusal}.
 *
 * <p>Threads: one, that of the driver's agent and of whoever submits. Rests on: {@code protocol},
 * the slot ring, and the grants, event channels and store of {@code xenbus}. Facts: xen/io/blkif.h,
 * and what Linux's own backend expects, as recorded in the wire facts {@code xen-blkif}.
 */
@NullMarked
package io.ringside.xen.blkfront.frontend;

import org.jspecify.annotations.NullMarked;
