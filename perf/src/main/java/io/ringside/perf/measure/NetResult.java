package io.ringside.perf.measure;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What one network card did under one scenario.
 *
 * @param device its name, as in every report
 * @param replay each frame of a stream that is given, once; null for one that is made up
 * @param highest the run at the highest rate without loss, from which all counts are
 * @param offeredPerSecond frames a second that were offered at most, and lost in part if they are
 *     more than the highest rate
 * @param lostAtFullRate frames that were lost at that rate
 * @param half the run at 50 % of the highest rate
 * @param most the run at 90 % of it
 */
public record NetResult(
        String device,
        @Nullable Run replay,
        Run highest,
        double offeredPerSecond,
        Losses lostAtFullRate,
        Run half,
        Run most)
        implements Measured {
    /**
     * Frames that were lost, by the place.
     *
     * @param wire before the host's half took them
     * @param device between the two halves
     */
    public record Losses(long wire, long device) {
        /** All of them. */
        public long total() {
            return wire + device;
        }
    }

    /**
     * One run at one rate.
     *
     * @param sent frames that were begun
     * @param arrived frames that came, and were right
     * @param losses frames that did not come
     * @param foreign frames that came and were not sent so
     * @param disordered frames that came after later ones
     * @param framesPerSecond frames that arrived a second
     * @param gigabitsPerSecond units of 10^9 bits a second on the wire, with everything around the
     *     frames
     * @param latency from the time at which a frame was to be sent to its arrival, in nanoseconds
     * @param use what both halves used
     */
    public record Run(
            long sent,
            long arrived,
            Losses losses,
            long foreign,
            long disordered,
            double framesPerSecond,
            double gigabitsPerSecond,
            Histogram latency,
            HalvesUse use) {
        /**
         * Whether every frame that came was right and in its order, and some came. A busy machine
         * may not have let a short run send anything.
         */
        public boolean verified() {
            return foreign == 0
                    && disordered == 0
                    && (arrived > 0 || sent == 0 || use.interrupted());
        }
    }

    /** Whether every frame of every run that came was right, and none was lost at the highest. */
    @Override
    public boolean verified() {
        return isReplayed()
                && highest.verified()
                && half.verified()
                && most.verified()
                && (highest.losses().total() == 0 || interrupted());
    }

    @Override
    public boolean interrupted() {
        return highest.use().interrupted() || half.use().interrupted() || most.use().interrupted();
    }

    /** Whether a stream that is given arrived frame for frame. */
    public boolean isReplayed() {
        return replay == null
                || replay.verified()
                        && (replay.losses().total() == 0 || replay.use().interrupted());
    }

    @Override
    public long operations() {
        return highest.arrived();
    }

    @Override
    public double operationsPerSecond() {
        return highest.framesPerSecond();
    }

    @Override
    public HalfCounts frontend() {
        return highest.use().frontend();
    }

    @Override
    public HalfCounts backend() {
        return highest.use().backend();
    }
}
