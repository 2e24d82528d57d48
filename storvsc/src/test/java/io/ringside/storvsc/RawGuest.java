package io.ringside.storvsc;

import io.ringside.hypervisor.GuestMemory;
import io.ringside.ringbuf.vmbus.GpaDirectHeader;
import io.ringside.ringbuf.vmbus.PacketDescriptor;
import io.ringside.ringbuf.vmbus.PacketType;
import io.ringside.ringbuf.vmbus.RingStatus;
import io.ringside.storvsc.protocol.ScsiRequest;
import io.ringside.storvsc.protocol.VstorOperation;
import io.ringside.storvsc.protocol.VstorPacket;
import io.ringside.vmbus.channel.Channel;
import io.ringside.vmbus.guest.GuestChannel;
import io.ringside.vmbus.guest.GuestChannelState;
import io.ringside.vmbus.guest.OpenRequest;
import java.util.HexFormat;
import java.util.Objects;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** A guest that sends what it likes, byte by byte. */
final class RawGuest {
    static final int RING_PAGES = 9;

    final StorBench bench;
    final Channel channel;
    final UnsafeBuffer packet = new UnsafeBuffer(new byte[256]);
    final VstorPacket vstor = new VstorPacket();
    final ScsiRequest request = new ScsiRequest();
    final UnsafeBuffer answer = new UnsafeBuffer(new byte[256]);
    long nextId = 100;
    long answerId;
    int answerBytes;

    /** Bytes of each message that is sent. */
    int packetBytes = VstorPacket.BYTES;

    RawGuest(final StorBench bench) {
        this.bench = bench;
        bench.connect();
        final GuestChannel guest = bench.channel();
        guest.open(OpenRequest.ofPages(RING_PAGES, RING_PAGES));
        for (int i = 0; i < 100; i++) {
            bench.round();
        }
        channel = Objects.requireNonNull(guest.channel(), "not opened");
    }

    /** A page of the rings, of which there are 18: the guest's own 9 first. */
    UnsafeBuffer ringPage(final int page) {
        final GuestChannelState.Open open = (GuestChannelState.Open) bench.channel().state();
        return bench.page(open.rings().gpadl().frames()[page]);
    }

    /** Sends one message and returns the status of its answer. */
    int message(final int operation, final int argument) {
        vstor.wrap(packet, 0, VstorPacket.BYTES)
                .put(operation, VstorPacket.REQUEST_COMPLETION, 0)
                .putVersion(argument);
        send(PacketType.IN_BAND, packetBytes);
        return Objects.requireNonNull(next(), "no answer").status();
    }

    /** The whole hand-shake, with the newest version. */
    RawGuest ready() {
        message(VstorOperation.BEGIN_INITIALIZATION, 0);
        message(VstorOperation.QUERY_PROTOCOL_VERSION, 0x0602);
        message(VstorOperation.QUERY_PROPERTIES, 0);
        message(VstorOperation.END_INITIALIZATION, 0);
        return this;
    }

    /** Makes up a command. */
    ScsiRequest command(
            final int target,
            final int lun,
            final String cdb,
            final int direction,
            final int dataBytes) {
        final UnsafeBuffer bytes = new UnsafeBuffer(HexFormat.ofDelimiter(" ").parseHex(cdb));
        return vstor.wrap(packet, 0, VstorPacket.BYTES)
                .put(VstorOperation.EXECUTE_SRB, VstorPacket.REQUEST_COMPLETION, 0)
                .request(request)
                .put(target, lun, bytes.capacity(), 20, direction, dataBytes)
                .putCdb(bytes, bytes.capacity());
    }

    /** Sends the packet that was made up, without pages. */
    void send(final int type, final int payloadBytes) {
        channel.send(
                type, PacketDescriptor.COMPLETION_REQUESTED, nextId++, packet, 0, payloadBytes);
        bench.idle();
    }

    /** Sends the packet that was made up; ranges are length, offset, pages. */
    void sendRanges(final int payloadBytes, final long[]... ranges) {
        int pages = 0;
        for (final long[] range : ranges) {
            pages += range.length - 2;
        }
        final int headerBytes = GpaDirectHeader.bytes(ranges.length, pages);
        final UnsafeBuffer header = new UnsafeBuffer(new byte[headerBytes]);
        header.putInt(4, ranges.length);
        int at = 8;
        for (final long[] range : ranges) {
            header.putInt(at, (int) range[0]);
            header.putInt(at + 4, (int) range[1]);
            at += 8;
            for (int i = 2; i < range.length; i++) {
                header.putLong(at, range[i]);
                at += 8;
            }
        }
        channel.send(
                PacketType.GPA_DIRECT,
                PacketDescriptor.COMPLETION_REQUESTED,
                nextId++,
                header,
                0,
                headerBytes,
                packet,
                0,
                payloadBytes);
        bench.idle();
    }

    /** The next packet of the host; null if there is none. */
    @Nullable VstorPacket next() {
        if (channel.incoming().nextCopied() != RingStatus.OK) {
            return null;
        }
        answerId = channel.incoming().transactionId();
        answerBytes = channel.incoming().payloadBytes();
        answer.putBytes(
                0, channel.incoming().buffer(), channel.incoming().payloadOffset(), answerBytes);
        channel.commitRead();
        return new VstorPacket().wrap(answer, 0, answerBytes);
    }

    /** The answer of a command. */
    ScsiRequest answered() {
        return Objects.requireNonNull(next(), "no answer").request(new ScsiRequest());
    }

    static long page(final int frame) {
        return (long) frame << GuestMemory.PAGE_SHIFT;
    }
}
