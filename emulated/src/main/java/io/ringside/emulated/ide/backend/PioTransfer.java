package io.ringside.emulated.ide.backend;

import io.ringside.device.host.BlockStore;
import io.ringside.hypervisor.Vcpu;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Sectors through the data port, a block at a time: the drive's buffer is filled or emptied by the
 * store, and emptied or filled by the guest.
 *
 * <pre>
 *   read    store -> buffer, interrupt, guest fetches; again for each block
 *   write   guest fills, buffer -> store, interrupt; again for each block. No interrupt asks for
 *           the first block, and the interrupt after the last says that all is done
 * </pre>
 *
 * <p>Bytes that the guest moves are counted as copied on its processor. A word that the guest reads
 * while the port is closed is all ones, one that it writes is lost.
 */
final class PioTransfer implements Medium.User {
    private static final int CLOSED_WORD = 0xFFFF;

    private final Medium medium;
    private final DriveStatus drive;
    private final Flush flush;
    private final Vcpu vcpu;
    private final UnsafeBuffer buffer;
    private long sector;
    private int sectorsLeft;
    private int blockSectors;
    private boolean writes;
    private boolean flushAtEnd;
    private boolean open;
    private int positionBytes;
    private int blockBytes;

    PioTransfer(final Medium medium, final DriveStatus drive, final Flush flush, final Vcpu vcpu) {
        this.medium = medium;
        this.drive = drive;
        this.flush = flush;
        this.vcpu = vcpu;
        this.buffer = medium.buffer();
    }

    void beginRead(final long firstSector, final int sectors, final int sectorsPerBlock) {
        begin(firstSector, sectors, sectorsPerBlock, false);
        fetchBlock();
    }

    void beginWrite(
            final long firstSector,
            final int sectors,
            final int sectorsPerBlock,
            final boolean isFlushedAtEnd) {
        begin(firstSector, sectors, sectorsPerBlock, true);
        flushAtEnd = isFlushedAtEnd;
        open(Math.min(sectorsLeft, blockSectors), false);
    }

    private void begin(
            final long firstSector,
            final int sectors,
            final int sectorsPerBlock,
            final boolean isWrite) {
        sector = firstSector;
        sectorsLeft = sectors;
        blockSectors = sectorsPerBlock;
        writes = isWrite;
    }

    /** Shows the guest one sector that is in the buffer already. */
    void showBuffer() {
        begin(0, 1, 1, false);
        open(1, true);
    }

    /** A reset: the port closes. */
    void cancel() {
        open = false;
    }

    private void fetchBlock() {
        drive.busy();
        medium.readToBuffer(this, sector, Math.min(sectorsLeft, blockSectors));
    }

    private void open(final int sectors, final boolean withInterrupt) {
        open = true;
        positionBytes = 0;
        blockBytes = sectors * BlockStore.SECTOR_BYTES;
        drive.data(withInterrupt);
    }

    int readWord() {
        if (!open || writes) {
            return CLOSED_WORD;
        }
        final int word = buffer.getShort(positionBytes, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
        moved(Short.BYTES);
        return word;
    }

    void writeWord(final int value) {
        if (open && writes) {
            buffer.putShort(positionBytes, (short) value, ByteOrder.LITTLE_ENDIAN);
            moved(Short.BYTES);
        }
    }

    /** Reads as many words as {@code memory} holds, as if one by one. */
    void read(final UnsafeBuffer memory) {
        int length = 0;
        if (open && !writes) {
            length = Math.min(memory.capacity(), blockBytes - positionBytes);
            memory.putBytes(0, buffer, positionBytes, length);
            moved(length);
        }
        memory.setMemory(length, memory.capacity() - length, (byte) CLOSED_WORD);
    }

    /** Writes as many words as {@code memory} holds, as if one by one. */
    void write(final UnsafeBuffer memory) {
        if (open && writes) {
            final int length = Math.min(memory.capacity(), blockBytes - positionBytes);
            buffer.putBytes(positionBytes, memory, 0, length);
            moved(length);
        }
    }

    private void moved(final int lengthBytes) {
        vcpu.copied(lengthBytes);
        positionBytes += lengthBytes;
        if (positionBytes < blockBytes) {
            return;
        }
        open = false;
        final int sectors = blockBytes / BlockStore.SECTOR_BYTES;
        if (writes) {
            drive.busy();
            medium.writeFromBuffer(this, sector, sectors);
        }
        sector += sectors;
        sectorsLeft -= sectors;
        if (!writes) {
            if (sectorsLeft > 0) {
                fetchBlock();
            } else {
                drive.doneSilently();
            }
        }
    }

    @Override
    public void answered(final boolean ok) {
        if (!ok) {
            if (writes) {
                drive.writeFailed();
            } else {
                drive.readFailed();
            }
        } else if (sectorsLeft > 0) {
            open(Math.min(sectorsLeft, blockSectors), true);
        } else if (flushAtEnd) {
            flush.begin();
        } else {
            drive.done();
        }
    }
}
