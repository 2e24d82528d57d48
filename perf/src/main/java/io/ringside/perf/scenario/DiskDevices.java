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

    /** Hyper-V's storage pair. */
    public static final String STORVSC = "storvsc";

    /** Every disk, the emulated ones first. */
    public static final List<String> ALL = List.of(IDE_PIO, IDE_DMA, XEN_BLKFRONT, STORVSC);

    /** What is said instead of features where none is to be measured. */
    public static final String NO_FEATURES = "none";

    private DiskDevices() {}

    /** The features that a disk leaves to its two ends, in the order of every report. */
    public static List<DiskFeature> features(final String device) {
        return switch (device) {
            case XEN_BLKFRONT ->
                    List.of(
                            DiskFeature.PERSISTENT,
                            DiskFeature.INDIRECT,
                            DiskFeature.RING4,
                            DiskFeature.TWO_QUEUES);
            case STORVSC -> List.of(DiskFeature.SUB_CHANNELS);
            default -> List.of();
        };
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
     * @param features whose rows are added for each device that has them and is named without any;
     *     {@value DiskVariant#ALL} for all of them at once
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
        final List<DiskVariant> able =
                rows.stream()
                        .filter(row -> row.isPlain() && !features(row.device()).isEmpty())
                        .toList();
        for (final String label : features) {
            if (able.stream().noneMatch(row -> has(row.device(), label))) {
                refuse(label, rows, able);
            }
        }
        for (final DiskVariant plain : able) {
            for (final String label : features.isEmpty() ? labels(plain.device()) : features) {
                if (has(plain.device(), label)) {
                    final DiskVariant row = DiskVariant.of(plain.device() + '+' + label);
                    if (!rows.contains(row)) {
                        rows.add(row);
                    }
                }
            }
        }
        return rows;
    }

    private static boolean has(final String device, final String label) {
        return label.equals(DiskVariant.ALL)
                || features(device).stream().anyMatch(feature -> feature.label().equals(label));
    }

    /** No disk that is named without features has this one: one that is may have it already. */
    private static void refuse(
            final String label, final List<DiskVariant> rows, final List<DiskVariant> able)
            throws UsageException {
        if (!able.isEmpty()) {
            DiskVariant.of(able.getFirst().device() + '+' + label);
        }
        if (rows.stream().allMatch(DiskVariant::isPlain)) {
            final String device =
                    has(STORVSC, label) && !has(XEN_BLKFRONT, label) ? STORVSC : XEN_BLKFRONT;
            throw new UsageException(
                    "--features "
                            + label
                            + " needs a device that has features: add "
                            + device
                            + " to --devices");
        }
    }

    private static List<String> labels(final String device) {
        final List<String> labels = new ArrayList<>();
        for (final DiskFeature feature : features(device)) {
            labels.add(feature.label());
        }
        if (labels.size() > 1) {
            labels.add(DiskVariant.ALL);
        }
        return labels;
    }
}
