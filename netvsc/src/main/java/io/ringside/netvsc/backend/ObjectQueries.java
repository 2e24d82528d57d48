package io.ringside.netvsc.backend;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.ringside.netvsc.protocol.LinkState;
import io.ringside.netvsc.protocol.NdisOffload;
import io.ringside.netvsc.protocol.OffloadEncapsulation;
import io.ringside.netvsc.protocol.Oid;
import io.ringside.netvsc.protocol.RssCapabilities;
import io.ringside.netvsc.protocol.RssParameters;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a card answers when a guest asks for an object: by its number alone, from a list that is
 * fixed.
 *
 * <p>It has all that the drivers of Linux, FreeBSD and DPDK ask for, and all that Microsoft's own
 * OpenVMM answers, by which Windows makes do. Threads: one. Source: {@code RNDIS_OID_*},
 * linux/rndis.h; hyperv_net.h for what Linux asks.
 */
final class ObjectQueries {
    /** There is no object of that number to ask for. */
    static final int UNKNOWN = -1;

    /** What the guest shows as the name of the card. */
    static final String NAME = "Ringside Network Adapter";

    private static final int[] SUPPORTED = {
        Oid.GEN_SUPPORTED_LIST,
        Oid.GEN_HARDWARE_STATUS,
        Oid.GEN_MEDIA_SUPPORTED,
        Oid.GEN_MEDIA_IN_USE,
        Oid.GEN_MAXIMUM_LOOKAHEAD,
        Oid.GEN_MAXIMUM_FRAME_SIZE,
        Oid.GEN_LINK_SPEED,
        Oid.GEN_TRANSMIT_BUFFER_SPACE,
        Oid.GEN_RECEIVE_BUFFER_SPACE,
        Oid.GEN_TRANSMIT_BLOCK_SIZE,
        Oid.GEN_RECEIVE_BLOCK_SIZE,
        Oid.GEN_VENDOR_ID,
        Oid.GEN_VENDOR_DESCRIPTION,
        Oid.GEN_CURRENT_PACKET_FILTER,
        Oid.GEN_CURRENT_LOOKAHEAD,
        Oid.GEN_DRIVER_VERSION,
        Oid.GEN_MAXIMUM_TOTAL_SIZE,
        Oid.GEN_MAC_OPTIONS,
        Oid.GEN_MEDIA_CONNECT_STATUS,
        Oid.GEN_MAXIMUM_SEND_PACKETS,
        Oid.GEN_VENDOR_DRIVER_VERSION,
        Oid.GEN_NETWORK_LAYER_ADDRESSES,
        Oid.GEN_PHYSICAL_MEDIUM,
        Oid.GEN_RECEIVE_SCALE_CAPABILITIES,
        Oid.GEN_RECEIVE_SCALE_PARAMETERS,
        Oid.GEN_MAX_LINK_SPEED,
        Oid.GEN_LINK_STATE,
        Oid.GEN_RNDIS_CONFIG_PARAMETER,
        Oid.GEN_XMIT_OK,
        Oid.GEN_RCV_OK,
        Oid.GEN_XMIT_ERROR,
        Oid.GEN_RCV_ERROR,
        Oid.GEN_RCV_NO_BUFFER,
        Oid.GEN_FRIENDLY_NAME,
        Oid.ETHERNET_PERMANENT_ADDRESS,
        Oid.ETHERNET_CURRENT_ADDRESS,
        Oid.ETHERNET_MULTICAST_LIST,
        Oid.ETHERNET_MAXIMUM_LIST_SIZE,
        Oid.OFFLOAD_ENCAPSULATION,
        Oid.ETHERNET_RCV_ERROR_ALIGNMENT,
        Oid.ETHERNET_XMIT_ONE_COLLISION,
        Oid.ETHERNET_XMIT_MORE_COLLISIONS,
        Oid.TCP_OFFLOAD_CURRENT_CONFIG,
        Oid.TCP_OFFLOAD_PARAMETERS,
        Oid.TCP_OFFLOAD_HARDWARE_CAPABILITIES
    };

