package io.ringside.cli;

import io.ringside.perf.calibrate.Calibration;
import io.ringside.perf.calibrate.CalibrationJson;
import io.ringside.perf.calibrate.CalibrationTable;
import io.ringside.perf.scenario.UsageException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
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
        final Calibration host = HostProfile.measure(device, file);
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
        return output == null ? HostProfile.usualFile() : ReportOptions.file("--output", output);
    }
}
