package io.ringside.xenbus.protocol.hypercall;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The argument of {@code EVTCHNOP_bind_virq}: 12 bytes, little-endian.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |        virq       |     processor     |
 *       +----+----+----+----+----+----+----+----+
 *    8  |        port       |
 *       +----+----+----+----+
 * </pre>
 *
 * <p>The port is the answer.
 *
 * <p>Source: {@code evtchn_bind_virq}, xen/event_channel.h. Threads: one flyweight per thread.
 */
public final class EvtchnBindVirq {
    /** Bytes of the argument. */
    public static final int SIZE_BYTES = 12;

    private static final int VIRQ_OFFSET = 0;
    private static final int PROCESSOR_OFFSET = 4;
    private static final int PORT_OFFSET = 8;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    /** Lays the flyweight over one argument. */
    public EvtchnBindVirq wrap(final UnsafeBuffer source, final int offset) {
        buffer.wrap(source, offset, SIZE_BYTES);
        return this;
    }

    /** The virtual interrupt line. */
    public int virq() {
        return buffer.getInt(VIRQ_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #virq()}. */
    public EvtchnBindVirq virq(final int virq) {
        buffer.putInt(VIRQ_OFFSET, virq, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** The processor that hears of it. */
    public int processor() {
        return buffer.getInt(PROCESSOR_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #processor()}. */
    public EvtchnBindVirq processor(final int processor) {
        buffer.putInt(PROCESSOR_OFFSET, processor, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** The port. */
    public int port() {
        return buffer.getInt(PORT_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #port()}. */
    public EvtchnBindVirq port(final int port) {
        buffer.putInt(PORT_OFFSET, port, ByteOrder.LITTLE_ENDIAN);
        return this;
    }
}
