package io.ringside.netvsc.frontend;

/**
 * How the host divides the receive buffer.
 *
 * @param sectionBytes bytes of one section; no range is longer
 * @param count how many there are
 */
record ReceiveSections(int sectionBytes, int count) {
    /** Before the host has told. */
    static final ReceiveSections NONE = new ReceiveSections(0, 0);
}
