package io.ringside.storvsc.backend.scsi;

import io.ringside.device.host.BlockStore;
import io.ringside.device.host.StoreRequest;
import io.ringside.hypervisor.GuestMemory;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Where the data of one command lies in the guest: pieces of memory in their order, each at any
 * byte. Pieces that are neighbours become one.
 *
 * <p>Peer's faults: {@link #add} refuses what does not exist. Our faults throw. Threads: one.
 */
public final class ScatterList {
    private static final int SECTOR_MASK = BlockStore.SECTOR_BYTES - 1;

    private final GuestMemory memory;
    private final long[] addresses;
    private final int[] lengths;
    private final UnsafeBuffer window = new UnsafeBuffer(0, 0);
    private int count;
    private int totalBytes;
    private boolean sectorwise = true;
    private int cursor; // A piece, for as long as bytes are copied,
    private int inCursor; // and a byte of it.

    ScatterList(final GuestMemory memory, final int maxPieces) {
        this.memory = memory;
        this.addresses = new long[maxPieces];
        this.lengths = new int[maxPieces];
    }

    /** No pieces. */
    public void clear() {
        count = 0;
        totalBytes = 0;
        sectorwise = true;
    }

    /**
     * Adds a piece behind the others.
     *
     * @param address guest-physical
     * @param lengthBytes how long it is; nothing is added for 0
     * @return false if the guest has no such memory, or there are too many pieces; nothing is added
     */
    public boolean add(final long address, final int lengthBytes) {
        if (lengthBytes < 0
                || lengthBytes > Integer.MAX_VALUE - totalBytes
                || !memory.contains(address, lengthBytes)) {
            return false;
        }
        if (lengthBytes == 0) {
            return true;
        }
        if (count > 0 && addresses[count - 1] + lengths[count - 1] == address) {
            lengths[count - 1] += lengthBytes;
        } else if (count < addresses.length) {
            addresses[count] = address;
            lengths[count] = lengthBytes;
            count++;
        } else {
            return false;
        }
        totalBytes += lengthBytes;
        return true;
    }

    /** Forgets what lies behind the first so many bytes, and looks at how the rest is cut. */
    public void seal(final int usedBytes) {
        int left = Math.min(usedBytes, totalBytes);
        totalBytes = left;
        sectorwise = true;
        int used = 0;
        while (left > 0) {
            lengths[used] = Math.min(lengths[used], left);
            left -= lengths[used];
            sectorwise &= (lengths[used] & SECTOR_MASK) == 0;
            used++;
        }
        count = used;
    }

    /** Length of all pieces, in bytes. */
    public int totalBytes() {
        return totalBytes;
    }

    /** Whether every piece is whole sectors long, so that a store can use it as it is. */
    boolean isSectorwise() {
        return sectorwise;
    }

    /**
     * Lays the first so many bytes into a request, as many pieces as they need. The list is
     * sectorwise, and the number of bytes a multiple of 512.
     */
    void fill(final StoreRequest request, final int lengthBytes) {
        int left = lengthBytes;
        for (int i = 0; left > 0; i++) {
            final int piece = Math.min(lengths[i], left);
            memory.wrap(request.nextSegment(), addresses[i], piece);
            request.added();
            left -= piece;
        }
    }

    /** Copies from the guest's memory into ours. The bytes exist. */
    void copyOut(
            final int fromByte,
            final MutableDirectBuffer into,
            final int offset,
            final int lengthBytes) {
        seek(fromByte);
        int done = 0;
        while (done < lengthBytes) {
            final int stepBytes = nextPiece(lengthBytes - done);
            into.putBytes(offset + done, window, 0, stepBytes);
            done += stepBytes;
        }
    }

    /** Copies from our memory into the guest's. The bytes exist. */
    void copyIn(
            final int intoByte, final DirectBuffer from, final int offset, final int lengthBytes) {
        seek(intoByte);
        int done = 0;
        while (done < lengthBytes) {
            final int stepBytes = nextPiece(lengthBytes - done);
            window.putBytes(0, from, offset + done, stepBytes);
            done += stepBytes;
        }
    }

    /** How many leading bytes of the guest's memory are those of ours: all, if it is the same. */
    int equalBytes(
            final int fromByte, final DirectBuffer ours, final int offset, final int lengthBytes) {
        seek(fromByte);
        int done = 0;
        while (done < lengthBytes) {
            final int stepBytes = nextPiece(lengthBytes - done);
            for (int at = 0; at < stepBytes; at++) {
                if (window.getByte(at) != ours.getByte(offset + done + at)) {
                    return done + at;
                }
            }
            done += stepBytes;
        }
        return done;
    }

    /** Finds the piece that a byte lies in. */
    private void seek(final int toByte) {
        cursor = 0;
        inCursor = toByte;
        while (cursor < count && inCursor >= lengths[cursor]) {
            inCursor -= lengths[cursor];
            cursor++;
        }
    }

    /** Lays the window over the rest of the piece, or as much of it as is wanted, and goes on. */
    private int nextPiece(final int wantedBytes) {
        final int lengthBytes = Math.min(lengths[cursor] - inCursor, wantedBytes);
        memory.wrap(window, addresses[cursor] + inCursor, lengthBytes);
        cursor++;
        inCursor = 0;
        return lengthBytes;
    }
}
