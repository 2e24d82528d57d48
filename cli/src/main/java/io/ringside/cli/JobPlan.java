package io.ringside.cli;

import io.ringside.device.host.BlockStore;
import io.ringside.device.media.Access;
import io.ringside.perf.scenario.Catalog;
import io.ringside.perf.scenario.DiskDevices;
import io.ringside.perf.scenario.DiskMedium;
import io.ringside.perf.scenario.DiskScenario;
import io.ringside.perf.scenario.Images;
import io.ringside.perf.scenario.NetDevices;
import io.ringside.perf.scenario.NetScenario;
import io.ringside.perf.scenario.Sizes;
import io.ringside.perf.scenario.TuningKey;
import io.ringside.perf.scenario.UsageException;
import io.ringside.perf.scenario.Variant;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * From what somebody said to the jobs that are run, each with every option said.
 *
 * <p>Where nothing is said that only disks or only cards have, and no device is named, the default
 * job is meant: all devices, briefly. Otherwise whatever was said goes to the workloads that have
 * it.
 */
final class JobPlan {
    private static final double DISK_SECONDS = 2;
    private static final String BRIEF_DISK_SECONDS = "0.5";
    private static final String BRIEF_NET_SECONDS = "0.2";
    private static final String BRIEF_WARM_UP = "0.6";
    private static final String DEVICES = "devices";
    private static final String FEATURES = "features";
    private static final String TUNE = "tune";
    private static final String SECONDS = "seconds";

    private static final List<String> ENLIGHTENED =
            List.of(
                    DiskDevices.XEN_BLKFRONT,
                    DiskDevices.STORVSC,
                    NetDevices.XEN_NETFRONT,
                    NetDevices.NETVSC);

    private static final List<String> BEST_EMULATED =
            List.of(DiskDevices.IDE_DMA, NetDevices.E1000);

    private JobPlan() {}

    /**
     * The jobs of one line of options.
     *
     * @param word {@code disk}, {@code net} or {@code all}; null where none was said
     * @param options by their names without dashes, as they are typed
     */
    static List<JobSpec> of(final @Nullable String word, final Map<String, String> options)
            throws UsageException {
        if (word != null && !word.equals(JobFlags.ALL)) {
            return word.equals(JobFlags.DISK) ? disks(options) : cards(options);
        }
        final Map<String, String> disk = part(JobFlags.DISK, options);
        final Map<String, String> net = part(JobFlags.NET, options);
        final boolean saysDisks =
                isOnlyOf(JobFlags.DISK, options)
                        || disk.containsKey(TUNE) && !net.containsKey(TUNE);
        final boolean saysCards =
                isOnlyOf(JobFlags.NET, options) || net.containsKey(TUNE) && !disk.containsKey(TUNE);
        final boolean named = options.containsKey(DEVICES);
        if (word == null && !saysDisks && !saysCards && !named && !options.containsKey(FEATURES)) {
            net.putIfAbsent("direction", "tx");
            final List<JobSpec> jobs =
                    new ArrayList<>(disks(brief(disk, DiskDevices.ALL, BRIEF_DISK_SECONDS)));
            jobs.addAll(cards(brief(net, NetDevices.ALL, BRIEF_NET_SECONDS)));
            return jobs;
        }
        final boolean all = word != null;
        final boolean wantsDisks = named ? hasDevices(disk) : all || saysDisks || !saysCards;
        final boolean wantsCards = named ? hasDevices(net) : all || saysCards;
        requireUse(JobFlags.DISK, wantsDisks, options);
        requireUse(JobFlags.NET, wantsCards, options);
        final List<JobSpec> jobs = new ArrayList<>();
        if (wantsDisks) {
            jobs.addAll(disks(disk));
        }
        if (wantsCards) {
            jobs.addAll(cards(net));
        }
        return jobs;
    }

    /** Refuses an option of a workload of which no device is named. */
    private static void requireUse(
            final String workload, final boolean isWanted, final Map<String, String> options)
            throws UsageException {
        for (final String key : ownKeys(workload)) {
            if (!isWanted && options.containsKey(key)) {
                throw new UsageException(
                        "--"
                                + key
                                + " needs a "
                                + (workload.equals(JobFlags.DISK) ? "disk" : "network card")
                                + " among --devices");
            }
        }
    }

    private static boolean hasDevices(final Map<String, String> part) {
        return part.containsKey(DEVICES);
    }

    private static boolean isOnlyOf(final String workload, final Map<String, String> options) {
        return ownKeys(workload).stream().anyMatch(options::containsKey);
    }

    /** What the other workload has not; a seed alone does not say which is meant. */
    private static List<String> ownKeys(final String workload) {
        final Map<String, ?> other =
                JobFlags.of(workload.equals(JobFlags.DISK) ? JobFlags.NET : JobFlags.DISK);
        return JobFlags.of(workload).keySet().stream()
                .filter(key -> !other.containsKey(key) && !key.equals("seed"))
                .toList();
    }

