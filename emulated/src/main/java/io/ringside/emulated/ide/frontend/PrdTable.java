package io.ringside.emulated.ide.frontend;

import io.ringside.device.guest.BlockRequest;
import io.ringside.emulated.ide.protocol.PrdEntry;
import io.ringside.hypervisor.GuestMemory;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The table that tells the bus master where a request's memory is.
 *
 * <p>Segments that are neighbours in guest-physical memory share an entry, up to the next multiple
 * of 64 KiB.
 */
final class PrdTable {
    /** Bytes of a full table. */
    static final int SIZE_BYTES = PrdEntry.MAX_ENTRIES * PrdEntry.SIZE_BYTES;

    private final PrdEntry entries;
    private final long guestAddress;

    /** A table in guest memory, within one page frame. */
    PrdTable(final GuestMemory memory, final long guestAddress) {
        final UnsafeBuffer view = new UnsafeBuffer(0, 0);
        memory.wrap(view, guestAddress, SIZE_BYTES);
        this.entries = new PrdEntry(view);
        this.guestAddress = guestAddress;
    }

    long guestAddress() {
        return guestAddress;
    }

    /** Fills the table for a request of at most 256 segments, and returns the entries used. */
    int fill(final BlockRequest request) {
        int index = 0;
        long address = request.segmentAddress(0);
        int lengthBytes = request.segmentBytes(0);
        for (int i = 1; i < request.segmentCount(); i++) {
            final long nextAddress = request.segmentAddress(i);
            final int nextBytes = request.segmentBytes(i);
            if (nextAddress == address + lengthBytes
                    && !PrdEntry.crossesBoundary(address, lengthBytes + nextBytes)) {
                lengthBytes += nextBytes;
            } else {
                entries.put(index, address, lengthBytes, false);
                index++;
                address = nextAddress;
                lengthBytes = nextBytes;
            }
        }
        entries.put(index, address, lengthBytes, true);
        return index + 1;
    }
}
