/**
 * Names and layouts of the Xen control plane. Depends on buffers alone.
 *
 * <p>Read {@link io.ringside.xenbus.protocol.XenbusState} and {@link
 * io.ringside.xenbus.protocol.XenbusKeys} (how two ends meet), {@link
 * io.ringside.xenbus.protocol.GrantEntry} with {@link io.ringside.xenbus.protocol.GnttabStatus}
 * (how a page is lent), {@link io.ringside.xenbus.protocol.SharedInfo} with {@link
 * io.ringside.xenbus.protocol.EventChannelStatus} (how a domain is woken), {@link
 * io.ringside.xenbus.protocol.FifoControlBlock} with {@link
 * io.ringside.xenbus.protocol.FifoEventWord} (the same in queues), {@link
 * io.ringside.xenbus.protocol.StoreMessage} with {@link io.ringside.xenbus.protocol.StoreRingPage}
 * (how a domain speaks with the xenstore). The rest are names and limits. Arguments of hypercalls
 * have a room of their own, {@link io.ringside.xenbus.protocol.hypercall}.
 *
 * <p>Threads: {@code SharedInfo} any number, a {@code GrantEntry} one; both lie over memory that
 * others write, in the memory order that the last word of each accessor tells. The host must be
 * little-endian. Facts: xen/xen.h, xen/grant_table.h, xen/event_channel.h, xen/io/xs_wire.h,
 * xen/io/xenbus.h.
 */
@NullMarked
package io.ringside.xenbus.protocol;

import org.jspecify.annotations.NullMarked;
