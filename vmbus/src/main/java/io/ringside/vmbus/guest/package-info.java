/**
 * The guest's end of the bus: finds the host's devices, and opens their channels.
 *
 * <p>Read {@link io.ringside.vmbus.guest.VmbusClient} (what a guest half is given) and {@link
 * io.ringside.vmbus.guest.GuestChannel} (one channel, as its driver sees it) with {@link
 * io.ringside.vmbus.guest.GuestChannelState} and {@link io.ringside.vmbus.guest.GuestGpadl}; then
 * {@code ClientControl} (the connection) with {@link io.ringside.vmbus.guest.ClientState}: a pure
 * state machine, a message in, messages out. {@code GuestSynIc} is what carries them.
 *
 * <p>Threads: one for the client, which is that of processor 0; each further processor may have its
 * own, which calls {@link io.ringside.vmbus.guest.VmbusClient#dispatch}. Rests on: {@link
 * io.ringside.vmbus.synic} and {@link io.ringside.vmbus.channel}. Facts: linux/hyperv.h.
 */
@NullMarked
package io.ringside.vmbus.guest;

import org.jspecify.annotations.NullMarked;
