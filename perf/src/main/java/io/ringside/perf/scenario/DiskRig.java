package io.ringside.perf.scenario;

import io.ringside.device.guest.BlockDevice;

/** One disk set up whole, over a medium. */
public interface DiskRig extends Rig {
    /** What the workload drives. */
    BlockDevice disk();

    @Override
    default boolean isReady() {
        return disk().isReady();
    }
}
