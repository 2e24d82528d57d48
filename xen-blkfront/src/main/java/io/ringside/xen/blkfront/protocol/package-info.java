/**
 * The block protocol of Xen as bytes, numbers and names: what blkfront and blkback must agree on.
 *
 * <p>Read in this order: {@link io.ringside.xen.blkfront.protocol.BlkAbi} (which of two layouts a
 * ring has), {@link io.ringside.xen.blkfront.protocol.BlkRequest} with {@link
 * io.ringside.xen.blkfront.protocol.BlkSegment}, the other shapes {@link
 * io.ringside.xen.blkfront.protocol.BlkDiscardRequest} and {@link
 * io.ringside.xen.blkfront.protocol.BlkIndirectRequest}, {@link
 * io.ringside.xen.blkfront.protocol.BlkResponse}, the codes in {@link
 * io.ringside.xen.blkfront.protocol.BlkOperation} and {@link
 * io.ringside.xen.blkfront.protocol.BlkStatus}, and {@link
 * io.ringside.xen.blkfront.protocol.BlkKeys} (what stands in the xenstore).
 *
 * <p>Threads: a flyweight belongs to one thread; all else is constant. Rests on: Agrona's buffers.
 * Facts: xen/io/blkif.h and xen/io/protocols.h, as recorded in the wire facts {@code xen-blkif}.
 */
@NullMarked
package io.ringside.xen.blkfront.protocol;

import org.jspecify.annotations.NullMarked;
