package io.ringside.perf.scenario;

import io.ringside.device.guest.NetDevice;
import io.ringside.device.host.PacketPort;
import io.ringside.emulated.nic.backend.NicModel;
import io.ringside.emulated.trap.StringIo;
import org.agrona.concurrent.Agent;
import org.jspecify.annotations.Nullable;

/**
 * An emulated network card: between exits its model fetches what the network brings and lets its
 * timers run out, on the guest's thread or on its own.
 */
final class NicRig implements NetRig {
    private final Variant variant;
    private final EmulatedMachine machine;
    private final Nic nic;
    private final Agent model;

    NicRig(
            final Variant variant,
            final NetScenario scenario,
            final PacketPort port,
            final long mac,
            final Timeline timeline) {
        this.variant = variant;
        machine =
                new EmulatedMachine(
                        NetRigs.guestFrames(scenario),
                        scenario.costs(),
                        timeline,
                        StringIo.ONE_EXIT,
                        variant.has(NetFeature.ELSEWHERE));
        nic = Nic.of(variant, machine, port, mac, scenario.tuning());
        model = new Awake(nic.model());
        machine.place(model, scenario.wakeups());
        port.wakeWith(machine.modelDoorbell()::ring);
    }

    @Override
    public String device() {
        return variant.name();
    }

    @Override
    public NetDevice card() {
        return nic.card();
    }

    @Override
    public Halves halves() {
        return machine.halves();
    }

    @Override
    public Agent frontend() {
        return machine.frontend(model, nic.driver());
    }

    @Override
    public @Nullable Agent backend() {
        return machine.backend();
    }

    @Override
    public long modelNanos() {
        return machine.modelNanos();
    }

    @Override
    public void close() {
        try {
            machine.takeModelBack();
            nic.driver().onClose();
        } catch (final Exception e) {
            throw new IllegalStateException("cannot take apart: device=" + variant.name(), e);
        } finally {
            machine.close();
        }
    }

    /** A model that is stepped again while it waits for what rings no doorbell. */
    private record Awake(NicModel model) implements Agent {
        @Override
        public int doWork() throws Exception {
            final int work = model.doWork();
            return work == 0 && model.isWaiting() ? 1 : work;
        }

        @Override
        public String roleName() {
            return model.roleName();
        }
    }
}
