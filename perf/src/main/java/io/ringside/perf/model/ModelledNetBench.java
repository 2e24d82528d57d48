package io.ringside.perf.model;

import io.ringside.perf.measure.HalvesUse;
import io.ringside.perf.measure.NetResult;
import io.ringside.perf.measure.RigRun;
import io.ringside.perf.scenario.NetDirection;
import io.ringside.perf.scenario.NetFeature;
import io.ringside.perf.scenario.NetRig;
import io.ringside.perf.scenario.NetRigs;
import io.ringside.perf.scenario.NetScenario;
import io.ringside.perf.scenario.RunControl;
import io.ringside.perf.scenario.Variant;
import io.ringside.perf.workload.Alarm;
import io.ringside.perf.workload.FrameArrivals;
import io.ringside.perf.workload.FrameSchedule;
import io.ringside.perf.workload.FrameStream;
import io.ringside.perf.workload.NetReceiver;
import io.ringside.perf.workload.NetSender;
import io.ringside.perf.workload.Wire;
import io.ringside.perf.workload.WireRoom;
import io.ringside.perf.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Runs network cards in simulated time. Each guest has a card and a stream of its own; all of them
 * share the host's processors and one wire.
 *
 * <p>The method is that of {@link io.ringside.perf.measure.NetBench} without warming up and without
 * second tries, since nothing is left to chance. With several guests rates and counts are summed.
 *
 * <p>Threads: one. Errors are those of {@link ModelledRun}.
 */
public final class ModelledNetBench {
    /** What waits for the wire at most; none of it is free to begin with, so that no run gains. */
    private static final int ROOM_BYTES = 32 * 1024;

    private static final int SEARCH_STEPS = 8;
    private static final double LEAST_RATE = 1000;
    private static final long HIGHEST_NANOS = 3_600_000_000_000L;

    private final NetScenario scenario;
    private final FrameStream stream;
    private final ModelCosts costs;
    private final ModelSetup setup;
    private final RunControl control;
    private int mostAtOnce = Integer.MAX_VALUE;

    /**
     * A bench for one scenario with one stream.
     *
     * @param costs what time costs; the scenario's own costs mean nothing
     */
    public ModelledNetBench(
            final NetScenario scenario,
            final FrameStream stream,
            final ModelCosts costs,
            final ModelSetup setup,
            final RunControl control) {
        this.scenario = scenario.withCosts(ModelledRun.crossings(costs.crossings(), setup));
        this.stream = stream;
        this.costs = costs;
        this.setup = setup;
        this.control = control;
    }

    /**
     * The same bench whose guests tell the card after so many frames, as a socket does after one.
     */
    public ModelledNetBench withMostAtOnce(final int frames) {
        final ModelledNetBench bench =
                new ModelledNetBench(scenario, stream, costs, setup, control);
        bench.mostAtOnce = frames;
        return bench;
    }

    /** The highest rate without loss, and the latency at a half and at nine tenths of it. */
    public NetResult measure(final Variant card) throws Exception {
        final NetResult.Run replay =
                stream.isGiven()
                        ? run(card, 0, new RigRun.Length(stream.frames(), 0, false))
                        : null;
        final double wireNanosPerByte = scenario.nanosPerByte();
        final NetResult.Run full = run(card, wireNanosPerByte, byTime(1));
        final NetResult.Run highest =
                full.losses().total() == 0 ? full : search(card, full.framesPerSecond());
        return new NetResult(
                card.name(),
                replay,
                highest,
                full.framesPerSecond() * full.sent() / Math.max(1, full.arrived()),
                full.losses(),
                run(card, nanosPerByte(highest.framesPerSecond() * 0.5), byTime(0.5)),
                run(card, nanosPerByte(highest.framesPerSecond() * 0.9), byTime(0.5)));
    }

    /** So many frames of each guest, offered as fast as the wire brings or takes them. */
    public NetResult.Run frames(final Variant card, final long frames) throws Exception {
        return run(card, scenario.nanosPerByte(), new RigRun.Length(frames, 0, false));
    }

    private RigRun.Length byTime(final double share) {
        return new RigRun.Length(0, scenario.seconds() * share, false);
    }

    private NetResult.Run search(final Variant card, final double reachedPerSecond)
            throws Exception {
        double least = 0;
        double most = reachedPerSecond;
        NetResult.@Nullable Run best = null;
        for (int step = 0; step < SEARCH_STEPS && !control.isInterrupted(); step++) {
            final double next = step == 0 ? most : (least + most) / 2;
            final NetResult.Run run = run(card, nanosPerByte(next), byTime(1));
            if (run.losses().total() == 0) {
                least = next;
                best = run;
            } else {
                most = next;
            }
        }
        return best != null ? best : run(card, nanosPerByte(LEAST_RATE), byTime(1));
    }

    private double nanosPerByte(final double framesPerSecond) {
        return 1e9 / Math.max(LEAST_RATE, framesPerSecond) / stream.meanWireBytes();
    }

