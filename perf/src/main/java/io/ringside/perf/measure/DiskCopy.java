package io.ringside.perf.measure;

import io.ringside.device.media.Access;
import io.ringside.device.media.MediumRefusedException;
import io.ringside.device.media.RawImage;
import io.ringside.hypervisor.CrossingCosts;
import io.ringside.perf.scenario.DiskPattern;
import io.ringside.perf.scenario.DiskRig;
import io.ringside.perf.scenario.DiskRigs;
import io.ringside.perf.scenario.DiskScenario;
import io.ringside.perf.scenario.Images;
import io.ringside.perf.scenario.RunControl;
import io.ringside.perf.scenario.UsageException;
import io.ringside.perf.workload.DiskModel;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes a whole image to a new file through one disk, flushes, and reads the file back by a path
 * that no device takes.
 *
 * <p>A copy that does not end well leaves no file behind.
 */
public final class DiskCopy {
    private static final int LARGEST_BLOCK_BYTES = 64 * 1024;
    private static final int DEPTH = 32;

    private DiskCopy() {}

    /** Copies {@code source} to {@code target}, which must not exist. */
    public static DiskResult run(
            final Path source, final Path target, final String device, final RunControl control)
            throws Exception {
        try (Arena arena = Arena.ofShared()) {
            final MemorySegment image = Images.map(source, arena);
            create(target, image.byteSize());
            boolean good = false;
            try {
                final DiskResult result = copy(image, target, device, control);
                good = result.verified();
                return result;
            } finally {
                if (!good) {
                    Files.deleteIfExists(target);
                }
            }
        }
    }

    private static DiskResult copy(
            final MemorySegment image,
            final Path target,
            final String device,
            final RunControl control)
            throws Exception {
        final int blockBytes =
                (int) Math.min(LARGEST_BLOCK_BYTES, Long.lowestOneBit(image.byteSize()));
        final DiskModel model = new DiskModel(image, blockBytes, 0, DiskModel.Writes.ORIGINAL);
        final DiskScenario scenario =
                new DiskScenario(
                        DiskPattern.WRITE,
                        blockBytes,
                        DEPTH,
                        model.blocks(),
                        0,
                        0,
                        DiskScenario.WakeupMode.SLEEP,
                        CrossingCosts.COUNTS);
        final DiskResult result;
        try (RawImage store = RawImage.open(target, Access.READ_WRITE, Thread::new);
                DiskRig rig = DiskRigs.of(device, scenario, store)) {
            final DiskRun run = new DiskRun(rig, scenario, control);
            run.connect();
            result = run.run(model, model.blocks(), 0, false);
        } catch (final MediumRefusedException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
        if (result.interrupted()) {
            return result.readBack(false);
        }
        try (Arena reading = Arena.ofConfined()) {
            return result.readBack(model.firstMismatch(Images.map(target, reading)) < 0);
        }
    }

    private static void create(final Path target, final long bytes) throws UsageException {
        try {
            Files.createFile(target);
        } catch (final FileAlreadyExistsException e) {
            throw new UsageException(
                    "target '" + target + "' exists: name a new file, or remove it first");
        } catch (final IOException e) {
            throw new UsageException(
                    "target '"
                            + target
                            + "' cannot be made ("
                            + e.getClass().getSimpleName()
                            + "): check its directory");
        }
        try (RandomAccessFile file = new RandomAccessFile(target.toFile(), "rw")) {
            file.setLength(bytes);
        } catch (final IOException e) {
            throw new UsageException(
                    "target '" + target + "' cannot be sized (" + e.getMessage() + "): make room");
        }
    }
}
