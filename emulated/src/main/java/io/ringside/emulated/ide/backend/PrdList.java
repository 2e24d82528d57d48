package io.ringside.emulated.ide.backend;

import io.ringside.device.host.BlockStore;
import io.ringside.device.host.StoreRequest;
import io.ringside.emulated.ide.protocol.PrdEntry;
import io.ringside.hypervisor.GuestMemory;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The descriptors of one transfer: read from guest memory once, checked, and kept in private.
 *
 * <p>An entry, or a table, that leaves guest memory or crosses a multiple of 64 KiB refuses the
 * whole; so does a table without an end within 256 entries. Whoever changes the table afterwards
 * changes nothing.
 */
final class PrdList {
    private final GuestMemory memory;
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer copy = new UnsafeBuffer(new byte[PrdEntry.SIZE_BYTES]);
    private final PrdEntry entry = new PrdEntry(copy);
    private final long[] addresses = new long[PrdEntry.MAX_ENTRIES];
    private final int[] lengths = new int[PrdEntry.MAX_ENTRIES];
    private int count;
    private long totalBytes;
    private boolean usesUpTable;
    private int copyIndex;
    private int copyOffset;

    PrdList(final GuestMemory memory) {
        this.memory = memory;
    }

    /**
     * Reads a table as far as a transfer needs it.
     *
     * @param table guest-physical address of the first entry
     * @param wantedBytes length of the transfer, a multiple of 512
     * @return false if the table is refused
     */
    boolean read(final long table, final long wantedBytes) {
        count = 0;
        totalBytes = 0;
        copyIndex = 0;
        copyOffset = 0;
        long covered = 0;
        boolean isLast = false;
        while (covered < wantedBytes && !isLast) {
            final long at = table + (long) count * PrdEntry.SIZE_BYTES;
            if (count == PrdEntry.MAX_ENTRIES
                    || PrdEntry.crossesBoundary(table, (count + 1) * PrdEntry.SIZE_BYTES)
                    || !memory.contains(at, PrdEntry.SIZE_BYTES)) {
                return false;
            }
            memory.wrap(view, at, PrdEntry.SIZE_BYTES);
            copy.putLong(0, view.getLong(0)); // Once: from here on only the copy counts.
            final long address = entry.address(0);
            final int length = entry.lengthBytes(0);
            if (PrdEntry.crossesBoundary(address, length) || !memory.contains(address, length)) {
                return false;
            }
            addresses[count] = address;
            lengths[count] = (int) Math.min(length, wantedBytes - covered);
            count++;
            covered += length;
            isLast = entry.isLast(0);
        }
        usesUpTable = isLast && covered <= wantedBytes;
        cutTo(Math.min(covered, wantedBytes));
        return true;
    }

    /** Whole sectors only: a short table can end within one. */
    private void cutTo(final long namedBytes) {
        totalBytes = namedBytes - namedBytes % BlockStore.SECTOR_BYTES;
        int excess = (int) (namedBytes - totalBytes);
        while (excess > 0) {
            final int cut = Math.min(excess, lengths[count - 1]);
            lengths[count - 1] -= cut;
            excess -= cut;
            if (lengths[count - 1] == 0) {
                count--;
            }
        }
    }

    /** Bytes that the list names: the transfer's own length, or less if the table is short. */
    long totalBytes() {
        return totalBytes;
    }

    /** Whether the transfer ends where the table does. */
    boolean usesUpTable() {
        return usesUpTable;
    }

    /** Whether a store can be pointed straight at every piece. */
    boolean isWholeSectors() {
        for (int i = 0; i < count; i++) {
            if (lengths[i] % BlockStore.SECTOR_BYTES != 0) {
                return false;
            }
        }
        return true;
    }

    /** Points a store's request at the pieces. */
    void addTo(final StoreRequest request) {
        for (int i = 0; i < count; i++) {
            memory.wrap(request.nextSegment(), addresses[i], lengths[i]);
            request.added();
        }
    }

    /** Copies the next bytes of the list from or to the start of a buffer. */
    void copy(final UnsafeBuffer buffer, final int lengthBytes, final boolean towardsMemory) {
        int done = 0;
        while (done < lengthBytes) {
            final int length = Math.min(lengthBytes - done, lengths[copyIndex] - copyOffset);
            memory.wrap(view, addresses[copyIndex] + copyOffset, length);
            if (towardsMemory) {
                view.putBytes(0, buffer, done, length);
            } else {
                buffer.putBytes(done, view, 0, length);
            }
            done += length;
            copyOffset += length;
            if (copyOffset == lengths[copyIndex]) {
                copyIndex++;
                copyOffset = 0;
            }
        }
    }
}
