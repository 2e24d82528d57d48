package io.ringside.perf.workload;

/** The finaliser of SplitMix64 (Steele, Lea and Flood 2014): spreads a number over 64 bits. */
final class Mixing {
    private Mixing() {}

    static long mix(final long value) {
        final long a = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        final long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
        return b ^ (b >>> 31);
    }
}
