package io.ringside.perf.scenario;

import io.ringside.device.guest.NetDevice;

/** One network card set up whole, before a port. */
public interface NetRig extends Rig {
    /** What the workload drives. */
    NetDevice card();

    @Override
    default boolean isReady() {
        return card().isReady();
    }
}
