/**
 * The arguments of hypercalls as bytes in the caller's memory. Depends on buffers alone.
 *
 * <p>Read {@link io.ringside.xenbus.protocol.hypercall.Hypercall}, then {@link
 * io.ringside.xenbus.protocol.hypercall.GrantTableOp} and {@link
 * io.ringside.xenbus.protocol.hypercall.EventChannelOp}, each of whose numbers names the argument
 * that goes with it. Where a 32-bit caller has another layout, the flyweight has both.
 *
 * <p>Threads: one flyweight per thread; an argument is the caller's until the hypercall, and again
 * after it. Facts: xen/xen.h, xen/grant_table.h, xen/event_channel.h.
 */
@NullMarked
package io.ringside.xenbus.protocol.hypercall;

import org.jspecify.annotations.NullMarked;
