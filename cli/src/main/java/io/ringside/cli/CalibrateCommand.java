package io.ringside.cli;

import io.ringside.perf.calibrate.Calibration;
import io.ringside.perf.calibrate.CalibrationJson;
import io.ringside.perf.calibrate.CalibrationTable;
import io.ringside.perf.calibrate.HostCosts;
import io.ringside.perf.scenario.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code calibrate}: what crossings cost on this host. */
@Command(
        name = "calibrate",
        mixinStandardHelpOptions = true,
        description =
                "Measures this host within 15 seconds: memory copies, cache lines between two"
                        + " threads, waking a thread, and, where /dev/kvm opens, exits of a tiny"
                        + " guest. Writes the cost profile this-host; what cannot be measured here"
                        + " is taken from the profile today.",
        footer = {
            "",
            "Examples:",
            "  ./ringside calibrate",
            "  ./ringside calibrate --json --output this-host.toml"
        })
final class CalibrateCommand implements Callable<Integer> {
    private static final String PROFILE = "ringside/this-host.toml";

    @Option(names = "--json", description = "print one JSON object instead of the table")
    private boolean json;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description =
                    "where the profile goes; default $${XDG_CACHE_HOME:-$$HOME/.cache}/" + PROFILE)
    private @Nullable String output;

    @Option(
            names = "--kvm",
            paramLabel = "FILE",
            defaultValue = "/dev/kvm",
            description = "where virtual machines are made; default ${DEFAULT-VALUE}")
    private String kvm = "/dev/kvm";

    @Override
    public Integer call() throws UsageException, InterruptedException {
        final Path file = profile();
        final Path device = device();
        final Calibration host = Calibration.run(device, new TerminalProgress());
        Terminal.clear();
        write(file, HostCosts.toml(host));
        System.out.print(
                json
                        ? CalibrationJson.text(host, file.toString())
                        : CalibrationTable.text(host) + "profile: " + file + "\n");
        final String warning = CalibrationTable.warning(host);
        if (!warning.isEmpty()) {
            System.err.println("ringside: " + warning);
        }
        if (System.out.checkError()) {
            System.err.println("ringside: standard output could not be written: make room there");
            return Ringside.FAILED;
        }
        return Ringside.DONE;
    }

    private Path device() throws UsageException {
        try {
            return Path.of(kvm);
        } catch (final InvalidPathException e) {
            throw new UsageException("--kvm is not a file name: " + e.getMessage());
        }
    }

    /** Where the profile goes, and can be written: checked before anything is measured. */
    private Path profile() throws UsageException {
        if (output != null) {
            return ReportOptions.file("--output", output);
        }
        final String cache = System.getenv("XDG_CACHE_HOME");
        final Path directory =
                cache == null || cache.isEmpty()
                        ? Path.of(System.getProperty("user.home"), ".cache")
                        : Path.of(cache);
        final Path file = directory.resolve(PROFILE);
        try {
            Files.createDirectories(file.resolveSibling(""));
        } catch (final IOException e) {
            throw new UsageException(
                    "cannot write '" + file + "': name another file with --output");
        }
        return ReportOptions.file("--output", file.toString());
    }

    /** The whole file or none: it takes its place only once it is complete. */
    private static void write(final Path file, final String text) throws UsageException {
        final Path directory = file.toAbsolutePath().resolveSibling("");
        try {
            final Path draft = Files.createTempFile(directory, ".this-host", ".toml");
            try {
                Files.writeString(draft, text);
                Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(draft);
            }
        } catch (final IOException e) {
            throw new UsageException(
                    "cannot write the profile '"
                            + file
                            + "' ("
                            + e.getMessage()
                            + "): name another file with --output");
        }
    }
}
