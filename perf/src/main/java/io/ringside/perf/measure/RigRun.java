package io.ringside.perf.measure;

import io.ringside.hypervisor.Doorbell;
import io.ringside.hypervisor.inprocess.DoorbellIdleStrategy;
import io.ringside.hypervisor.inprocess.ThreadDoorbell;
import io.ringside.perf.scenario.Halves;
import io.ringside.perf.scenario.Rig;
import io.ringside.perf.scenario.RunControl;
import io.ringside.perf.scenario.WakeupMode;
import io.ringside.perf.workload.Workload;
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
 * Runs one workload over one device that is set up whole.
 *
 * <p>First both halves are stepped on this thread until the device is ready and both are idle: what
 * that costs is the connection's, and is not counted. Then each half gets its thread, until the
 * workload is done. Counts are read when both threads have ended, so they are exact.
 *
 * <p>Errors: a device that does not get ready, or that makes no progress for {@link
 * #STALL_SECONDS}, is our own fault and ends in an {@link IllegalStateException} that says so.
 */
public final class RigRun {
    /** How long a device may stand still. */
    public static final int STALL_SECONDS = 30;

    private static final int MAX_CONNECT_STEPS = 100_000;
    private static final int IDLE_STEPS = 8;
    private static final long LOOK_EVERY_NANOS = 5_000_000;
    private static final int LOOKS_PER_TICK = 2; // A hundred ticks a second, as many a kernel has.

    private final Rig rig;
    private final WakeupMode wakeups;
    private final RunControl control;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Steadiness steadiness = new Steadiness();
    private boolean steady;

    /** A run over one device, watched by {@code control}. */
    public RigRun(final Rig rig, final WakeupMode wakeups, final RunControl control) {
        this.rig = rig;
        this.wakeups = wakeups;
        this.control = control;
    }

    /**
     * When a workload is told to stop, and how that is told while it runs.
     *
     * @param operations how many operations the workload does; 0 to go by time
     * @param seconds how long it goes on where it goes by time
     * @param isWarmUp whether it is one, which ends as soon as its rate is steady
     */
    public record Length(long operations, double seconds, boolean isWarmUp) {}

    /** Steps both halves until the device is ready and nothing moves any more. */
    public void connect() throws Exception {
        final Agent frontend = rig.frontend();
        final Agent backend = rig.backend();
        int idleSteps = 0;
        for (int step = 0; step < MAX_CONNECT_STEPS && idleSteps < IDLE_STEPS; step++) {
            int work = frontend.doWork();
            if (backend != null) {
                work += backend.doWork();
            }
            idleSteps = work == 0 && rig.isReady() ? idleSteps + 1 : 0;
        }
        if (!rig.isReady()) {
            throw new IllegalStateException("device did not get ready: device=" + rig.device());
        }
    }

    /**
     * Runs a workload to its end.
     *
     * @param beside further agents of the guest, which run on its thread before the workload
     */
    public HalvesUse run(final Workload workload, final List<Agent> beside, final Length length) {
        return run(workload, beside, rig.backend(), length);
    }

    /**
     * The same with more than its half in the host.
     *
     * @param besideHost runs after the host's half and on its thread; on the guest's where that
     *     half runs inside the guest's exits
     */
    public HalvesUse runBeside(
            final Workload workload, final Agent besideHost, final Length length) {
        final Agent backend = rig.backend();
        return backend == null
                ? run(workload, List.of(besideHost), null, length)
                : run(workload, List.of(), new CompositeAgent(backend, besideHost), length);
    }

    private HalvesUse run(
            final Workload workload,
            final List<Agent> beside,
            final @Nullable Agent backend,
            final Length length) {
        final Halves halves = rig.halves();
        final HalfCounts frontendBefore = frontendCounts();
        final HalfCounts backendBefore = backendCounts();
        final long modelBefore = rig.modelNanos();

        final List<Agent> inGuest = new ArrayList<>(beside);
        inGuest.addFirst(rig.frontend());
        inGuest.add(workload);
        final MeteredAgent guest = new MeteredAgent(new CompositeAgent(inGuest));
        final ThreadDoorbell guestBell = ofThread(halves.frontendDoorbell());
        final ThreadDoorbell hostBell = ofThread(halves.backendDoorbell());
        final AgentRunner guestRunner = runner(guest, idle(guestBell));
        final MeteredAgent host = backend == null ? null : new MeteredAgent(backend);
        final AgentRunner hostRunner = host == null ? null : runner(host, idle(hostBell));
        if (hostRunner != null) {
            AgentRunner.startOnThread(hostRunner);
        }
        AgentRunner.startOnThread(guestRunner);
        final boolean interrupted;
        try {
            interrupted = await(workload, length);
        } finally {
            guestBell.keepAwake();
            guestRunner.close();
            hostBell.keepAwake();
            if (hostRunner != null) {
                hostRunner.close();
            }
        }
        checkFailure();
        final long modelNanos = rig.modelNanos() - modelBefore;
        return new HalvesUse(
                interrupted,
                Math.max(0, guest.cpuNanos() - modelNanos),
                host == null ? modelNanos : host.cpuNanos(),
                frontendCounts().since(frontendBefore),
                backendCounts().since(backendBefore));
    }

    /** Whether the rate of a warm-up was steady before its end; see {@link Steadiness}. */
    public boolean wasSteady() {
        return steady;
    }

    private HalfCounts frontendCounts() {
        return HalfCounts.of(rig.halves().frontendVcpu(), rig.frontendBytesCopied());
    }

    private HalfCounts backendCounts() {
        return HalfCounts.of(rig.halves().backendVcpu(), rig.backendBytesCopied());
    }

    private boolean await(final Workload workload, final Length length) {
        final boolean byTime = length.operations() == 0;
        final long start = System.nanoTime();
        final long limitNanos = byTime ? (long) (length.seconds() * 1e9) : Long.MAX_VALUE;
        long lastFinished = -1;
        long lastMoveNanos = start;
        boolean interrupted = false;
        for (long look = 1; !workload.isDone(); look++) {
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
            checkFailure();
            if (look % LOOKS_PER_TICK == 0) {
                rig.tick();
                rig.halves().frontendDoorbell().ring(); // As a guest's clock does.
            }
            final long now = System.nanoTime();
            if (!interrupted && control.isInterrupted()) {
                interrupted = true;
                workload.stop();
            }
            if (now - start >= limitNanos) {
                workload.stop();
            }
            final long finished = workload.finished();
            if (length.isWarmUp() && !steady && steadiness.isReached(now, finished)) {
                steady = true;
                workload.stop();
            }
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
                    byTime
                            ? Math.min(1, (now - start) / (double) limitNanos)
                            : finished / (double) length.operations();
            control.progress(rig.device(), length.isWarmUp() ? -1 : fraction);
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

    /** Threads are woken here, so a rig of any other time is our own fault. */
    private static ThreadDoorbell ofThread(final Doorbell doorbell) {
        if (doorbell instanceof ThreadDoorbell ofThread) {
            return ofThread;
        }
        throw new IllegalArgumentException("not a thread's: doorbell=" + doorbell);
    }

    private IdleStrategy idle(final ThreadDoorbell doorbell) {
        return wakeups == WakeupMode.SLEEP
                ? new DoorbellIdleStrategy(doorbell)
                : new BusySpinIdleStrategy();
    }
}
