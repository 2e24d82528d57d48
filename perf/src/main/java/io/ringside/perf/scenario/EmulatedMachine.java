package io.ringside.perf.scenario;

import io.ringside.emulated.trap.InterruptController;
import io.ringside.emulated.trap.Mmio;
import io.ringside.emulated.trap.PortIo;
import io.ringside.emulated.trap.StringIo;
import io.ringside.hypervisor.CrossingCosts;
import io.ringside.hypervisor.Vcpu;

/** A PC of one processor as its devices see it: memory, ports, registers, interrupt lines. */
final class EmulatedMachine {
    private final Halves halves;
    private final PortIo ports;
    private final Mmio registers;
    private final InterruptController interrupts;

    /**
     * A machine without devices.
     *
     * @param frames page frames of the guest
     * @param costs what crossings are charged
     */
    EmulatedMachine(final int frames, final CrossingCosts costs) {
        halves = Halves.of(frames, costs);
        final Vcpu guest = halves.frontendVcpu();
        ports = new PortIo(guest, halves.guestMemory(), StringIo.ONE_EXIT, System::nanoTime);
        registers = new Mmio(guest, System::nanoTime);
        interrupts = new InterruptController(guest);
        interrupts.attachTo(ports);
    }

    Halves halves() {
        return halves;
    }

    PortIo ports() {
        return ports;
    }

    Mmio registers() {
        return registers;
    }

    InterruptController interrupts() {
        return interrupts;
    }

    /** Nanoseconds that models have run inside exits. */
    long modelNanos() {
        return ports.modelNanos() + registers.modelNanos();
    }
}
