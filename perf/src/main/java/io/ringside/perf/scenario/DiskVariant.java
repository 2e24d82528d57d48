package io.ringside.perf.scenario;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A disk with some of its features: {@code xen-blkfront}, {@code xen-blkfront+persistent}, {@code
 * xen-blkfront+indirect+ring4}; {@code +all} stands for every feature that the disk has.
 *
 * @param device the disk, one of {@link DiskDevices}
 * @param features what it has beside what every disk of its kind has
 */
public record DiskVariant(String device, Set<DiskFeature> features) {
    /** Stands for every feature of a disk. */
    public static final String ALL = "all";

    /** Copies the set. */
    public DiskVariant {
        features = Set.copyOf(features);
    }

    /** A disk without any feature to choose. */
    public static DiskVariant plain(final String device) {
        return new DiskVariant(device, Set.of());
    }

    /** The variant of a name; a refusal names the part that does not exist. */
    public static DiskVariant of(final String name) throws UsageException {
        final String[] parts = name.split("\\+", -1);
        final String device = DiskDevices.check(parts[0]);
        final Set<DiskFeature> features = EnumSet.noneOf(DiskFeature.class);
        for (int i = 1; i < parts.length; i++) {
            if (parts[i].equals(ALL)) {
                features.addAll(DiskDevices.features(device));
            } else {
                features.add(feature(device, parts[i]));
            }
        }
        return new DiskVariant(device, features);
    }

    private static DiskFeature feature(final String device, final String label)
            throws UsageException {
        final List<String> known = new ArrayList<>();
        for (final DiskFeature feature : DiskDevices.features(device)) {
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
                                + ALL);
    }

    /** The name in every report. */
    public String name() {
        final List<DiskFeature> all = DiskDevices.features(device);
        if (features.size() == all.size() && all.size() > 1) {
            return device + '+' + ALL;
        }
        final StringBuilder name = new StringBuilder(device);
        for (final DiskFeature feature : all) {
            if (has(feature)) {
                name.append('+').append(feature.label());
            }
        }
        return name.toString();
    }

    /** Whether it has a feature. */
    public boolean has(final DiskFeature feature) {
        return features.contains(feature);
    }

    /** Whether it has none. */
    public boolean isPlain() {
        return features.isEmpty();
    }
}
