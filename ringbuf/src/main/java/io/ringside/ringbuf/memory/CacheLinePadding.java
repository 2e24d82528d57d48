package io.ringside.ringbuf.memory;

/**
 * Room of two cache lines before the fields of whoever extends this.
 *
 * <p>The two ends of a ring are used by two threads, but made one after the other, so they lie side
 * by side on the heap. Without room between them each store to a field of one end would take the
 * line from the other. Fields of a superclass lie before those of its subclass; two lines, since
 * processors fetch lines in pairs.
 */
@SuppressWarnings("unused")
public abstract class CacheLinePadding {
    private long p00, p01, p02, p03, p04, p05, p06, p07;
    private long p08, p09, p10, p11, p12, p13, p14, p15;

    /** For subclasses. */
    protected CacheLinePadding() {}
}
