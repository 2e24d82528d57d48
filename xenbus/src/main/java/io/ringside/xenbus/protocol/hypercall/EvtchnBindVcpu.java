package io.ringside.xenbus.protocol.hypercall;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The argument of {@code EVTCHNOP_bind_vcpu}: 8 bytes, little-endian.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |        port       |     processor     |
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>Source: {@code evtchn_bind_vcpu}, xen/event_channel.h. Threads: one flyweight per thread.
 */
public final class EvtchnBindVcpu {
    /** Bytes of the argument. */
    public static final int SIZE_BYTES = 8;

    private static final int PORT_OFFSET = 0;
    private static final int PROCESSOR_OFFSET = 4;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    /** Lays the flyweight over one argument. */
    public EvtchnBindVcpu wrap(final UnsafeBuffer source, final int offset) {
        buffer.wrap(source, offset, SIZE_BYTES);
        return this;
    }

    /** The port. */
    public int port() {
        return buffer.getInt(PORT_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #port()}. */
    public EvtchnBindVcpu port(final int port) {
        buffer.putInt(PORT_OFFSET, port, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** The processor that is to hear of it. */
    public int processor() {
        return buffer.getInt(PROCESSOR_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #processor()}. */
    public EvtchnBindVcpu processor(final int processor) {
        buffer.putInt(PROCESSOR_OFFSET, processor, ByteOrder.LITTLE_ENDIAN);
        return this;
    }
}
