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
import io.ringside.storvsc.backend.scsi.UnitIdentity;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Writes the disk of an image to a new file through a device, flushes, and reads the file back by a
 * path that no device takes: a raw file is mapped, a VHD opened anew. Or reads an image that lies
 * in a drive as a disc through the device, and writes what the guest has read to the new file.
 *
 * <p>A copy that does not end well leaves no file behind.
 */
public final class DiskCopy {
    private static final int MOST_BYTES = 64 * 1024;
    private static final int DEPTH = 32;

    private DiskCopy() {}

    /** What goes through the device. */
    public enum Way {
        /** Every block is written. */
        WRITE,
        /** Blocks of zeros are discarded in place of being written. */
        DISCARD_ZEROS,
        /** Every block of a disc is read. */
        READ_DISC
    }

    /**
     * What is copied, and how.
     *
     * @param source the image to read
     * @param sourceFormat its format; null to find it out
     * @param target the file to make, which must not exist
     * @param kind what to make it
     * @param disk the device
     * @param way what goes through it; what was read from a disc becomes a raw file
     */
    public record Plan(
            Path source,
            @Nullable ImageFormat sourceFormat,
            Path target,
            NewImage kind,
            Variant disk,
            Way way) {}

    /** Copies as planned. */
    public static DiskResult run(final Plan plan, final RunControl control) throws Exception {
        try (DiskImage image = DiskImage.open(plan.source(), plan.sourceFormat(), control)) {
            plan.kind().make(plan.target(), image.content().byteSize());
            boolean good = false;
            try {
                final DiskResult result =
                        plan.way() == Way.READ_DISC
                                ? readDisc(image.content(), plan, control)
                                : copy(image.content(), plan, control);
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
        final boolean discardsZeros = plan.way() == Way.DISCARD_ZEROS;
        final int blockBytes = blockBytes(disk.byteSize(), BlockStore.SECTOR_BYTES);
        final DiskModel model =
                new DiskModel(
                        disk,
                        blockBytes,
                        0,
                        discardsZeros
                                ? DiskModel.Writes.ORIGINAL_DISCARDING_ZEROS
                                : DiskModel.Writes.ORIGINAL);
        final DiskScenario scenario = scenario(DiskPattern.WRITE, blockBytes, model.blocks());
        final ImageFormat format = plan.kind().format();
        final DiskResult result;
        try (BlockStore store = format.open(plan.target(), Access.READ_WRITE);
                DiskRig rig = DiskRigs.of(plan.disk(), scenario, store)) {
            final DiskRun run = new DiskRun(rig, scenario, control);
            run.connect();
            if (discardsZeros && !rig.disk().limits().discard().supported()) {
                throw new UsageException(
                        "device '"
                                + plan.disk().name()
                                + "' cannot discard: leave --discard out, or use xen-blkfront or"
                                + " storvsc");
            }
            result = run.run(model, model.blocks(), 0, false);
        }
        return readBack(result, model, plan);
    }

    private static DiskScenario scenario(
            final DiskPattern pattern, final int blockBytes, final long blocks) {
        return new DiskScenario(
                pattern, blockBytes, DEPTH, blocks, 0, 0, WakeupMode.SLEEP, CrossingCosts.COUNTS);
    }

    private static DiskResult readBack(
            final DiskResult result, final DiskModel model, final Plan plan) throws UsageException {
        if (result.interrupted()) {
            return result.readBack(false);
        }
        try (DiskImage written =
                DiskImage.open(plan.target(), plan.kind().format(), RunControl.NONE)) {
            return result.readBack(model.firstMismatch(written.content()) < 0);
        }
    }

    private static DiskResult readDisc(
            final MemorySegment disc, final Plan plan, final RunControl control) throws Exception {
        if (disc.byteSize() % UnitIdentity.DISC_BLOCK_BYTES != 0) {
            throw new UsageException(
                    "image '"
                            + plan.source()
                            + "' has "
                            + disc.byteSize()
                            + " bytes, not a multiple of 2048: a disc is an ISO image");
        }
        final int blockBytes = blockBytes(disc.byteSize(), UnitIdentity.DISC_BLOCK_BYTES);
        final DiskModel model = new DiskModel(disc, blockBytes, 0, DiskModel.Writes.NONE);
        final DiskScenario scenario = scenario(DiskPattern.READ, blockBytes, model.blocks());
        final DiskResult result;
        try (BlockStore store = ImageFormat.RAW.open(plan.source(), Access.READ_ONLY);
                DiskRig rig = DiskRigs.ofDisc(plan.disk(), scenario, store);
                FileChannel target = FileChannel.open(plan.target(), StandardOpenOption.WRITE)) {
            final DiskRun run = new DiskRun(rig, scenario, control);
            run.readsTo((block, memory) -> write(target, block * blockBytes, memory));
            run.connect();
            result = run.run(model, model.blocks(), 0, false);
            target.force(true);
        }
        return readBack(result, model, plan);
    }

    private static boolean write(
            final FileChannel target, final long offset, final MemorySegment memory) {
        final ByteBuffer bytes = memory.asByteBuffer();
        try {
            while (bytes.hasRemaining()) {
                target.write(bytes, offset + bytes.position());
            }
            return true;
        } catch (final IOException e) {
            return false; // Most likely a full file system: the copy counts what it lacks.
        }
    }

    /** The largest run of units of which a disk is a whole number; geometries make odd sizes. */
    static int blockBytes(final long diskBytes, final int unitBytes) {
        final long units = diskBytes / unitBytes;
        int most = MOST_BYTES / unitBytes;
        while (units % most != 0) {
            most--;
        }
        return most * unitBytes;
    }
}
