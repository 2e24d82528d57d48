package io.ringside.perf.model;

import io.ringside.device.guest.BlockCompletions;
import io.ringside.device.guest.BlockDevice;
import io.ringside.device.guest.BlockLimits;
import io.ringside.device.guest.BlockRequest;

/**
 * A disk as a guest's operating system has it: each request takes some work above the driver.
 *
 * @param workNanos what it takes, from whoever submits it
 */
record ChargedDisk(BlockDevice disk, Simulation simulation, long workNanos) implements BlockDevice {
    @Override
    public boolean isReady() {
        return disk.isReady();
    }

    @Override
    public BlockLimits limits() {
        return disk.limits();
    }

    @Override
    public void completionsTo(final BlockCompletions completions) {
        disk.completionsTo(completions);
    }

    @Override
    public boolean submit(final BlockRequest request) {
        if (!disk.submit(request)) {
            return false;
        }
        if (workNanos > 0) {
            simulation.stall(workNanos);
        }
        return true;
    }

    @Override
    public void commit() {
        disk.commit();
    }
}
