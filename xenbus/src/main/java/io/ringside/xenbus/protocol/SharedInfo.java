package io.ringside.xenbus.protocol;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * The page that a domain shares with the hypervisor: who has an event, on x86-64.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  | up | um |   -     |         -         |  vcpu_info of processor 0, 64 bytes:
 *    8  |          evtchn_pending_sel           |  up = evtchn_upcall_pending
 *       |     registers and time, 48 bytes      |  um = evtchn_upcall_mask
 *   64  |  vcpu_info of processors 1 to 31      |
 *       +---------------------------------------+
 * 2048  |  evtchn_pending, one bit a port,      |  64 words
 * 2560  |  evtchn_mask, one bit a port,         |  64 words
 *       +---------------------------------------+
 * 3072  |  wall clock and more                  |
 *       +---------------------------------------+
 * </pre>
 *
 * <p>Who writes what: a sender sets pending bits, then a selector bit, then the upcall byte, and
 * stops at the first that is set already; the domain clears them in the opposite order, and owns
 * the masks. Every change is one atomic exchange in full order, even where it changes nothing: what
 * the sender wrote before must be out before it learns that the bit was set already.
 *
 * <p>Source: {@code shared_info}, {@code vcpu_info}, xen/xen.h. Threads: any number.
 */
public final class SharedInfo {
    /** Bytes that are in use. */
    public static final int SIZE_BYTES = 3136;

    /** Bytes of one processor's part. */
    public static final int VCPU_INFO_BYTES = 64;

    /** Processors that have their part here. */
    public static final int VCPUS = 32;

    /** Ports; port 0 is never valid. */
    public static final int PORTS = 4096;

    /** log2 of the ports in one word. */
    public static final int PORTS_PER_WORD_SHIFT = 6;

    private static final int UPCALL_OFFSET = 0;
    private static final int SELECTOR_OFFSET = 8;
    private static final int PENDING_OFFSET = VCPUS * VCPU_INFO_BYTES;
    private static final int MASK_OFFSET = PENDING_OFFSET + PORTS / Byte.SIZE;

    private static final int UPCALL_PENDING_BYTE = 0x00FF;
    private static final int UPCALL_MASK_BYTE = 0xFF00;

    private final UnsafeBuffer page;

    /** Lays the view over the shared page. */
    public SharedInfo(final UnsafeBuffer page) {
        this.page = page;
    }

    /** Clears the whole page: nobody looks at it just now. */
    public void clear() {
        page.setMemory(0, page.capacity(), (byte) 0);
    }

    /** Marks a port pending; true if it was not. Pairs with {@link #clearPendingVolatile}. */
    public boolean setPendingVolatile(final int port) {
        return setBit(PENDING_OFFSET + wordOffset(port), bit(port));
    }

    /** Takes a port's event; true if there was one. Pairs with {@link #setPendingVolatile}. */
    public boolean clearPendingVolatile(final int port) {
        return clearBit(PENDING_OFFSET + wordOffset(port), bit(port));
    }

    /** Whether a port has an event. */
    public boolean isPendingVolatile(final int port) {
        return (page.getLongVolatile(PENDING_OFFSET + wordOffset(port)) & bit(port)) != 0;
    }

    /** Keeps a port's events back; true if they were not. Pairs with {@link #isMaskedVolatile}. */
    public boolean setMaskVolatile(final int port) {
        return setBit(MASK_OFFSET + wordOffset(port), bit(port));
    }

    /**
     * Lets a port's events through; true if they were not. Pairs with {@link #isMaskedVolatile}.
     */
    public boolean clearMaskVolatile(final int port) {
        return clearBit(MASK_OFFSET + wordOffset(port), bit(port));
    }

    /** Whether a port's events are kept back. Pairs with {@link #clearMaskVolatile}. */
    public boolean isMaskedVolatile(final int port) {
        return (page.getLongVolatile(MASK_OFFSET + wordOffset(port)) & bit(port)) != 0;
    }

    /** The ports of one word that have events which are not kept back, one bit each. */
    public long readyWordVolatile(final int word) {
        final int offset = word * Long.BYTES;
        return page.getLongVolatile(PENDING_OFFSET + offset)
                & ~page.getLongVolatile(MASK_OFFSET + offset);
    }

    /** Marks a word of ports; true if it was not. Pairs with {@link #takeSelectorVolatile}. */
    public boolean setSelectorVolatile(final int vcpu, final int word) {
        return setBit(vcpu * VCPU_INFO_BYTES + SELECTOR_OFFSET, 1L << word);
    }

    /** Takes all marked words, one bit each. Pairs with {@link #setSelectorVolatile}. */
    public long takeSelectorVolatile(final int vcpu) {
        return page.getAndSetLong(vcpu * VCPU_INFO_BYTES + SELECTOR_OFFSET, 0);
    }

    /** Asks for an upcall; true if none was asked for. Pairs with {@link #takeUpcallVolatile}. */
    public boolean setUpcallVolatile(final int vcpu) {
        final int offset = vcpu * VCPU_INFO_BYTES + UPCALL_OFFSET;
        int before;
        do {
            before = page.getIntVolatile(offset);
        } while (!page.compareAndSetInt(offset, before, (before & ~UPCALL_PENDING_BYTE) | 1));
        return (before & UPCALL_PENDING_BYTE) == 0;
    }

    /** Takes the upcall; true if one was asked for. Pairs with {@link #setUpcallVolatile}. */
    public boolean takeUpcallVolatile(final int vcpu) {
        final int offset = vcpu * VCPU_INFO_BYTES + UPCALL_OFFSET;
        int before;
        do {
            before = page.getIntVolatile(offset);
        } while (!page.compareAndSetInt(offset, before, before & ~UPCALL_PENDING_BYTE));
        return (before & UPCALL_PENDING_BYTE) != 0;
    }

    /** Whether an upcall is asked for. Pairs with {@link #setUpcallVolatile}. */
    public boolean isUpcallVolatile(final int vcpu) {
        final int word = page.getIntVolatile(vcpu * VCPU_INFO_BYTES + UPCALL_OFFSET);
        return (word & UPCALL_PENDING_BYTE) != 0;
    }

    /** Whether the processor wants no upcalls. */
    public boolean isUpcallMaskedVolatile(final int vcpu) {
        final int word = page.getIntVolatile(vcpu * VCPU_INFO_BYTES + UPCALL_OFFSET);
        return (word & UPCALL_MASK_BYTE) != 0;
    }

    // A retry means that another writer's bit went in: the loop ends when the others do.
    private boolean setBit(final int offset, final long bit) {
        long before;
        do {
            before = page.getLongVolatile(offset);
        } while (!page.compareAndSetLong(offset, before, before | bit));
        return (before & bit) == 0;
    }

    private boolean clearBit(final int offset, final long bit) {
        long before;
        do {
            before = page.getLongVolatile(offset);
        } while (!page.compareAndSetLong(offset, before, before & ~bit));
        return (before & bit) != 0;
    }

    private static int wordOffset(final int port) {
        return (port >>> PORTS_PER_WORD_SHIFT) * Long.BYTES;
    }

    private static long bit(final int port) {
        return 1L << port;
    }
}
