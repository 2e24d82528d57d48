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
     * @param timeline where time comes from
     */
    EmulatedMachine(final int frames, final CrossingCosts costs, final Timeline timeline) {
        halves = Halves.of(frames, costs, timeline);
        final Vcpu guest = halves.frontendVcpu();
        ports = new PortIo(guest, halves.guestMemory(), StringIo.ONE_EXIT, halves.clock());
        registers = new Mmio(guest, halves.clock());
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
