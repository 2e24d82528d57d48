package io.ringside.perf.scenario;

import io.ringside.device.guest.BlockDevice;
import io.ringside.device.host.BlockStore;
import io.ringside.xenbus.event.EventChannels;
import org.agrona.concurrent.Agent;

/** Xen's block pair with a guest that can be made to send events for nothing. */
public final class SpentBudgetRig implements DiskRig {
    private static final int MORE_THAN_ANY_BUDGET = 3000;

    private final BlkfrontRig rig;
    private int port;

    /** A pair that is not connected yet. */
    public SpentBudgetRig(final Variant disk, final DiskScenario scenario, final BlockStore store) {
        rig = new BlkfrontRig(disk, scenario, store);
    }

    /** Sends events without a request behind them until they reach the host no more. */
    public void spendTheGuestsEvents() throws Exception {
        port = rig.guest().eventChannels().openPorts(); // It has one alone, and the first.
        for (int i = 0; i < MORE_THAN_ANY_BUDGET && !isHeld(); i++) {
            rig.backend().doWork();
        }
    }

    /** Whether an event of the guest does not reach the host. */
    public boolean isHeld() {
        final EventChannels events = rig.guest().eventChannels();
        events.send(port);
        return !rig.host().eventChannels().isUpcallPending();
    }

    @Override
    public BlockDevice disk() {
        return rig.disk();
    }

    @Override
    public String device() {
        return rig.device();
    }

    @Override
    public Halves halves() {
        return rig.halves();
    }

    @Override
    public Agent frontend() {
        return rig.frontend();
    }

    @Override
    public Agent backend() {
        return rig.backend();
    }

    @Override
    public void tick() {
        rig.tick();
    }

    @Override
    public void close() {
        rig.close();
    }
}
