package io.ringside.perf.model;

import io.ringside.hypervisor.Clock;
import io.ringside.hypervisor.CrossingCosts;
import io.ringside.hypervisor.Doorbell;
import io.ringside.hypervisor.Toll;
import io.ringside.hypervisor.Vcpu;
import io.ringside.perf.scenario.Timeline;
import org.agrona.concurrent.IdleStrategy;

/**
 * The timeline of one simulated pair. A crossing is charged to whoever has the turn, as it stalls
 * whichever thread crosses where time is real.
 *
 * @param simulation whose time it is
 * @param guest the guest's strand
 * @param host the host's strand
 */
record ModelledTimeline(Simulation simulation, Strand guest, Strand host) implements Timeline {
    @Override
    public Clock clock() {
        return simulation;
    }

    @Override
    public Vcpu processor(final Half half, final CrossingCosts costs) {
        return new Vcpu(half.processorName(), costs, (Toll) simulation);
    }

    @Override
    public IdleStrategy waitingInGuest() {
        return guest;
    }

    @Override
    public Doorbell handOverDoorbell(final Half half, final Doorbell doorbell) {
        return switch (half) {
            case GUEST -> guest::answered;
            case HOST -> host::handedOver;
        };
    }

    @Override
    public Doorbell doorbell(final Half half) {
        return switch (half) {
            case GUEST -> guest;
            case HOST -> host;
        };
    }
}
