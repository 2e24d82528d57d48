package io.ringside.perf.model;

import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.CrossingCosts;
import io.ringside.perf.measure.HalfCounts;
import io.ringside.perf.measure.HalvesUse;
import io.ringside.perf.measure.RigRun;
import io.ringside.perf.scenario.Rig;
import io.ringside.perf.scenario.RunControl;
import io.ringside.perf.scenario.WakeupMode;
import io.ringside.perf.workload.Workload;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.CompositeAgent;
import org.jspecify.annotations.Nullable;

/**
 * One run of some guests, each with its device and its workload, in simulated time: what {@link
 * RigRun} is where time is real.
 *
 * <p>Threads: the caller's; see {@link Simulation}. Errors: a device that makes no progress for
 * {@link RigRun#STALL_SECONDS} of simulated time is our own fault and ends in an {@link
 * IllegalStateException} that says so.
 */
final class ModelledRun {
    private static final long LOOK_EVERY_NANOS = 5_000_000;
    private static final int LOOKS_PER_TICK = 2; // As RigRun has it.
    private static final long STALL_NANOS = RigRun.STALL_SECONDS * 1_000_000_000L;

    private final Simulation simulation;
    private final WakeupMode wakeups;
    private final RunControl control;
    private final boolean guestsShare;
    private final @Nullable HostProcessors processors;
    private final List<Guest> guests = new ArrayList<>();
    private int unfinished;
    private long begunNanos;
    private long lastFinished = -1;
    private long lastMoveNanos;
    private boolean interrupted;

    ModelledRun(
            final ModelCosts costs,
            final ModelSetup setup,
            final WakeupMode wakeups,
            final RunControl control) {
        this.simulation = new Simulation(costs);
        this.wakeups = wakeups;
        this.control = control;
        guestsShare = setup.guestsShare();
        processors =
                setup.hostProcessors() == 0
                        ? null
                        : new HostProcessors(setup.hostProcessors(), costs.threadSwitchNanos());
    }

    /** What a crossing costs where a flush interrupts every further processor of the host. */
    static CrossingCosts crossings(final CrossingCosts costs, final ModelSetup setup) {
        final long further = setup.processorsOfHost() - 1L;
        if (further == 0 || setup.flushNanosPerProcessor() == 0) {
            return costs;
        }
        final Map<Crossing, Integer> nanos = new EnumMap<>(Crossing.class);
        nanos.putAll(costs.nanos());
        nanos.put(
                Crossing.TLB_FLUSH,
                Math.toIntExact(
                        costs.nanos(Crossing.TLB_FLUSH)
                                + further * setup.flushNanosPerProcessor()));
        return new CrossingCosts(
                costs.name(), costs.source(), nanos, costs.hostNanos(), costs.handOverNanos());
    }

    Simulation simulation() {
        return simulation;
    }

    /** The time of a further pair, whose two strands are in the simulation from now on. */
    ModelledTimeline pair() {
        final boolean polls = wakeups == WakeupMode.POLL;
        final int number = guests.size() + 1;
        final Strand guest = new Strand(simulation, "guest-" + number, polls);
        final Strand host = new Strand(simulation, "host-" + number, polls);
        if (processors != null) {
            host.runsOn(processors);
            if (guestsShare) {
                guest.runsOn(processors);
            }
        }
        return new ModelledTimeline(simulation, guest, host);
    }

    /** Adds a guest whose device is connected. */
    void add(final ModelledTimeline timeline, final Rig rig, final Workload workload) {
        add(timeline, rig, workload, null);
    }

    /**
     * The same with more than its half in the host.
     *
     * @param besideHost runs after the half
     */
    void add(
            final ModelledTimeline timeline,
            final Rig rig,
            final Workload workload,
            final @Nullable Agent besideHost) {
        final Guest guest = new Guest(timeline, rig, workload);
        guests.add(guest);
        timeline.guest().does(guest, rig::frontendBytesCopied);
        final Agent backend = rig.backend();
        if (backend != null) {
            timeline.host()
                    .does(
                            besideHost == null ? backend : new CompositeAgent(backend, besideHost),
                            rig::backendBytesCopied);
        } else if (besideHost != null) {
            timeline.host().does(besideHost, () -> 0);
        }
    }

