/**
 * Event channels: how one domain wakes another.
 *
 * <p>Read {@link io.ringside.xenbus.event.EventChannels}, then {@link
 * io.ringside.xenbus.event.EventBudget} (a peer that sends for nothing is held back), and {@link
 * io.ringside.xenbus.event.EventChannelControl} for the rest of the operations and the FIFO form.
 *
 * <p>Threads: one per domain. Rests on: nothing. Facts: xen/event_channel.h.
 */
@NullMarked
package io.ringside.xenbus.event;

import org.jspecify.annotations.NullMarked;
