package io.ringside.netvsc.backend;

import io.ringside.device.host.Packet;
import io.ringside.netvsc.protocol.PacketFilter;
import io.ringside.netvsc.protocol.RndisStatus;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Which frames a guest wants to receive: bits for kinds of destination, its own address, and a list
 * of groups. Nothing, until it says so.
 *
 * <p>An address is a number of 48 bits, its first byte on the wire the highest. Threads: one.
 * Source: {@code NDIS_PACKET_TYPE_*}, hyperv_net.h.
 */
final class ReceiveFilter {
    /** Bits that NDIS has a meaning for. */
    static final int VALID_BITS = 0xFFF;

    /** Most groups of the list. */
    static final int MOST_GROUPS = 32;

    static final int ADDRESS_BYTES = 6;

    private static final long EVERYBODY = 0xFFFF_FFFF_FFFFL;
    private static final long GROUP_BIT = 1L << 40;
    private static final long U32 = 0xFFFF_FFFFL;
    private static final int U16 = 0xFFFF;

    private final long[] groups = new long[MOST_GROUPS];
    private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[ADDRESS_BYTES]);
    private int groupCount;
    private int bits;
    private long ownAddress;

    ReceiveFilter(final long ownAddress) {
        this.ownAddress = ownAddress;
    }

    /** Wants nothing, and forgets all groups. */
    void reset(final long newOwnAddress) {
        bits = 0;
        groupCount = 0;
        ownAddress = newOwnAddress;
    }

    int bits() {
        return bits;
    }

    void bits(final int newBits) {
        bits = newBits;
    }

    /** The guest's own address. */
    long ownAddress() {
        return ownAddress;
    }

    /** Gives the guest another address. */
    void ownAddress(final long newOwnAddress) {
        ownAddress = newOwnAddress;
    }

    /** Whether an address means several receivers. */
    static boolean isGroup(final long address) {
        return (address & GROUP_BIT) != 0;
    }

    /** The address at an offset of a buffer. */
    static long address(final DirectBuffer source, final int offset) {
        final long high = Integer.reverseBytes(source.getInt(offset)) & U32;
        final int low = Short.reverseBytes(source.getShort(offset + Integer.BYTES)) & U16;
        return high << Short.SIZE | low;
    }

    /** Takes a new list of groups, and returns an RNDIS status. */
    int setGroups(final DirectBuffer source, final int offset, final int lengthBytes) {
        if (lengthBytes % ADDRESS_BYTES != 0) {
            return RndisStatus.INVALID_LENGTH;
        }
        final int count = lengthBytes / ADDRESS_BYTES;
        if (count > MOST_GROUPS) {
            return RndisStatus.MULTICAST_FULL;
        }
        for (int i = 0; i < count; i++) {
            if (!isGroup(address(source, offset + i * ADDRESS_BYTES))) {
                return RndisStatus.INVALID_DATA;
            }
        }
        for (int i = 0; i < count; i++) {
            groups[i] = address(source, offset + i * ADDRESS_BYTES);
        }
        groupCount = count;
        return RndisStatus.SUCCESS;
    }

    int groupCount() {
        return groupCount;
    }

    long group(final int index) {
        return groups[index];
    }

    /** Whether the guest wants a frame. */
    boolean wants(final Packet frame) {
        if ((bits & PacketFilter.PROMISCUOUS) != 0) {
            return true;
        }
        if (bits == 0 || frame.totalBytes() < Adapter.ETHERNET_BYTES) {
            return false;
        }
        return wants(address(frame.head(scratch), 0));
    }

    /** Whether the guest wants a frame to this address. */
    boolean wants(final long destination) {
        if ((bits & PacketFilter.PROMISCUOUS) != 0) {
            return true;
        }
        if (!isGroup(destination)) {
            return (bits & PacketFilter.DIRECTED) != 0 && destination == ownAddress;
        }
        if (destination == EVERYBODY) {
            return (bits & PacketFilter.BROADCAST) != 0;
        }
        return (bits & PacketFilter.ALL_MULTICAST) != 0
                || (bits & PacketFilter.MULTICAST) != 0 && isListed(destination);
    }

    private boolean isListed(final long destination) {
        for (int i = 0; i < groupCount; i++) {
            if (groups[i] == destination) {
                return true;
            }
        }
        return false;
    }
}
