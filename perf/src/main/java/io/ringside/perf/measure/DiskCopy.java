package io.ringside.perf.measure;

import io.ringside.device.host.BlockStore;
import io.ringside.device.media.Access;
import io.ringside.hypervisor.CrossingCosts;
import io.ringside.perf.scenario.DiskImage;
import io.ringside.perf.scenario.DiskPattern;
import io.ringside.perf.scenario.DiskRig;
import io.ringside.perf.scenario.DiskRigs;
import io.ringside.perf.scenario.DiskScenario;
import io.ringside.perf.scenario.ImageFormat;
import io.ringside.perf.scenario.NewImage;
import io.ringside.perf.scenario.RunControl;
import io.ringside.perf.scenario.UsageException;
import io.ringside.perf.scenario.Variant;
import io.ringside.perf.scenario.WakeupMode;
import io.ringside.perf.workload.DiskModel;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Writes the disk of an image to a new file through a device, flushes, and reads the file back by a
 * path that no device takes: a raw file is mapped, a VHD opened anew.
 *
 * <p>A copy that does not end well leaves no file behind.
 */
public final class DiskCopy {
    private static final int MOST_SECTORS = 128;
    private static final int DEPTH = 32;

    private DiskCopy() {}

    /**
     * What is copied, and how.
     *
     * @param source the image to read
     * @param sourceFormat its format; null to find it out
     * @param target the file to make, which must not exist
     * @param kind what to make it
     * @param disk the device that it is written through
     * @param discardsZeros whether blocks of zeros are discarded in place of being written
     */
    public record Plan(
            Path source,
            @Nullable ImageFormat sourceFormat,
            Path target,
            NewImage kind,
            Variant disk,
            boolean discardsZeros) {}

    /** Copies as planned. */
    public static DiskResult run(final Plan plan, final RunControl control) throws Exception {
        try (DiskImage image = DiskImage.open(plan.source(), plan.sourceFormat(), control)) {
            plan.kind().make(plan.target(), image.content().byteSize());
            boolean good = false;
            try {
                final DiskResult result = copy(image.content(), plan, control);
                good = result.verified();
                return result;
            } finally {
                if (!good) {
                    Files.deleteIfExists(plan.target());
                }
            }
        }
    }

    private static DiskResult copy(
            final MemorySegment disk, final Plan plan, final RunControl control) throws Exception {
        final int blockBytes = blockBytes(disk.byteSize());
        final DiskModel model =
                new DiskModel(
                        disk,
                        blockBytes,
                        0,
                        plan.discardsZeros()
                                ? DiskModel.Writes.ORIGINAL_DISCARDING_ZEROS
                                : DiskModel.Writes.ORIGINAL);
        final DiskScenario scenario =
                new DiskScenario(
                        DiskPattern.WRITE,
                        blockBytes,
                        DEPTH,
                        model.blocks(),
                        0,
                        0,
                        WakeupMode.SLEEP,
                        CrossingCosts.COUNTS);
        final ImageFormat format = plan.kind().format();
        final DiskResult result;
        try (BlockStore store = format.open(plan.target(), Access.READ_WRITE);
                DiskRig rig = DiskRigs.of(plan.disk(), scenario, store)) {
            final DiskRun run = new DiskRun(rig, scenario, control);
            run.connect();
            if (plan.discardsZeros() && !rig.disk().limits().discard().supported()) {
                throw new UsageException(
                        "device '"
                                + plan.disk().name()
                                + "' cannot discard: leave --discard out, or use xen-blkfront or"
                                + " storvsc");
            }
            result = run.run(model, model.blocks(), 0, false);
        }
        if (result.interrupted()) {
            return result.readBack(false);
        }
        try (DiskImage written = DiskImage.open(plan.target(), format, RunControl.NONE)) {
            return result.readBack(model.firstMismatch(written.content()) < 0);
        }
    }

    /** The largest block of which a disk is a whole number; geometries make odd sizes. */
    static int blockBytes(final long diskBytes) {
        final long sectors = diskBytes / BlockStore.SECTOR_BYTES;
        int most = MOST_SECTORS;
        while (sectors % most != 0) {
            most--;
        }
        return most * BlockStore.SECTOR_BYTES;
    }
}