    /**
     * What is said for jobs of any workload as one of them takes it: of devices, features and
     * numbers its own. Devices of which none is its own are left, to be refused.
     */
    static Map<String, String> own(final String workload, final Map<String, String> options)
            throws UsageException {
        final Map<String, String> own = part(workload, options);
        final String devices = options.get(DEVICES);
        if (devices != null) {
            own.putIfAbsent(DEVICES, devices);
        }
        return own;
    }

    /** Refuses a device that is known, and of the other workload. */
    private static void requireOwn(final boolean isDisk, final Map<String, String> options)
            throws UsageException {
        final Catalog own = isDisk ? DiskDevices.ALL : NetDevices.ALL;
        final Catalog others = isDisk ? NetDevices.ALL : DiskDevices.ALL;
        for (final String device : options.getOrDefault(DEVICES, "").split(",", -1)) {
            if (others.devices().contains(plain(device))) {
                throw new UsageException(
                        "device '"
                                + device
                                + "' is no "
                                + (isDisk ? "disk" : "network card")
                                + ": use "
                                + String.join(", ", own.devices()));
            }
        }
    }

    private static String plain(final String device) {
        final int plus = device.indexOf('+');
        return plus < 0 ? device : device.substring(0, plus);
    }

    /** What of the options a workload has; of devices and features those that are its own. */
    private static Map<String, String> part(
            final String workload, final Map<String, String> options) throws UsageException {
        final boolean isDisk = workload.equals(JobFlags.DISK);
        final Map<String, String> part = new LinkedHashMap<>(options);
        part.keySet().retainAll(JobFlags.of(workload).keySet());
        final String devices = options.get(DEVICES);
        if (devices != null) {
            keep(part, DEVICES, ownDevices(isDisk, devices));
        }
        final String tune = options.get(TUNE);
        if (tune != null) {
            keep(part, TUNE, ownNumbers(isDisk, tune));
        }
        final String features = options.get(FEATURES);
        if (features != null) {
            final List<String> own = ownFeatures(isDisk, features);
            part.put(FEATURES, own.isEmpty() ? Catalog.NO_FEATURES : String.join(",", own));
        }
        return part;
    }

    private static void keep(
            final Map<String, String> part, final String key, final List<String> own) {
        if (own.isEmpty()) {
            part.remove(key);
        } else {
            part.put(key, String.join(",", own));
        }
    }

    private static List<String> ownDevices(final boolean isDisk, final String devices)
            throws UsageException {
        final List<String> own = new ArrayList<>();
        for (final String device : devices.split(",", -1)) {
            final String plain = plain(device);
            final boolean card = NetDevices.ALL.devices().contains(plain);
            if (!card && !DiskDevices.ALL.devices().contains(plain)) {
                final List<String> known = new ArrayList<>(DiskDevices.ALL.devices());
                known.addAll(NetDevices.ALL.devices());
                throw Catalog.unknown(plain, known);
            }
            if (card != isDisk) {
                own.add(device);
            }
        }
        return own;
    }

    /** What is chosen for devices of a workload, and what is for none, which is refused there. */
    private static List<String> ownNumbers(final boolean isDisk, final String tune) {
        final List<String> own = new ArrayList<>();
        for (final String assignment : tune.split(",", -1)) {
            final TuningKey key = TuningKey.of(assignment.replaceFirst("=.*", ""));
            if (key == null || isOf(isDisk, key)) {
                own.add(assignment);
            }
        }
        return own;
    }

    static boolean isOf(final boolean isDisk, final TuningKey key) {
        return (isDisk ? DiskDevices.ALL : NetDevices.ALL).devices().stream().anyMatch(key::isOf);
    }

    /** What devices of a workload have, and what none has, which is refused there. */
    private static List<String> ownFeatures(final boolean isDisk, final String features) {
        final Catalog own = isDisk ? DiskDevices.ALL : NetDevices.ALL;
        final Catalog others = isDisk ? NetDevices.ALL : DiskDevices.ALL;
        final List<String> labels = new ArrayList<>();
        for (final String label : features.split(",", -1)) {
            if (has(own, label) || !has(others, label)) {
                labels.add(label);
            }
        }
        return labels;
    }

    private static boolean has(final Catalog catalog, final String label) {
        return label.equals(Catalog.ALL_FEATURES)
                || label.equals(Catalog.NO_FEATURES)
                || catalog.devices().stream()
                        .flatMap(device -> catalog.features(device).stream())
                        .anyMatch(feature -> feature.label().equals(label));
    }

