package io.ringside.xenbus.protocol.hypercall;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The argument of {@code EVTCHNOP_init_control}: 24 bytes, little-endian.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |                 frame                 |
 *       +----+----+----+----+----+----+----+----+
 *    8  |       offset      |     processor     |
 *       +----+----+----+----+----+----+----+----+
 *   16  |link|                -                 |
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>The link bits are the answer.
 *
 * <p>Source: {@code evtchn_init_control}, xen/event_channel.h. Threads: one flyweight per thread.
 */
public final class EvtchnInitControl {
    /** Bytes of the argument. */
    public static final int SIZE_BYTES = 24;

    private static final int CONTROL_FRAME_OFFSET = 0;
    private static final int OFFSET_OFFSET = 8;
    private static final int PROCESSOR_OFFSET = 12;
    private static final int LINK_BITS_OFFSET = 16;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    /** Lays the flyweight over one argument. */
    public EvtchnInitControl wrap(final UnsafeBuffer source, final int offset) {
        buffer.wrap(source, offset, SIZE_BYTES);
        return this;
    }

    /** The frame that holds the control block. */
    public long controlFrame() {
        return buffer.getLong(CONTROL_FRAME_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #controlFrame()}. */
    public EvtchnInitControl controlFrame(final long controlFrame) {
        buffer.putLong(CONTROL_FRAME_OFFSET, controlFrame, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** Where in the frame the control block begins. */
    public int offset() {
        return buffer.getInt(OFFSET_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #offset()}. */
    public EvtchnInitControl offset(final int offset) {
        buffer.putInt(OFFSET_OFFSET, offset, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** Whose control block it is. */
    public int processor() {
        return buffer.getInt(PROCESSOR_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #processor()}. */
    public EvtchnInitControl processor(final int processor) {
        buffer.putInt(PROCESSOR_OFFSET, processor, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** How many bits a link has. */
    public int linkBits() {
        return buffer.getByte(LINK_BITS_OFFSET) & 0xFF;
    }

    /** Sets {@link #linkBits()}. */
    public EvtchnInitControl linkBits(final int linkBits) {
        buffer.putByte(LINK_BITS_OFFSET, (byte) linkBits);
        return this;
    }
}
