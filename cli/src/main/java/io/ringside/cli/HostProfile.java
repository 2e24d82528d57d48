package io.ringside.cli;

import io.ringside.perf.calibrate.Calibration;
import io.ringside.perf.calibrate.HostCosts;
import io.ringside.perf.costs.CostProfiles;
import io.ringside.perf.scenario.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The cost profile of this host: measured, and kept in a file. */
final class HostProfile {
    /** Where virtual machines are made. */
    static final Path KVM = Path.of("/dev/kvm");

    private HostProfile() {}

    /** Measures this host where nobody has, and says so. */
    static void require() throws UsageException {
        if (!Files.exists(CostProfiles.hostFile())) {
            require(KVM, usualFile());
        }
    }

    /** The same with a file in a directory that exists. */
    static void require(final Path kvm, final Path file) throws UsageException {
        System.err.println(
                "ringside: what crossings cost on this host is not known yet: measuring it, within"
                        + " 15 seconds");
        try {
            measure(kvm, file);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UsageException(
                    "interrupted before this host was measured: run ./ringside calibrate");
        }
        System.err.println(
                "ringside: kept in " + file + " ('./ringside costs this-host' shows it)");
    }

    /** Where the profile is kept: its directory exists then, and the file can be written. */
    static Path usualFile() throws UsageException {
        final Path file = CostProfiles.hostFile();
        try {
            Files.createDirectories(file.resolveSibling(""));
        } catch (final IOException e) {
            throw new UsageException(
                    "cannot write '" + file + "': name another file with calibrate --output");
        }
        return ReportOptions.file("--output", file.toString());
    }

    /** Measures this host and writes its profile. */
    static Calibration measure(final Path kvm, final Path file)
            throws UsageException, InterruptedException {
        final Calibration host = Calibration.run(kvm, new TerminalProgress());
        Terminal.clear();
        write(file, HostCosts.toml(host));
        return host;
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
