package io.ringside.perf.workload;

import io.ringside.perf.scenario.DiskPattern;

/**
 * The request stream of a disk workload: which block comes next, and whether it is read or written.
 *
 * <p>The same seed gives the same stream for every device. Allocates nothing on the way.
 *
 * <p>Threads: one.
 */
public final class DiskStream {
    private final DiskPattern pattern;
    private final long blocks;
    private long state;
    private long position;
    private boolean write;

    /**
     * Makes a stream.
     *
     * @param blocks how many blocks the medium has
     */
    public DiskStream(final DiskPattern pattern, final long blocks, final long seed) {
        this.pattern = pattern;
        this.blocks = blocks;
        this.state = seed;
    }

    /** Moves on, and returns the next block's number. */
    public long next() {
        if (!pattern.isRandom()) {
            write = pattern.writes();
            final long block = position;
            position = position + 1 == blocks ? 0 : position + 1;
            return block;
        }
        final long place = Long.remainderUnsigned(random(), blocks);
        write =
                pattern.writePercent() == 100
                        || pattern.writePercent() > 0
                                && Long.remainderUnsigned(random(), 100) < pattern.writePercent();
        return place;
    }

    /** Whether the block that {@link #next} gave is written. */
    public boolean isWrite() {
        return write;
    }

    private long random() {
        state += 0x9e3779b97f4a7c15L; // SplitMix64, Steele, Lea and Flood 2014
        return Mixing.mix(state);
    }
}
