package io.ringside.perf.model;

import io.ringside.device.guest.NetCompletions;
import io.ringside.device.guest.NetDevice;
import io.ringside.device.guest.NetFrame;
import io.ringside.device.guest.NetLimits;

/**
 * A network card as a guest's operating system has it: each frame takes some work above the driver.
 *
 * @param workNanos what a frame takes, from whoever sends or receives it
 */
record ChargedCard(NetDevice card, Simulation simulation, long workNanos) implements NetDevice {
    @Override
    public boolean isReady() {
        return card.isReady();
    }

    @Override
    public NetLimits limits() {
        return card.limits();
    }

    @Override
    public long macAddress() {
        return card.macAddress();
    }

    @Override
    public int mtuBytes() {
        return card.mtuBytes();
    }

    @Override
    public boolean isLinkUp() {
        return card.isLinkUp();
    }

    @Override
    public void completionsTo(final NetCompletions completions) {
        card.completionsTo(
                new NetCompletions() {
                    @Override
                    public void transmitted(final NetFrame frame) {
                        completions.transmitted(frame);
                    }

                    @Override
                    public void received(final int queue, final NetFrame frame) {
                        charge();
                        completions.received(queue, frame);
                    }

                    @Override
                    public void linkChanged() {
                        completions.linkChanged();
                    }
                });
    }

    private void charge() {
        if (workNanos > 0) {
            simulation.stall(workNanos);
        }
    }

    @Override
    public boolean submit(final int queue, final NetFrame frame) {
        if (!card.submit(queue, frame)) {
            return false;
        }
        charge();
        return true;
    }

    @Override
    public void giveBack(final NetFrame frame) {
        card.giveBack(frame);
    }

    @Override
    public void commit() {
        card.commit();
    }
}
