package io.ringside.xenbus.protocol.hypercall;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The argument of {@code EVTCHNOP_status}: 24 bytes, little-endian.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |  domid  |    -    |        port       |
 *       +----+----+----+----+----+----+----+----+
 *    8  |       status      |     processor     |
 *       +----+----+----+----+----+----+----+----+
 *   16  |  remote |    -    |    remote port    |
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>All but the domain and the port is the answer; the last row is a union.
 *
 * <p>Source: {@code evtchn_status}, xen/event_channel.h. Threads: one flyweight per thread.
 */
public final class EvtchnStatus {
    /** Bytes of the argument. */
    public static final int SIZE_BYTES = 24;

    private static final int DOMAIN_OFFSET = 0;
    private static final int PORT_OFFSET = 4;
    private static final int STATUS_OFFSET = 8;
    private static final int PROCESSOR_OFFSET = 12;
    private static final int REMOTE_DOMAIN_OFFSET = 16;
    private static final int REMOTE_PORT_OFFSET = 20;
    private static final int LINE_OFFSET = 16;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    /** Lays the flyweight over one argument. */
    public EvtchnStatus wrap(final UnsafeBuffer source, final int offset) {
        buffer.wrap(source, offset, SIZE_BYTES);
        return this;
    }

    /** Whose port it is. */
    public int domain() {
        return buffer.getShort(DOMAIN_OFFSET, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }

    /** Sets {@link #domain()}. */
    public EvtchnStatus domain(final int domain) {
        buffer.putShort(DOMAIN_OFFSET, (short) domain, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** The port. */
    public int port() {
        return buffer.getInt(PORT_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #port()}. */
    public EvtchnStatus port(final int port) {
        buffer.putInt(PORT_OFFSET, port, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** What the port is: an {@code EVTCHNSTAT_} number. */
    public int status() {
        return buffer.getInt(STATUS_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #status()}. */
    public EvtchnStatus status(final int status) {
        buffer.putInt(STATUS_OFFSET, status, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** The processor that hears of it. */
    public int processor() {
        return buffer.getInt(PROCESSOR_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #processor()}. */
    public EvtchnStatus processor(final int processor) {
        buffer.putInt(PROCESSOR_OFFSET, processor, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** Of a port that is unbound or interdomain: the other domain. */
    public int remoteDomain() {
        return buffer.getShort(REMOTE_DOMAIN_OFFSET, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }

    /** Sets {@link #remoteDomain()}. */
    public EvtchnStatus remoteDomain(final int remoteDomain) {
        buffer.putShort(REMOTE_DOMAIN_OFFSET, (short) remoteDomain, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** Of an interdomain port: the port at the other end. */
    public int remotePort() {
        return buffer.getInt(REMOTE_PORT_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #remotePort()}. */
    public EvtchnStatus remotePort(final int remotePort) {
        buffer.putInt(REMOTE_PORT_OFFSET, remotePort, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** Of a port that is bound to an interrupt line: the line, in place of the other domain. */
    public int line() {
        return buffer.getInt(LINE_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #line()}. */
    public EvtchnStatus line(final int line) {
        buffer.putInt(LINE_OFFSET, line, ByteOrder.LITTLE_ENDIAN);
        return this;
    }
}
