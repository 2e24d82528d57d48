package io.ringside.xen.netfront.frontend;

/**
 * Whose pages a backend reads what is sent from, and for how long it may.
 *
 * <pre>
 *            page        grant                                data
 *  LENT      caller's    for the packet                       never copied
 *  KEPT      caller's    until others need its place          never copied
 *  COPIED    our own     for as long as the connection lasts  copied
 * </pre>
 */
public enum TransmitPages {
    /** The caller's own pages, granted for each packet and taken back with its answer. */
    LENT,
    /**
     * The caller's own pages, granted once and used again: for callers that send from the same
     * pages again and again, and bear that the backend can read those at any time.
     */
    KEPT,
    /** Pages of our own, which never show the backend anything but packets. */
    COPIED
}
