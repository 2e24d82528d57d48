package io.ringside.cli;

import io.ringside.perf.scenario.UsageException;
import picocli.CommandLine.Option;

/** How long a benchmark runs; every benchmark by JMH takes it. */
final class ForkOptions {
    private static final int QUICK_FORKS = 1;
    private static final int QUICK_MILLIS = 100;

    @Option(
            names = "--forks",
            paramLabel = "N",
            defaultValue = "3",
            description = "processes for each figure; default ${DEFAULT-VALUE}")
    private int forks;

    @Option(
            names = "--iterations",
            paramLabel = "N",
            defaultValue = "5",
            description = "measured iterations a process; default ${DEFAULT-VALUE}")
    private int iterations;

    @Option(
            names = "--millis",
            paramLabel = "N",
            defaultValue = "300",
            description = "length of an iteration; default ${DEFAULT-VALUE}")
    private int millis;

    @Option(names = "--quick", description = "one process, iterations of 100 ms: a first idea")
    private boolean quick;

    void check() throws UsageException {
        Bounds.check("--forks", forks, 1, 100);
        Bounds.check("--iterations", iterations, 1, 1000);
        Bounds.check("--millis", millis, 10, 60_000);
    }

    int forks() {
        return quick ? QUICK_FORKS : forks;
    }

    int iterations() {
        return iterations;
    }

    int millis() {
        return quick ? QUICK_MILLIS : millis;
    }

    /** As a benchmark's heading says it. */
    String text() {
        return forks() + " forks of " + iterations + " iterations of " + millis() + " ms";
    }
}
