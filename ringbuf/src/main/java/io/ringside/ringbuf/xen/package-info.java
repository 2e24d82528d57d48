/**
 * The slot ring of Xen: fixed slots in shared pages, where a response takes the place of a request
 * that was already consumed.
 *
 * <p>Read in this order: {@link io.ringside.ringbuf.xen.SharedRing} (the page, and who writes each
 * word), {@link io.ringside.ringbuf.xen.SlotIndex} (how free-running indices are compared), {@link
 * io.ringside.ringbuf.xen.FrontRing} and {@link io.ringside.ringbuf.xen.BackRing} (the two halves),
 * {@link io.ringside.ringbuf.xen.SlotTable} (which request a response belongs to).
 *
 * <p>Threads: each half belongs to one thread. Rests on: Agrona's buffers. Facts: xen/io/ring.h as
 * recorded in the wire facts {@code xen-ring}.
 */
@NullMarked
package io.ringside.ringbuf.xen;

import org.jspecify.annotations.NullMarked;
