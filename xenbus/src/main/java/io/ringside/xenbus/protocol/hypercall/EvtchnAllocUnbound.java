package io.ringside.xenbus.protocol.hypercall;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The argument of {@code EVTCHNOP_alloc_unbound}: 8 bytes, little-endian.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |  domid  |  remote |        port       |
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>The port is the answer.
 *
 * <p>Source: {@code evtchn_alloc_unbound}, xen/event_channel.h. Threads: one flyweight per thread.
 */
public final class EvtchnAllocUnbound {
    /** Bytes of the argument. */
    public static final int SIZE_BYTES = 8;

    private static final int DOMAIN_OFFSET = 0;
    private static final int REMOTE_DOMAIN_OFFSET = 2;
    private static final int PORT_OFFSET = 4;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    /** Lays the flyweight over one argument. */
    public EvtchnAllocUnbound wrap(final UnsafeBuffer source, final int offset) {
        buffer.wrap(source, offset, SIZE_BYTES);
        return this;
    }

    /** Whose port it is to be. */
    public int domain() {
        return buffer.getShort(DOMAIN_OFFSET, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }

    /** Sets {@link #domain()}. */
    public EvtchnAllocUnbound domain(final int domain) {
        buffer.putShort(DOMAIN_OFFSET, (short) domain, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** Who may bind it. */
    public int remoteDomain() {
        return buffer.getShort(REMOTE_DOMAIN_OFFSET, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }

    /** Sets {@link #remoteDomain()}. */
    public EvtchnAllocUnbound remoteDomain(final int remoteDomain) {
        buffer.putShort(REMOTE_DOMAIN_OFFSET, (short) remoteDomain, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** The port. */
    public int port() {
        return buffer.getInt(PORT_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #port()}. */
    public EvtchnAllocUnbound port(final int port) {
        buffer.putInt(PORT_OFFSET, port, ByteOrder.LITTLE_ENDIAN);
        return this;
    }
}
