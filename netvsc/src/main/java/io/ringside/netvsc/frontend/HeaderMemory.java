package io.ringside.netvsc.frontend;

/**
 * Memory for the headers of frames that are named by their pages: small pieces, none of which lies
 * across two pages.
 *
 * <p>Threads: one.
 */
final class HeaderMemory {
    /** Bytes of one piece. */
    static final int SLOT_BYTES = 256;

    private static final int MOST_SLOTS = 256;

    private final PageBlock block;
    private final Slots slots;

    /** The pieces of a block of {@link #bytes}. */
    HeaderMemory(final PageBlock block, final int transmitDepth) {
        this.block = block;
        this.slots = new Slots(Math.min(transmitDepth, MOST_SLOTS), SLOT_BYTES);
    }

    /** Bytes of a block for as many frames under way. */
    static int bytes(final int transmitDepth) {
        return Math.min(transmitDepth, MOST_SLOTS) * SLOT_BYTES;
    }

    Slots slots() {
        return slots;
    }

    PageBlock block() {
        return block;
    }

    /** Guest-physical address of a piece. */
    long address(final int slot) {
        return block.address(slots.offset(slot));
    }
}
