package io.ringside.storvsc.backend;

import io.ringside.storvsc.protocol.VstorOperation;

/**
 * What a guest is to be told, unasked, of units that came or went: however many there were, once.
 *
 * <p>Threads: one.
 */
final class UnitNotices {
    private boolean enumerateDue;
    private boolean removeDue;

    void unitCame(final boolean isGuestThere) {
        enumerateDue |= isGuestThere;
    }

    void unitWent(final boolean isGuestThere) {
        removeDue |= isGuestThere;
    }

    void forget() {
        enumerateDue = false;
        removeDue = false;
    }

    /** Tells what is due, as far as there is room, and returns how much that was. */
    int tell(final StorvspQueue queue) {
        int count = 0;
        if (enumerateDue && queue.tell(VstorOperation.ENUMERATE_BUS)) {
            enumerateDue = false;
            count++;
        }
        if (removeDue && queue.tell(VstorOperation.REMOVE_DEVICE)) {
            removeDue = false;
            count++;
        }
        return count;
    }
}
