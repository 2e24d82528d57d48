/**
 * What a guest stands on, whichever family it is of: memory, doorbells, crossings, clock, trace.
 *
 * <p>Read in this order: {@link io.ringside.hypervisor.GuestMemory} and {@link
 * io.ringside.hypervisor.FrameAllocator} (page frames), {@link io.ringside.hypervisor.Doorbell}
 * (how a peer is woken), {@link io.ringside.hypervisor.Vcpu} with {@link
 * io.ringside.hypervisor.Crossing} and {@link io.ringside.hypervisor.CrossingCosts} (what leaves
 * the guest, counted and charged), {@link io.ringside.hypervisor.Trace} with {@link
 * io.ringside.hypervisor.TraceLog}, {@link io.ringside.hypervisor.TraceSink} and {@link
 * io.ringside.hypervisor.TraceWriter} (what the halves do, told on a thread of its own). Then the
 * transports: {@code inprocess}.
 *
 * <p>Threads: each type says which. Rests on: {@code ringbuf} for mapped pages, the LMAX Disruptor
 * for the trace.
 */
@NullMarked
package io.ringside.hypervisor;

import org.jspecify.annotations.NullMarked;
