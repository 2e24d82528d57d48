package io.ringside.xen.netfront.frontend;

import io.ringside.device.guest.NetFrame;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.ringbuf.memory.PageView;
import io.ringside.ringbuf.memory.ShortCopy;
import io.ringside.xenbus.grant.GrantQuarantine;
import io.ringside.xenbus.grant.GrantTable;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Pages of our own that packets of one queue are copied to, one for each piece in flight, granted
 * for as long as the connection lasts.
 *
 * <p>They are zeroed first, so that the backend never sees anything but packets. A packet is packed
 * as tight as it goes, whatever its pieces were. One that leaves room in its page does not begin at
 * the page's start, but somewhere that the number of its page chooses: else the first bytes of all
 * pages would share a few lines of the cache.
 *
 * <p>Threads: one.
 */
final class CopyPages {
    private static final int COLOUR_BYTES = 64;
    private static final int COLOURS = 32;
    private static final int COLOURED_BYTES = GuestMemory.PAGE_BYTES - COLOUR_BYTES * COLOURS;

    private final NetfrontServices services;
    private final NetfrontCounters counters;
    private final int backendDomain;
    private final int[] frames;
    private final int[] references;
    private final PageView pages;
    private final UnsafeBuffer ours;
    private final UnsafeBuffer callers = new UnsafeBuffer(0, 0);
    private NetFrame source = new NetFrame(0);
    private int segment;
    private int segmentOffset;

    /** Takes a page for each piece; each is granted for reading when it is used first. */
    CopyPages(final Kit kit, final int backendDomain, final int pieces) {
        services = kit.services();
        counters = kit.counters();
        this.backendDomain = backendDomain;
        frames = new int[pieces];
        references = new int[pieces];
        Arrays.fill(references, GrantTable.NO_REFERENCE);
        for (int i = 0; i < pieces; i++) {
            frames[i] = services.frames().allocate();
        }
        pages = services.memory().map(frames);
        ours = pages.buffer();
        ours.setMemory(0, ours.capacity(), (byte) 0);
    }

    /** How many pages a packet takes. */
    static int pieces(final NetFrame frame) {
        return (frame.totalBytes() + GuestMemory.PAGE_BYTES - 1) >>> GuestMemory.PAGE_SHIFT;
    }

    /** Sees to it that the page of a piece is granted; {@link GrantTable#NO_REFERENCE} if not. */
    int granted(final int piece) {
        if (references[piece] == GrantTable.NO_REFERENCE) {
            references[piece] = services.grants().grantAccess(backendDomain, frames[piece], true);
            counters.grants += references[piece] == GrantTable.NO_REFERENCE ? 0 : 1;
        }
        return references[piece];
    }

    /** Begins to copy a packet, piece by piece. */
    void begin(final NetFrame frame) {
        source = frame;
        segment = 0;
        segmentOffset = 0;
    }

    /** Where in its page the first piece of a packet begins, if the packet has no other. */
    static int startOf(final int piece, final int packetBytes) {
        return packetBytes <= COLOURED_BYTES ? (piece & COLOURS - 1) * COLOUR_BYTES : 0;
    }

    /** Copies the next bytes of the packet to the page of a piece. */
    void copy(final int piece, final int offsetBytes, final int lengthBytes) {
        int to = (piece << GuestMemory.PAGE_SHIFT) + offsetBytes;
        int left = lengthBytes;
        while (left != 0) {
            final int count = Math.min(left, source.segmentBytes(segment) - segmentOffset);
            services.memory().wrap(callers, source.segmentAddress(segment) + segmentOffset, count);
            ShortCopy.copy(callers, 0, ours, to, count);
            to += count;
            left -= count;
            segmentOffset += count;
            if (segmentOffset == source.segmentBytes(segment)) {
                segment++;
                segmentOffset = 0;
            }
        }
        services.vcpu().copied(lengthBytes);
        counters.bytesCopied += lengthBytes;
    }

    /** Takes the pages back; one that the backend has mapped goes to its quarantine. */
    void close(final GrantQuarantine quarantine) {
        pages.close();
        for (int i = 0; i < frames.length; i++) {
            if (references[i] == GrantTable.NO_REFERENCE) {
                services.frames().free(frames[i]);
            } else {
                quarantine.release(references[i], frames[i]);
            }
        }
    }
}
