package io.ringside.xen.blkfront.protocol;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One request of a block ring that gives sectors up: the first 32 bytes of a slot, little-endian;
 * 28 bytes in the x86_32 layout. Shown is the x86_64 one; {@link BlkAbi} tells where the 64-bit
 * fields lie in the other.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  | op |flag| handle  |      padding      |
 *       +----+----+----+----+----+----+----+----+
 *    8  |                  id                   |
 *       +----+----+----+----+----+----+----+----+
 *   16  |             sector_number             |
 *       +----+----+----+----+----+----+----+----+
 *   24  |              nr_sectors               |
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>{@code op} is {@link BlkOperation#DISCARD}; of {@code flag} only {@link #SECURE} has a
 * meaning; both sector fields are in units of 512 bytes. Linux's backend reads no handle here.
 *
 * <p>Source: {@code struct blkif_request_discard}, xen/io/blkif.h. Threads: one flyweight per
 * thread.
 */
public final class BlkDiscardRequest {
    /** {@code BLKIF_DISCARD_SECURE}: bit of the flags; no copy of the sectors may be left. */
    public static final int SECURE = 1;

    private static final int OPERATION_OFFSET = 0;
    private static final int FLAGS_OFFSET = OPERATION_OFFSET + Byte.BYTES;
    private static final int HANDLE_OFFSET = FLAGS_OFFSET + Byte.BYTES;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private final BlkAbi abi;

    /** A flyweight for requests of one layout; it lies over nothing yet. */
    public BlkDiscardRequest(final BlkAbi abi) {
        this.abi = abi;
    }

    /** Lays the flyweight over one whole slot. */
    public BlkDiscardRequest wrap(final MutableDirectBuffer memory, final int offset) {
        buffer.wrap(memory, offset, abi.requestBytes());
        return this;
    }

    /** Writes every field, padding included; the rest of the slot stays as it is. */
    public BlkDiscardRequest put(
            final int flags,
            final int handle,
            final long id,
            final long sector,
            final long sectorCount) {
        buffer.setMemory(0, abi.idOffset(), (byte) 0);
        buffer.putByte(OPERATION_OFFSET, (byte) BlkOperation.DISCARD);
        buffer.putByte(FLAGS_OFFSET, (byte) flags);
        buffer.putShort(HANDLE_OFFSET, (short) handle, LITTLE_ENDIAN);
        buffer.putLong(abi.idOffset(), id, LITTLE_ENDIAN);
        buffer.putLong(abi.sectorOffset(), sector, LITTLE_ENDIAN);
        buffer.putLong(abi.bodyOffset(), sectorCount, LITTLE_ENDIAN);
        return this;
    }

    /** The flags as sent, 0 to 255. */
    public int flags() {
        return buffer.getByte(FLAGS_OFFSET) & 0xff;
    }

    /** Which disk, 0 to 65535. */
    public int handle() {
        return buffer.getShort(HANDLE_OFFSET, LITTLE_ENDIAN) & 0xffff;
    }

    /** The sender's own number, any 64 bits. */
    public long id() {
        return buffer.getLong(abi.idOffset(), LITTLE_ENDIAN);
    }

    /** First sector in units of 512 bytes; unsigned, so that a hostile one may look negative. */
    public long sector() {
        return buffer.getLong(abi.sectorOffset(), LITTLE_ENDIAN);
    }

    /** How many sectors; unsigned, so that a hostile number may look negative. */
    public long sectorCount() {
        return buffer.getLong(abi.bodyOffset(), LITTLE_ENDIAN);
    }
}
