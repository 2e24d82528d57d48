/**
 * What a guest and its host ask of the hypervisor: the seam below the bus.
 *
 * <p>Read {@link io.ringside.vmbus.synic.SynIc} (the guest: hypercalls, registers, interrupts),
 * then {@link io.ringside.vmbus.synic.SynIcPorts} (the host: where messages and signals of the
 * guest arrive, and how it answers) with {@link io.ringside.vmbus.synic.MessagePort} and {@link
 * io.ringside.vmbus.synic.EventPort}.
 *
 * <p>Threads: each says which. Rests on: {@code hypervisor} for doorbells. Facts:
 * asm-generic/hyperv-tlfs.h.
 */
@NullMarked
package io.ringside.vmbus.synic;

import org.jspecify.annotations.NullMarked;
