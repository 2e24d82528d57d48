package io.ringside.perf.scenario;

import io.ringside.device.guest.NetDevice;
import io.ringside.device.host.PacketPort;
import org.agrona.concurrent.Agent;

/** No pair at all: what is left when everything but the workload and two threads is taken away. */
final class IdealRig implements NetRig {
    private final Halves halves;
    private final IdealCard card;

    IdealRig(final NetScenario scenario, final PacketPort port, final Timeline timeline) {
        halves = Halves.of(NetRigs.guestFrames(scenario), scenario.costs(), timeline);
        card = new IdealCard(halves, port, scenario.queues());
        port.wakeWith(halves.backendDoorbell()::ring);
    }

    @Override
    public String device() {
        return NetDevices.IDEAL;
    }

    @Override
    public Halves halves() {
        return halves;
    }

    @Override
    public NetDevice card() {
        return card;
    }

    @Override
    public Agent frontend() {
        return card.frontend();
    }

    @Override
    public Agent backend() {
        return card.backend();
    }

    @Override
    public void close() {
        halves.guestMemory().close();
    }
}
