package io.ringside.vmbus.channel;

import io.ringside.hypervisor.GuestMemory;
import io.ringside.ringbuf.memory.PageView;
import io.ringside.ringbuf.vmbus.GpaDirectHeader;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The pages of one range that a GPA-direct packet names, checked and copied: the host's way to the
 * guest's data.
 *
 * <p>A host has the guest's memory at hand, so that using a range costs no hypercall and maps
 * nothing; {@link #nextPiece} lays a view over as much as lies in a row. Where a medium needs one
 * piece, {@link #map} maps the pages in a row.
 *
 * <pre>
 *   while (header.nextRange() == RingStatus.OK) {
 *       if (!pages.read(header)) { refuse the packet }
 *       while (pages.nextPiece(view, Integer.MAX_VALUE)) { ... }
 *   }
 * </pre>
 *
 * <p>Allocated once, refilled for every use. Threads: one.
 */
public final class GpaPages {
    private final GuestMemory memory;
    private final int[] frames;
    private final UnsafeBuffer piece = new UnsafeBuffer(0, 0);
    private int pageCount;
    private int byteOffset;
    private int byteCount;
    private int position;

    /** For ranges of at most {@code mostPages} pages, whatever the guest names. */
    public GpaPages(final GuestMemory memory, final int mostPages) {
        if (mostPages < 1 || mostPages > Integer.MAX_VALUE / GuestMemory.PAGE_BYTES) {
            throw new IllegalArgumentException("page count out of range: mostPages=" + mostPages);
        }
        this.memory = memory;
        this.frames = new int[mostPages];
    }

    /**
     * Copies the range that a header is at, after {@link GpaDirectHeader#nextRange} found it sound.
     *
     * @return false, and then empty, if it has too many pages, or one that does not exist
     */
    public boolean read(final GpaDirectHeader header) {
        reset();
        final int count = header.pageCount();
        if (count > frames.length) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            final long page = header.page(i);
            if (page < 0 || page >= memory.frameCount()) {
                return false;
            }
            frames[i] = (int) page;
        }
        pageCount = count;
        byteOffset = header.byteOffset();
        byteCount = (int) header.byteCount(); // At most what its pages hold.
        return true;
    }

    /** Makes it empty. */
    public void reset() {
        pageCount = 0;
        byteOffset = 0;
        byteCount = 0;
        position = 0;
    }

    /** Length in bytes. */
    public int byteCount() {
        return byteCount;
    }

    /** How many pages there are. */
    public int pageCount() {
        return pageCount;
    }

    /** Where in the range the next piece starts. */
    public int position() {
        return position;
    }

    /** Goes to a byte of the range, from 0 to {@link #byteCount}. */
    public void position(final int newPosition) {
        if (newPosition < 0 || newPosition > byteCount) {
            throw new IllegalArgumentException(
                    "outside of the range: position=" + newPosition + " byteCount=" + byteCount);
        }
        position = newPosition;
    }

    /**
     * Lays a view over the next bytes that lie in a row, and goes behind them.
     *
     * @param mostBytes the longest piece wanted
     * @return false if there are none left
     */
    public boolean nextPiece(final UnsafeBuffer view, final int mostBytes) {
        final int wanted = Math.min(mostBytes, byteCount - position);
        if (wanted <= 0) {
            return false;
        }
        final int from = byteOffset + position;
        int page = from >> GuestMemory.PAGE_SHIFT;
        final int inPage = from & (GuestMemory.PAGE_BYTES - 1);
        final long address = ((long) frames[page] << GuestMemory.PAGE_SHIFT) + inPage;
        int length = GuestMemory.PAGE_BYTES - inPage;
        while (length < wanted && frames[page + 1] == frames[page] + 1) {
            length += GuestMemory.PAGE_BYTES;
            page++;
        }
        length = Math.min(length, wanted);
        memory.wrap(view, address, length);
        position += length;
        return true;
    }

    /** Copies from the range on, from where it is; how many bytes there were. */
    public int copyTo(final UnsafeBuffer target, final int offset, final int mostBytes) {
        int copied = 0;
        while (copied < mostBytes && nextPiece(piece, mostBytes - copied)) {
            target.putBytes(offset + copied, piece, 0, piece.capacity());
            copied += piece.capacity();
        }
        return copied;
    }

    /** Copies to the range on, from where it is; how many bytes there was room for. */
    public int copyFrom(final UnsafeBuffer source, final int offset, final int mostBytes) {
        int copied = 0;
        while (copied < mostBytes && nextPiece(piece, mostBytes - copied)) {
            piece.putBytes(0, source, offset + copied, piece.capacity());
            copied += piece.capacity();
        }
        return copied;
    }

    /**
     * All pages in a row, to be closed when done: the range starts at {@link #byteOffset}.
     * Allocates, and maps unless they lie in a row already.
     */
    public PageView map() {
        return memory.map(Arrays.copyOf(frames, pageCount));
    }

    /** Where the range starts in its first page. */
    public int byteOffset() {
        return byteOffset;
    }
}
