package io.ringside.perf.scenario;

import java.util.ArrayList;
import java.util.List;

/** The disks that can be compared, by the names that they have everywhere. */
public final class DiskDevices {
    /** Emulated IDE, programmed I/O. */
    public static final String IDE_PIO = "ide-pio";

    /** Emulated IDE, bus-master DMA. */
    public static final String IDE_DMA = "ide-dma";

    /** Xen's block pair. */
    public static final String XEN_BLKFRONT = "xen-blkfront";

    /** Every disk, the emulated ones first. */
    public static final List<String> ALL = List.of(IDE_PIO, IDE_DMA, XEN_BLKFRONT);

    /** What is said instead of features where none is to be measured. */
    public static final String NO_FEATURES = "none";

    private DiskDevices() {}

    /** The features that a disk leaves to its two ends, in the order of every report. */
    public static List<DiskFeature> features(final String device) {
        return List.of();
    }

    /** The device of a name; a refusal names those that exist. */
    static String check(final String name) throws UsageException {
        if (!ALL.contains(name)) {
            throw new UsageException(
                    "unknown device '" + name + "': use " + String.join(", ", ALL));
        }
        return name;
    }

    /**
     * The disks to measure, one a row: those that are named, then each of them with one feature at
     * a time.
     *
     * @param names of devices or variants; none for every device with every feature
     * @param features whose rows are added for each device named without any; {@value
     *     DiskVariant#ALL} for all of them at once
     */
    public static List<DiskVariant> rows(final List<String> names, final List<String> features)
            throws UsageException {
        final List<DiskVariant> rows = new ArrayList<>();
        for (final String name : names.isEmpty() ? ALL : names) {
            final DiskVariant row = DiskVariant.of(name);
            if (rows.contains(row)) {
                throw new UsageException("device '" + name + "' is named twice: name it once");
            }
            rows.add(row);
        }
        if (features.contains(NO_FEATURES) || features.isEmpty() && !names.isEmpty()) {
            return rows;
        }
        for (final DiskVariant plain : List.copyOf(rows)) {
            if (plain.isPlain() && !features(plain.device()).isEmpty()) {
                addFeatures(rows, plain.device(), features.isEmpty() ? everyLabel() : features);
            }
        }
        if (rows.stream().allMatch(DiskVariant::isPlain)) {
            throw new UsageException(
                    "--features "
                            + String.join(",", features)
                            + " needs a device that has features: add "
                            + XEN_BLKFRONT
                            + " to --devices");
        }
        return rows;
    }

    private static void addFeatures(
            final List<DiskVariant> rows, final String device, final List<String> labels)
            throws UsageException {
        for (final String label : labels) {
            final DiskVariant row = DiskVariant.of(device + '+' + label);
            if (!rows.contains(row)) {
                rows.add(row);
            }
        }
    }

    private static List<String> everyLabel() {
        final List<String> labels = new ArrayList<>();
        for (final DiskFeature feature : DiskFeature.values()) {
            labels.add(feature.label());
        }
        labels.add(DiskVariant.ALL);
        return labels;
    }
}