    private record NetGuest(
            NetRig rig, FrameSchedule schedule, FrameArrivals arrivals, Wire wire) {}

    private NetResult.Run run(
            final Variant card, final double nanosPerByte, final RigRun.Length length)
            throws Exception {
        final ModelledRun run = new ModelledRun(costs, setup, scenario.wakeups(), control);
        final WireRoom room =
                new WireRoom(scenario.nanosPerByte(), ROOM_BYTES, 0, run.simulation());
        final List<NetGuest> guests = new ArrayList<>();
        try {
            for (int i = 0; i < setup.guests(); i++) {
                guests.add(guest(card, nanosPerByte * setup.guests(), length, run, room));
            }
            return together(guests, run.run(length));
        } finally {
            for (final NetGuest guest : guests) {
                guest.rig.close();
            }
        }
    }

    private NetGuest guest(
            final Variant card,
            final double nanosPerByte,
            final RigRun.Length length,
            final ModelledRun run,
            final WireRoom room)
            throws Exception {
        final boolean sends = scenario.direction() == NetDirection.TX;
        final boolean unpaced = sends && nanosPerByte == scenario.nanosPerByte() * setup.guests();
        final FrameSchedule schedule =
                new FrameSchedule(
                        stream,
                        unpaced ? 0 : nanosPerByte,
                        length.operations() == 0 ? Long.MAX_VALUE : length.operations(),
                        sends && card.has(NetFeature.OFFLOADS));
        final Simulation simulation = run.simulation();
        final FrameArrivals arrivals =
                new FrameArrivals(schedule, NetRigs.queues(card, scenario) == 1, simulation);
        final Alarm forWire = new SimulatedAlarm(simulation);
        final Wire wire =
                sends
                        ? Wire.sink(room, arrivals, simulation, forWire)
                        : Wire.source(schedule, simulation, forWire);
        final ModelledTimeline timeline = run.pair();
        final NetRig rig =
                NetRigs.of(
                        card,
                        scenario,
                        new ChargedPort(wire, simulation, setup.hostWorkNanos()),
                        timeline);
        new RigRun(rig, scenario.wakeups(), control).connect();
        run.add(timeline, rig, workload(rig, schedule, arrivals, wire, timeline), wire);
        return new NetGuest(rig, schedule, arrivals, wire);
    }

    private Workload workload(
            final NetRig rig,
            final FrameSchedule schedule,
            final FrameArrivals arrivals,
            final Wire wire,
            final ModelledTimeline timeline) {
        final Simulation simulation = timeline.simulation();
        final ChargedCard card = new ChargedCard(rig.card(), simulation, setup.guestWorkNanos());
        final Alarm alarm = new SimulatedAlarm(simulation);
        if (scenario.direction() == NetDirection.RX) {
            return new NetReceiver(
                    card,
                    wire,
                    arrivals,
                    simulation,
                    rig.halves().guestMemory(),
                    alarm,
                    timeline.guest()::ring);
        }
        final NetSender sender =
                new NetSender(
                        card,
                        schedule,
                        arrivals,
                        simulation,
                        rig.halves().guestMemory(),
                        rig.halves().guestFrames(),
                        alarm,
                        timeline.guest()::ring);
        sender.mostAtOnce(mostAtOnce);
        return sender;
    }

    private static NetResult.Run together(final List<NetGuest> guests, final List<HalvesUse> uses) {
        long sent = 0;
        long right = 0;
        long atTheWire = 0;
        long foreign = 0;
        long disordered = 0;
        long frames = 0;
        long wireBytes = 0;
        long firstNanos = Long.MAX_VALUE;
        long lastNanos = 0;
        final Histogram latency = new Histogram(HIGHEST_NANOS, 3);
        for (final NetGuest guest : guests) {
            final long arrived = guest.arrivals.arrived() - guest.arrivals.foreign();
            sent += guest.schedule.number();
            right += arrived;
            atTheWire += Math.min(guest.schedule.number() - arrived, guest.wire.dropped());
            foreign += guest.arrivals.foreign();
            disordered += guest.arrivals.disordered();
            frames += guest.arrivals.timedFrames();
            wireBytes += guest.arrivals.timedWireBytes();
            firstNanos = Math.min(firstNanos, guest.schedule.startNanos());
            lastNanos = Math.max(lastNanos, guest.arrivals.timedNanos());
            latency.add(guest.arrivals.latency());
        }
        final double elapsedNanos = Math.max(1, lastNanos - firstNanos);
        final long lost = Math.max(0, sent - right);
        return new NetResult.Run(
                sent,
                right,
                new NetResult.Losses(Math.min(lost, atTheWire), lost - Math.min(lost, atTheWire)),
                foreign,
                disordered,
                frames * 1e9 / elapsedNanos,
                wireBytes * Byte.SIZE / elapsedNanos,
                latency,
                ModelledDiskBench.together(uses));
    }
}
