package io.ringside.device.media;

import io.ringside.device.host.BlockStore;
import io.ringside.device.host.StoreCompletions;
import io.ringside.device.host.StoreRequest;
import org.agrona.BitUtil;
import org.jspecify.annotations.Nullable;

/**
 * A medium as a disk of larger blocks shows it: what is not whole blocks is an error, and never
 * reaches it.
 *
 * <p>Threads: those of the medium beneath, which it owns.
 */
public final class LargeBlocks implements BlockStore {
    private static final int MOST_REFUSED = 64;

    private final BlockStore medium;
    private final int blockBytes;
    private final @Nullable StoreRequest[] refused = new StoreRequest[MOST_REFUSED];
    private int refusedCount;

    private LargeBlocks(final BlockStore medium, final int blockBytes) {
        this.medium = medium;
        this.blockBytes = blockBytes;
    }

    /**
     * Shows a medium so; sectors at its end that fill no block are not shown.
     *
     * @throws IllegalArgumentException if {@code blockBytes} is no power of two, or less than the
     *     medium's own
     */
    public static LargeBlocks over(final BlockStore medium, final int blockBytes) {
        if (!BitUtil.isPowerOfTwo(blockBytes) || blockBytes < medium.blockBytes()) {
            throw new IllegalArgumentException("no size of blocks: blockBytes=" + blockBytes);
        }
        return new LargeBlocks(medium, blockBytes);
    }

    @Override
    public long sectors() {
        return medium.sectors() & -blockSectors();
    }

    private long blockSectors() {
        return blockBytes / SECTOR_BYTES;
    }

    @Override
    public int blockBytes() {
        return blockBytes;
    }

    @Override
    public int physicalBlockBytes() {
        return Math.max(blockBytes, medium.physicalBlockBytes());
    }

    @Override
    public int discardGranularityBytes() {
        return Math.max(blockBytes, medium.discardGranularityBytes());
    }

    @Override
    public boolean canErase() {
        return medium.canErase();
    }

    @Override
    public boolean isReadOnly() {
        return medium.isReadOnly();
    }

    @Override
    public boolean submit(final StoreRequest request) {
        if (request.operation() == StoreRequest.Operation.FLUSH || isWhole(request)) {
            return medium.submit(request);
        }
        if (refusedCount == MOST_REFUSED) {
            return false;
        }
        request.status(StoreRequest.Status.ERROR);
        refused[refusedCount++] = request;
        return true;
    }

    private boolean isWhole(final StoreRequest request) {
        return ((request.sector() | request.sectorCount()) & (blockSectors() - 1)) == 0
                && request.fitsIn(sectors());
    }

    @Override
    public int poll(final StoreCompletions completions, final int limit) {
        int count = 0;
        while (count < limit && refusedCount > 0) {
            final StoreRequest request = refused[--refusedCount];
            count++;
            if (request != null) {
                completions.completed(request);
            }
        }
        return count + medium.poll(completions, limit - count);
    }

    @Override
    public void wakeWith(final Runnable wake) {
        medium.wakeWith(wake);
    }

    @Override
    public void close() {
        medium.close();
    }
}
