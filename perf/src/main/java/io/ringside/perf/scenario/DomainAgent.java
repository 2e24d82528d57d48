package io.ringside.perf.scenario;

import io.ringside.hypervisor.Doorbell;
import io.ringside.xenbus.sim.Domain;
import org.agrona.concurrent.Agent;

/**
 * A domain's thread: its upcalls, then its end of the device, whose peer's event budget begins anew
 * after each {@link #tick}.
 */
final class DomainAgent implements Agent {
    private final Domain domain;
    private final Agent end;
    private final Runnable newPeriod;
    private final Doorbell doorbell;
    private volatile boolean tickDue;

    /**
     * Makes an agent.
     *
     * @param newPeriod begins a new period of the budget; runs on this agent's thread
     * @param doorbell wakes this agent
     */
    DomainAgent(
            final Domain domain,
            final Agent end,
            final Runnable newPeriod,
            final Doorbell doorbell) {
        this.domain = domain;
        this.end = end;
        this.newPeriod = newPeriod;
        this.doorbell = doorbell;
    }

    /** Asks for a new period, and wakes the domain for it; any thread. */
    void tick() {
        tickDue = true;
        doorbell.ring();
    }

    @Override
    public int doWork() throws Exception {
        if (tickDue) {
            tickDue = false;
            newPeriod.run();
        }
        final int events =
                domain.eventChannels().isUpcallPending() ? domain.eventChannels().dispatch() : 0;
        return events + end.doWork();
    }

    @Override
    public void onClose() {
        end.onClose();
    }

    @Override
    public String roleName() {
        return end.roleName();
    }
}
