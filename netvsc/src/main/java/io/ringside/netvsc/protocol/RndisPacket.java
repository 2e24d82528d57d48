package io.ringside.netvsc.protocol;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * One frame as an RNDIS message: 44 bytes, then what is said of the frame, then the frame;
 * little-endian. Offsets count from the body, which is byte 8.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |     1, type       |      length       |   of everything, padding included
 *       +----+----+----+----+----+----+----+----+
 *    8  |   frame offset    |    frame bytes    |
 *       +----+----+----+----+----+----+----+----+
 *   16  |         0         |         0         |   out-of-band data
 *       +----+----+----+----+----+----+----+----+
 *   24  |         0         |    info offset    |   36: the {@link PerPacketInfo}
 *       +----+----+----+----+----+----+----+----+
 *   32  |    info bytes     |         0         |
 *       +----+----+----+----+----+----+----+----+
 *   40  |         0         |  info, then the frame ...
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>It is written in place with {@link #put}. It lies in memory that the sender can still change:
 * {@link #read} reads every word once, checks it, and the accessors tell what was read.
 *
 * <p>Source: {@code struct rndis_packet}, linux/rndis.h. Threads: one reader per thread.
 */
public final class RndisPacket {
    /** Bytes before what is said of the frame. */
    public static final int HEADER_BYTES = 44;

    private static final int BODY_OFFSET = RndisRequest.HEADER_BYTES;
    private static final int FRAME_OFFSET = BODY_OFFSET;
    private static final int OUT_OF_BAND_OFFSET = FRAME_OFFSET + Long.BYTES;
    private static final int OUT_OF_BAND_COUNT_OFFSET = OUT_OF_BAND_OFFSET + Long.BYTES;
    private static final int INFO_BYTES_OFFSET = OUT_OF_BAND_COUNT_OFFSET + Long.BYTES;
    private static final int RESERVED_OFFSET = INFO_BYTES_OFFSET + Long.BYTES;
    private static final long INFO_START = HEADER_BYTES - BODY_OFFSET;
    private static final long U32 = 0xffff_ffffL;

    private int messageBytes;
    private int frameOffset;
    private int frameBytes;
    private int infoOffset;
    private int infoBytes;

    /**
     * Writes the header of a message whose frame follows right behind the info.
     *
     * @param infoBytes length of all records of {@link PerPacketInfo}
     * @param frameBytes length of the frame
     * @param messageBytes length of everything, padding included
     */
    public static void put(
            final MutableDirectBuffer target,
            final int offset,
            final int infoBytes,
            final int frameBytes,
            final int messageBytes) {
        target.putLong(
                offset,
                RndisMessageType.PACKET | (long) messageBytes << Integer.SIZE,
                LITTLE_ENDIAN);
        target.putLong(
                offset + FRAME_OFFSET,
                INFO_START + infoBytes | (long) frameBytes << Integer.SIZE,
                LITTLE_ENDIAN);
        target.putLong(offset + OUT_OF_BAND_OFFSET, 0);
        target.putLong(
                offset + OUT_OF_BAND_COUNT_OFFSET, INFO_START << Integer.SIZE, LITTLE_ENDIAN);
        target.putLong(offset + INFO_BYTES_OFFSET, infoBytes, LITTLE_ENDIAN);
        target.putInt(offset + RESERVED_OFFSET, 0);
    }

    /**
     * Reads and checks a message whose type is known to be a packet.
     *
     * @param leftBytes how many bytes there are from {@code offset} on
     * @return whether the message, the frame and the info lie where they may; if not, none of the
     *     accessors means anything
     */
    public boolean read(final DirectBuffer source, final int offset, final int leftBytes) {
        if (leftBytes < HEADER_BYTES) {
            return false;
        }
        final long length = source.getLong(offset, LITTLE_ENDIAN) >>> Integer.SIZE;
        final long frame = source.getLong(offset + FRAME_OFFSET, LITTLE_ENDIAN);
        final long infoStart =
                source.getLong(offset + OUT_OF_BAND_COUNT_OFFSET, LITTLE_ENDIAN) >>> Integer.SIZE;
        final long info = source.getInt(offset + INFO_BYTES_OFFSET, LITTLE_ENDIAN) & U32;
        final long frameStart = frame & U32;
        final long frameLength = frame >>> Integer.SIZE;
        final long bodyBytes = length - BODY_OFFSET;
        if (length < HEADER_BYTES
                || length > leftBytes
                || frameStart < INFO_START
                || frameStart + frameLength > bodyBytes
                || info != 0 && (infoStart < INFO_START || infoStart + info > bodyBytes)) {
            return false;
        }
        messageBytes = (int) length;
        frameOffset = offset + BODY_OFFSET + (int) frameStart;
        frameBytes = (int) frameLength;
        infoOffset = info == 0 ? offset + HEADER_BYTES : offset + BODY_OFFSET + (int) infoStart;
        infoBytes = (int) info;
        return true;
    }

    /** Length of everything, padding included. */
    public int messageBytes() {
        return messageBytes;
    }

    /** Where the frame starts in the buffer that was read. */
    public int frameOffset() {
        return frameOffset;
    }

    /** Length of the frame. */
    public int frameBytes() {
        return frameBytes;
    }

    /** Where the records of {@link PerPacketInfo} start in the buffer that was read. */
    public int infoOffset() {
        return infoOffset;
    }

    /** Length of all records. */
    public int infoBytes() {
        return infoBytes;
    }
}
