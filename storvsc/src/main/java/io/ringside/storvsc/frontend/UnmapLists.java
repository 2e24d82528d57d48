package io.ringside.storvsc.frontend;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.ringside.device.guest.BlockOperation;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.storvsc.protocol.DataDirection;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Parameters of UNMAP, one list of one range for each slot, in pages of the guest; big-endian.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |   22    |   16    |         0         |
 *       +----+----+----+----+----+----+----+----+
 *    8  |                  lba                  |
 *       +----+----+----+----+----+----+----+----+
 *   16  |      blocks       |         0         |
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>Threads: one. Source: SBC-3 5.28; vectors of Linux's own builder.
 */
final class UnmapLists {
    /** Bytes of one list. */
    static final int LIST_BYTES = 24;

    private static final int STRIDE_BYTES = 32; // So that none lies across pages.
    private static final int RANGE_BYTES = 16;

    private final GuestMemory memory;
    private final int firstFrame;
    private final int pages;
    private final UnsafeBuffer list = new UnsafeBuffer(0, 0);

    /** Takes as many frames as so many slots need. */
    UnmapLists(final GuestMemory memory, final FrameAllocator frames, final int slots) {
        this.memory = memory;
        final int bytes = slots * STRIDE_BYTES;
        this.pages = (bytes + GuestMemory.PAGE_BYTES - 1) / GuestMemory.PAGE_BYTES;
        this.firstFrame = frames.allocate(pages);
    }

    /** Gives the frames back; the host reads them no more. */
    void free(final FrameAllocator frames) {
        for (int page = 0; page < pages; page++) {
            frames.free(firstFrame + page);
        }
    }

    /** Makes a request UNMAP of one range. */
    void fill(final PendingRequest pending, final long lba, final long blocks) {
        final long at =
                ((long) firstFrame << GuestMemory.PAGE_SHIFT) + (long) pending.slot * STRIDE_BYTES;
        memory.wrap(list, at, LIST_BYTES);
        list.putShort(0, (short) (LIST_BYTES - Short.BYTES), BIG_ENDIAN);
        list.putShort(2, (short) RANGE_BYTES, BIG_ENDIAN);
        list.putInt(4, 0);
        list.putLong(8, lba, BIG_ENDIAN);
        list.putInt(16, (int) blocks, BIG_ENDIAN);
        list.putInt(20, 0);
        pending.cdb.unmap(LIST_BYTES);
        pending.list.reset(BlockOperation.WRITE, 0).addSegment(at, LIST_BYTES);
        pending.data(pending.list, DataDirection.TO_UNIT);
    }
}
