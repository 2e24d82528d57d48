package io.ringside.perf.measure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the machine's processors did, in the kernel's ticks, and which part of it was for this
 * process and those that it started and has waited for.
 *
 * <p>Where the kernel does not tell, all is 0, and then nobody disturbs. Source: proc(5), {@code
 * /proc/stat} and {@code /proc/self/stat}.
 *
 * @param total ticks of all processors
 * @param busy those in which they worked
 * @param stolen those that a hypervisor below gave to others
 * @param own those of this process and its ended children
 */
public record ProcessorUse(long total, long busy, long stolen, long own) {
    private static final double DISTURBED_PROCESSORS = 0.2;
    private static final double STOLEN_SHARE = 0.02;
    private static final int STEAL_FIELD = 8;
    private static final int FIRST_OWN_FIELD = 11; // utime, counted behind the name's parenthesis
    private static final int OWN_FIELDS = 4; // utime, stime, cutime, cstime

    /** Everything until now. */
    public static ProcessorUse now() {
        try {
            final String[] machine = first(Path.of("/proc/stat")).split(" +");
            long total = 0;
            long busy = 0;
            for (int i = 1; i < machine.length && i <= STEAL_FIELD; i++) {
                final long ticks = Long.parseLong(machine[i]);
                total += ticks;
                busy += i == 4 || i == 5 || i == STEAL_FIELD ? 0 : ticks; // idle, waiting for I/O
            }
            final long stolen =
                    machine.length > STEAL_FIELD ? Long.parseLong(machine[STEAL_FIELD]) : 0;
            final String self = first(Path.of("/proc/self/stat"));
            final String[] mine = self.substring(self.lastIndexOf(')') + 2).split(" ");
            long own = 0;
            for (int i = FIRST_OWN_FIELD; i < FIRST_OWN_FIELD + OWN_FIELDS; i++) {
                own += Long.parseLong(mine[i]);
            }
            return new ProcessorUse(total, busy, stolen, own);
        } catch (final IOException | RuntimeException e) {
            return new ProcessorUse(0, 0, 0, 0); // No such files, or none that we can read.
        }
    }

    private static String first(final Path file) throws IOException {
        return Files.readAllLines(file, StandardCharsets.UTF_8).getFirst();
    }

    /** What came after an earlier moment. */
    public ProcessorUse since(final ProcessorUse earlier) {
        return new ProcessorUse(
                total - earlier.total,
                busy - earlier.busy,
                stolen - earlier.stolen,
                own - earlier.own);
    }

    /** Processors' worth of work of others; negative where the system does not tell. */
    public double othersProcessors() {
        return total <= 0
                ? -1
                : (double) Math.max(0, busy - own)
                        / total
                        * Runtime.getRuntime().availableProcessors();
    }

    /** Which part of all time a hypervisor below took away. */
    public double stealShare() {
        return total <= 0 ? 0 : (double) stolen / total;
    }

    /** Whether others worked so much that times are not to be trusted. */
    public boolean isDisturbed() {
        return othersProcessors() > DISTURBED_PROCESSORS;
    }

    /** Whether a hypervisor below took so much that times are not to be trusted. */
    public boolean isStolen() {
        return stealShare() > STOLEN_SHARE;
    }
}
