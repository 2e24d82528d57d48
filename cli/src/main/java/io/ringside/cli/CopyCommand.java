package io.ringside.cli;

import io.ringside.perf.measure.DiskCopy;
import io.ringside.perf.measure.DiskResult;
import io.ringside.perf.scenario.DiskDevices;
import io.ringside.perf.scenario.ImageFormat;
import io.ringside.perf.scenario.NewImage;
import io.ringside.perf.scenario.RunControl;
import io.ringside.perf.scenario.UsageException;
import io.ringside.perf.scenario.Variant;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code copy}: an image through a device. */
@Command(
        name = "copy",
        mixinStandardHelpOptions = true,
        description =
                "Writes the disk of an image, raw or VHD, to a new file through a device, flushes,"
                        + " and reads the file back by another path. With --disc, reads an ISO"
                        + " image as a DVD through the device instead, and writes what came of it"
                        + " to the new file. Copying that fails leaves no file.",
        footer = {
            "",
            "Examples:",
            "  ./ringside copy disk.img copy.img",
            "  ./ringside copy disk.img copy.img --device ide-dma",
            "  ./ringside copy disk.img disk.vhd --discard",
            "  ./ringside copy disk.img thin.img --discard --device storvsc",
            "  ./ringside copy child.vhd flat.img",
            "  ./ringside copy disc.iso read.iso --disc --device storvsc"
        })
final class CopyCommand implements Callable<Integer>, RunControl {
    @Parameters(index = "0", paramLabel = "IMAGE", description = "disk image to copy: raw or VHD")
    private @Nullable Path source;

    @Parameters(index = "1", paramLabel = "TARGET", description = "file to make")
    private @Nullable Path target;

    @Option(
            names = "--device",
            paramLabel = "NAME",
            defaultValue = DiskDevices.XEN_BLKFRONT,
            description =
                    "ide-pio, ide-dma, xen-blkfront or storvsc, also with features, as"
                            + " xen-blkfront+indirect; default ${DEFAULT-VALUE}")
    private String device = DiskDevices.XEN_BLKFRONT;

    @Option(
            names = "--format",
            paramLabel = "raw|vhd",
            description = "what IMAGE is; default: VHD if it has a VHD's footer, else raw")
    private @Nullable String format;

    @Option(
            names = "--target-format",
            paramLabel = "raw|vhd|vhd-fixed",
            description =
                    "what TARGET becomes; default: a dynamic VHD if its name ends in .vhd, else"
                            + " raw")
    private @Nullable String targetFormat;

    @Option(
            names = "--discard",
            description =
                    "discard blocks of zeros instead of writing them, through the device; where"
                            + " the target's file system has no holes they are written")
    private boolean discard;

    @Option(
            names = "--disc",
            description =
                    "put IMAGE into a DVD drive, blocks of 2048 bytes, and read it to TARGET; with"
                            + " --device storvsc")
    private boolean disc;

    @Override
    public Integer call() throws Exception {
        if (source == null || target == null) {
            throw new IllegalStateException("not parsed: source=" + source + " target=" + target);
        }
        if (disc) {
            checkDisc(target);
        }
        final Variant disk = DiskDevices.ALL.variant(device);
        final DiskCopy.Plan plan =
                new DiskCopy.Plan(
                        source,
                        sourceFormat(),
                        target,
                        disc ? NewImage.RAW : NewImage.of(targetFormat, target),
                        disk,
                        way());
        Interruption.arm();
        final DiskResult result = DiskCopy.run(plan, this);
        Terminal.clear();
        if (result.interrupted()) {
            System.err.println("ringside: interrupted, '" + target + "' was removed");
            return Ringside.INTERRUPTED;
        }
        if (!result.verified()) {
            System.err.println(
                    "ringside: '"
                            + target
                            + "' was removed: "
                            + result.failures()
                            + (disc ? " reads failed, " : " writes failed, ")
                            + (disc ? result.mismatches() + " brought other bytes, " : "")
                            + "read back "
                            + (result.readBack() ? "ok" : "found other bytes"));
            return Ringside.FAILED;
        }
        System.out.printf(
                Locale.ROOT,
                "%s: %,d %s%s of %,d bytes through %s in %.2f s (%,.1f MB/s), read back ok%n",
                target,
                result.operations() - result.discards(),
                disc ? "reads of a disc, each" : "writes",
                discard ? String.format(Locale.ROOT, " and %,d discards", result.discards()) : "",
                result.operationBytes(),
                result.device(),
                result.elapsedNanos() / 1e9,
                result.megabytesPerSecond());
        return Ringside.DONE;
    }

    /** What else was asked for must make sense of a disc. */
    private void checkDisc(final Path newFile) throws UsageException {
        if (discard) {
            throw new UsageException("--disc cannot be used with --discard: a disc is only read");
        }
        if (sourceFormat() == ImageFormat.VHD) {
            throw new UsageException("--disc cannot be used with --format vhd: a disc is raw");
        }
        if (NewImage.of(targetFormat, newFile) != NewImage.RAW) {
            throw new UsageException(
                    "--disc cannot make '" + newFile + "' a VHD: use --target-format raw");
        }
    }

    private @Nullable ImageFormat sourceFormat() throws UsageException {
        if (format != null) {
            return ImageFormat.of(format);
        }
        return disc ? ImageFormat.RAW : null;
    }

    private DiskCopy.Way way() {
        if (disc) {
            return DiskCopy.Way.READ_DISC;
        }
        return discard ? DiskCopy.Way.DISCARD_ZEROS : DiskCopy.Way.WRITE;
    }

    @Override
    public void progress(final String what, final double fraction) {
        Terminal.progress(what, fraction);
    }

    @Override
    public boolean isInterrupted() {
        return Interruption.isRequested();
    }
}
