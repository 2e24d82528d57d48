package io.ringside.perf.trace;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.ringside.ringbuf.vmbus.GpaDirectHeader;
import io.ringside.ringbuf.vmbus.IncomingRing;
import io.ringside.ringbuf.vmbus.PacketDescriptor;
import io.ringside.ringbuf.vmbus.PacketType;
import io.ringside.ringbuf.vmbus.RingStatus;
import org.agrona.concurrent.UnsafeBuffer;

/** The part of a packet that is the bus's own: descriptor and header, as words. */
final class PacketText {
    private static final int OFFSET_8 = 2;
    private static final int LENGTH_8 = 4;
    private static final int FLAGS = 6;
    private static final int TRANSACTION_ID = 8;

    private PacketText() {}

    /** Writes the 16 bytes of the descriptor again, as the ring's reader has taken them. */
    static void putDescriptor(final UnsafeBuffer into, final IncomingRing packet) {
        into.putShort(0, (short) packet.type(), LITTLE_ENDIAN);
        into.putShort(OFFSET_8, (short) offset8(packet), LITTLE_ENDIAN);
        into.putShort(LENGTH_8, (short) length8(packet), LITTLE_ENDIAN);
        into.putShort(FLAGS, (short) packet.flags(), LITTLE_ENDIAN);
        into.putLong(TRANSACTION_ID, packet.transactionId(), LITTLE_ENDIAN);
    }

    private static int offset8(final IncomingRing packet) {
        return (PacketDescriptor.BYTES + packet.headerBytes()) / Long.BYTES;
    }

    private static int length8(final IncomingRing packet) {
        return offset8(packet) + packet.payloadBytes() / Long.BYTES;
    }

    /** The fields of the descriptor, and of the header if it lists pages. */
    static FieldList fields(final IncomingRing packet) {
        final FieldList fields =
                new FieldList()
                        .in("vmpacket_descriptor")
                        .number("type", packet.type(), PacketType.name(packet.type()))
                        .number("offset8", offset8(packet), "payload at " + offset8(packet) * 8)
                        .number("len8", length8(packet), "ends at " + length8(packet) * 8)
                        .number(
                                "flags",
                                packet.flags(),
                                packet.isCompletionRequested() ? "completion wanted" : "")
                        .hex("trans_id", packet.transactionId());
        if (packet.type() == PacketType.GPA_DIRECT) {
            addRanges(fields, packet);
        }
        return fields;
    }

    private static void addRanges(final FieldList fields, final IncomingRing packet) {
        final GpaDirectHeader header = new GpaDirectHeader().wrap(packet);
        fields.in("vmdata_gpa_direct").number("range_cnt", header.rangeCount());
        while (header.nextRange() == RingStatus.OK) {
            final PageRuns pages = new PageRuns();
            for (int i = 0; i < header.pageCount(); i++) {
                pages.add(header.page(i));
            }
            fields.in("gpa_range")
                    .number("byte_count", header.byteCount())
                    .number("byte_offset", header.byteOffset())
                    .text("pfn_array", pages.text(), pages.countText());
        }
    }
}
