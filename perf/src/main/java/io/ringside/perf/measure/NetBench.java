package io.ringside.perf.measure;

import io.ringside.perf.scenario.NetDirection;
import io.ringside.perf.scenario.NetFeature;
import io.ringside.perf.scenario.NetRig;
import io.ringside.perf.scenario.NetRigs;
import io.ringside.perf.scenario.NetScenario;
import io.ringside.perf.scenario.RunControl;
import io.ringside.perf.scenario.UsageException;
import io.ringside.perf.scenario.Variant;
import io.ringside.perf.workload.FrameArrivals;
import io.ringside.perf.workload.FrameRecord;
import io.ringside.perf.workload.FrameSchedule;
import io.ringside.perf.workload.FrameStream;
import io.ringside.perf.workload.NetReceiver;
import io.ringside.perf.workload.NetSender;
import io.ringside.perf.workload.Wire;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Measures one network card after the other with one stream.
 *
 * <p>Each first warms up until its rate is steady. Then it is offered all that the wire carries. If
 * nothing was lost, that is its highest rate; if not, the rate is searched for by halving, as RFC
 * 2544 has it, where a rate fails only if frames were lost twice. At 50 % and at 90 % of the
 * highest rate frames come one after the other, whatever became of those before, and their latency
 * is taken.
 *
 * <p>Every run is on a card set up anew. Threads and errors are {@link RigRun}'s.
 */
public final class NetBench {
    private static final double WARM_UP_SECONDS = 1;
    private static final int SEARCH_STEPS = 6;
    private static final double FIRST_TRY = 0.95;
    private static final double SEARCH_SHARE = 0.25;
    private static final double LEAST_RATE = 1000;
    private static final int TRIES = 3;
    private static final int RUNS_OF_A_RATE = 2;

    private final NetScenario scenario;
    private final FrameStream stream;
    private final RunControl control;
    private final Set<String> unsteady = new LinkedHashSet<>();
    private double warmUpSeconds = WARM_UP_SECONDS;
    private boolean lastWasSteady;
    private @Nullable FrameRecord recorded;

    /** A bench for one scenario with one stream. */
    public NetBench(
            final NetScenario scenario, final FrameStream stream, final RunControl control) {
        this.scenario = scenario;
        this.stream = stream;
        this.control = control;
    }

    /** Warms each card up for at most so long, and half of that at half the rate. */
    public void warmUpSeconds(final double most) {
        warmUpSeconds = most;
    }

    /** Devices whose rate was not steady when their warm-up was at its limit. */
    public Set<String> unsteady() {
        return Collections.unmodifiableSet(unsteady);
    }

    /** Warms up, and measures. */
    public NetResult measure(final Variant card) throws Exception {
        return measure(card, null);
    }

    /**
     * The same.
     *
     * @param record where the frames are written as they arrive in a round of a stream that is
     *     given
     */
    public NetResult measure(final Variant card, final @Nullable Path record) throws Exception {
        final NetResult.Run replay = stream.isGiven() ? replay(card, record) : null;
        final double wireNanosPerByte = scenario.nanosPerByte();
        if (warmUpSeconds > 0) {
            final NetResult.Run warm = run(card, wireNanosPerByte, warmUpSeconds, true);
            if (!lastWasSteady && !warm.use().interrupted()) {
                unsteady.add(card.name());
            }
            run(card, nanosPerByte(warm.framesPerSecond() / 2), warmUpSeconds / 2, true);
        }
        final NetResult.Run full = run(card, wireNanosPerByte, scenario.seconds(), false);
        final NetResult.Run highest =
                full.losses().total() == 0 ? full : search(card, full.framesPerSecond());
        final double seconds = scenario.seconds() / 2;
        return new NetResult(
                card.name(),
                replay,
                highest,
                full.framesPerSecond() * full.sent() / Math.max(1, full.arrived()),
                full.losses(),
                run(card, nanosPerByte(highest.framesPerSecond() * 0.5), seconds, false),
                run(card, nanosPerByte(highest.framesPerSecond() * 0.9), seconds, false));
    }

    /** The highest rate without loss, between none and one that was reached with losses. */
    private NetResult.Run search(final Variant card, final double reachedPerSecond)
            throws Exception {
        final double seconds = scenario.seconds() * SEARCH_SHARE;
        double least = 0;
        double most = reachedPerSecond;
        double next = reachedPerSecond * FIRST_TRY;
        for (int step = 0; step < SEARCH_STEPS && !control.isInterrupted(); step++) {
            if (isLossless(card, next, seconds)) {
                least = next;
            } else {
                most = next;
            }
            next = (least + most) / 2;
        }
        double rate = least > 0 ? least : most / 2;
        NetResult.Run run = run(card, nanosPerByte(rate), scenario.seconds(), false);
        while (run.losses().total() > 0 && rate > LEAST_RATE && !control.isInterrupted()) {
            rate *= least > 0 ? FIRST_TRY : 0.5;
            run = run(card, nanosPerByte(rate), scenario.seconds(), false);
        }
        return run;
    }

