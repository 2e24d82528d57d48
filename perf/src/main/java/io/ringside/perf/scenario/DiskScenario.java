package io.ringside.perf.scenario;

import io.ringside.emulated.trap.StringIo;
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
 * @param stringIo how many exits a string instruction of the IDE driver takes
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
        StringIo stringIo,
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

    /** The same, charged otherwise. */
    public DiskScenario withCosts(final CrossingCosts newCosts) {
        return new DiskScenario(
                pattern,
                blockBytes,
                depth,
                operations,
                seconds,
                seed,
                wakeups,
                newCosts,
                stringIo,
                tuning);
    }

    /** One exit for each string instruction, and devices as they are. */
    public DiskScenario(
            final DiskPattern pattern,
            final int blockBytes,
            final int depth,
            final long operations,
            final double seconds,
            final long seed,
            final WakeupMode wakeups,
            final CrossingCosts costs) {
        this(
                pattern,
                blockBytes,
                depth,
                operations,
                seconds,
                seed,
                wakeups,
                costs,
                StringIo.ONE_EXIT,
                Tuning.NONE);
    }

    /** The same with other numbers for devices. */
    public DiskScenario withTuning(final Tuning newTuning) {
        return new DiskScenario(
                pattern,
                blockBytes,
                depth,
                operations,
                seconds,
                seed,
                wakeups,
                costs,
                stringIo,
                newTuning);
    }

    /** The same with string instructions that exit so. */
    public DiskScenario with(final StringIo instructions) {
        return new DiskScenario(
                pattern,
                blockBytes,
                depth,
                operations,
                seconds,
                seed,
                wakeups,
                costs,
                instructions,
                tuning);
    }

    /** How string instructions exit, by name; every name is listed in the error. */
    public static StringIo stringIo(final String name) throws UsageException {
        return switch (name) {
            case "one-exit" -> StringIo.ONE_EXIT;
            case "per-word" -> StringIo.PER_WORD;
            default ->
                    throw new UsageException(
                            "--string-io '"
                                    + name
                                    + "' is unknown: it must be one-exit or per-word");
        };
    }

    /** The name of how string instructions exit. */
    public String stringIoLabel() {
        return stringIo == StringIo.ONE_EXIT ? "one-exit" : "per-word";
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
