package io.ringside.emulated.e1000;

import io.ringside.device.guest.NetDevice;
import io.ringside.device.host.PacketPort;
import io.ringside.emulated.e1000.backend.E1000;
import io.ringside.emulated.e1000.frontend.E1000Driver;
import io.ringside.emulated.nic.NicMachine;
import io.ringside.emulated.trap.InterruptLine;
import io.ringside.hypervisor.Trace;
import org.agrona.concurrent.Agent;

/**
 * An 82540EM at its usual place.
 *
 * @param throttle least time between two interrupts, in units of 256 ns
 */
public record E1000Kind(int throttle) implements NicMachine.Kind {
    /** Where its registers are. */
    public static final long BASE = 0xFEBC_0000L;

    /** Its interrupt line. */
    public static final int LINE = 11;

    @Override
    public Agent model(final NicMachine machine, final PacketPort port) {
        final E1000 card =
                new E1000(
                        BASE,
                        LINE,
                        NicMachine.STATION,
                        port,
                        machine.memory(),
                        machine.vcpu(),
                        machine.interrupts(),
                        machine.clock(),
                        Trace.OFF);
        card.attachTo(machine.registers());
        return card;
    }

    @Override
    public NetDevice driver(final NicMachine machine) {
        return new E1000Driver(
                BASE,
                machine.registers(),
                new InterruptLine(machine.io(), machine.interrupts(), LINE),
                machine.memory(),
                machine.frames(),
                NicMachine.TRANSMIT_DEPTH,
                NicMachine.RECEIVE_DEPTH,
                throttle,
                Trace.OFF);
    }
}
