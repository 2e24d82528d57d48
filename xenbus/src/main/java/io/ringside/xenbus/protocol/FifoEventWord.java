package io.ringside.xenbus.protocol;

/**
 * One word of a FIFO event array: what is known of one port, in 32 bits.
 *
 * <pre>
 *   31        30       29       28      27 .. 17   16 .. 0
 *  +---------+--------+--------+------+----------+-----------+
 *  | pending | masked | linked | busy |    -     | next port |
 *  +---------+--------+--------+------+----------+-----------+
 * </pre>
 *
 * <p>The hypervisor sets pending, and linked with the link of the word before; the domain clears
 * all of these, and owns masked. Busy asks the domain to leave the word alone for a moment. A page
 * has 1024 words; word 0 is never used.
 *
 * <p>Source: {@code EVTCHN_FIFO_*}, xen/event_channel.h. Threads: any.
 */
public final class FifoEventWord {
    /** The port has an event. */
    public static final int PENDING = 1 << 31;

    /** The port's events are kept back. */
    public static final int MASKED = 1 << 30;

    /** The port is in a queue. */
    public static final int LINKED = 1 << 29;

    /** The hypervisor is about to change the link. */
    public static final int BUSY = 1 << 28;

    /** The next port of the queue; 0 for the last. */
    public static final int LINK_MASK = 0x1_FFFF;

    /** Bits of a link, as {@code EVTCHNOP_init_control} tells them. */
    public static final int LINK_BITS = 17;

    /** Ports; port 0 is never valid. */
    public static final int PORTS = 1 << LINK_BITS;

    /** log2 of the words in one page. */
    public static final int WORDS_PER_PAGE_SHIFT = 10;

    /** Words of one page. */
    public static final int WORDS_PER_PAGE = 1 << WORDS_PER_PAGE_SHIFT;

    /** Pages of a whole array. */
    public static final int PAGES = PORTS / WORDS_PER_PAGE;

    private FifoEventWord() {}

    /** Pages of an array that has a word for a port. */
    public static int pagesFor(final int port) {
        return (port >>> WORDS_PER_PAGE_SHIFT) + 1;
    }
}
