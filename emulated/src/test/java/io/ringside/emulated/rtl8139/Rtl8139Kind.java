package io.ringside.emulated.rtl8139;

import io.ringside.device.guest.NetDevice;
import io.ringside.device.host.PacketPort;
import io.ringside.emulated.nic.NicMachine;
import io.ringside.emulated.rtl8139.backend.Rtl8139;
import io.ringside.emulated.rtl8139.frontend.Rtl8139Driver;
import io.ringside.hypervisor.Trace;
import org.agrona.concurrent.Agent;

/** An RTL8139 at its usual place. */
public final class Rtl8139Kind implements NicMachine.Kind {
    /** Its first port. */
    public static final int BASE = 0xC000;

    /** Its interrupt line. */
    public static final int LINE = 11;

    @Override
    public Agent model(final NicMachine machine, final PacketPort port) {
        final Rtl8139 card =
                new Rtl8139(
                        BASE,
                        LINE,
                        NicMachine.STATION,
                        port,
                        machine.memory(),
                        machine.vcpu(),
                        machine.interrupts(),
                        Trace.OFF);
        card.attachTo(machine.io());
        return card;
    }

    @Override
    public NetDevice driver(final NicMachine machine) {
        return new Rtl8139Driver(
                BASE,
                LINE,
                machine.io(),
                machine.interrupts(),
                machine.memory(),
                machine.frames(),
                machine.vcpu(),
                NicMachine.TRANSMIT_DEPTH,
                NicMachine.RECEIVE_DEPTH,
                Trace.OFF);
    }
}
