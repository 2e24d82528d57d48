package io.ringside.perf.scenario;

import io.ringside.hypervisor.CrossingCosts;

/**
 * Everything that decides a network comparison; a report repeats all of it.
 *
 * @param stream which frames there are, in words
 * @param direction which way they go
 * @param gigabits what the wire carries a second, in units of 10^9 bits; 0 for any rate
 * @param queues how many each device is to have at least, if it can have several
 * @param seconds how long each of the measured runs takes
 * @param wakeups whether idle halves sleep until woken, or poll
 * @param costs what crossings are charged
 * @param tuning numbers that were chosen for devices
 */
public record NetScenario(
        String stream,
        NetDirection direction,
        int gigabits,
        int queues,
        double seconds,
        WakeupMode wakeups,
        CrossingCosts costs,
        Tuning tuning) {
    /** Most queues that any pair here can be given. */
    public static final int MOST_QUEUES = 8;

    private static final double MOST_SECONDS = 3600;

    /** Refuses what no device could do, before anything is set up. */
    public NetScenario {
        if (gigabits < 0 || queues < 1 || queues > MOST_QUEUES || !(seconds > 0)) {
            throw new IllegalArgumentException(
                    "out of range: gigabits="
                            + gigabits
                            + " queues="
                            + queues
                            + " seconds="
                            + seconds);
        }
    }

    /** One whose devices are as they are. */
    public NetScenario(
            final String stream,
            final NetDirection direction,
            final int gigabits,
            final int queues,
            final double seconds,
            final WakeupMode wakeups,
            final CrossingCosts costs) {
        this(stream, direction, gigabits, queues, seconds, wakeups, costs, Tuning.NONE);
    }

    /** The same with other numbers for devices. */
    public NetScenario withTuning(final Tuning newTuning) {
        return new NetScenario(
                stream, direction, gigabits, queues, seconds, wakeups, costs, newTuning);
    }

    /** The rate of a name; every name is listed in the error. */
    public static int gigabits(final String rate) throws UsageException {
        return switch (rate) {
            case "max" -> 0;
            case "1g" -> 1;
            case "10g" -> 10;
            case "25g" -> 25;
            case "40g" -> 40;
            case "100g" -> 100;
            default ->
                    throw new UsageException(
                            "--rate '"
                                    + rate
                                    + "' is unknown: it must be 1g, 10g, 25g, 40g, 100g or max");
        };
    }

    /** Refuses a length of runs that nobody can wait for. */
    public static double checkSeconds(final double seconds) throws UsageException {
        if (!(seconds > 0) || seconds > MOST_SECONDS) {
            throw new UsageException(
                    "--seconds "
                            + seconds
                            + " cannot be used: it must be above 0, up to "
                            + (int) MOST_SECONDS);
        }
        return seconds;
    }

    /** Nanoseconds that one byte takes on the wire; 0 if it may take none. */
    public double nanosPerByte() {
        return gigabits == 0 ? 0 : (double) Byte.SIZE / gigabits;
    }
}
