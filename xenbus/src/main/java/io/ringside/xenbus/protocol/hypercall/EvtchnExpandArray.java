package io.ringside.xenbus.protocol.hypercall;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The argument of {@code EVTCHNOP_expand_array}: 8 bytes, little-endian.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |                 frame                 |
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>Source: {@code evtchn_expand_array}, xen/event_channel.h. Threads: one flyweight per thread.
 */
public final class EvtchnExpandArray {
    /** Bytes of the argument. */
    public static final int SIZE_BYTES = 8;

    private static final int ARRAY_FRAME_OFFSET = 0;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    /** Lays the flyweight over one argument. */
    public EvtchnExpandArray wrap(final UnsafeBuffer source, final int offset) {
        buffer.wrap(source, offset, SIZE_BYTES);
        return this;
    }

    /** The frame of the next words. */
    public long arrayFrame() {
        return buffer.getLong(ARRAY_FRAME_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #arrayFrame()}. */
    public EvtchnExpandArray arrayFrame(final long arrayFrame) {
        buffer.putLong(ARRAY_FRAME_OFFSET, arrayFrame, ByteOrder.LITTLE_ENDIAN);
        return this;
    }
}
