package io.ringside.emulated.rtl8139.backend;

import io.ringside.emulated.rtl8139.protocol.Rtl8139Bits;
import io.ringside.emulated.rtl8139.protocol.Rtl8139Registers;

/**
 * The four transmit slots: a guest-physical address and a status each. A slot that the chip owns is
 * sent in the order in which the guest handed the slots over.
 */
final class TransmitSlots {
    /** No slot waits to be sent. */
    static final int NONE = -1;

    private static final int FINAL_BITS = Rtl8139Bits.SENT | Rtl8139Bits.ABORTED;
    private static final int OWN_SHIFT = 0;
    private static final int ABORTED_SHIFT = 4;
    private static final int SENT_SHIFT = 12;

    private final int[] addresses = new int[Rtl8139Registers.TRANSMIT_SLOTS];
    private final int[] statuses = new int[Rtl8139Registers.TRANSMIT_SLOTS];
    private final int[] order = new int[Rtl8139Registers.TRANSMIT_SLOTS];
    private int waiting;

    void reset() {
        for (int i = 0; i < statuses.length; i++) {
            addresses[i] = 0;
            statuses[i] = Rtl8139Bits.HOST_OWNS;
        }
        waiting = 0;
    }

    int address(final int slot) {
        return addresses[slot];
    }

    void address(final int slot, final int value) {
        addresses[slot] = value;
    }

    int status(final int slot) {
        return statuses[slot];
    }

    /**
     * The guest writes a status.
     *
     * @return false if that did nothing: the bit stays the host's, or the chip has the slot already
     */
    boolean handOver(final int slot, final int value) {
        if ((statuses[slot] & Rtl8139Bits.HOST_OWNS) == 0 || (value & Rtl8139Bits.HOST_OWNS) != 0) {
            return false;
        }
        statuses[slot] = value & ~FINAL_BITS;
        order[waiting] = slot;
        waiting++;
        return true;
    }

    /** The slot to be sent next, or {@link #NONE}. */
    int next() {
        return waiting == 0 ? NONE : order[0];
    }

    int lengthBytes(final int slot) {
        return statuses[slot] & Rtl8139Bits.TRANSMIT_LENGTH_MASK;
    }

    /** Gives the first waiting slot back to the guest. */
    void finish(final int finalBit) {
        statuses[order[0]] |= Rtl8139Bits.HOST_OWNS | finalBit;
        waiting--;
        System.arraycopy(order, 1, order, 0, waiting);
    }

    /** Ownership, given up and sent of all slots, in four bits each. */
    int summary() {
        int summary = 0;
        for (int i = 0; i < statuses.length; i++) {
            summary |= bit(i, Rtl8139Bits.HOST_OWNS) << OWN_SHIFT + i;
            summary |= bit(i, Rtl8139Bits.ABORTED) << ABORTED_SHIFT + i;
            summary |= bit(i, Rtl8139Bits.SENT) << SENT_SHIFT + i;
        }
        return summary;
    }

    private int bit(final int slot, final int mask) {
        return (statuses[slot] & mask) != 0 ? 1 : 0;
    }
}
