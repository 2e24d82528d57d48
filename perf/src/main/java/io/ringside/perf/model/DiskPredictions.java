package io.ringside.perf.model;

import io.ringside.perf.costs.CostProfile;
import io.ringside.perf.scenario.DiskPattern;
import io.ringside.perf.scenario.RunControl;

/**
 * Published results of disks, next to what the model gives.
 *
 * <p>Threads: one.
 */
final class DiskPredictions {
    private static final int DEPTH = 32;
    private static final int KIB = 1024;
    private static final int SEQUENTIAL_DEPTH = 4;
    private static final int BONNIE_BLOCK = 64 * KIB;

    private final RunControl control;

    DiskPredictions(final RunControl control) {
        this.control = control;
    }

    /** A paravirtual disk against an emulated one, 2020. */
    Prediction v7() throws Exception {
        final PredictionRow row = new PredictionRow(control);
        row.given("virtio, 4 KiB random read: 120,883 a second");
        row.given("virtio, 64 KiB read: 40,074 a second");
        row.given("virtio, 64 KiB write: 37,358 a second");
        v7(row, "4 KiB random read", DiskPattern.RANDREAD, 4 * KIB, 120_883, 20_632);
        v7(row, "64 KiB read", DiskPattern.READ, 64 * KIB, 40_074, 18_157);
        v7(row, "64 KiB write", DiskPattern.WRITE, 64 * KIB, 37_358, 18_282);
        return row.done(
                "V7",
                "fio on an emulated SATA disk, KubeVirt on a host path, 2020 (cloud-bulldozer/"
                        + "benchmark-operator, pull request 396; hardware and depth not told)",
                "storvsc at depth 32 for virtio, whose work of the host is such that it gives the"
                        + " published rate; ide-dma for AHCI: some 20 port exits an operation,"
                        + " where AHCI has 7 or 8 memory-mapped ones and queues 32 commands",
                "AHCI; that QEMU answers in another thread, so that vCPU and medium overlap");
    }

    private static void v7(
            final PredictionRow row,
            final String what,
            final DiskPattern pattern,
            final int blockBytes,
            final double given,
            final double published)
            throws Exception {
        final CostProfile profile = PredictionRow.profile("today");
        row.predict(
                what,
                "IOPS",
                published,
                band -> {
                    final long work =
                            PredictionRow.workFor(
                                    given,
                                    nanos ->
                                            row.disk(
                                                            "storvsc",
                                                            pattern,
                                                            blockBytes,
                                                            DEPTH,
                                                            ModelSetup.CROSSINGS_ONLY.withWork(
                                                                    0, nanos),
                                                            profile,
                                                            band)
                                                    .operationsPerSecond());
                    return row.disk(
                                    "ide-dma",
                                    pattern,
                                    blockBytes,
                                    DEPTH,
                                    ModelSetup.CROSSINGS_ONLY.withWork(0, work),
                                    profile,
                                    band)
                            .operationsPerSecond();
                });
    }

    /** Xen's block pair over a slow disk, 2005. */
    Prediction v10() throws Exception {
        final PredictionRow row = new PredictionRow(control);
        row.given("domain 0 itself, out: 56.8 MB/s, the medium's rate");
        row.given("domain 0 itself, in: 59.6 MB/s, the medium's rate");
        v10(row, "blkback, out", DiskPattern.WRITE, 56_800_000, 54.0);
        v10(row, "blkback, in", DiskPattern.READ, 59_600_000, 64.9);
        return row.done(
                "V10",
                "bonnie++ with 2 GB over blkback, about 2005 (A. Warfield, Xen commit"
                        + " c631e99bf4e1)",
                "xen-blkfront, 64 KiB at depth 4",
                "file systems and caches; how fast the same disk is twice: blkback read faster than"
                        + " domain 0 itself");
    }

    private static void v10(
            final PredictionRow row,
            final String what,
            final DiskPattern pattern,
            final long bytesPerSecond,
            final double published)
            throws Exception {
        final CostProfile profile = PredictionRow.profile("2006-xen3-hvm");
        final ModelSetup setup =
                ModelSetup.CROSSINGS_ONLY.withMedium(new MediumTime(0, 0, bytesPerSecond));
        row.predict(
                what,
                "MB/s",
                published,
                band ->
                        row.disk(
                                        "xen-blkfront",
                                        pattern,
                                        BONNIE_BLOCK,
                                        SEQUENTIAL_DEPTH,
                                        setup,
                                        profile,
                                        band)
                                .megabytesPerSecond());
    }
}
