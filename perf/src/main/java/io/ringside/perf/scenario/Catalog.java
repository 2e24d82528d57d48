package io.ringside.perf.scenario;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The devices of one kind that can be compared, by the names that they have everywhere. */
public final class Catalog {
    /** Stands for every feature of a device. */
    public static final String ALL_FEATURES = "all";

    /** What is said instead of features where none is to be measured. */
    public static final String NO_FEATURES = "none";

    private final List<String> devices;
    private final Map<String, List<Feature>> features;

    /**
     * A catalog.
     *
     * @param devices in the order of every report
     * @param features of those that have any, in the order of every report
     */
    Catalog(final List<String> devices, final Map<String, List<Feature>> features) {
        this.devices = List.copyOf(devices);
        this.features = Map.copyOf(features);
    }

    /** Every device, in the order of every report. */
    public List<String> devices() {
        return devices;
    }

    /** The features that a device leaves to its two ends. */
    public List<Feature> features(final String device) {
        return Objects.requireNonNullElse(features.get(device), List.of());
    }

    /** The variant of a name; a refusal names the part that does not exist. */
    public Variant variant(final String name) throws UsageException {
        final String[] parts = name.split("\\+", -1);
        final String device = parts[0];
        if (!devices.contains(device)) {
            throw unknown(device, devices);
        }
        final List<Feature> wanted = new ArrayList<>();
        for (int i = 1; i < parts.length; i++) {
            if (parts[i].equals(ALL_FEATURES)) {
                wanted.addAll(features(device));
            } else {
                wanted.add(feature(device, parts[i]));
            }
        }
        return variant(device, wanted);
    }

    /** The refusal of a device that is none of those that are known. */
    public static UsageException unknown(final String device, final List<String> known) {
        return new UsageException(
                "unknown device '"
                        + device
                        + "'"
                        + NearestName.hint(device, known)
                        + ": use "
                        + String.join(", ", known));
    }

    /** A device without any of its features. */
    public Variant plain(final String device) {
        return variant(device, List.of());
    }

    private Variant variant(final String device, final List<Feature> wanted) {
        final List<Feature> all = features(device);
        final List<Feature> ordered = new ArrayList<>();
        final StringBuilder name = new StringBuilder(device);
        for (final Feature feature : all) {
            if (wanted.contains(feature)) {
                ordered.add(feature);
                name.append('+').append(feature.label());
            }
        }
        return new Variant(
                device,
                ordered,
                ordered.size() == all.size() && all.size() > 1
                        ? device + '+' + ALL_FEATURES
                        : name.toString());
    }

    private Feature feature(final String device, final String label) throws UsageException {
        final List<String> known = new ArrayList<>();
        for (final Feature feature : features(device)) {
            if (feature.label().equals(label)) {
                return feature;
            }
            known.add(feature.label());
        }
        throw new UsageException(
                known.isEmpty()
                        ? "device '"
                                + device
                                + "' has no features: name it without '+"
                                + label
                                + "'"
                        : "device '"
                                + device
                                + "' has no feature '"
                                + label
                                + "': use "
                                + String.join(", ", known)
                                + " or "
                                + ALL_FEATURES);
    }

    /**
     * The devices to measure, one a row: those that are named, then each of them with one feature
     * at a time.
     *
     * @param names of devices or variants; none for every device with every feature
     * @param labels of features whose rows are added for each device that has them and is named
     *     without any; {@value #ALL_FEATURES} for all of them at once
     */
    public List<Variant> rows(final List<String> names, final List<String> labels)
            throws UsageException {
        final List<Variant> rows = new ArrayList<>();
        for (final String name : names.isEmpty() ? devices : names) {
            final Variant row = variant(name);
            if (rows.contains(row)) {
                throw new UsageException("device '" + name + "' is named twice: name it once");
            }
            rows.add(row);
        }
        if (labels.contains(NO_FEATURES) || labels.isEmpty() && !names.isEmpty()) {
            return rows;
        }
        final List<Variant> able =
                rows.stream()
                        .filter(row -> row.isPlain() && !features(row.device()).isEmpty())
                        .toList();
        for (final String label : labels) {
            if (able.stream().noneMatch(row -> has(row.device(), label))) {
                refuse(label, rows, able);
            }
        }
        for (final Variant plain : able) {
            for (final String label : labels.isEmpty() ? labels(plain.device()) : labels) {
                if (has(plain.device(), label)) {
                    final Variant row = variant(plain.device() + '+' + label);
                    if (!rows.contains(row)) {
                        rows.add(row);
                    }
                }
            }
        }
        return rows;
    }

    private boolean has(final String device, final String label) {
        return label.equals(ALL_FEATURES)
                || features(device).stream().anyMatch(feature -> feature.label().equals(label));
    }

    /** No device that is named without features has this one: one that is may have it already. */
    private void refuse(final String label, final List<Variant> rows, final List<Variant> able)
            throws UsageException {
        if (able.size() == 1) {
            variant(able.getFirst().device() + '+' + label);
        }
        if (!able.isEmpty()) {
            final Set<String> known = new LinkedHashSet<>();
            able.forEach(row -> known.addAll(featureLabels(row.device())));
            throw new UsageException(
                    "no device that is chosen has a feature '"
                            + label
                            + "'"
                            + NearestName.hint(label, known)
                            + ": use "
                            + String.join(", ", known)
                            + " or "
                            + ALL_FEATURES);
        }
        if (rows.stream().allMatch(Variant::isPlain)) {
            throw new UsageException(
                    "--features "
                            + label
                            + " needs a device that has features: add "
                            + firstWith(label)
                            + " to --devices");
        }
    }

    /** The first device that has a feature, or any where none has it. */
    private String firstWith(final String label) {
        String found = devices.getFirst();
        for (final String device : devices.reversed()) {
            if (!features(device).isEmpty() && has(device, label)
                    || features(found).isEmpty() && !features(device).isEmpty()) {
                found = device;
            }
        }
        return found;
    }

    private List<String> featureLabels(final String device) {
        return features(device).stream().map(Feature::label).toList();
    }

    private List<String> labels(final String device) {
        final List<String> labels = new ArrayList<>(featureLabels(device));
        if (labels.size() > 1) {
            labels.add(ALL_FEATURES);
        }
        return labels;
    }
}
