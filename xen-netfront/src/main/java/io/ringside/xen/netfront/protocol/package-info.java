/**
 * The network protocol of Xen as bytes, numbers and names: what netfront and netback must agree on.
 *
 * <p>Read in this order: {@link io.ringside.xen.netfront.protocol.TxRequest} and {@link
 * io.ringside.xen.netfront.protocol.TxResponse} (what the guest sends), {@link
 * io.ringside.xen.netfront.protocol.RxRequest} and {@link
 * io.ringside.xen.netfront.protocol.RxResponse} (what it receives), {@link
 * io.ringside.xen.netfront.protocol.ExtraInfo} (what is told beside either) with {@link
 * io.ringside.xen.netfront.protocol.GsoType}, {@link
 * io.ringside.xen.netfront.protocol.NetifStatus}; the control ring: {@link
 * io.ringside.xen.netfront.protocol.CtrlRequest}, {@link
 * io.ringside.xen.netfront.protocol.CtrlResponse}, {@link
 * io.ringside.xen.netfront.protocol.CtrlType}, {@link
 * io.ringside.xen.netfront.protocol.CtrlStatus}, {@link
 * io.ringside.xen.netfront.protocol.HashControl}, {@link
 * io.ringside.xen.netfront.protocol.NetifGref}; then {@link
 * io.ringside.xen.netfront.protocol.NetifLimits} and {@link
 * io.ringside.xen.netfront.protocol.NetKeys} (what stands in the xenstore) with {@link
 * io.ringside.xen.netfront.protocol.MacAddress}.
 *
 * <pre>
 *  tx ring    TxRequest [ExtraInfo ...] [TxRequest ...]      one packet, guest to host
 *             TxResponse for each of these slots             in any order
 *  rx ring    RxRequest                                      one page, guest to host
 *             RxResponse [ExtraInfo ...] [RxResponse ...]    one packet, each in its request's slot
 *  ctrl ring  CtrlRequest, CtrlResponse                      one for one, in any order
 * </pre>
 *
 * <p>Threads: a flyweight belongs to one thread; all else is constant. Rests on: Agrona's buffers.
 * Facts: xen/io/netif.h, and Linux's copy of it for XDP, as recorded in the wire facts {@code
 * xen-netif}.
 */
@NullMarked
package io.ringside.xen.netfront.protocol;

import org.jspecify.annotations.NullMarked;
