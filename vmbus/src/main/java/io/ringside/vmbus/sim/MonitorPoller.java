package io.ringside.vmbus.sim;

import io.ringside.hypervisor.Clock;
import org.agrona.concurrent.Agent;

/**
 * Looks at a guest's monitor page at its pace: each trigger as often as its latency says.
 *
 * <p>Threads: one, on the host.
 */
public final class MonitorPoller implements Agent {
    private final Partition partition;
    private final Clock clock;

    /** Looks at the page of one guest. */
    public MonitorPoller(final Partition partition, final Clock clock) {
        this.partition = partition;
        this.clock = clock;
    }

    @Override
    public String roleName() {
        return "monitor";
    }

    @Override
    public int doWork() {
        return partition.pollMonitors(clock.nanoTime());
    }
}
