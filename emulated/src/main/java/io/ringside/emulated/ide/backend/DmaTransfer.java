package io.ringside.emulated.ide.backend;

import io.ringside.device.host.BlockStore;
import io.ringside.device.host.StoreRequest;
import io.ringside.emulated.ide.protocol.AtaStatus;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Vcpu;

/**
 * Sectors by the bus master: the drive waits for the engine, or the engine for the drive, and then
 * the store is pointed straight at guest memory, with no copy.
 *
 * <p>Descriptors that do not name whole sectors go through the drive's buffer, a buffer at a time;
 * these bytes are counted as copied. How it ends:
 *
 * <pre>
 *   table and transfer alike     ACTIVE 0, INTERRUPT 1, command done
 *   table longer                 ACTIVE 1, INTERRUPT 1, command done
 *   table shorter                ACTIVE 0, INTERRUPT 0: the drive waits, busy, until it is reset
 *   bad table, wrong direction   ERROR 1, ACTIVE 0, INTERRUPT 1, command aborted
 *   stopped in between           ACTIVE 0 once memory is let go, INTERRUPT 1, command aborted
 * </pre>
 */
final class DmaTransfer implements Medium.User {
    private final Medium medium;
    private final DriveStatus drive;
    private final BusMaster engine;
    private final Flush flush;
    private final Vcpu vcpu;
    private final PrdList list;
    private long sector;
    private int sectors;
    private boolean writes;
    private boolean flushAtEnd;
    private boolean waits;
    private boolean moving;
    private boolean stopped;
    private boolean buffered;
    private long doneBytes;
    private int chunkBytes;
    private long refusedTables;

    DmaTransfer(
            final Medium medium,
            final DriveStatus drive,
            final BusMaster engine,
            final Flush flush,
            final Vcpu vcpu,
            final GuestMemory memory) {
        this.medium = medium;
        this.drive = drive;
        this.engine = engine;
        this.flush = flush;
        this.vcpu = vcpu;
        this.list = new PrdList(memory);
    }

    /** Tables that were bad, and engines set to the wrong direction. */
    long refusedTables() {
        return refusedTables;
    }

    void begin(
            final long firstSector,
            final int sectorCount,
            final boolean isWrite,
            final boolean isFlushedAtEnd) {
        sector = firstSector;
        sectors = sectorCount;
        writes = isWrite;
        flushAtEnd = isFlushedAtEnd;
        waits = true;
        drive.busy();
        if (engine.isFresh()) {
            run();
        }
    }

    /** START rose. */
    void engineStarted() {
        if (waits) {
            run();
        }
    }

    /** START fell. */
    void engineStopped() {
        stopped = moving;
    }

    /** A reset: the command is forgotten; what moves is let to its end. */
    void cancel() {
        waits = false;
    }

    private void run() {
        waits = false;
        final long wantedBytes = (long) sectors * BlockStore.SECTOR_BYTES;
        if (engine.isTowardsMemory() == writes || !list.read(engine.tableAddress(), wantedBytes)) {
            refusedTables++;
            engine.fault();
            drive.refuse(AtaStatus.ABORTED);
            return;
        }
        engine.engage();
        stopped = false;
        doneBytes = 0;
        buffered = !list.isWholeSectors();
        if (list.totalBytes() == 0) {
            ended();
            return;
        }
        moving = true;
        if (buffered) {
            nextChunk();
            return;
        }
        chunkBytes = (int) list.totalBytes();
        list.addTo(
                medium.begin(
                        writes ? StoreRequest.Operation.WRITE : StoreRequest.Operation.READ,
                        sector));
        medium.issue(this);
    }

    private void nextChunk() {
        final long leftBytes = list.totalBytes() - doneBytes;
        chunkBytes = (int) Math.min(leftBytes, medium.buffer().capacity());
        final long at = sector + doneBytes / BlockStore.SECTOR_BYTES;
        final int count = chunkBytes / BlockStore.SECTOR_BYTES;
        if (writes) {
            copy();
            medium.writeFromBuffer(this, at, count);
        } else {
            medium.readToBuffer(this, at, count);
        }
    }

    private void copy() {
        list.copy(medium.buffer(), chunkBytes, !writes);
        vcpu.copied(chunkBytes);
    }

    @Override
    public void answered(final boolean ok) {
        if (!ok) {
            moving = false;
            engine.release();
            if (writes) {
                drive.writeFailed();
            } else {
                drive.readFailed();
            }
            return;
        }
        if (stopped) {
            moving = false;
            engine.release();
            drive.abandoned();
            return;
        }
        if (buffered && !writes) {
            copy();
        }
        doneBytes += chunkBytes;
        if (doneBytes < list.totalBytes()) {
            nextChunk();
        } else {
            moving = false;
            ended();
        }
    }

    @Override
    public void dropped() {
        moving = false;
        engine.release();
    }

    private void ended() {
        engine.release();
        if (doneBytes < (long) sectors * BlockStore.SECTOR_BYTES) {
            engine.tableUsedUp(); // The drive waits for more, and nobody gives it.
            return;
        }
        if (list.usesUpTable()) {
            engine.tableUsedUp();
        }
        if (flushAtEnd) {
            flush.begin();
        } else {
            drive.done();
        }
    }
}
