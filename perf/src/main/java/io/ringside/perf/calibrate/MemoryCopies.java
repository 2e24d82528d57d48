package io.ringside.perf.calibrate;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * How long memory takes to be copied.
 *
 * <p>Hot: the same bytes again and again. Cold: bytes that are touched once in a walk, in an order
 * no prefetcher follows, through areas together larger than caches are; each walk finds them
 * evicted by itself.
 *
 * <p>Threads: the caller's.
 */
final class MemoryCopies {
    /** Of each area: two together are larger than the last cache of most processors. */
    static final long AREA_BYTES = 128L << 20;

    private static final int SLOT_BYTES = 4096;
    private static final int ROUNDS = 9;
    private static final int COPIES = 4096;
    private static final int HOT_TURNS = 16;
    private static final long WARM_UP_NANOS = 150_000_000; // enough for the compiler
    private static final long SOURCE_STEP = 7919; // primes: each slot is met once in a walk
    private static final long TARGET_STEP = 104_729;

    private MemoryCopies() {}

    /** The four figures, from two areas of so many bytes, which are given back. */
    static List<Figure> measure(final long areaBytes) {
        if (areaBytes < (long) COPIES * SLOT_BYTES) {
            throw new IllegalArgumentException("area too small: areaBytes=" + areaBytes);
        }
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment source = arena.allocate(areaBytes, SLOT_BYTES);
            final MemorySegment target = arena.allocate(areaBytes, SLOT_BYTES);
            source.fill((byte) 1); // or all of it would be the kernel's one page of zeros
            target.fill((byte) 2);
            return List.of(
                    new Figure(Quantity.COPY_1500_HOT, hot(source, target, 1500)),
                    new Figure(Quantity.COPY_1500_COLD, cold(source, target, 1500)),
                    new Figure(Quantity.COPY_4096_HOT, hot(source, target, 4096)),
                    new Figure(Quantity.COPY_4096_COLD, cold(source, target, 4096)));
        }
    }

    private static Spread hot(
            final MemorySegment source, final MemorySegment target, final int bytes) {
        final long warm = System.nanoTime() + WARM_UP_NANOS;
        while (System.nanoTime() < warm) {
            hotCopies(source, target, bytes);
        }
        final double[] rounds = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            final long start = System.nanoTime();
            for (int turn = 0; turn < HOT_TURNS; turn++) {
                hotCopies(source, target, bytes);
            }
            rounds[round] = (double) (System.nanoTime() - start) / (HOT_TURNS * COPIES);
        }
        return Spread.of(rounds);
    }

    private static void hotCopies(
            final MemorySegment source, final MemorySegment target, final int bytes) {
        for (int i = 0; i < COPIES; i++) {
            MemorySegment.copy(source, 0, target, 0, bytes);
        }
    }

    private static Spread cold(
            final MemorySegment source, final MemorySegment target, final int bytes) {
        final long slots = source.byteSize() / SLOT_BYTES;
        long at = coldCopies(source, target, bytes, slots, 0);
        final double[] rounds = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            final long start = System.nanoTime();
            at = coldCopies(source, target, bytes, slots, at);
            rounds[round] = (double) (System.nanoTime() - start) / COPIES;
        }
        return Spread.of(rounds);
    }

    /** Goes on with the walk; the step at which it ends. */
    private static long coldCopies(
            final MemorySegment source,
            final MemorySegment target,
            final int bytes,
            final long slots,
            final long from) {
        for (long at = from; at < from + COPIES; at++) {
            final long read = at * SOURCE_STEP % slots * SLOT_BYTES;
            final long written = at * TARGET_STEP % slots * SLOT_BYTES;
            MemorySegment.copy(source, read, target, written, bytes);
        }
        return from + COPIES;
    }
}
