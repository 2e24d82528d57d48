package io.ringside.xen.netfront.backend;

import io.ringside.hypervisor.GuestMemory;
import io.ringside.ringbuf.xen.BackRing;
import io.ringside.xen.netfront.protocol.ExtraInfo;
import io.ringside.xen.netfront.protocol.GsoType;
import io.ringside.xen.netfront.protocol.NetifLimits;
import io.ringside.xen.netfront.protocol.NetifStatus;
import io.ringside.xen.netfront.protocol.TxRequest;
import io.ringside.xen.netfront.protocol.TxResponse;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The slots of the ring on which a frontend sends: one packet is a chain of them, of which each is
 * copied once before anybody looks at it, and answered once.
 *
 * <p>What no frontend can mean ends the connection; what it may have got wrong is an error of the
 * packet alone. Threads: one.
 *
 * <p>Source: the comments of xen/io/netif.h, and what Linux's backend refuses.
 */
final class TransmitSlots {
    private final BackRing ring;
    private final NetbackOptions.Offers offers;
    private final NetbackCounters counters;
    private final UnsafeBuffer slot = new UnsafeBuffer(new byte[TxRequest.BYTES]);
    private final TxRequest request = new TxRequest().wrap(slot, 0);
    private final ExtraInfo extra = new ExtraInfo().wrap(slot, 0);
    private final TxResponse response = new TxResponse();

    TransmitSlots(
            final BackRing ring,
            final NetbackOptions.Offers offers,
            final NetbackCounters counters) {
        this.ring = ring;
        this.offers = offers;
        this.counters = counters;
    }

    /**
     * Takes one packet; only while there is a request.
     *
     * @return null, or why the connection must end
     */
    @Nullable NetbackRefusal take(final TakenPacket packet) {
        takeSlot();
        packet.begin(request);
        if ((packet.flags() & TxRequest.EXTRA_INFO) != 0) {
            final NetbackRefusal fault = takeExtras(packet);
            if (fault != null) {
                return fault;
            }
        }
        return takePieces(packet);
    }

    private @Nullable NetbackRefusal takeExtras(final TakenPacket packet) {
        boolean more = true;
        while (more) {
            if (ring.requests() == 0) {
                return NetbackRefusal.CHAIN;
            }
            takeSlot();
            if (!packet.addExtra(extra)) {
                return NetbackRefusal.EXTRA_TYPE;
            }
            more = (extra.flags() & ExtraInfo.MORE) != 0;
        }
        if (packet.isGso() && !isOffered(packet.gsoType(), packet.gsoBytes())) {
            packet.refuse(NetbackRefusal.GSO);
        }
        return null;
    }

    private boolean isOffered(final int gsoType, final int segmentBytes) {
        return segmentBytes != 0
                && switch (gsoType) {
                    case GsoType.TCP_IPV4 -> offers.gsoTcpIpv4();
                    case GsoType.TCP_IPV6 -> offers.gsoTcpIpv6();
                    default -> false;
                };
    }

    private @Nullable NetbackRefusal takePieces(final TakenPacket packet) {
        int left = packet.totalBytes();
        boolean more = (packet.flags() & TxRequest.MORE_DATA) != 0;
        while (more) {
            if (packet.isFlood()) {
                return NetbackRefusal.PIECE_FLOOD;
            }
            if (ring.requests() == 0) {
                return NetbackRefusal.CHAIN;
            }
            takeSlot();
            final int offset = request.pageOffsetBytes();
            final int length = request.sizeBytes();
            if (offset + length > GuestMemory.PAGE_BYTES) {
                return NetbackRefusal.PIECE_RANGE;
            }
            packet.addSlot(request.id());
            if (length > left) {
                packet.refuse(NetbackRefusal.PIECE_BYTES);
            } else {
                left -= length;
                packet.addPiece(request.reference(), offset, length);
            }
            more = (request.flags() & TxRequest.MORE_DATA) != 0;
        }
        if (packet.multicastType() != ExtraInfo.NONE) {
            return null; // There is no packet behind it.
        }
        if (packet.totalBytes() < NetifLimits.MIN_PACKET_BYTES) {
            packet.refuse(NetbackRefusal.PACKET_BYTES);
        }
        if (packet.refusal() == null && packet.offset(0) + left > GuestMemory.PAGE_BYTES) {
            return NetbackRefusal.PIECE_RANGE;
        }
        packet.firstLength(left);
        return null;
    }

    private void takeSlot() {
        ring.takeRequest(slot, 0, TxRequest.BYTES);
        counters.transmitSlots++;
    }

    /** Answers every slot of a packet; the frontend sees it with the next push. */
    void answer(final TakenPacket packet, final int status) {
        put(packet.id(0), status);
        for (int i = 0; i < packet.extraSlots(); i++) {
            put(0, NetifStatus.NULL);
        }
        for (int i = 1; i < packet.dataSlots(); i++) {
            put(packet.id(i), status);
        }
    }

    private void put(final int id, final int status) {
        final int at = ring.responseOffset();
        response.wrap(ring.buffer(), at).put(id, status);
        ring.buffer().putLong(at + TxResponse.BYTES, 0); // The rest of the slot.
        ring.responseFilled();
    }
}
