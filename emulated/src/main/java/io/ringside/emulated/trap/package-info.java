/**
 * Where an emulated device is met: I/O ports that exit, and interrupt lines.
 *
 * <p>Read {@link io.ringside.emulated.trap.PortIo} first (every access is an exit), then {@link
 * io.ringside.emulated.trap.PortDevice} (what stands behind the ports) and {@link
 * io.ringside.emulated.trap.InterruptController} (how a device asks for the guest's attention).
 *
 * <p>Threads: one. The vCPU's thread makes the access, runs the model inside the exit, and takes
 * the interrupt. Rests on: {@code hypervisor} for crossings and guest memory. Facts: the Intel
 * 8259A data sheet for the interrupt controllers.
 */
@NullMarked
package io.ringside.emulated.trap;

import org.jspecify.annotations.NullMarked;
