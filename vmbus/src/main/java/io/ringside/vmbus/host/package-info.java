/**
 * The host's end of the bus: offers devices to one guest, and serves its control plane.
 *
 * <p>Read {@link io.ringside.vmbus.host.VmbusServer} (what a host half is given) and {@link
 * io.ringside.vmbus.host.HostChannel} (one channel, as its driver sees it) with {@link
 * io.ringside.vmbus.host.HostChannelState}; then {@code ServerControl} (the connection) with {@link
 * io.ringside.vmbus.host.ServerState}, {@code ChannelTable} (the channels) and {@code GpadlTable}
 * (the lists of pages). The three are a pure state machine: a message in, messages out.
 *
 * <p>Threads: one for the server. A driver's half may have another; {@link
 * io.ringside.vmbus.host.HostChannel} says what it may use. Rests on: {@link
 * io.ringside.vmbus.synic} and {@link io.ringside.vmbus.channel}. Facts: linux/hyperv.h.
 */
@NullMarked
package io.ringside.vmbus.host;

import org.jspecify.annotations.NullMarked;