    /**
     * Every device as it is, of those that know they are virtual one with all features, and of the
     * best of the others one whose model is in another thread.
     */
    private static Map<String, String> brief(
            final Map<String, String> said, final Catalog catalog, final String seconds) {
        final List<String> rows = new ArrayList<>(catalog.devices());
        for (final String device : catalog.devices()) {
            if (ENLIGHTENED.contains(device) && !catalog.features(device).isEmpty()) {
                rows.add(device + '+' + Catalog.ALL_FEATURES);
            } else if (BEST_EMULATED.contains(device)) {
                rows.add(device + "+ioreq");
            }
        }
        final Map<String, String> brief = new LinkedHashMap<>(said);
        brief.put(DEVICES, String.join(",", rows));
        brief.put(FEATURES, Catalog.NO_FEATURES);
        if (!"modelled".equals(said.get("clock"))) {
            brief.putIfAbsent(SECONDS, seconds);
        }
        brief.putIfAbsent("warm-up", BRIEF_WARM_UP);
        return brief;
    }

    private static List<JobSpec> disks(final Map<String, String> said) throws UsageException {
        requireOwn(true, said);
        final DiskOptions options = JobFlags.parse(new DiskOptions(), said);
        final List<Variant> disks = options.disks();
        options.tuning().check(disks);
        final boolean isModelled = options.charges().model().isModelled();
        final DiskMedium.Kind medium = isModelled ? options.kindOfModelled() : options.mediumKind();
        options.format();
        options.warmUpSeconds();
        options.xenstoreSocket(disks);
        final List<JobSpec> jobs = new ArrayList<>();
        for (final DiskScenario scenario :
                options.scenarios(isModelled ? ModelledComparison.SECONDS : DISK_SECONDS)) {
            if (!jobs.isEmpty() && isSmaller(options, scenario.blockBytes())) {
                break; // Too small for the job that nobody asked for.
            }
            final Map<String, String> full = withDefaults(JobFlags.DISK, said);
            full.put("pattern", scenario.pattern().label());
            full.put("block-size", Sizes.option(scenario.blockBytes()));
            full.put("depth", Integer.toString(scenario.depth()));
            if (scenario.operations() == 0) {
                full.put(SECONDS, number(scenario.seconds()));
            }
            full.put("medium", medium.name().toLowerCase(Locale.ROOT));
            put(full, disks);
            jobs.add(new JobSpec(JobFlags.DISK, full));
        }
        return jobs;
    }

    /** Whether an image is known to have no block of that size; what cannot be read is not. */
    private static boolean isSmaller(final DiskOptions options, final int blockBytes) {
        final Path image = options.image();
        if (image == null) {
            return false;
        }
        try {
            Images.check(image);
            try (BlockStore store = Images.formatOf(image).open(image, Access.READ_ONLY)) {
                return store.sectors() * BlockStore.SECTOR_BYTES < blockBytes;
            }
        } catch (final UsageException e) {
            return false; // The first job tells what is wrong with it.
        }
    }

    private static List<JobSpec> cards(final Map<String, String> said) throws UsageException {
        requireOwn(false, said);
        final NetOptions options = JobFlags.parse(new NetOptions(), said);
        final List<Variant> cards = options.cards(options.stream());
        options.tuning().check(cards);
        options.record();
        options.warmUpSeconds();
        final List<JobSpec> jobs = new ArrayList<>();
        final boolean isModelled = options.charges().model().isModelled();
        final String stream = options.stream().name();
        for (final NetScenario scenario :
                isModelled
                        ? options.scenarios(stream, ModelledComparison.SECONDS)
                        : options.scenarios(stream)) {
            final Map<String, String> full = withDefaults(JobFlags.NET, said);
            full.put("direction", scenario.direction().name().toLowerCase(Locale.ROOT));
            full.put(SECONDS, number(scenario.seconds()));
            if (!said.containsKey("pcap")) {
                full.putIfAbsent("frame", "64");
            }
            put(full, cards);
            if (!jobs.isEmpty()) {
                full.remove("pcap-out"); // One file holds what arrived one way.
            }
            jobs.add(new JobSpec(JobFlags.NET, full));
        }
        return jobs;
    }

    private static Map<String, String> withDefaults(
            final String workload, final Map<String, String> said) {
        final Map<String, String> full = new LinkedHashMap<>();
        JobFlags.of(workload)
                .forEach((key, flag) -> {
                    final String value = said.get(key);
                    if (value != null) {
                        full.put(key, value);
                    } else if (flag.defaultValue() != null) {
                        full.put(key, flag.defaultValue());
                    }
                });
        return full;
    }

    private static void put(final Map<String, String> full, final List<Variant> rows) {
        full.put(DEVICES, String.join(",", rows.stream().map(Variant::name).toList()));
        full.put(FEATURES, Catalog.NO_FEATURES);
    }

    /** A number without a needless {@code .0}. */
    private static String number(final double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
