package io.ringside.xen.netfront.backend;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.ringside.device.frame.FlowHash;
import io.ringside.device.frame.FrameMetadata;
import io.ringside.device.frame.HashType;
import io.ringside.device.frame.Toeplitz;
import io.ringside.device.host.Packet;
import io.ringside.xen.netfront.protocol.CtrlStatus;
import io.ringside.xen.netfront.protocol.HashControl;
import java.util.Arrays;
import java.util.EnumSet;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * How the frontend wants what it receives to be hashed, and to which of its queues that leads.
 *
 * <pre>
 *   algorithm none, or no types    a hash of our own, modulo the queues; not told
 *   else, no mapping               hash modulo the queues
 *   else                           mapping[hash modulo its size]
 * </pre>
 *
 * <p>Setters answer with a {@link CtrlStatus} and change nothing unless it is success. Threads:
 * one. Source: control messages 1 to 7, xen/io/netif.h.
 */
final class ReceiveHash {
    private final int queueCount;
    private final Toeplitz toeplitz = new Toeplitz();
    private final FlowHash asked = new FlowHash(toeplitz);
    private final FlowHash ours;
    private final int[] mapping = new int[HashControl.MAX_MAPPING_ENTRIES];
    private int mappingSize;
    private int algorithm = HashControl.ALGORITHM_NONE;
    private int flags;

    /** Nothing is asked for yet. */
    ReceiveHash(final int queueCount) {
        this.queueCount = queueCount;
        final Toeplitz spread = new Toeplitz();
        final byte[] key = new byte[Toeplitz.KEY_BYTES];
        // Any key spreads whose bits look drawn by lot: those of the golden ratio do.
        long bits = 0x9E37_79B9_7F4A_7C15L;
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) (bits >>> 56);
            bits = bits * 0x5851_F42D_4C95_7F2DL + 1;
        }
        spread.key(new UnsafeBuffer(key), 0, key.length);
        ours = new FlowHash(spread);
        ours.enable(EnumSet.allOf(HashType.class));
    }

    /** {@code SET_HASH_ALGORITHM}. */
    int algorithm(final int wanted) {
        if (wanted != HashControl.ALGORITHM_NONE && wanted != HashControl.ALGORITHM_TOEPLITZ) {
            return CtrlStatus.INVALID_PARAMETER;
        }
        algorithm = wanted;
        return CtrlStatus.SUCCESS;
    }

    /** {@code GET_HASH_FLAGS}: may be asked once there is an algorithm. */
    int flagsStatus() {
        return algorithm == HashControl.ALGORITHM_NONE
                ? CtrlStatus.INVALID_PARAMETER
                : CtrlStatus.SUCCESS;
    }

    /** {@code SET_HASH_FLAGS}. */
    int flags(final int wanted) {
        if (algorithm == HashControl.ALGORITHM_NONE || (wanted & ~HashControl.ALL_BITS) != 0) {
            return CtrlStatus.INVALID_PARAMETER;
        }
        final EnumSet<HashType> types = EnumSet.noneOf(HashType.class);
        addIf(types, HashType.IPV4, wanted & HashControl.IPV4_BIT);
        addIf(types, HashType.TCP_IPV4, wanted & HashControl.IPV4_TCP_BIT);
        addIf(types, HashType.IPV6, wanted & HashControl.IPV6_BIT);
        addIf(types, HashType.TCP_IPV6, wanted & HashControl.IPV6_TCP_BIT);
        flags = wanted;
        asked.enable(types);
        return CtrlStatus.SUCCESS;
    }

    private static void addIf(final EnumSet<HashType> types, final HashType type, final int bit) {
        if (bit != 0) {
            types.add(type);
        }
    }

    /** {@code SET_HASH_KEY}, of at most 40 bytes that were copied already. */
    void key(final DirectBuffer bytes, final int lengthBytes) {
        toeplitz.key(bytes, 0, lengthBytes);
    }

    /** {@code SET_HASH_MAPPING_SIZE}: the table is all zero then. */
    int mappingSize(final int entries) {
        if (Integer.compareUnsigned(entries, mapping.length) > 0) {
            return CtrlStatus.INVALID_PARAMETER;
        }
        mappingSize = entries;
        Arrays.fill(mapping, 0);
        return CtrlStatus.SUCCESS;
    }

    /** Whether the table has these entries. Safe for any pair of 32-bit numbers. */
    boolean hasEntries(final int first, final int count) {
        return Integer.toUnsignedLong(first) + Integer.toUnsignedLong(count) <= mappingSize;
    }

    /**
     * {@code SET_HASH_MAPPING}: all of the entries, or none of them.
     *
     * @param entries 32-bit queue numbers that were copied already
     */
    int mapping(final DirectBuffer entries, final int first, final int count) {
        for (int i = 0; i < count; i++) {
            final int queue = entries.getInt(i * Integer.BYTES, LITTLE_ENDIAN);
            if (Integer.compareUnsigned(queue, queueCount) >= 0) {
                return CtrlStatus.INVALID_PARAMETER;
            }
        }
        for (int i = 0; i < count; i++) {
            mapping[first + i] = entries.getInt(i * Integer.BYTES, LITTLE_ENDIAN);
        }
        return CtrlStatus.SUCCESS;
    }

    /** Whether the frontend is told hashes. */
    boolean isTold() {
        return algorithm != HashControl.ALGORITHM_NONE && flags != 0;
    }

    /**
     * The queue of a packet.
     *
     * @param told becomes the hash that the frontend is told, or none
     */
    int queue(final Packet packet, final FrameMetadata told) {
        if (!isTold()) {
            if (queueCount == 1) {
                told.hash(HashType.NONE, 0);
                return 0;
            }
            ours.hash(packet, told);
            final int queue = Integer.remainderUnsigned(told.hash(), queueCount);
            told.hash(HashType.NONE, 0);
            return queue;
        }
        asked.hash(packet, told);
        return mappingSize == 0
                ? Integer.remainderUnsigned(told.hash(), queueCount)
                : mapping[Integer.remainderUnsigned(told.hash(), mappingSize)];
    }

    /** The number by which the frontend knows a type. */
    static int number(final HashType type) {
        return switch (type) {
            case IPV4 -> HashControl.IPV4;
            case TCP_IPV4 -> HashControl.IPV4_TCP;
            case IPV6 -> HashControl.IPV6;
            case TCP_IPV6 -> HashControl.IPV6_TCP;
            case NONE -> throw new IllegalArgumentException("no hash: type=" + type);
        };
    }

    /** The type of a number, which a frontend may write as it likes. */
    static HashType type(final int number) {
        return switch (number) {
            case HashControl.IPV4 -> HashType.IPV4;
            case HashControl.IPV4_TCP -> HashType.TCP_IPV4;
            case HashControl.IPV6 -> HashType.IPV6;
            case HashControl.IPV6_TCP -> HashType.TCP_IPV6;
            default -> HashType.NONE;
        };
    }
}
