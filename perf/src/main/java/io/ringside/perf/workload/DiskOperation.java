package io.ringside.perf.workload;

import io.ringside.device.guest.BlockDevice;
import io.ringside.device.guest.BlockLimits;
import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.device.guest.BlockStatus;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One operation of a workload in flight: its buffer in guest memory, and as many requests as the
 * device's limits make of it, as an operating system's block layer would split it.
 */
final class DiskOperation {
    private static final long SPOILT = 0x5b0117_5b0117_5bL;

    private final MemorySegment memory;
    private final BlockRequest[] requests;
    private final long[] requestAddresses;
    private final int[] requestBytes;
    private long block;
    private boolean write;
    private long startNanos;
    private int submitted;
    private int completed;
    private boolean failed;
    private boolean discard;

    DiskOperation(
            final int tag,
            final int blockBytes,
            final BlockLimits limits,
            final GuestMemory guest,
            final FrameAllocator frames) {
        final int pages = (blockBytes + GuestMemory.PAGE_BYTES - 1) / GuestMemory.PAGE_BYTES;
        final long address = (long) frames.allocate(pages) << GuestMemory.PAGE_SHIFT;
        final UnsafeBuffer view = new UnsafeBuffer(0, 0);
        guest.wrap(view, address, blockBytes);
        memory = MemorySegment.ofAddress(view.addressOffset()).reinterpret(blockBytes);

        final int most =
                Math.min(limits.maxTransferBytes(), limits.maxSegments() * GuestMemory.PAGE_BYTES);
        final int count = (blockBytes + most - 1) / most;
        requests = new BlockRequest[count];
        requestAddresses = new long[count];
        requestBytes = new int[count];
        for (int i = 0; i < count; i++) {
            requests[i] = new BlockRequest(limits.maxSegments());
            requests[i].tag(tag);
            requestAddresses[i] = address + (long) i * most;
            requestBytes[i] = Math.min(most, blockBytes - i * most);
        }
    }

    /** Starts a new use of the operation. */
    void start(final long newBlock, final boolean newWrite, final long nowNanos) {
        block = newBlock;
        write = newWrite;
        discard = false;
        startNanos = nowNanos;
        submitted = 0;
        completed = 0;
        failed = false;
        if (!newWrite) {
            spoil();
        }
        long sector = newBlock * blockSectors();
        for (int i = 0; i < requests.length; i++) {
            requests[i].reset(newWrite ? BlockOperation.WRITE : BlockOperation.READ, sector);
            long address = requestAddresses[i];
            final long end = address + requestBytes[i];
            while (address < end) {
                final long pageEnd = (address | (GuestMemory.PAGE_BYTES - 1)) + 1;
                final int length = (int) (Math.min(end, pageEnd) - address);
                requests[i].addSegment(address, length);
                address += length;
            }
            sector += requestBytes[i] / BlockRequest.SECTOR_BYTES;
        }
    }

    /** Starts a new use that gives the block back: one request, whatever its size. */
    void startDiscard(final long newBlock, final long nowNanos) {
        block = newBlock;
        write = true;
        discard = true;
        startNanos = nowNanos;
        submitted = 0;
        completed = 0;
        failed = false;
        requests[0].resetToDiscard(
                BlockOperation.DISCARD, newBlock * blockSectors(), blockSectors());
    }

    /** What an earlier read left here, or zeros, must not pass for what this one brings. */
    private void spoil() {
        for (long at = 0; at < memory.byteSize(); at += BlockRequest.SECTOR_BYTES) {
            memory.set(ValueLayout.JAVA_LONG_UNALIGNED, at, SPOILT);
        }
    }

    /** Submits what is left; false if the device had no room for all of it. */
    boolean submitTo(final BlockDevice device) {
        while (submitted < count()) {
            if (!device.submit(requests[submitted])) {
                return false;
            }
            submitted++;
        }
        return true;
    }

    /** One of the requests came back; true when it was the last. */
    boolean completedOne(final BlockRequest request) {
        failed |= request.status() != BlockStatus.OK;
        completed++;
        return completed == count();
    }

    private int count() {
        return discard ? 1 : requests.length;
    }

    boolean isDiscard() {
        return discard;
    }

    long block() {
        return block;
    }

    boolean isWrite() {
        return write;
    }

    boolean hasFailed() {
        return failed;
    }

    long startNanos() {
        return startNanos;
    }

    MemorySegment memory() {
        return memory;
    }

    private long blockSectors() {
        return memory.byteSize() / BlockRequest.SECTOR_BYTES;
    }
}
