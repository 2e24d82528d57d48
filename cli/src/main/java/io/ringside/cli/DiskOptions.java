package io.ringside.cli;

import io.ringside.perf.costs.CostProfile;
import io.ringside.perf.scenario.DiskDevices;
import io.ringside.perf.scenario.DiskMedium;
import io.ringside.perf.scenario.DiskPattern;
import io.ringside.perf.scenario.DiskScenario;
import io.ringside.perf.scenario.ImageFormat;
import io.ringside.perf.scenario.Sizes;
import io.ringside.perf.scenario.StoreWindow;
import io.ringside.perf.scenario.Tuning;
import io.ringside.perf.scenario.UsageException;
import io.ringside.perf.scenario.Variant;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a disk comparison can be asked; both {@code compare} and {@code compare disk} take it. */
final class DiskOptions {
    private static final int DEFAULT_BLOCK_BYTES = 4096;
    private static final int DEFAULT_DEPTH = 32;
    private static final int LARGE_BLOCK_BYTES = 128 * 1024;
    private static final int LARGE_BLOCK_DEPTH = 64;

    @Option(
            names = "--image",
            paramLabel = "FILE",
            description =
                    "disk image to run on, raw or VHD (default: an embedded ext4 image of 16 MiB)")
    private @Nullable Path image;

    @Option(
            names = "--format",
            paramLabel = "raw|vhd",
            description = "what the image is; default: VHD if it has a VHD's footer, else raw")
    private @Nullable String format;

    @Option(
            names = "--pattern",
            paramLabel = "PATTERN",
            description =
                    "randread, randwrite, read, write or randrw (half read, half written); default"
                            + " randread")
    private @Nullable String pattern;

    @Option(
            names = "--block-size",
            paramLabel = "SIZE",
            description =
                    "bytes of an operation, a multiple of 512; default 4k. Without --pattern,"
                            + " --block-size and --depth, a second job of 128k at depth 64 follows")
    private @Nullable String blockSize;

