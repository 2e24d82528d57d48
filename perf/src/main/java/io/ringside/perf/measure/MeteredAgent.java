package io.ringside.perf.measure;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import org.agrona.concurrent.Agent;

/**
 * An agent whose thread's processor time is taken when it starts and when it ends.
 *
 * <p>The end of the thread is not the end of the agent: it is not closed here, so that what closing
 * crosses is not counted with the workload.
 *
 * <p>Threads: runs on one; the figure is read after that thread has ended.
 */
public final class MeteredAgent implements Agent {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Agent agent;
    private long startNanos;
    private long cpuNanos;

    /** Meters {@code agent}. */
    public MeteredAgent(final Agent agent) {
        this.agent = agent;
    }

    @Override
    public void onStart() {
        startNanos = THREADS.getCurrentThreadCpuTime();
        agent.onStart();
    }

    @Override
    public int doWork() throws Exception {
        return agent.doWork();
    }

    @Override
    public void onClose() {
        cpuNanos = THREADS.getCurrentThreadCpuTime() - startNanos;
    }

    @Override
    public String roleName() {
        return agent.roleName();
    }

    /** Processor time from start to end, in nanoseconds. */
    public long cpuNanos() {
        return cpuNanos;
    }
}
