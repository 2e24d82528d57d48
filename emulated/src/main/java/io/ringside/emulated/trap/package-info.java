/**
 * Where an emulated device is met: I/O ports that exit, and interrupt lines.
 *
 * <p>Read {@link io.ringside.emulated.trap.PortIo} first (every access is an exit), then {@link
 * io.ringside.emulated.trap.PortDevice} (what stands behind the ports) and {@link
 * io.ringside.emulated.trap.InterruptController} (how a device asks for the guest's attention).
 *
 * <p>A model runs in the exit, on the vCPU's thread, or behind a {@link
 * io.ringside.emulated.trap.RequestPage}: then its {@link io.ringside.emulated.trap.RequestServer}
 * runs it on a thread of its own, and the vCPU waits for the answer.
 *
 * <p>Threads: the vCPU's makes the access and takes the interrupt. Rests on: {@code hypervisor} for
 * crossings, doorbells and guest memory. Facts: the Intel 8259A data sheet for the interrupt
 * controllers, xen/include/public/hvm/ioreq.h for the page.
 */
@NullMarked
package io.ringside.emulated.trap;

import org.jspecify.annotations.NullMarked;
