package io.ringside.xenbus.protocol;

/**
 * Virtual interrupt lines: numbers with names.
 *
 * <p>Source: {@code VIRQ_*}, xen/xen.h.
 */
public final class Virq {
    /** The processor's timer. */
    public static final int TIMER = 0;

    /** Asks for a dump of state. */
    public static final int DEBUG = 1;

    /** The emergency console, for one domain. */
    public static final int CONSOLE = 2;

    /** A domain has ended or asks for help. */
    public static final int DOM_EXC = 3;

    /** The profiler's buffer. */
    public static final int XENOPROF = 7;

    /** The performance counters. */
    public static final int XENPMU = 13;

    /** How many numbers there are. */
    public static final int COUNT = 24;

    private Virq() {}

    /** Whether only the first processor may have the line; otherwise each has one of its own. */
    public static boolean isGlobal(final int virq) {
        return virq != TIMER && virq != DEBUG && virq != XENOPROF && virq != XENPMU;
    }
}
