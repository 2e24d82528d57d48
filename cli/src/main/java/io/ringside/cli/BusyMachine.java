package io.ringside.cli;

import io.ringside.perf.measure.Machine;
import java.util.Locale;

/** The machine of a benchmark, and a warning where others kept it busy just before. */
final class BusyMachine {
    private static final long LOOK_NANOS = 500_000_000;

    private final double busy;

    private BusyMachine(final double busy) {
        this.busy = busy;
    }

    /** Looks for a moment how busy others keep it. */
    static BusyMachine look() {
        return new BusyMachine(Machine.busyProcessors(LOOK_NANOS));
    }

    /** One line of facts. */
    static String facts() {
        final Machine machine = Machine.here();
        return String.format(
                Locale.ROOT,
                "machine: %s, %d processors, %s, %s",
                machine.processor(),
                machine.processors(),
                machine.jdk(),
                machine.date());
    }

    /** Prints a line where figures are not to be trusted. */
    void warn() {
        final int processors = Machine.here().processors();
        if (Machine.isBusy(busy) || processors < 2) {
            System.out.printf(
                    Locale.ROOT,
                    "the machine was busy (%.1f of %d processors) before the run, or has too few:"
                            + " do not trust the figures%n",
                    busy,
                    processors);
        }
    }
}
