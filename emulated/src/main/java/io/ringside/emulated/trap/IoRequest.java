package io.ringside.emulated.trap;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One processor's request to a device model in another thread: 32 bytes of the page that Xen shares
 * with a device model, little-endian.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |                 address               |   of the port or the register
 *       +----+----+----+----+----+----+----+----+
 *    8  |      data, or where in memory it is   |
 *       +----+----+----+----+----+----+----+----+
 *   16  |       count       |   size in bytes   |
 *       +----+----+----+----+----+----+----+----+
 *   24  |       port        |  padding  |st| ty |   st: state (4 bits), pointer, read, downwards
 *       +----+----+----+----+----+----+----+----+
 *
 *   NONE -- processor --&gt; READY -- model --&gt; IN_PROCESS -- model --&gt; ANSWERED -- processor --&gt; NONE
 * </pre>
 *
 * <p>The processor writes all of it while the state is NONE; between READY and ANSWERED the model
 * writes {@code data} and the state and nothing else. State and type lie in one word of 32 bits,
 * the only one whose order matters: what is written before it is seen by whoever sees it.
 *
 * <p>Source: {@code struct ioreq}, xen/include/public/hvm/ioreq.h. Threads: one flyweight a thread.
 */
final class IoRequest {
    static final int SIZE_BYTES = 32;

    static final int ADDRESS_OFFSET = 0;
    static final int DATA_OFFSET = ADDRESS_OFFSET + Long.BYTES;
    static final int COUNT_OFFSET = DATA_OFFSET + Long.BYTES;
    static final int SIZE_OFFSET = COUNT_OFFSET + Integer.BYTES;
    static final int PORT_OFFSET = SIZE_OFFSET + Integer.BYTES;
    static final int CONTROL_OFFSET = PORT_OFFSET + Integer.BYTES;

    static final int NONE = 0;
    static final int READY = 1;
    static final int IN_PROCESS = 2;
    static final int ANSWERED = 3;

    static final int TYPE_PORT = 0;
    static final int TYPE_MEMORY = 1;

    static final int STATE_SHIFT = 16;
    static final int STATE_MASK = 0xF << STATE_SHIFT;
    static final int POINTER = 1 << 20;
    static final int READ = 1 << 21;
    static final int DOWNWARDS = 1 << 22;
    static final int TYPE_SHIFT = 24;

    private final UnsafeBuffer bytes;

    /** Over the 32 bytes of one processor. */
    IoRequest(final UnsafeBuffer bytes) {
        this.bytes = bytes;
    }

    static int state(final int control) {
        return (control & STATE_MASK) >>> STATE_SHIFT;
    }

    static int type(final int control) {
        return control >>> TYPE_SHIFT;
    }

    /** Pairs with {@link #controlRelease}. */
    int controlAcquire() {
        return bytes.getIntAcquire(CONTROL_OFFSET);
    }

    /** Pairs with {@link #controlAcquire}; whoever calls it owns the whole word. */
    void controlRelease(final int control) {
        bytes.putIntRelease(CONTROL_OFFSET, control);
    }

    long address() {
        return bytes.getLong(ADDRESS_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    long data() {
        return bytes.getLong(DATA_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    void data(final long value) {
        bytes.putLong(DATA_OFFSET, value, ByteOrder.LITTLE_ENDIAN);
    }

    int count() {
        return bytes.getInt(COUNT_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    int sizeBytes() {
        return bytes.getInt(SIZE_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** All but the state. */
    void fill(final long address, final long data, final int count, final int sizeBytes) {
        bytes.putLong(ADDRESS_OFFSET, address, ByteOrder.LITTLE_ENDIAN);
        data(data);
        bytes.putInt(COUNT_OFFSET, count, ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(SIZE_OFFSET, sizeBytes, ByteOrder.LITTLE_ENDIAN);
    }
}