    private static final int VENDOR_NONE = 0xFFFFFF;
    private static final int NDIS_6 = 6;
    private static final int NDIS_MINOR_30 = 30;
    private static final int DRIVER_VERSION = 1 << Short.SIZE;
    private static final int MEDIUM_UNSPECIFIED = 0;
    private static final int MEDIA_DISCONNECTED = 1;

    private final Adapter adapter;
    private final RssCapabilities rss = new RssCapabilities();
    private final NdisOffload offload = new NdisOffload();
    private final byte[] name = NAME.getBytes(StandardCharsets.UTF_16LE);
    private final byte[] description = (NAME + '\0').getBytes(StandardCharsets.US_ASCII);

    ObjectQueries(final Adapter adapter) {
        this.adapter = adapter;
    }

    /** Writes an object, and returns how many bytes it has, or {@link #UNKNOWN}. */
    int answer(final int oid, final UnsafeBuffer into, final int offset) {
        return switch (oid) {
            case Oid.GEN_SUPPORTED_LIST -> putList(into, offset);
            case Oid.GEN_VENDOR_DESCRIPTION -> putBytes(into, offset, description);
            case Oid.GEN_FRIENDLY_NAME -> putBytes(into, offset, name);
            case Oid.GEN_DRIVER_VERSION -> {
                into.putShort(
                        offset, (short) (NDIS_6 << Byte.SIZE | adapter.ndisMinor()), LITTLE_ENDIAN);
                yield Short.BYTES;
            }
            case Oid.ETHERNET_PERMANENT_ADDRESS ->
                    putAddress(into, offset, adapter.options().macAddress());
            case Oid.ETHERNET_CURRENT_ADDRESS ->
                    putAddress(into, offset, adapter.filter().ownAddress());
            case Oid.ETHERNET_MULTICAST_LIST -> putGroups(into, offset);
            case Oid.GEN_RECEIVE_SCALE_CAPABILITIES -> putRss(into, offset);
            case Oid.GEN_MAX_LINK_SPEED -> {
                into.putLong(offset, adapter.options().linkBitsPerSecond(), LITTLE_ENDIAN);
                into.putLong(
                        offset + Long.BYTES, adapter.options().linkBitsPerSecond(), LITTLE_ENDIAN);
                yield 2 * Long.BYTES;
            }
            case Oid.GEN_LINK_STATE -> {
                LinkState.put(
                        into, offset, adapter.isLinkUp(), adapter.options().linkBitsPerSecond());
                yield LinkState.BYTES;
            }
            case Oid.OFFLOAD_ENCAPSULATION -> {
                OffloadEncapsulation.putEthernet(into, offset);
                yield OffloadEncapsulation.BYTES;
            }
            case Oid.TCP_OFFLOAD_HARDWARE_CAPABILITIES, Oid.TCP_OFFLOAD_CURRENT_CONFIG ->
                    putOffload(into, offset);
            default -> answerNumber(oid, into, offset);
        };
    }

