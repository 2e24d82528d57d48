package io.ringside.perf.measure;

import io.ringside.hypervisor.inprocess.DoorbellIdleStrategy;
import io.ringside.hypervisor.inprocess.ThreadDoorbell;
import io.ringside.perf.scenario.DiskRig;
import io.ringside.perf.scenario.DiskScenario;
import io.ringside.perf.scenario.RunControl;
import io.ringside.perf.workload.DiskModel;
import io.ringside.perf.workload.DiskStream;
import io.ringside.perf.workload.DiskWorkload;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.CompositeAgent;
import org.agrona.concurrent.IdleStrategy;
import org.jspecify.annotations.Nullable;

/**
 * Runs one workload over one disk and measures it.
 *
 * <p>First both halves are stepped on this thread until the disk is ready and both are idle: what
 * that costs is the connection's, and is not counted. Then each half gets its thread, until the
 * workload is done. Counts are read when both threads have ended, so they are exact.
 *
 * <p>Errors: a disk that does not get ready, or that makes no progress for {@link #STALL_SECONDS},
 * is our own fault and ends in an {@link IllegalStateException} that says so.
 */
public final class DiskRun {
    /** How long a device may stand still. */
    public static final int STALL_SECONDS = 30;

    private static final int MAX_CONNECT_STEPS = 100_000;
    private static final long LOOK_EVERY_NANOS = 5_000_000;

    private final DiskRig rig;
    private final DiskScenario scenario;
    private final RunControl control;
    private final List<Agent> beside;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /** A run of one scenario over one disk, watched by {@code control}. */
    public DiskRun(final DiskRig rig, final DiskScenario scenario, final RunControl control) {
        this(rig, scenario, control, List.of());
    }

    /**
     * The same beside other work of the guest.
     *
     * @param beside runs on the guest's thread for as long as the workload does
     */
    public DiskRun(
            final DiskRig rig,
            final DiskScenario scenario,
            final RunControl control,
            final List<Agent> beside) {
        this.rig = rig;
        this.scenario = scenario;
        this.control = control;
        this.beside = List.copyOf(beside);
    }

    /** Steps both halves until the disk is ready and nothing moves any more. */
    public void connect() throws Exception {
        final Agent frontend = rig.frontend();
        final Agent backend = rig.backend();
        int idleSteps = 0;
        for (int step = 0; step < MAX_CONNECT_STEPS && idleSteps < 8; step++) {
            int work = frontend.doWork();
            if (backend != null) {
                work += backend.doWork();
            }
            idleSteps = work == 0 && rig.disk().isReady() ? idleSteps + 1 : 0;
        }
        if (!rig.disk().isReady()) {
            throw new IllegalStateException("disk did not get ready: device=" + rig.device());
        }
    }

    /**
     * Runs the workload.
     *
     * @param model what the medium must hold
     * @param operationLimit how many operations, or 0 to go by {@code seconds}
     * @param isWarmUp whether the progress is told as such
     */
    public DiskResult run(
            final DiskModel model,
            final long operationLimit,
            final double seconds,
            final boolean isWarmUp) {
        final boolean writes = scenario.pattern().writes();
        final DiskWorkload workload =
                new DiskWorkload(
                        rig.disk(),
                        new DiskStream(scenario.pattern(), model.blocks(), scenario.seed()),
                        model,
                        System::nanoTime,
                        rig.guestMemory(),
                        rig.guestFrames(),
                        scenario.blockBytes(),
                        scenario.depth(),
                        operationLimit == 0 ? Long.MAX_VALUE : operationLimit,
                        writes);
        final HalfCounts frontendBefore = HalfCounts.of(rig.frontendVcpu());
        final HalfCounts backendBefore = HalfCounts.of(rig.backendVcpu());
        final long modelBefore = rig.modelNanos();

        final List<Agent> inGuest = new ArrayList<>(beside);
        inGuest.addFirst(rig.frontend());
        inGuest.add(workload);
        final MeteredAgent guest = new MeteredAgent(new CompositeAgent(inGuest));
        final AgentRunner guestRunner = runner(guest, idle(rig.frontendDoorbell()));
        final Agent backend = rig.backend();
        final MeteredAgent host = backend == null ? null : new MeteredAgent(backend);
        final AgentRunner hostRunner =
                host == null ? null : runner(host, idle(rig.backendDoorbell()));
        if (hostRunner != null) {
            AgentRunner.startOnThread(hostRunner);
        }
        AgentRunner.startOnThread(guestRunner);
        final boolean interrupted;
        try {
            interrupted = await(workload, operationLimit, seconds, isWarmUp);
        } finally {
            rig.frontendDoorbell().keepAwake();
            guestRunner.close();
            rig.backendDoorbell().keepAwake();
            if (hostRunner != null) {
                hostRunner.close();
            }
        }
        checkFailure();
        final long modelNanos = rig.modelNanos() - modelBefore;
        return new DiskResult(
                rig.device(),
                workload.finished(),
                scenario.blockBytes(),
                workload.discards(),
                workload.failures(),
                workload.mismatches(),
                true,
                interrupted,
                workload.elapsedNanos(),
                Math.max(0, guest.cpuNanos() - modelNanos),
                host == null ? modelNanos : host.cpuNanos(),
                workload.latency(),
                HalfCounts.of(rig.frontendVcpu()).since(frontendBefore),
                HalfCounts.of(rig.backendVcpu()).since(backendBefore));
    }

    private boolean await(
            final DiskWorkload workload,
            final long operationLimit,
            final double seconds,
            final boolean isWarmUp) {
        final long start = System.nanoTime();
        final long limitNanos = operationLimit == 0 ? (long) (seconds * 1e9) : Long.MAX_VALUE;
        long lastFinished = -1;
        long lastMoveNanos = start;
        boolean interrupted = false;
        while (!workload.isDone()) {
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
            checkFailure();
            final long now = System.nanoTime();
            if (!interrupted && control.isInterrupted()) {
                interrupted = true;
                workload.stop();
            }
            if (now - start >= limitNanos) {
                workload.stop();
            }
            final long finished = workload.finished();
            if (finished != lastFinished) {
                lastFinished = finished;
                lastMoveNanos = now;
            } else if (now - lastMoveNanos > TimeUnit.SECONDS.toNanos(STALL_SECONDS)) {
                throw new IllegalStateException(
                        "no progress for "
                                + STALL_SECONDS
                                + " s: device="
                                + rig.device()
                                + " operations="
                                + finished);
            }
            final double fraction =
                    operationLimit == 0
                            ? Math.min(1, (now - start) / (double) limitNanos)
                            : finished / (double) operationLimit;
            control.progress(rig.device(), isWarmUp ? -1 : fraction);
        }
        return interrupted;
    }

    private AgentRunner runner(final Agent agent, final IdleStrategy idle) {
        return new AgentRunner(idle, e -> failure.compareAndSet(null, e), null, agent);
    }

    private void checkFailure() {
        final Throwable e = failure.get();
        if (e != null) {
            throw new IllegalStateException("a half failed: device=" + rig.device(), e);
        }
    }

    private IdleStrategy idle(final ThreadDoorbell doorbell) {
        return scenario.wakeups() == DiskScenario.WakeupMode.SLEEP
                ? new DoorbellIdleStrategy(doorbell)
                : new BusySpinIdleStrategy();
    }
}
