package io.ringside.perf.jmh;

import io.ringside.device.guest.BlockCompletions;
import io.ringside.device.guest.BlockDevice;
import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.device.guest.BlockStatus;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Random reads of whole blocks at a fixed depth, with next to no work of its own: each block holds
 * its number at its start and at its end, and both are checked.
 *
 * <p>Threads: the frontend's. Allocates nothing once it is made.
 */
final class DiskReads implements BlockCompletions {
    private static final long SPOILT = -1;

    private final BlockDevice device;
    private final int blockBytes;
    private final long blockMask;
    private final BlockRequest[] requests;
    private final long[] addresses;
    private final UnsafeBuffer[] memory;
    private final long[] expected;
    private final int[] idle;
    private int idleCount;
    private long toStart;
    private long toFinish;
    private long state = 1;

    /**
     * Reads of a disk that is ready.
     *
     * @param blockBytes bytes of a block, a power of two
     * @param blocks how many there are, a power of two
     */
    DiskReads(
            final BlockDevice device,
            final GuestMemory guest,
            final FrameAllocator frames,
            final int blockBytes,
            final long blocks,
            final int depth) {
        this.device = device;
        this.blockBytes = blockBytes;
        this.blockMask = blocks - 1;
        requests = new BlockRequest[depth];
        addresses = new long[depth];
        memory = new UnsafeBuffer[depth];
        expected = new long[depth];
        idle = new int[depth];
        final int pages = (blockBytes + GuestMemory.PAGE_BYTES - 1) / GuestMemory.PAGE_BYTES;
        for (int i = 0; i < depth; i++) {
            requests[i] = new BlockRequest(pages);
            requests[i].tag(i);
            addresses[i] = (long) frames.allocate(pages) << GuestMemory.PAGE_SHIFT;
            memory[i] = new UnsafeBuffer(0, 0);
            guest.wrap(memory[i], addresses[i], blockBytes);
            idle[idleCount++] = i;
        }
        device.completionsTo(this);
    }

    /** Writes a block's number where it is looked for. */
    static void stamp(final UnsafeBuffer block, final long number) {
        block.putLong(0, number);
        block.putLong(block.capacity() - Long.BYTES, number);
    }

    /** So many further reads are to be done. */
    void add(final long count) {
        toStart += count;
        toFinish += count;
    }

    /** Whether all of them are. */
    boolean isDone() {
        return toFinish == 0;
    }

    /** Starts what there is room for; returns how many, all made visible at once. */
    int start() {
        int count = 0;
        while (idleCount > 0 && toStart > 0 && submit(idle[idleCount - 1])) {
            idleCount--;
            toStart--;
            count++;
        }
        if (count > 0) {
            device.commit();
        }
        return count;
    }

    private boolean submit(final int index) {
        state += 0x9e3779b97f4a7c15L; // A Weyl sequence, its upper bits: far from any order.
        final long block = (state >>> 32) & blockMask;
        final BlockRequest request = requests[index];
        request.reset(BlockOperation.READ, block * (blockBytes / BlockRequest.SECTOR_BYTES));
        for (int at = 0; at < blockBytes; at += GuestMemory.PAGE_BYTES) {
            request.addSegment(
                    addresses[index] + at, Math.min(GuestMemory.PAGE_BYTES, blockBytes - at));
        }
        expected[index] = block;
        stamp(memory[index], SPOILT);
        return device.submit(request);
    }

    @Override
    public void completed(final BlockRequest request) {
        final int index = request.tag();
        final UnsafeBuffer read = memory[index];
        if (request.status() != BlockStatus.OK
                || read.getLong(0) != expected[index]
                || read.getLong(blockBytes - Long.BYTES) != expected[index]) {
            throw new IllegalStateException(
                    "wrong block: expected="
                            + expected[index]
                            + " first="
                            + read.getLong(0)
                            + " status="
                            + request.status());
        }
        idle[idleCount++] = index;
        toFinish--;
    }
}
