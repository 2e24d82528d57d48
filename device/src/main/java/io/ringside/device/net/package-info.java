/**
 * The networks: what stands behind a network backend.
 *
 * <p>Read in this order: {@code PacketShelf}, the memory in which a port keeps what has arrived,
 * and {@code ShelfPort}, what all ports share; {@link io.ringside.device.net.LoopbackPort}, which
 * gives back what it is sent; {@link io.ringside.device.net.LearningSwitch}, which joins several
 * backends; then {@code OfferingPort}, at which frames arrive as time goes on: {@link
 * io.ringside.device.net.LineRatePort}, a wire that is full, and {@link
 * io.ringside.device.net.PcapPort}, a capture.
 *
 * <pre>
 *   backend A --&gt; send --+                        +--&gt; shelf of B --&gt; take --&gt; backend B
 *                        |   MAC table:           |
 *                        +-- address -&gt; port -----+
 *                            and when last seen   |
 *   backend C --&gt; send --+                        +--&gt; shelf of D --&gt; take --&gt; backend D
 * </pre>
 *
 * <p>A frame is copied once, from the sender's memory to the shelf of each port that it leaves by.
 *
 * <p>Threads: all ports of one switch belong to one thread. Rests on: {@code device.host}, {@code
 * device.frame}, {@code device.traffic}, {@code device.capture}, Agrona's buffers. Facts: IEEE
 * 802.1D for learning, ageing and flooding.
 */
@NullMarked
package io.ringside.device.net;

import org.jspecify.annotations.NullMarked;
