package io.ringside.storvsc.protocol;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The names of a fibre channel adapter's two ports: 36 bytes.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |acti|      0       |  primary port ...
 *       +----+----+----+----+----+----+----+----+
 *    8  | ... primary port  |  primary node ...
 *       +----+----+----+----+----+----+----+----+
 *   16  | ... primary node  | secondary port ...
 *       +----+----+----+----+----+----+----+----+
 *   24  | ... second. port  | secondary node ...
 *       +----+----+----+----+----+----+----+----+
 *   32  | ... second. node  |
 *       +----+----+----+----+
 * </pre>
 *
 * <p>A name is 8 bytes in the order in which it is written down: here as one big-endian number.
 * Source: {@code struct hv_fc_wwn_packet}, storvsc_drv.c.
 *
 * @param primaryActive whether the first port is in use, not the second
 * @param primaryPort name of the first port
 * @param primaryNode name of its node
 * @param secondaryPort name of the second port
 * @param secondaryNode name of its node
 */
public record WorldWideNames(
        boolean primaryActive,
        long primaryPort,
        long primaryNode,
        long secondaryPort,
        long secondaryNode) {
    /** Bytes of the struct. */
    public static final int BYTES = 36;

    /** No names: those of a controller that has none. */
    public static final WorldWideNames NONE = new WorldWideNames(false, 0, 0, 0, 0);

    private static final int PRIMARY_PORT_OFFSET = Integer.BYTES;
    private static final int PRIMARY_NODE_OFFSET = PRIMARY_PORT_OFFSET + Long.BYTES;
    private static final int SECONDARY_PORT_OFFSET = PRIMARY_NODE_OFFSET + Long.BYTES;
    private static final int SECONDARY_NODE_OFFSET = SECONDARY_PORT_OFFSET + Long.BYTES;

    /** Reads 36 bytes. */
    public static WorldWideNames read(final DirectBuffer buffer, final int offset) {
        return new WorldWideNames(
                buffer.getByte(offset) != 0,
                buffer.getLong(offset + PRIMARY_PORT_OFFSET, BIG_ENDIAN),
                buffer.getLong(offset + PRIMARY_NODE_OFFSET, BIG_ENDIAN),
                buffer.getLong(offset + SECONDARY_PORT_OFFSET, BIG_ENDIAN),
                buffer.getLong(offset + SECONDARY_NODE_OFFSET, BIG_ENDIAN));
    }

    /** Writes 36 bytes. */
    public void write(final MutableDirectBuffer buffer, final int offset) {
        buffer.setMemory(offset, Integer.BYTES, (byte) 0);
        buffer.putByte(offset, (byte) (primaryActive ? 1 : 0));
        buffer.putLong(offset + PRIMARY_PORT_OFFSET, primaryPort, BIG_ENDIAN);
        buffer.putLong(offset + PRIMARY_NODE_OFFSET, primaryNode, BIG_ENDIAN);
        buffer.putLong(offset + SECONDARY_PORT_OFFSET, secondaryPort, BIG_ENDIAN);
        buffer.putLong(offset + SECONDARY_NODE_OFFSET, secondaryNode, BIG_ENDIAN);
    }
}
