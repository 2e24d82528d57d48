package io.ringside.perf.scenario;

import org.agrona.concurrent.Agent;

/** A side's thread on Hyper-V: its end of the bus, then its end of the device. */
record PartitionAgent(Agent bus, Agent device) implements Agent {
    @Override
    public int doWork() throws Exception {
        return bus.doWork() + device.doWork();
    }

    @Override
    public void onClose() {
        device.onClose();
    }

    @Override
    public String roleName() {
        return device.roleName();
    }
}
