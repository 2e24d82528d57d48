package io.ringside.perf.model;

import io.ringside.device.traffic.FrameMix;
import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.CrossingCosts;
import io.ringside.perf.costs.Band;
import io.ringside.perf.costs.CostKey;
import io.ringside.perf.costs.CostProfile;
import io.ringside.perf.costs.CostProfiles;
import io.ringside.perf.measure.DiskResult;
import io.ringside.perf.measure.HalfCounts;
import io.ringside.perf.measure.NetResult;
import io.ringside.perf.scenario.DiskDevices;
import io.ringside.perf.scenario.DiskMedium;
import io.ringside.perf.scenario.DiskPattern;
import io.ringside.perf.scenario.DiskScenario;
import io.ringside.perf.scenario.NetDevices;
import io.ringside.perf.scenario.NetDirection;
import io.ringside.perf.scenario.NetRigs;
import io.ringside.perf.scenario.NetScenario;
import io.ringside.perf.scenario.RunControl;
import io.ringside.perf.scenario.UsageException;
import io.ringside.perf.scenario.WakeupMode;
import io.ringside.perf.workload.FrameStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * What the runs of one row have in common: how they are run, what they cross, and what they were
 * given.
 *
 * <p>Threads: one.
 */
final class PredictionRow {
    private static final int FRAMES = 3000;
    private static final int OPERATIONS = 1000;
    private static final long SEED = 1;
    private static final int CALIBRATIONS = 2;
    private static final double NANOS_PER_SECOND = 1e9;

    private final RunControl control;
    private final Set<CostKey> used =
            EnumSet.of(CostKey.WAKE, CostKey.COPY_BYTE, CostKey.LINE_TRANSFER);
    private final List<String> profiles = new ArrayList<>();
    private final EnumSet<CostKey> assumed = EnumSet.noneOf(CostKey.class);
    private final List<String> inputs = new ArrayList<>();
    private final List<PredictedFigure> figures = new ArrayList<>();

    PredictionRow(final RunControl control) {
        this.control = control;
    }

    /** What a row gives at one place of its profile's ranges. */
    @FunctionalInterface
    interface Predicted {
        double at(Band band) throws Exception;
    }

    /** A rate, in dependence of the work that each operation takes. */
    @FunctionalInterface
    interface RateOfWork {
        double perSecond(long workNanos) throws Exception;
    }

    /** One of the profiles of this package, or one that is shipped for all. */
    static CostProfile profile(final String name) throws UsageException {
        if (CostProfiles.shipped().contains(name)) {
            return CostProfiles.of(name);
        }
        final String resource = name + ".toml";
        try (InputStream in =
                Objects.requireNonNull(
                        PredictionRow.class.getResourceAsStream(resource),
                        "resource=" + resource)) {
            return CostProfiles.ofText(
                    "shipped " + resource, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot read: resource=" + resource, e);
        }
    }

    /** Tells of a published figure that the model was given. */
    void given(final String input) {
        inputs.add(input);
    }

    /** Predicts one figure, and its band. */
    void predict(
            final String what, final String unit, final double published, final Predicted predicted)
            throws Exception {
        final double nominal = predicted.at(Band.NOMINAL);
        final double atLow = predicted.at(Band.LOW);
        final double atHigh = predicted.at(Band.HIGH);
        figures.add(
                new PredictedFigure(
                        what,
                        unit,
                        published,
                        nominal,
                        Math.min(nominal, Math.min(atLow, atHigh)),
                        Math.max(nominal, Math.max(atLow, atHigh))));
    }

    /**
     * The work that makes a rate what was published of it; none, where the crossings alone take
     * longer.
     */
    static long workFor(final double publishedPerSecond, final RateOfWork rate) throws Exception {
        final double wanted = NANOS_PER_SECOND / publishedPerSecond;
        double work = 0;
        for (int i = 0; i < CALIBRATIONS; i++) {
            final double taken = NANOS_PER_SECOND / rate.perSecond(Math.round(work));
            work = Math.max(0, work + wanted - taken);
        }
        return Math.round(work);
    }

    /** Frames of one length by one card, as fast as they go; the card is told of each. */
    NetResult.Run net(
            final String card,
            final NetDirection direction,
            final int frameBytes,
            final int gigabits,
            final ModelSetup setup,
            final CostProfile profile,
            final Band band)
            throws Exception {
        final FrameMix mix = FrameMix.of(frameBytes);
        final NetScenario scenario =
                new NetScenario(
                        mix.name(),
                        direction,
                        gigabits,
                        1,
                        1,
                        WakeupMode.SLEEP,
                        CrossingCosts.COUNTS);
        final NetResult.Run run =
                new ModelledNetBench(
                                scenario,
                                FrameStream.of(mix, NetRigs.GUEST_MAC, NetRigs.WIRE_MAC),
                                ModelCosts.of(profile, band),
                                setup,
                                control)
                        .withMostAtOnce(1)
                        .frames(NetDevices.ALL.rows(List.of(card), List.of()).getFirst(), FRAMES);
        uses(profile, run.use().frontend(), run.use().backend());
        if (!run.verified()) {
            throw new IllegalStateException("frames were wrong: card=" + card + " run=" + run);
        }
        return run;
    }

    /** Requests of one length to one disk. */
    DiskResult disk(
            final String disk,
            final DiskPattern pattern,
            final int blockBytes,
            final int depth,
            final ModelSetup setup,
            final CostProfile profile,
            final Band band)
            throws Exception {
        final DiskScenario scenario =
                new DiskScenario(
                        pattern,
                        blockBytes,
                        depth,
                        OPERATIONS / setup.guests(),
                        0,
                        SEED,
                        WakeupMode.SLEEP,
                        CrossingCosts.COUNTS);
        try (DiskMedium medium = DiskMedium.open(null, DiskMedium.Kind.RAM, scenario, control)) {
            final DiskResult result =
                    new ModelledDiskBench(
                                    scenario, medium, ModelCosts.of(profile, band), setup, control)
                            .measure(DiskDevices.ALL.rows(List.of(disk), List.of()).getFirst());
            uses(profile, result.frontend(), result.backend());
            if (!result.verified()) {
                throw new IllegalStateException("bytes were wrong: result=" + result);
            }
            return result;
        }
    }

    private void uses(
            final CostProfile profile, final HalfCounts frontend, final HalfCounts backend) {
        if (!profiles.contains(profile.name())) {
            profiles.add(profile.name());
        }
        for (final Crossing crossing : Crossing.values()) {
            if (frontend.count(crossing) + backend.count(crossing) > 0) {
                used.add(CostKey.of(crossing));
            }
        }
        assumed.addAll(profile.assumed(used));
    }

    /** The row as it is told. */
    Prediction done(
            final String id, final String title, final String devices, final String missing) {
        return new Prediction(
                id, title, profiles, devices, inputs, figures, List.copyOf(assumed), missing);
    }
}
