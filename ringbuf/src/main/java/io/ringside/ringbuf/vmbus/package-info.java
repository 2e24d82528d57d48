/**
 * The byte ring of VMBus: one direction of a channel, a stream of packets of any size.
 *
 * <pre>
 *   producer                    shared pages                     consumer
 *  +--------------+   +--------------+-------------------+   +--------------+
 *  | OutgoingRing |--&gt;| ControlPage  | data area, n pages|--&gt;| IncomingRing |
 *  +--------------+   +--------------+-------------------+   +--------------+
 *
 *   one packet:  descriptor (16) | header (0, 8, 16 ...) | payload | zeros to 8 | trailer (8)
 * </pre>
 *
 * <p>A <em>packet</em> is everything but the trailer; its <em>ring bytes</em> include the trailer.
 * The <em>header</em> is what some types put between descriptor and payload; its bytes never count
 * the descriptor.
 *
 * <p>Where the memory allows it the data area is mapped twice in a row, and every packet is
 * straight. Where it does not, a packet that crosses the end is copied in two pieces; callers see
 * no difference.
 *
 * <p>Read in this order: {@link io.ringside.ringbuf.vmbus.ControlPage} (the page, and who writes
 * each word), {@link io.ringside.ringbuf.vmbus.PacketDescriptor} and {@link
 * io.ringside.ringbuf.vmbus.PacketType}, {@link io.ringside.ringbuf.vmbus.OutgoingRing}, {@link
 * io.ringside.ringbuf.vmbus.IncomingRing}, then the two headers {@link
 * io.ringside.ringbuf.vmbus.TransferPageHeader} and {@link
 * io.ringside.ringbuf.vmbus.GpaDirectHeader}. {@link io.ringside.ringbuf.vmbus.RingStatus} and
 * {@link io.ringside.ringbuf.vmbus.Refusal} name the answers.
 *
 * <p>Threads: each end of a ring belongs to one thread. Rests on: Agrona's buffers. Facts: {@code
 * hv_ring_buffer} and {@code vmpacket_descriptor} of linux/hyperv.h, as recorded in the wire facts
 * {@code hv-vmbus}.
 */
@NullMarked
package io.ringside.ringbuf.vmbus;

import org.jspecify.annotations.NullMarked;
