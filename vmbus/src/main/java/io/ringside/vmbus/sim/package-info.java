/**
 * A Hyper-V in this process: the hypervisor below one guest and its host.
 *
 * <p>Read {@link io.ringside.vmbus.sim.Partition} first (hypercalls and their status codes), then
 * {@code VirtualProcessor} (registers, message slots, event flags, interrupts), {@code PortTable}
 * with {@code MessageQueue} and {@code SignalFlag} (where a guest's calls arrive), and {@link
 * io.ringside.vmbus.sim.MonitorPoller} (triggers looked at without a call).
 *
 * <pre>
 *   guest: hypercall --input bytes--&gt; Partition --&gt; PortTable --doorbell--&gt; host
 *   host:  postMessage, signalEvent --&gt; VirtualProcessor --pages of the guest, doorbell--&gt; guest
 * </pre>
 *
 * <p>Threads: each processor of the guest has one, the host any. Rests on: {@code hypervisor} for
 * memory, doorbells and counts. Facts: asm-generic/hyperv-tlfs.h, as recorded in the wire facts.
 */
@NullMarked
package io.ringside.vmbus.sim;

import org.jspecify.annotations.NullMarked;
