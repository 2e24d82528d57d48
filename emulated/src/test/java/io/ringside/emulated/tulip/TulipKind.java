package io.ringside.emulated.tulip;

import io.ringside.device.guest.NetDevice;
import io.ringside.device.host.PacketPort;
import io.ringside.emulated.nic.NicMachine;
import io.ringside.emulated.trap.InterruptLine;
import io.ringside.emulated.tulip.backend.Tulip;
import io.ringside.emulated.tulip.frontend.PollDemand;
import io.ringside.emulated.tulip.frontend.TulipDriver;
import io.ringside.hypervisor.Trace;
import org.agrona.concurrent.Agent;

/**
 * A 21140 at its usual place.
 *
 * @param pollDemand how often its driver tells it that there are frames
 */
public record TulipKind(PollDemand pollDemand) implements NicMachine.Kind {
    /** Its first port. */
    public static final int BASE = 0xEC00;

    /** Its interrupt line. */
    public static final int LINE = 11;

    @Override
    public Agent model(final NicMachine machine, final PacketPort port) {
        final Tulip card =
                new Tulip(
                        BASE,
                        LINE,
                        NicMachine.STATION,
                        port,
                        machine.memory(),
                        machine.vcpu(),
                        machine.interrupts(),
                        machine.clock(),
                        Trace.OFF);
        card.attachTo(machine.io());
        return card;
    }

    @Override
    public NetDevice driver(final NicMachine machine) {
        return new TulipDriver(
                BASE,
                machine.io(),
                new InterruptLine(machine.io(), machine.interrupts(), LINE),
                machine.memory(),
                machine.frames(),
                machine.vcpu(),
                NicMachine.TRANSMIT_DEPTH,
                NicMachine.RECEIVE_DEPTH,
                pollDemand,
                machine.clock(),
                Trace.OFF);
    }
}
