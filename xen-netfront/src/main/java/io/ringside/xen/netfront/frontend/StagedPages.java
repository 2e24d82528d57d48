package io.ringside.xen.netfront.frontend;

import io.ringside.xen.netfront.protocol.NetifLimits;

/**
 * The pages of one queue that a backend may keep mapped, by number: first those that packets are
 * sent from, then those that packets are received into, as many as may ever be needed.
 *
 * <p>Threads: one.
 */
final class StagedPages {
    private final CopyPages transmit;
    private final ReceivePool receive;
    private int kept; // by the backend: those with the lowest numbers

    StagedPages(final CopyPages transmit, final ReceivePool receive) {
        this.transmit = transmit;
        this.receive = receive;
    }

    int count() {
        return NetifLimits.TX_SLOTS + receive.pageCount();
    }

    /** The grant of one; {@link io.ringside.xenbus.grant.GrantTable#NO_REFERENCE} for none. */
    int reference(final int number) {
        return isForReading(number)
                ? transmit.granted(number)
                : receive.granted(number - NetifLimits.TX_SLOTS);
    }

    /** Whether it is one that packets are sent from. */
    boolean isForReading(final int number) {
        return number < NetifLimits.TX_SLOTS;
    }

    /** How many the backend keeps. */
    int kept() {
        return kept;
    }

    /** The backend keeps so many from now on. */
    void kept(final int count) {
        kept = count;
    }
}