    @Option(names = "--depth", paramLabel = "N", description = "operations in flight; default 32")
    private @Nullable Integer depth;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "how long to measure each device; default 2")
    private @Nullable Double seconds;

    @Option(
            names = "--ops",
            paramLabel = "N",
            description = "how many operations to measure on each device, instead of --seconds")
    private @Nullable Long operations;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "the whole recipe of the request stream; default ${DEFAULT-VALUE}")
    private long seed = 1;

    @Option(
            names = "--devices",
            paramLabel = "NAME",
            split = ",",
            description =
                    "which devices, in this order: ide-pio, ide-dma, xen-blkfront, storvsc, or one"
                            + " with features, as xen-blkfront+indirect+ring4; default all")
    private List<String> devices = List.of();

    @Option(
            names = "--features",
            paramLabel = "NAME",
            split = ",",
            description =
                    "measure each device that has them with these features, one at a time:"
                            + " persistent, indirect, ring4, 2q (xen-blkfront), subchannels"
                            + " (storvsc), all (all at once), or none; default every one, and"
                            + " none if --devices is given")
    private List<String> features = List.of();

    @Option(
            names = "--medium",
            paramLabel = "ram|file",
            description =
                    "whether an image is served from memory or from its file; default file, and ram"
                            + " for the embedded one")
    private @Nullable String medium;

    @Option(
            names = "--xenstore-socket",
            paramLabel = "PATH",
            description =
                    "serve the xenstore of a Xen disk there while it runs, for xenstore-ls and its"
                            + " kin; what they write reaches the drivers")
    private @Nullable Path xenstoreSocket;

    @Option(
            names = "--string-io",
            paramLabel = "one-exit|per-word",
            description =
                    "whether 'rep insw' and 'rep outsw' of ide-pio exit once, or once for each of"
                            + " the 256 words of a sector, as hypervisors differ; default one-exit")
    private @Nullable String stringIo;

    @Mixin private ChargeOptions charges = new ChargeOptions();

    /**
     * The jobs, at least one; a second one only where nothing was said about the first.
     *
     * @param defaultSeconds how long each device is measured where nothing was said
     */
    List<DiskScenario> scenarios(final double defaultSeconds) throws UsageException {
        if (seconds != null && operations != null) {
            throw new UsageException("--seconds and --ops exclude each other: give one of them");
        }
        if (operations != null && operations < 1) {
            throw new UsageException(
                    "--ops " + operations + " cannot be used: it must be 1 or more");
        }
        if (seconds != null && !(seconds > 0)) {
            throw new UsageException(
                    "--seconds " + seconds + " cannot be used: it must be above 0");
        }
        final DiskScenario first =
                scenario(
                        blockSize == null
                                ? DEFAULT_BLOCK_BYTES
                                : Sizes.bytes("--block-size", blockSize),
                        depth == null ? DEFAULT_DEPTH : depth,
                        defaultSeconds);
        return pattern == null && blockSize == null && depth == null
                ? List.of(first, scenario(LARGE_BLOCK_BYTES, LARGE_BLOCK_DEPTH, defaultSeconds))
                : List.of(first);
    }

    private DiskScenario scenario(
            final int blockBytes, final int inFlight, final double defaultSeconds)
            throws UsageException {
        return DiskScenario.of(
                        pattern == null ? DiskPattern.RANDREAD : DiskPattern.of(pattern),
                        blockBytes,
                        inFlight,
                        operations == null ? 0 : operations,
                        operations != null ? 0 : seconds == null ? defaultSeconds : seconds,
                        seed,
                        charges.wakeups(),
                        charges.costs())
                .withTuning(charges.tuning())
                .with(DiskScenario.stringIo(stringIo == null ? "one-exit" : stringIo));
    }

    ChargeOptions charges() {
        return charges;
    }

    List<Variant> disks() throws UsageException {
        return DiskDevices.ALL.rows(devices, features);
    }

    DiskMedium.Kind mediumKind() throws UsageException {
        if (medium == null) {
            return image == null ? DiskMedium.Kind.RAM : DiskMedium.Kind.FILE;
        }
        return switch (medium) {
            case "ram" -> DiskMedium.Kind.RAM;
            case "file" -> DiskMedium.Kind.FILE;
            default -> throw new UsageException("unknown medium '" + medium + "': use ram or file");
        };
    }

    /** What serves an image in simulated time, where no file can. */
    DiskMedium.Kind kindOfModelled() throws UsageException {
        if (medium != null && mediumKind() == DiskMedium.Kind.FILE) {
            throw new UsageException("--medium file needs --clock wall: use --medium ram");
        }
        if (xenstoreSocket != null) {
            throw new UsageException("--xenstore-socket needs --clock wall: leave one of them out");
        }
        return DiskMedium.Kind.RAM;
    }

    /** Where the store is served; refused before anything runs if that cannot be. */
    @Nullable Path xenstoreSocket(final List<Variant> chosen) throws UsageException {
        if (xenstoreSocket != null) {
            if (chosen.stream().noneMatch(disk -> disk.device().equals(DiskDevices.XEN_BLKFRONT))) {
                throw new UsageException(
                        "--xenstore-socket "
                                + xenstoreSocket
                                + " needs a device that has a xenstore: add xen-blkfront to"
                                + " --devices");
            }
            StoreWindow.check(xenstoreSocket);
        }
        return xenstoreSocket;
    }

    @Nullable Path image() {
        return image;
    }

    @Nullable ImageFormat format() throws UsageException {
        if (format == null) {
            return null;
        }
        final ImageFormat known = ImageFormat.of(format);
        if (image == null) {
            throw new UsageException(
                    "--format " + format + " needs an image: name one with --image");
        }
        return known;
    }

    /** What crossings are charged, figure by figure. */
    CostProfile profile() throws UsageException {
        return charges.profile();
    }

    double warmUpSeconds() throws UsageException {
        return charges.warmUpSeconds();
    }

    Tuning tuning() throws UsageException {
        return charges.tuning();
    }
}
