/**
 * An open channel, whichever end: two rings, a way to wake the peer, and memory of the guest.
 *
 * <p>Read {@link io.ringside.vmbus.channel.Channel} first: both ends of every driver drive it. Then
 * what the host does with the guest's memory: {@link io.ringside.vmbus.channel.Gpadl} with {@link
 * io.ringside.vmbus.channel.GpadlView} (pages shared for long) and {@link
 * io.ringside.vmbus.channel.GpaPages} (pages named by one packet). {@link
 * io.ringside.vmbus.channel.RequestIds} tells answers from forgeries.
 *
 * <pre>
 *   guest                        one GPADL, pages of the guest                       host
 *   outgoing --&gt;  | control | data ...            | control | data ...  |  --&gt; incoming
 *   incoming &lt;--  0                               downstreamPage          &lt;-- outgoing
 * </pre>
 *
 * <p>Threads: a channel has one at each end. Rests on: the byte ring of {@code ringbuf}. Facts:
 * linux/hyperv.h.
 */
@NullMarked
package io.ringside.vmbus.channel;

import org.jspecify.annotations.NullMarked;