    private int answerNumber(final int oid, final UnsafeBuffer into, final int offset) {
        final int number;
        switch (oid) {
            case Oid.GEN_HARDWARE_STATUS, Oid.GEN_MEDIA_SUPPORTED, Oid.GEN_MEDIA_IN_USE ->
                    number = 0; // Ready; Ethernet.
            case Oid.GEN_MAXIMUM_FRAME_SIZE, Oid.GEN_MAXIMUM_LOOKAHEAD, Oid.GEN_CURRENT_LOOKAHEAD ->
                    number = adapter.mtuBytes();
            case Oid.GEN_MAXIMUM_TOTAL_SIZE,
                    Oid.GEN_TRANSMIT_BLOCK_SIZE,
                    Oid.GEN_RECEIVE_BLOCK_SIZE ->
                    number = adapter.mtuBytes() + Adapter.ETHERNET_BYTES;
            case Oid.GEN_TRANSMIT_BUFFER_SPACE, Oid.GEN_RECEIVE_BUFFER_SPACE ->
                    number =
                            (adapter.mtuBytes() + Adapter.ETHERNET_BYTES)
                                    * adapter.options().packetsPerMessage();
            case Oid.GEN_LINK_SPEED -> number = adapter.options().linkSpeed();
            case Oid.GEN_VENDOR_ID -> number = VENDOR_NONE;
            case Oid.GEN_CURRENT_PACKET_FILTER -> number = adapter.filter().bits();
            case Oid.GEN_MAC_OPTIONS -> number = 0;
            case Oid.GEN_MEDIA_CONNECT_STATUS ->
                    number = adapter.isLinkUp() ? 0 : MEDIA_DISCONNECTED;
            case Oid.GEN_MAXIMUM_SEND_PACKETS -> number = adapter.options().packetsPerMessage();
            case Oid.GEN_VENDOR_DRIVER_VERSION -> number = DRIVER_VERSION;
            case Oid.GEN_PHYSICAL_MEDIUM -> number = MEDIUM_UNSPECIFIED;
            case Oid.ETHERNET_MAXIMUM_LIST_SIZE -> number = ReceiveFilter.MOST_GROUPS;
            case Oid.GEN_XMIT_OK -> number = (int) adapter.counters().framesSent;
            case Oid.GEN_RCV_OK -> number = (int) adapter.counters().framesReceived;
            case Oid.GEN_XMIT_ERROR -> number = (int) adapter.counters().framesRefusedByPort;
            case Oid.GEN_RCV_ERROR,
                    Oid.ETHERNET_RCV_ERROR_ALIGNMENT,
                    Oid.ETHERNET_XMIT_ONE_COLLISION,
                    Oid.ETHERNET_XMIT_MORE_COLLISIONS ->
                    number = 0; // No wire of ours has them.
            case Oid.GEN_RCV_NO_BUFFER -> number = (int) adapter.framesLost();
            default -> {
                return UNKNOWN;
            }
        }
        into.putInt(offset, number, LITTLE_ENDIAN);
        return Integer.BYTES;
    }

    private static int putList(final UnsafeBuffer into, final int offset) {
        for (int i = 0; i < SUPPORTED.length; i++) {
            into.putInt(offset + i * Integer.BYTES, SUPPORTED[i], LITTLE_ENDIAN);
        }
        return SUPPORTED.length * Integer.BYTES;
    }

    private static int putBytes(final UnsafeBuffer into, final int offset, final byte[] bytes) {
        into.putBytes(offset, bytes);
        return bytes.length;
    }

    private static int putAddress(final UnsafeBuffer into, final int offset, final long address) {
        into.putInt(offset, (int) (address >>> Short.SIZE), ByteOrder.BIG_ENDIAN);
        into.putShort(offset + Integer.BYTES, (short) address, ByteOrder.BIG_ENDIAN);
        return ReceiveFilter.ADDRESS_BYTES;
    }

    private int putGroups(final UnsafeBuffer into, final int offset) {
        int at = offset;
        for (int i = 0; i < adapter.filter().groupCount(); i++) {
            at += putAddress(into, at, adapter.filter().group(i));
        }
        return at - offset;
    }

    private int putRss(final UnsafeBuffer into, final int offset) {
        rss.wrap(into, offset)
                .put(
                        RssCapabilities.HASH_TOEPLITZ
                                | RssCapabilities.HASH_TCP_IPV4
                                | RssCapabilities.HASH_TCP_IPV6,
                        adapter.channels(),
                        adapter.channels(),
                        RssParameters.MOST_ENTRIES);
        return RssCapabilities.BYTES;
    }

    /** As much as the guest's NDIS knows of. */
    private int putOffload(final UnsafeBuffer into, final int offset) {
        final int lengthBytes =
                adapter.ndisMinor() >= NDIS_MINOR_30 ? NdisOffload.BYTES : NdisOffload.BYTES_6_1;
        adapter.offloads().put(offload.wrap(into, offset, lengthBytes).putNothing());
        return lengthBytes;
    }
}
