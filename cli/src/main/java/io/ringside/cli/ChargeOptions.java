package io.ringside.cli;

import io.ringside.hypervisor.CrossingCosts;
import io.ringside.perf.costs.Basis;
import io.ringside.perf.costs.Cost;
import io.ringside.perf.costs.CostKey;
import io.ringside.perf.costs.CostProfile;
import io.ringside.perf.costs.CostProfiles;
import io.ringside.perf.scenario.NearestName;
import io.ringside.perf.scenario.Tuning;
import io.ringside.perf.scenario.UsageException;
import io.ringside.perf.scenario.WakeupMode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How halves wait, and what crossings are charged; every comparison takes it. */
final class ChargeOptions {
    private static final int MOST_WARM_UP_SECONDS = 3600;
    private static final int MOST_COST_NANOS = 1_000_000_000;

    @Option(
            names = "--wakeups",
            paramLabel = "sleep|poll",
            defaultValue = "sleep",
            description =
                    "whether a half with nothing to do sleeps until it is woken, as a real guest"
                            + " does, or polls; default ${DEFAULT-VALUE}")
    private String wakeups = "sleep";

    @Option(
            names = "--costs",
            paramLabel = "NAME|FILE",
            defaultValue = CostProfiles.TODAY,
            description =
                    "what crossings are charged: 'counts' (nothing), 'today' (the published costs"
                        + " of current processors), '2006-xen3-hvm', '2006-xen3-p4', '2009-hyperv',"
                        + " 'this-host' (what calibrate measured here, or measures now), or a .toml"
                        + " file of yours; './ringside costs' shows them; default ${DEFAULT-VALUE}")
    private String costs = CostProfiles.TODAY;

    @Mixin private ModelOptions model = new ModelOptions();

    /** Which clock, and what it models. */
    ModelOptions model() {
        return model;
    }

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "seconds that a device is warmed up at most before it is measured; less where"
                            + " its rate is steady earlier; default ${DEFAULT-VALUE}")
    private double warmUp = 1;

    @Option(
            names = "--tune",
            paramLabel = "NAME=N",
            split = ",",
            description =
                    "a number of the devices that have it: ring-pages, queues (of disks),"
                        + " persistent, indirect-segments, copybreak, batch, moderation (of e1000,"
                        + " in units of 256 ns), receive-buffers, hold-off")
    private List<String> tune = List.of();

    @Option(
            names = "--cost",
            paramLabel = "NAME=N",
            split = ",",
            description =
                    "a cost in nanoseconds in place of the profile's, as port-exit=1000;"
                            + " './ringside costs' shows the names")
    private List<String> cost = List.of();

    /** The longest time to warm up, in seconds. */
    double warmUpSeconds() throws UsageException {
        if (!(warmUp >= 0) || warmUp > MOST_WARM_UP_SECONDS) {
            throw new UsageException(
                    "--warm-up "
                            + warmUp
                            + " cannot be used: it must be 0 to "
                            + MOST_WARM_UP_SECONDS);
        }
        return warmUp;
    }

    WakeupMode wakeups() throws UsageException {
        return WakeupMode.of(wakeups);
    }

    Tuning tuning() throws UsageException {
        return Tuning.of(tune);
    }

    CostProfile profile() throws UsageException {
        if (costs.equals(CostProfiles.THIS_HOST)) {
            HostProfile.require();
        }
        final CostProfile profile = CostProfiles.of(costs);
        if (cost.isEmpty()) {
            return profile;
        }
        final Map<CostKey, Cost> figures = new EnumMap<>(CostKey.class);
        figures.putAll(profile.costs());
        for (final String assignment : cost) {
            final int equals = Math.max(0, assignment.indexOf('='));
            figures.put(
                    costKey(assignment.substring(0, equals)),
                    chosen(assignment, assignment.substring(equals)));
        }
        return new CostProfile(
                profile.name() + " with " + String.join(", ", cost),
                profile.about(),
                profile.file(),
                figures);
    }

    private static CostKey costKey(final String label) throws UsageException {
        final List<String> labels = new ArrayList<>();
        for (final CostKey key : CostKey.values()) {
            if (key.label().equals(label)) {
                return key;
            }
            labels.add(key.label());
        }
        throw new UsageException(
                "--cost '"
                        + label
                        + "' is unknown"
                        + NearestName.hint(label, labels)
                        + ": use NAME=N with one of "
                        + String.join(", ", labels));
    }

    private static Cost chosen(final String assignment, final String value) throws UsageException {
        try {
            final double nanos = Double.parseDouble(value.substring(1));
            if (nanos >= 0 && nanos <= MOST_COST_NANOS) {
                return new Cost(nanos, nanos, nanos, Basis.ASSUMED, "said by --cost");
            }
        } catch (final NumberFormatException | StringIndexOutOfBoundsException e) {
            // Told below, as what is out of bounds.
        }
        throw new UsageException(
                "--cost '"
                        + assignment
                        + "' cannot be used: a cost is 0 to "
                        + MOST_COST_NANOS
                        + " nanoseconds");
    }

    CrossingCosts costs() throws UsageException {
        return profile().crossingCosts();
    }
}
