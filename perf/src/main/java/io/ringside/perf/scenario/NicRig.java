package io.ringside.perf.scenario;

import io.ringside.device.guest.NetDevice;
import io.ringside.device.host.PacketPort;
import org.agrona.concurrent.Agent;
import org.jspecify.annotations.Nullable;

/**
 * An emulated network card: the model runs inside the guest's exits, and between them on the
 * guest's thread, where it fetches what the network brings and lets its timers run out.
 */
final class NicRig implements NetRig {
    private final Variant variant;
    private final EmulatedMachine machine;
    private final Nic nic;
    private long outsideExitsNanos;

    NicRig(
            final Variant variant,
            final NetScenario scenario,
            final PacketPort port,
            final long mac,
            final Timeline timeline) {
        this.variant = variant;
        machine = new EmulatedMachine(NetRigs.guestFrames(scenario), scenario.costs(), timeline);
        nic = Nic.of(variant, machine, port, mac);
        port.wakeWith(machine.halves().frontendDoorbell()::ring);
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
        return new Agent() {
            @Override
            public int doWork() throws Exception {
                final long start = machine.halves().clock().nanoTime();
                final int modelWork = nic.model().doWork();
                if (modelWork > 0) {
                    outsideExitsNanos += machine.halves().clock().nanoTime() - start;
                }
                final int work = modelWork + nic.driver().doWork();
                return work == 0 && nic.model().isWaiting() ? 1 : work;
            }

            @Override
            public String roleName() {
                return variant.name();
            }
        };
    }

    @Override
    public @Nullable Agent backend() {
        return null;
    }

    @Override
    public long modelNanos() {
        return machine.modelNanos() + outsideExitsNanos;
    }

    @Override
    public void close() {
        nic.driver().onClose();
        machine.halves().guestMemory().close();
    }
}
