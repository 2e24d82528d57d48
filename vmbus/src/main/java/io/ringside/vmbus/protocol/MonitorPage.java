package io.ringside.vmbus.protocol;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * A page of trigger bits that the host looks at by itself: 4096 bytes, little-endian. The guest
 * sets a bit where it would otherwise make a hypercall.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |  group enable     |         0         |   bits 0 to 3, host
 *       +----+----+----+----+----+----+----+----+
 *    8  |  pending          |  armed            |   4 groups of 32 triggers; guest sets pending
 *       +----+----+----+----+----+----+----+----+
 *   64  |  next check time, 4 bytes, 4 x 32     |   host
 *  576  |  latency, 2 bytes, 4 x 32             |   host, in units of 100 ns
 * 1088  |  connection id (4), flag (2), 0 (2)   |   host, 4 x 32
 *       +---------------------------------------+
 * </pre>
 *
 * <p>Trigger n is bit {@code n % 32} of group {@code n / 32}. Source: {@code hv_monitor_page},
 * asm-generic/hyperv-tlfs.h. Threads: any for the pending bits, which change by atomic exchange;
 * the host alone writes the rest.
 */
public final class MonitorPage {
    /** Bytes of the page. */
    public static final int BYTES = 4096;

    /** Triggers of a page. */
    public static final int TRIGGERS = 128;

    /** Triggers of a group. */
    public static final int TRIGGERS_PER_GROUP = 32;

    static final int GROUP_ENABLE_OFFSET = 0;
    static final int GROUPS_OFFSET = 8;
    static final int GROUP_BYTES = 8;
    static final int NEXT_CHECK_OFFSET = 64;
    static final int LATENCY_OFFSET = 576;
    static final int PARAMETER_OFFSET = 1088;
    static final int PARAMETER_BYTES = 8;
    static final int PARAMETER_FLAG_OFFSET = 4;

    private final UnsafeBuffer page;

    /** Lays the view over a page. */
    public MonitorPage(final UnsafeBuffer page) {
        this.page = page;
    }

    /** Guest: sets a trigger. Pairs with {@link #takePendingVolatile}. */
    public void setPendingVolatile(final int trigger) {
        final int offset = GROUPS_OFFSET + trigger / TRIGGERS_PER_GROUP * GROUP_BYTES;
        final int bit = 1 << trigger;
        int word = page.getIntVolatile(offset);
        while ((word & bit) == 0 && !page.compareAndSetInt(offset, word, word | bit)) {
            word = page.getIntVolatile(offset);
        }
    }

    /** Host: which triggers of a group are set. */
    public int pendingVolatile(final int group) {
        return page.getIntVolatile(GROUPS_OFFSET + group * GROUP_BYTES);
    }

    /** Host: clears a trigger; true if it was set. Pairs with {@link #setPendingVolatile}. */
    public boolean takePendingVolatile(final int trigger) {
        final int offset = GROUPS_OFFSET + trigger / TRIGGERS_PER_GROUP * GROUP_BYTES;
        final int bit = 1 << trigger;
        int word = page.getIntVolatile(offset);
        while ((word & bit) != 0) {
            if (page.compareAndSetInt(offset, word, word & ~bit)) {
                return true;
            }
            word = page.getIntVolatile(offset);
        }
        return false;
    }

    /** Host: tells how a trigger is served, and enables its group. */
    public void describe(
            final int trigger, final int connectionId, final int flag, final int latency100Nanos) {
        final int parameter = PARAMETER_OFFSET + trigger * PARAMETER_BYTES;
        page.putInt(parameter, connectionId, LITTLE_ENDIAN);
        page.putInt(parameter + PARAMETER_FLAG_OFFSET, flag, LITTLE_ENDIAN);
        page.putShort(
                LATENCY_OFFSET + trigger * Short.BYTES, (short) latency100Nanos, LITTLE_ENDIAN);
        final int enabled = page.getInt(GROUP_ENABLE_OFFSET, LITTLE_ENDIAN);
        page.putInt(
                GROUP_ENABLE_OFFSET, enabled | (1 << trigger / TRIGGERS_PER_GROUP), LITTLE_ENDIAN);
    }

    /** The latency of a trigger, in units of 100 ns. */
    public int latency100Nanos(final int trigger) {
        return page.getShort(LATENCY_OFFSET + trigger * Short.BYTES, LITTLE_ENDIAN) & 0xffff;
    }

    /** What a trigger signals. */
    public int connectionId(final int trigger) {
        return page.getInt(PARAMETER_OFFSET + trigger * PARAMETER_BYTES, LITTLE_ENDIAN);
    }

    /** Whether a group is served. */
    public boolean isGroupEnabled(final int group) {
        return (page.getInt(GROUP_ENABLE_OFFSET, LITTLE_ENDIAN) & 1 << group) != 0;
    }
}
