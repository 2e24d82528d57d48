package io.ringside.netvsc.backend;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.ringside.netvsc.protocol.OffloadParameters;
import io.ringside.netvsc.protocol.Oid;
import io.ringside.netvsc.protocol.RndisConfigParameter;
import io.ringside.netvsc.protocol.RndisStatus;
import io.ringside.netvsc.protocol.RssParameters;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a guest may set of its card. What it sets is taken as a whole, or not at all.
 *
 * <p>Peer's faults: an RNDIS status. The content is a private copy by then. Threads: one. Source:
 * {@code RNDIS_OID_*}, linux/rndis.h; hyperv_net.h.
 */
final class ObjectSettings {
    private static final byte[] ADDRESS =
            RndisConfigParameter.name(RndisConfigParameter.NETWORK_ADDRESS);

    /** In the order of the kinds of {@link OffloadState#take}. */
    private static final byte[][] SUMS = {
        RndisConfigParameter.name("*TCPChecksumOffloadIPv4"),
        RndisConfigParameter.name("*UDPChecksumOffloadIPv4"),
        RndisConfigParameter.name("*TCPChecksumOffloadIPv6"),
        RndisConfigParameter.name("*UDPChecksumOffloadIPv6")
    };

    private static final int RECEIVING = 2;
    private static final int SENDING_AND_RECEIVING = 3;

    private final Adapter adapter;
    private final RssParameters rss = new RssParameters();
    private final OffloadParameters offload = new OffloadParameters();
    private final RndisConfigParameter parameter = new RndisConfigParameter();

    ObjectSettings(final Adapter adapter) {
        this.adapter = adapter;
    }

    /** Sets an object, and returns an RNDIS status. */
    int set(final int oid, final UnsafeBuffer content, final int offset, final int lengthBytes) {
        return switch (oid) {
            case Oid.GEN_CURRENT_PACKET_FILTER -> setFilter(content, offset, lengthBytes);
            case Oid.ETHERNET_MULTICAST_LIST ->
                    adapter.filter().setGroups(content, offset, lengthBytes);
            case Oid.TCP_OFFLOAD_PARAMETERS -> setOffload(content, offset, lengthBytes);
            case Oid.GEN_RECEIVE_SCALE_PARAMETERS -> setSpread(content, offset, lengthBytes);
            case Oid.GEN_RNDIS_CONFIG_PARAMETER -> setParameter(content, offset, lengthBytes);
            case Oid.GEN_CURRENT_LOOKAHEAD, Oid.OFFLOAD_ENCAPSULATION ->
                    lengthBytes < Integer.BYTES ? RndisStatus.INVALID_LENGTH : RndisStatus.SUCCESS;
            case Oid.GEN_NETWORK_LAYER_ADDRESSES -> RndisStatus.SUCCESS; // Of no use to a switch.
            default -> RndisStatus.NOT_SUPPORTED;
        };
    }

    private int setFilter(final UnsafeBuffer content, final int offset, final int lengthBytes) {
        if (lengthBytes < Integer.BYTES) {
            return RndisStatus.INVALID_LENGTH;
        }
        final int bits = content.getInt(offset, LITTLE_ENDIAN);
        if ((bits & ~ReceiveFilter.VALID_BITS) != 0) {
            return RndisStatus.NOT_SUPPORTED;
        }
        adapter.filter().bits(bits);
        return RndisStatus.SUCCESS;
    }

    private int setOffload(final UnsafeBuffer content, final int offset, final int lengthBytes) {
        return lengthBytes < OffloadParameters.BYTES_VERSION_4
                ? RndisStatus.INVALID_LENGTH
                : adapter.offloads().set(offload.wrap(content, offset, lengthBytes));
    }

    private int setSpread(final UnsafeBuffer content, final int offset, final int lengthBytes) {
        return lengthBytes < RssParameters.HEADER_BYTES
                ? RndisStatus.INVALID_LENGTH
                : adapter.spread().set(rss.wrap(content, offset, lengthBytes), adapter.channels());
    }

    private int setParameter(final UnsafeBuffer content, final int offset, final int lengthBytes) {
        if (lengthBytes < RndisConfigParameter.HEADER_BYTES) {
            return RndisStatus.INVALID_LENGTH;
        }
        if (!parameter.wrap(content, offset, lengthBytes).isSound()) {
            return RndisStatus.INVALID_DATA;
        }
        if (parameter.isNamed(ADDRESS)) {
            return setAddress(parameter.address());
        }
        for (int i = 0; i < SUMS.length; i++) {
            if (parameter.isNamed(SUMS[i])) {
                return setSums(i, parameter.digit());
            }
        }
        return RndisStatus.SUCCESS; // What else a user has set is for other cards.
    }

    private int setAddress(final long address) {
        if (address == RndisConfigParameter.NO_ADDRESS
                || address == 0
                || ReceiveFilter.isGroup(address)) {
            return RndisStatus.INVALID_DATA;
        }
        adapter.filter().ownAddress(address);
        return RndisStatus.SUCCESS;
    }

    /** One digit: 1, sums of what is sent, which are done anyhow; 2, of what is received. */
    private int setSums(final int kind, final int digit) {
        if (digit < 0 || digit > SENDING_AND_RECEIVING) {
            return RndisStatus.INVALID_DATA;
        }
        adapter.offloads().take(kind, (digit & RECEIVING) != 0);
        return RndisStatus.SUCCESS;
    }
}
