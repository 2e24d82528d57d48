package io.ringside.xen.netfront.backend;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

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
    private static final int WORD_MASK = 0xFFFF;
    private static final int OFFSET_SHIFT = 32;
    private static final int FLAGS_SHIFT = 48;

    private final BackRing ring;
    private final NetbackOptions.Offers offers;
    private final NetbackCounters counters;
    private final UnsafeBuffer record = new UnsafeBuffer(new byte[ExtraInfo.BYTES]);
    private final ExtraInfo extra = new ExtraInfo().wrap(record, 0);

    // The slot that was taken last, as TxRequest lays it out.
    private long start; // its first 8 bytes
    private int end; // and the other 4

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
        packet.begin(reference(), offset(), flags(), id(), size());
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
            record.putLong(0, start, LITTLE_ENDIAN);
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
            final int offset = offset();
            final int length = size();
            if (offset + length > GuestMemory.PAGE_BYTES) {
                return NetbackRefusal.PIECE_RANGE;
            }
            packet.addSlot(id());
            if (length > left) {
                packet.refuse(NetbackRefusal.PIECE_BYTES);
            } else {
                left -= length;
                packet.addPiece(reference(), offset, length);
            }
            more = (flags() & TxRequest.MORE_DATA) != 0;
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

    /** Reads each byte of the next slot once. */
    private void takeSlot() {
        final int at = ring.requestOffset();
        start = ring.buffer().getLong(at, LITTLE_ENDIAN);
        end = ring.buffer().getInt(at + Long.BYTES, LITTLE_ENDIAN);
        ring.requestTaken();
        counters.transmitSlots++;
    }

    private int reference() {
        return (int) start;
    }

    private int offset() {
        return (int) (start >>> OFFSET_SHIFT) & WORD_MASK;
    }

    private int flags() {
        return (int) (start >>> FLAGS_SHIFT);
    }

    private int id() {
        return end & WORD_MASK;
    }

    private int size() {
        return end >>> Short.SIZE;
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
        // A whole TxResponse, and the rest of the slot.
        ring.buffer().putInt(at, id & WORD_MASK | status << Short.SIZE, LITTLE_ENDIAN);
        ring.buffer().putLong(at + TxResponse.BYTES, 0);
        ring.responseFilled();
    }
}
