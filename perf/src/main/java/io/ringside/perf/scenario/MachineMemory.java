package io.ringside.perf.scenario;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much memory the machine can still give. */
final class MachineMemory {
    private static final String AVAILABLE = "MemAvailable:";

    private MachineMemory() {}

    /**
     * What the kernel estimates that can be had without swapping, at most what a container allows;
     * all of the machine's memory where the system does not tell.
     */
    static long availableBytes() {
        final long total =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                        .getTotalMemorySize();
        try {
            for (final String line :
                    Files.readAllLines(Path.of("/proc/meminfo"), StandardCharsets.US_ASCII)) {
                if (line.startsWith(AVAILABLE)) {
                    final String kibibytes =
                            line.substring(AVAILABLE.length()).replace("kB", "").trim();
                    return Math.min(total, Long.parseLong(kibibytes) * 1024);
                }
            }
            return total;
        } catch (final IOException | NumberFormatException e) {
            return total;
        }
    }
}