    /** Whether one of two runs at a rate lost nothing. */
    private boolean isLossless(final Variant card, final double rate, final double seconds)
            throws Exception {
        for (int i = 0; i < RUNS_OF_A_RATE; i++) {
            if (run(card, nanosPerByte(rate), seconds, false).losses().total() == 0) {
                return true;
            }
        }
        return false;
    }

    private double nanosPerByte(final double framesPerSecond) {
        return 1e9 / Math.max(LEAST_RATE, framesPerSecond) / stream.meanWireBytes();
    }

    /**
     * Sends so many frames as fast as they are taken. A half that was not let run for long may have
     * given frames up, as a real one does: then they are sent again, on a card set up anew.
     */
    public NetResult.Run frames(final Variant card, final long frames) throws Exception {
        final RigRun.Length length = new RigRun.Length(frames, 0, false);
        NetResult.Run run = run(card, 0, length);
        for (int i = 1; i < TRIES && run.losses().total() > 0 && !control.isInterrupted(); i++) {
            run = run(card, 0, length);
        }
        return run;
    }

    private NetResult.Run replay(final Variant card, final @Nullable Path record) throws Exception {
        if (record == null) {
            return frames(card, stream.frames());
        }
        try (FrameRecord open = new FrameRecord(record)) {
            recorded = open;
            final NetResult.Run run = run(card, 0, new RigRun.Length(stream.frames(), 0, false));
            if (!open.failure().isEmpty()) {
                throw new UsageException("--pcap-out " + record + ": " + open.failure());
            }
            return run;
        } finally {
            recorded = null;
        }
    }

    private FrameArrivals arrivals(final Variant card, final FrameSchedule schedule) {
        final FrameArrivals arrivals =
                new FrameArrivals(schedule, NetRigs.queues(card, scenario) == 1, System::nanoTime);
        if (recorded != null) {
            arrivals.recordTo(recorded);
        }
        return arrivals;
    }

    private NetResult.Run run(
            final Variant card,
            final double nanosPerByte,
            final double seconds,
            final boolean isWarmUp)
            throws Exception {
        return run(card, nanosPerByte, new RigRun.Length(0, seconds, isWarmUp));
    }

    private NetResult.Run run(
            final Variant card, final double nanosPerByte, final RigRun.Length length)
            throws Exception {
        return scenario.direction() == NetDirection.TX
                ? transmit(card, nanosPerByte, length)
                : receive(card, nanosPerByte, length);
    }

    /** At the wire's own rate the guest sends as fast as it can, and the wire holds it up. */
    private NetResult.Run transmit(
            final Variant card, final double nanosPerByte, final RigRun.Length length)
            throws Exception {
        final double pace = nanosPerByte == scenario.nanosPerByte() ? 0 : nanosPerByte;
        final FrameSchedule schedule =
                new FrameSchedule(stream, pace, limit(length), card.has(NetFeature.OFFLOADS));
        final FrameArrivals arrivals = arrivals(card, schedule);
        final Wire wire = Wire.sink(scenario.nanosPerByte(), arrivals, System::nanoTime);
        try (NetRig rig = NetRigs.of(card, scenario, wire)) {
            final RigRun run = new RigRun(rig, scenario.wakeups(), control);
            run.connect();
            final NetSender sender =
                    new NetSender(
                            rig.card(),
                            schedule,
                            arrivals,
                            System::nanoTime,
                            rig.halves().guestMemory(),
                            rig.halves().guestFrames());
            final HalvesUse use = run.runBeside(sender, wire, length);
            lastWasSteady = run.wasSteady();
            return result(schedule, arrivals, wire, use);
        }
    }

    private NetResult.Run receive(
            final Variant card, final double nanosPerByte, final RigRun.Length length)
            throws Exception {
        final FrameSchedule schedule =
                new FrameSchedule(stream, nanosPerByte, limit(length), false);
        final FrameArrivals arrivals = arrivals(card, schedule);
        final Wire wire = Wire.source(schedule, System::nanoTime);
        try (NetRig rig = NetRigs.of(card, scenario, wire)) {
            final RigRun run = new RigRun(rig, scenario.wakeups(), control);
            run.connect();
            final HalvesUse use =
                    run.runBeside(
                            new NetReceiver(
                                    rig.card(),
                                    wire,
                                    arrivals,
                                    System::nanoTime,
                                    rig.halves().guestMemory()),
                            wire,
                            length);
            lastWasSteady = run.wasSteady();
            return result(schedule, arrivals, wire, use);
        }
    }

    private static long limit(final RigRun.Length length) {
        return length.operations() == 0 ? Long.MAX_VALUE : length.operations();
    }

    private static NetResult.Run result(
            final FrameSchedule schedule,
            final FrameArrivals arrivals,
            final Wire wire,
            final HalvesUse use) {
        final long right = arrivals.arrived() - arrivals.foreign();
        final long lost = Math.max(0, schedule.number() - right);
        final long atTheWire = Math.min(lost, wire.dropped());
        return new NetResult.Run(
                schedule.number(),
                right,
                new NetResult.Losses(atTheWire, lost - atTheWire),
                arrivals.foreign(),
                arrivals.disordered(),
                arrivals.framesPerSecond(),
                arrivals.gigabitsPerSecond(),
                arrivals.latency(),
                use);
    }
}
