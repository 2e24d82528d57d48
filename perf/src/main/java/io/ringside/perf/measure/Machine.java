package io.ringside.perf.measure;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.locks.LockSupport;

/**
 * The machine a figure comes from.
 *
 * @param processor its model, as the kernel names it
 * @param processors how many the JVM may use
 * @param kernel name and release of the operating system
 * @param jdk vendor and version of the Java runtime
 * @param memoryMebibytes memory of the whole machine
 * @param date day of the run, UTC
 * @param loadAverage of the minute before the run; negative where the system does not tell
 */
public record Machine(
        String processor,
        int processors,
        String kernel,
        String jdk,
        long memoryMebibytes,
        String date,
        double loadAverage) {
    private static final double BUSY_LIMIT = 0.2;

    /** Whether so many processors' worth of foreign work is too much for times to be trusted. */
    public static boolean isBusy(final double busyProcessors) {
        return busyProcessors > BUSY_LIMIT;
    }

    /** This machine, now. */
    public static Machine here() {
        return new Machine(
                fact("/proc/cpuinfo", "model name"),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name")
                        + " "
                        + System.getProperty("os.version")
                        + " "
                        + System.getProperty("os.arch"),
                System.getProperty("java.vm.vendor") + " " + Runtime.version(),
                memory(),
                LocalDate.now(ZoneOffset.UTC).toString(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    /**
     * How busy others keep the machine, looked at for a moment: processors' worth of work.
     *
     * @return 0 for an idle machine; negative where the system does not tell
     */
    public static double busyProcessors(final long nanos) {
        final long[] before = processorTicks();
        final long end = System.nanoTime() + nanos;
        while (System.nanoTime() < end && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
        final long[] after = processorTicks();
        final long total = after[0] - before[0];
        if (total <= 0) {
            return -1;
        }
        return (double) (after[1] - before[1]) / total * Runtime.getRuntime().availableProcessors();
    }

    private static long[] processorTicks() {
        try {
            final String[] fields =
                    Files.readAllLines(Path.of("/proc/stat"), StandardCharsets.US_ASCII)
                            .getFirst()
                            .split(" +");
            long total = 0;
            long busy = 0;
            for (int i = 1; i < fields.length && i <= 8; i++) {
                final long ticks = Long.parseLong(fields[i]);
                total += ticks;
                busy += i == 4 || i == 5 ? 0 : ticks; // idle and waiting for I/O
            }
            return new long[] {total, busy};
        } catch (final IOException | NumberFormatException e) {
            return new long[] {0, 0};
        }
    }

    private static long memory() {
        final String total = fact("/proc/meminfo", "MemTotal").replace(" kB", "");
        try {
            return Long.parseLong(total.trim()) / 1024;
        } catch (final NumberFormatException e) {
            return -1;
        }
    }

    private static String fact(final String file, final String key) {
        try {
            for (final String line : Files.readAllLines(Path.of(file), StandardCharsets.UTF_8)) {
                if (line.startsWith(key)) {
                    return line.substring(line.indexOf(':') + 1).trim();
                }
            }
        } catch (final IOException e) {
            return "unknown";
        }
        return "unknown";
    }
}
