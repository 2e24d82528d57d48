package io.ringside.perf.scenario;

import io.ringside.device.guest.NetDevice;
import io.ringside.device.host.PacketPort;
import io.ringside.emulated.e1000.backend.E1000;
import io.ringside.emulated.e1000.frontend.E1000Driver;
import io.ringside.emulated.nic.backend.NicModel;
import io.ringside.emulated.rtl8139.backend.Rtl8139;
import io.ringside.emulated.rtl8139.frontend.Rtl8139Driver;
import io.ringside.emulated.trap.InterruptLine;
import io.ringside.hypervisor.Trace;
import org.agrona.concurrent.Agent;

/**
 * An emulated card in a machine. It hears frames to every address, as a paravirtual one does.
 *
 * @param model the chip
 * @param card its driver as a workload sees it
 * @param driver its driver as whoever runs it sees it
 */
record Nic(NicModel model, NetDevice card, Agent driver) {
    private static final int LINE = 11;
    private static final int PORT_BASE = 0xC000;
    private static final long REGISTER_BASE = 0xFEBC_0000L;
    private static final int DEPTH = 256;

    /** At most 8,000 interrupts a second, in units of 256 ns. */
    private static final int MODERATION = 488;

    /** The card of a name. */
    static Nic of(
            final Variant card,
            final EmulatedMachine machine,
            final PacketPort port,
            final long mac) {
        return switch (card.device()) {
            case NetDevices.RTL8139 -> rtl8139(machine, port, mac);
            case NetDevices.E1000 ->
                    e1000(machine, port, mac, card.has(NetFeature.MODERATED) ? MODERATION : 0);
            default -> throw new IllegalArgumentException("no such card: device=" + card.device());
        };
    }

    private static Nic rtl8139(
            final EmulatedMachine machine, final PacketPort port, final long mac) {
        final Halves halves = machine.halves();
        final Rtl8139 model =
                new Rtl8139(
                        PORT_BASE,
                        LINE,
                        mac,
                        port,
                        halves.guestMemory(),
                        halves.backendVcpu(),
                        machine.interrupts(),
                        Trace.OFF);
        model.attachTo(machine.ports());
        final Rtl8139Driver driver =
                new Rtl8139Driver(
                        PORT_BASE,
                        LINE,
                        machine.ports(),
                        machine.interrupts(),
                        halves.guestMemory(),
                        halves.guestFrames(),
                        halves.frontendVcpu(),
                        DEPTH,
                        DEPTH,
                        Trace.OFF);
        driver.promiscuous(true);
        return new Nic(model, driver, driver);
    }

    private static Nic e1000(
            final EmulatedMachine machine,
            final PacketPort port,
            final long mac,
            final int throttle) {
        final Halves halves = machine.halves();
        final E1000 model =
                new E1000(
                        REGISTER_BASE,
                        LINE,
                        mac,
                        port,
                        halves.guestMemory(),
                        halves.backendVcpu(),
                        machine.interrupts(),
                        halves.clock(),
                        Trace.OFF);
        model.attachTo(machine.registers());
        final E1000Driver driver =
                new E1000Driver(
                        REGISTER_BASE,
                        machine.registers(),
                        new InterruptLine(machine.ports(), machine.interrupts(), LINE),
                        halves.guestMemory(),
                        halves.guestFrames(),
                        DEPTH,
                        DEPTH,
                        throttle,
                        Trace.OFF);
        driver.promiscuous(true);
        return new Nic(model, driver, driver);
    }
}
