package io.ringside.netvsc.backend;

import io.ringside.device.host.Packet;
import io.ringside.ringbuf.vmbus.GpaDirectHeader;
import io.ringside.ringbuf.vmbus.IncomingRing;
import io.ringside.ringbuf.vmbus.RingStatus;
import io.ringside.vmbus.channel.GpaPages;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The bytes that one packet of the guest brings, in the pieces in which they lie: those in the send
 * buffer first, then those in pages.
 *
 * <p>They lie in the guest's memory, and may change at any time: whoever checks them copies them
 * out first, and reads them once.
 *
 * <p>Allocated once, refilled for every use. Threads: one.
 */
final class GatheredBytes {
    /** Most pages that one packet may name. */
    static final int MOST_PAGES = 64;

    /** Most pieces: one in the send buffer, and each page by itself. */
    static final int MOST_PIECES = MOST_PAGES + 1;

    private final UnsafeBuffer[] pieces = new UnsafeBuffer[MOST_PIECES + 1]; // One is a spare.
    private final int[] starts = new int[MOST_PIECES + 2];
    private final GpaDirectHeader header = new GpaDirectHeader();
    private final GpaPages pages;
    private int count;
    private int at; // The piece looked at last.

    GatheredBytes(final GpaPages pages) {
        this.pages = pages;
        for (int i = 0; i <= MOST_PIECES; i++) {
            pieces[i] = new UnsafeBuffer(0, 0);
        }
    }

    void reset() {
        count = 0;
        at = 0;
    }

    /** Adds a piece of the send buffer, the first of all. */
    void add(final UnsafeBuffer memory, final int offset, final int lengthBytes) {
        pieces[count].wrap(memory, offset, lengthBytes);
        count++;
        starts[count] = starts[count - 1] + lengthBytes;
    }

    /**
     * Adds the pages that a packet names, as {@code ring} has it in a copy.
     *
     * @return false if they do not exist, are too many, or a range is not sound
     */
    boolean addPages(final IncomingRing ring) {
        return addPages(header.wrap(ring));
    }

    /** Adds the pages that a header names, which nobody else can change. */
    boolean addPages(final GpaDirectHeader ranges) {
        if (ranges.rangeCount() > MOST_PAGES) {
            return false; // Ranges without bytes cost time as well.
        }
        int pageCount = 0;
        int status = ranges.nextRange();
        while (status == RingStatus.OK) {
            pageCount += ranges.pageCount();
            if (pageCount > MOST_PAGES || !pages.read(ranges)) {
                return false;
            }
            while (pages.nextPiece(pieces[count], Integer.MAX_VALUE)) { // A page or more.
                starts[count + 1] = starts[count] + pieces[count].capacity();
                count++;
            }
            status = ranges.nextRange();
        }
        return status == RingStatus.EMPTY;
    }

    /** How many bytes there are. */
    int totalBytes() {
        return starts[count];
    }

    /** Whether all of them lie in a row. */
    boolean isOnePiece() {
        return count == 1;
    }

    /** All of them; only if they lie in a row. */
    UnsafeBuffer onlyPiece() {
        return pieces[0];
    }

    /** Goes to the piece with a byte that is there. */
    private int find(final int position) {
        if (position < starts[at]) {
            at = 0;
        }
        while (position >= starts[at + 1]) {
            at++;
        }
        return at;
    }

    /** Copies bytes that are there. */
    void copyTo(
            final int position,
            final UnsafeBuffer target,
            final int targetOffset,
            final int lengthBytes) {
        int from = position;
        int to = targetOffset;
        int left = lengthBytes;
        for (int i = left == 0 ? 0 : find(from); left > 0; i++) {
            final int inPiece = from - starts[i];
            final int length = Math.min(left, pieces[i].capacity() - inPiece);
            target.putBytes(to, pieces[i], inPiece, length);
            from += length;
            to += length;
            left -= length;
        }
    }

    /** Adds bytes that are there to a frame. */
    void addTo(final Packet frame, final int position, final int lengthBytes) {
        int from = position;
        int left = lengthBytes;
        for (int i = left == 0 ? 0 : find(from); left > 0; i++) {
            final int inPiece = from - starts[i];
            final int length = Math.min(left, pieces[i].capacity() - inPiece);
            frame.add(pieces[i], inPiece, length);
            from += length;
            left -= length;
        }
    }
}
