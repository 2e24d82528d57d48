package io.ringside.perf.scenario;

import io.ringside.hypervisor.CrossingCosts;

/**
 * Everything that decides a disk comparison; a report repeats all of it.
 *
 * @param pattern order and kind of the requests
 * @param blockBytes bytes of each request
 * @param depth most requests in flight
 * @param operations how many requests to measure, or 0 to go by time
 * @param seconds how long to measure, or 0 to go by count
 * @param seed the whole recipe of the request stream
 * @param wakeups whether idle halves sleep until woken, or poll
 * @param costs what crossings are charged
 * @param tuning numbers that were chosen for devices
 */
public record DiskScenario(
        DiskPattern pattern,
        int blockBytes,
        int depth,
        long operations,
        double seconds,
        long seed,
        WakeupMode wakeups,
        CrossingCosts costs,
        Tuning tuning) {
    private static final int MAX_BLOCK_BYTES = 16 * 1024 * 1024;
    private static final int MAX_DEPTH = 1024;

    /** What fits a guest of less than 2 GiB beside its driver. */
    private static final long MAX_IN_FLIGHT_BYTES = 1L << 30;

    /** Refuses what no device could do, before anything is opened. */
    public DiskScenario {
        if (blockBytes < 1 || depth < 1 || operations < 0 || seconds < 0) {
            throw new IllegalArgumentException(
                    "out of range: blockBytes="
                            + blockBytes
                            + " depth="
                            + depth
                            + " operations="
                            + operations
                            + " seconds="
                            + seconds);
        }
    }

    /** One whose devices are as they are. */
    public DiskScenario(
            final DiskPattern pattern,
            final int blockBytes,
            final int depth,
            final long operations,
            final double seconds,
            final long seed,
            final WakeupMode wakeups,
            final CrossingCosts costs) {
        this(pattern, blockBytes, depth, operations, seconds, seed, wakeups, costs, Tuning.NONE);
    }

    /** The same with other numbers for devices. */
    public DiskScenario withTuning(final Tuning newTuning) {
        return new DiskScenario(
                pattern, blockBytes, depth, operations, seconds, seed, wakeups, costs, newTuning);
    }

    /** The scenario, or a refusal in one line. */
    public static DiskScenario of(
            final DiskPattern pattern,
            final int blockBytes,
            final int depth,
            final long operations,
            final double seconds,
            final long seed,
            final WakeupMode wakeups,
            final CrossingCosts costs)
            throws UsageException {
        if (blockBytes < 512 || blockBytes % 512 != 0 || blockBytes > MAX_BLOCK_BYTES) {
            throw new UsageException(
                    "--block-size "
                            + blockBytes
                            + " cannot be used: it must be a multiple of 512 from 512 to "
                            + MAX_BLOCK_BYTES);
        }
        if (depth < 1 || depth > MAX_DEPTH) {
            throw new UsageException(
                    "--depth " + depth + " cannot be used: it must be 1 to " + MAX_DEPTH);
        }
        if ((long) blockBytes * depth > MAX_IN_FLIGHT_BYTES) {
            throw new UsageException(
                    "--depth "
                            + depth
                            + " of --block-size "
                            + blockBytes
                            + " cannot be used: together they must be at most "
                            + MAX_IN_FLIGHT_BYTES
                            + " bytes");
        }
        if (operations < 0) {
            throw new UsageException(
                    "--ops " + operations + " cannot be used: it must be positive");
        }
        if (!(seconds >= 0) || seconds > 86_400) {
            throw new UsageException(
                    "--seconds " + seconds + " cannot be used: it must be above 0, up to 86400");
        }
        return new DiskScenario(
                pattern, blockBytes, depth, operations, seconds, seed, wakeups, costs);
    }
}