    /** One guest's half and its workload, until that is done. */
    private final class Guest implements Agent {
        private final ModelledTimeline timeline;
        private final Rig rig;
        private final Agent frontend;
        private final Workload workload;
        private final HalfCounts frontendBefore;
        private final HalfCounts backendBefore;
        private final long modelBefore;
        private boolean finished;

        private Guest(final ModelledTimeline timeline, final Rig rig, final Workload workload) {
            this.timeline = timeline;
            this.rig = rig;
            this.frontend = rig.frontend();
            this.workload = workload;
            frontendBefore = frontendCounts();
            backendBefore = backendCounts();
            modelBefore = rig.modelNanos();
        }

        private HalfCounts frontendCounts() {
            return HalfCounts.of(rig.halves().frontendVcpu(), rig.frontendBytesCopied());
        }

        private HalfCounts backendCounts() {
            return HalfCounts.of(rig.halves().backendVcpu(), rig.backendBytesCopied());
        }

        @Override
        public int doWork() throws Exception {
            final int work = frontend.doWork() + workload.doWork();
            if (!finished && workload.isDone()) {
                finished = true;
                unfinished--;
                if (unfinished == 0) {
                    simulation.end();
                }
            }
            return work;
        }

        @Override
        public String roleName() {
            return frontend.roleName();
        }

        private HalvesUse use(final long elapsedNanos) {
            final long modelNanos = rig.modelNanos() - modelBefore;
            final boolean polls = wakeups == WakeupMode.POLL;
            final long guestNanos = polls ? elapsedNanos : timeline.guest().busyNanos();
            final long hostNanos = polls ? elapsedNanos : timeline.host().busyNanos();
            return new HalvesUse(
                    interrupted,
                    Math.max(0, guestNanos - modelNanos),
                    rig.backend() == null ? modelNanos : hostNanos,
                    frontendCounts().since(frontendBefore),
                    backendCounts().since(backendBefore));
        }
    }

    /** Runs all guests to the end of their workloads; what each used, in their order. */
    List<HalvesUse> run(final RigRun.Length length) {
        begunNanos = simulation.nanoTime();
        lastMoveNanos = begunNanos;
        unfinished = guests.size();
        simulation.at(begunNanos + LOOK_EVERY_NANOS, () -> look(1, length));
        if (length.operations() == 0) {
            simulation.at(begunNanos + (long) (length.seconds() * 1e9), this::stop);
        }
        simulation.run();
        final long elapsedNanos = simulation.nanoTime() - begunNanos;
        final List<HalvesUse> uses = new ArrayList<>();
        for (final Guest guest : guests) {
            uses.add(guest.use(elapsedNanos));
        }
        return uses;
    }

    private void stop() {
        for (final Guest guest : guests) {
            guest.workload.stop();
            guest.timeline.guest().ring();
            guest.timeline.host().ring();
        }
    }

    private void look(final long number, final RigRun.Length length) {
        long finished = 0;
        for (final Guest guest : guests) {
            finished += guest.workload.finished();
            if (number % LOOKS_PER_TICK == 0) {
                guest.rig.tick();
                guest.rig.halves().frontendDoorbell().ring();
            }
        }
        if (!interrupted && control.isInterrupted()) {
            interrupted = true;
            stop();
        }
        final long now = simulation.nanoTime();
        if (finished != lastFinished) {
            lastFinished = finished;
            lastMoveNanos = now;
        } else if (now - lastMoveNanos > STALL_NANOS) {
            throw new IllegalStateException(
                    "no progress: device="
                            + guests.getFirst().rig.device()
                            + " operations="
                            + finished);
        }
        final double all = (double) length.operations() * guests.size();
        control.progress(
                guests.getFirst().rig.device(),
                length.operations() == 0
                        ? Math.min(1, (now - begunNanos) / (length.seconds() * 1e9))
                        : finished / all);
        simulation.at(now + LOOK_EVERY_NANOS, () -> look(number + 1, length));
    }
}
