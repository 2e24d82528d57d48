package io.ringside.storvsc.protocol;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One SCSI command and its answer: 52 bytes, or 36 before version 5.1; little-endian.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  | length  |srb |scsi|port|path|targ|lun |
 *       +----+----+----+----+----+----+----+----+
 *    8  |cdb#|sen#|dir | 0  |   data length     |
 *       +----+----+----+----+----+----+----+----+
 *   16  |  CDB (16 bytes), or sense data (20 bytes; 18 before version 5.1)
 *       +----+----+----+----+----+----+----+----+
 *   32  |     ...           |    0    |tag |act |  from byte 36 on: version 5.1 and later
 *       +----+----+----+----+----+----+----+----+
 *   40  |       flags       |  timeout seconds  |
 *       +----+----+----+----+----+----+----+----+
 *   48  |   queue sort key  |  0: no order is asked for
 *       +----+----+----+----+
 * </pre>
 *
 * <p>{@code srb} and {@code scsi} are a {@link SrbStatus} and a SCSI status in the answer, {@code
 * cdb#} and {@code sen#} count bytes, {@code dir} is a {@link DataDirection}. The answer's sense
 * data lies where the command was, and its data length says how much was transferred.
 *
 * <p>Source: {@code struct vmscsi_request}, storvsc_drv.c. Threads: one flyweight per thread.
 */
public final class ScsiRequest {
    /** Bytes from version 5.1 on. */
    public static final int BYTES = 52;

    /** Bytes before version 5.1. */
    public static final int SHORT_BYTES = 36;

    /** Most bytes of a command. */
    public static final int CDB_BYTES = 16;

    /** Most bytes of sense data from version 5.1 on. */
    public static final int SENSE_BYTES = 20;

    /** Most bytes of sense data before version 5.1. */
    public static final int SHORT_SENSE_BYTES = 18;

    /** Tag of a request that bears none. */
    public static final int UNTAGGED = 0xff;

    /** Queue action of a request that may be reordered. */
    public static final int SIMPLE_TAG = 0x20;

    private static final int LENGTH_OFFSET = 0;
    private static final int SRB_STATUS_OFFSET = LENGTH_OFFSET + Short.BYTES;
    private static final int SCSI_STATUS_OFFSET = SRB_STATUS_OFFSET + Byte.BYTES;
    private static final int PORT_OFFSET = SCSI_STATUS_OFFSET + Byte.BYTES;
    private static final int PATH_OFFSET = PORT_OFFSET + Byte.BYTES;
    private static final int TARGET_OFFSET = PATH_OFFSET + Byte.BYTES;
    private static final int LUN_OFFSET = TARGET_OFFSET + Byte.BYTES;
    private static final int CDB_LENGTH_OFFSET = LUN_OFFSET + Byte.BYTES;
    private static final int SENSE_LENGTH_OFFSET = CDB_LENGTH_OFFSET + Byte.BYTES;
    private static final int DIRECTION_OFFSET = SENSE_LENGTH_OFFSET + Byte.BYTES;
    private static final int DATA_LENGTH_OFFSET = DIRECTION_OFFSET + 2 * Byte.BYTES;
    private static final int CDB_OFFSET = DATA_LENGTH_OFFSET + Integer.BYTES;
    private static final int QUEUE_TAG_OFFSET = CDB_OFFSET + SENSE_BYTES + Short.BYTES;
    private static final int QUEUE_ACTION_OFFSET = QUEUE_TAG_OFFSET + Byte.BYTES;
    private static final int FLAGS_OFFSET = QUEUE_ACTION_OFFSET + Byte.BYTES;
    private static final int TIMEOUT_OFFSET = FLAGS_OFFSET + Integer.BYTES;
    private static final int QUEUE_SORT_KEY_OFFSET = TIMEOUT_OFFSET + Integer.BYTES;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    /** Lays the flyweight over a request of 36 to 52 bytes. */
    public ScsiRequest wrap(
            final MutableDirectBuffer memory, final int offset, final int requestBytes) {
        if (requestBytes < SHORT_BYTES || requestBytes > BYTES) {
            throw new IllegalArgumentException("no request: requestBytes=" + requestBytes);
        }
        buffer.wrap(memory, offset, requestBytes);
        return this;
    }

    /** Writes everything but the command, the tag and the flags; what is not named is zero. */
    public ScsiRequest put(
            final int target,
            final int lun,
            final int cdbLength,
            final int senseLength,
            final int direction,
            final int dataBytes) {
        buffer.setMemory(0, buffer.capacity(), (byte) 0);
        buffer.putShort(LENGTH_OFFSET, (short) buffer.capacity(), LITTLE_ENDIAN);
        buffer.putByte(TARGET_OFFSET, (byte) target);
        buffer.putByte(LUN_OFFSET, (byte) lun);
        buffer.putByte(CDB_LENGTH_OFFSET, (byte) cdbLength);
        buffer.putByte(SENSE_LENGTH_OFFSET, (byte) senseLength);
        buffer.putByte(DIRECTION_OFFSET, (byte) direction);
        buffer.putInt(DATA_LENGTH_OFFSET, dataBytes, LITTLE_ENDIAN);
        return this;
    }

    /** Writes a command, and zeros up to its end. */
    public ScsiRequest putCdb(final DirectBuffer cdb, final int cdbBytes) {
        buffer.setMemory(CDB_OFFSET, SHORT_BYTES - CDB_OFFSET, (byte) 0);
        buffer.putBytes(CDB_OFFSET, cdb, 0, cdbBytes);
        return this;
    }

    /** Writes tag, flags and time limit; only in a request of 52 bytes. */
    public ScsiRequest putQueueing(
            final int queueTag, final int queueAction, final int flags, final int timeoutSeconds) {
        buffer.putByte(QUEUE_TAG_OFFSET, (byte) queueTag);
        buffer.putByte(QUEUE_ACTION_OFFSET, (byte) queueAction);
        buffer.putInt(FLAGS_OFFSET, flags, LITTLE_ENDIAN);
        buffer.putInt(TIMEOUT_OFFSET, timeoutSeconds, LITTLE_ENDIAN);
        return this;
    }

    /** Makes the request its answer; the command goes, and zeros stand where sense data may. */
    public ScsiRequest putAnswer(
            final int srbStatus, final int scsiStatus, final int senseLength, final int dataBytes) {
        buffer.putByte(SRB_STATUS_OFFSET, (byte) srbStatus);
        buffer.putByte(SCSI_STATUS_OFFSET, (byte) scsiStatus);
        buffer.putByte(SENSE_LENGTH_OFFSET, (byte) senseLength);
        buffer.putInt(DATA_LENGTH_OFFSET, dataBytes, LITTLE_ENDIAN);
        buffer.setMemory(CDB_OFFSET, SHORT_BYTES - CDB_OFFSET, (byte) 0);
        return this;
    }

    /** Copies sense data into an answer. */
    public ScsiRequest putSense(final DirectBuffer sense, final int senseBytes) {
        buffer.putBytes(CDB_OFFSET, sense, 0, senseBytes);
        return this;
    }

    /** Copies the whole 16-byte field of the command out. */
    public void copyCdb(final MutableDirectBuffer into) {
        buffer.getBytes(CDB_OFFSET, into, 0, CDB_BYTES);
    }

    /** Copies sense data out of an answer. */
    public void copySense(final MutableDirectBuffer into, final int senseBytes) {
        buffer.getBytes(CDB_OFFSET, into, 0, senseBytes);
    }

    /** What the sender says is the length of this struct, in bytes. */
    public int length() {
        return buffer.getShort(LENGTH_OFFSET, LITTLE_ENDIAN) & 0xffff;
    }

    /** What became of it: see {@link SrbStatus}. */
    public int srbStatus() {
        return buffer.getByte(SRB_STATUS_OFFSET) & 0xff;
    }

    /** The unit's own status. */
    public int scsiStatus() {
        return buffer.getByte(SCSI_STATUS_OFFSET) & 0xff;
    }

    /** Which controller, 0 to 255. */
    public int port() {
        return buffer.getByte(PORT_OFFSET) & 0xff;
    }

    /** Which bus of the controller, 0 to 255. */
    public int path() {
        return buffer.getByte(PATH_OFFSET) & 0xff;
    }

    /** Which target, 0 to 255. */
    public int target() {
        return buffer.getByte(TARGET_OFFSET) & 0xff;
    }

    /** Which unit of the target, 0 to 255. */
    public int lun() {
        return buffer.getByte(LUN_OFFSET) & 0xff;
    }

    /** What the sender says is the length of the command, 0 to 255 bytes. */
    public int cdbLength() {
        return buffer.getByte(CDB_LENGTH_OFFSET) & 0xff;
    }

    /** Room for sense data, or in an answer its length: 0 to 255 bytes. */
    public int senseLength() {
        return buffer.getByte(SENSE_LENGTH_OFFSET) & 0xff;
    }

    /** Which way the data goes: see {@link DataDirection}. */
    public int direction() {
        return buffer.getByte(DIRECTION_OFFSET) & 0xff;
    }

    /** Length of the data in bytes, as u32; in an answer, how much was transferred. */
    public long dataBytes() {
        return buffer.getInt(DATA_LENGTH_OFFSET, LITTLE_ENDIAN) & 0xffff_ffffL;
    }

    /** Whether the version carries tag, flags and time limit. */
    public boolean hasQueueing() {
        return buffer.capacity() >= BYTES;
    }

    /** The tag, 0 to 255; only in a request of 52 bytes. */
    public int queueTag() {
        return buffer.getByte(QUEUE_TAG_OFFSET) & 0xff;
    }

    /** How it may be ordered among others, 0 to 255; only in a request of 52 bytes. */
    public int queueAction() {
        return buffer.getByte(QUEUE_ACTION_OFFSET) & 0xff;
    }

    /** The time limit, as u32; only in a request of 52 bytes. */
    public long timeoutSeconds() {
        return buffer.getInt(TIMEOUT_OFFSET, LITTLE_ENDIAN) & 0xffff_ffffL;
    }

    /** Where it belongs in an ordered queue, as u32; only in a request of 52 bytes. */
    public long queueSortKey() {
        return buffer.getInt(QUEUE_SORT_KEY_OFFSET, LITTLE_ENDIAN) & 0xffff_ffffL;
    }

    /** The flags of {@link SrbFlags}; 0 where the version carries none. */
    public int flags() {
        return buffer.capacity() < BYTES ? 0 : buffer.getInt(FLAGS_OFFSET, LITTLE_ENDIAN);
    }
}
