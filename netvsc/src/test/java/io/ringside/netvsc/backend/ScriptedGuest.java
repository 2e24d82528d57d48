package io.ringside.netvsc.backend;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.ringside.netvsc.backend.HostPackets.Answer;
import io.ringside.netvsc.backend.HostPackets.Received;
import io.ringside.netvsc.backend.HostPackets.Transfer;
import io.ringside.netvsc.protocol.NvspCapability;
import io.ringside.netvsc.protocol.NvspMessage;
import io.ringside.netvsc.protocol.NvspVersion;
import io.ringside.netvsc.protocol.Oid;
import io.ringside.netvsc.protocol.RndisCompletion;
import io.ringside.netvsc.protocol.RndisMessageType;
import io.ringside.netvsc.protocol.RndisRequest;
import io.ringside.ringbuf.vmbus.GpaDirectHeader;
import io.ringside.ringbuf.vmbus.PacketDescriptor;
import io.ringside.ringbuf.vmbus.PacketType;
import io.ringside.ringbuf.vmbus.RingStatus;
import io.ringside.ringbuf.vmbus.TransferPageHeader;
import io.ringside.vmbus.channel.Channel;
import io.ringside.vmbus.guest.GuestChannel;
import io.ringside.vmbus.guest.GuestGpadl;
import io.ringside.vmbus.guest.OpenRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.agrona.concurrent.UnsafeBuffer;

/** A guest that sends what it likes, byte by byte, and keeps all that it is sent. */
final class ScriptedGuest {
    static final int RING_PAGES = 33;
    static final long CAPABILITY =
            NvspCapability.IEEE_8021Q | NvspCapability.TEAMING | NvspCapability.RSC;

    final VspBench bench;
    final GuestChannel guest;
    final List<Channel> channels = new ArrayList<>();
    final List<Answer> answers = new ArrayList<>();
    final List<Received> received = new ArrayList<>();
    final List<Received> control = new ArrayList<>();
    final List<Transfer> transfers = new ArrayList<>();
    final List<Answer> told = new ArrayList<>();
    final UnsafeBuffer packet = new UnsafeBuffer(new byte[4096]);
    final NvspMessage nvsp = new NvspMessage().wrap(packet, 0);
    final GuestGpadl receiveGpadl;
    final GuestGpadl sendGpadl;

    /** Whether transfers are completed as they come. */
    boolean completes = true;

    /** How. */
    int completionStatus = 1;

    int sectionBytes;
    int sectionCount;
    private final UnsafeBuffer incoming = new UnsafeBuffer(new byte[1 << 17]);
    final GuestBuffers buffers;

    /** The control page of the guest-to-host ring; that of the other one is a ring further on. */
    final int ringFrame;

    private long nextId = 1000;
    private int nextRequest = 1;

    ScriptedGuest(final VspBench bench) {
        this(bench, RING_PAGES);
    }

    ScriptedGuest(final VspBench bench, final int ringPages) {
        this.bench = bench;
        this.guest = bench.channel();
        final int free = bench.frames.allocate();
        ringFrame = free + 1; // They are handed out one after the other.
        bench.frames.free(free);
        guest.open(OpenRequest.ofPages(ringPages, ringPages));
        bench.turn(20);
        channels.add(Objects.requireNonNull(guest.channel(), "not opened"));
        buffers = new GuestBuffers(bench);
        receiveGpadl = guest.share(buffers.receiveFrames);
        sendGpadl = guest.share(buffers.sendFrames);
        bench.turn(20);
    }

    /** The whole hand-shake with the newest version, and a filter for everything. */
    ScriptedGuest ready() {
        return ready(NvspVersion.V6_1);
    }

    ScriptedGuest ready(final NvspVersion version) {
        connect(version);
        filter(0x20);
        return this;
    }

    /** The whole hand-shake but the filter. */
    ScriptedGuest connect(final NvspVersion version) {
        nvsp.putInit(version.word());
        require(ask(), 12, 1);
        if (version.hasNdisConfig()) {
            nvsp.putNdisConfig(1514, CAPABILITY);
            say();
        }
        nvsp.putNdisVersion(version.ndisMajor(), version.ndisMinor());
        say();
        giveBuffers();
        initialise();
        return this;
    }

    void giveBuffers() {
        nvsp.putReceiveBuffer(receiveGpadl.handle(), NvspMessage.RECEIVE_BUFFER_ID);
        final Answer answer = ask();
        require(answer, 4, 1);
        sectionBytes = answer.word(16);
        sectionCount = answer.word(20);
        nvsp.putSendBuffer(sendGpadl.handle(), NvspMessage.SEND_BUFFER_ID);
        require(ask(), 4, 1);
    }

    void initialise() {
        final int request = nextRequest++;
        new RndisRequest().wrap(packet, 64, 256).putInitialize(request, 0x4000);
        sendControl(64, 24);
        if (control.isEmpty() || lastControl().word(12) != 0) {
            throw new IllegalStateException("not initialised");
        }
    }

    private static void require(final Answer answer, final int at, final int value) {
        if (answer.word(at) != value) {
            throw new IllegalStateException("refused: status=" + answer.word(at));
        }
    }

    Received lastControl() {
        return control.getLast();
    }

    void filter(final int bits) {
        final UnsafeBuffer content = new UnsafeBuffer(new byte[4]);
        content.putInt(0, bits, LITTLE_ENDIAN);
        if (set(Oid.GEN_CURRENT_PACKET_FILTER, content.byteArray()) != 0) {
            throw new IllegalStateException("filter refused: bits=" + bits);
        }
    }

    /** Sets an object, and returns the RNDIS status. */
    int set(final int oid, final byte[] content) {
        new RndisRequest().wrap(packet, 64, 2048).putSet(nextRequest++, oid, content.length);
        packet.putBytes(64 + RndisRequest.INFO_OFFSET, content);
        final int before = control.size();
        sendControl(64, RndisRequest.INFO_OFFSET + content.length);
        if (control.size() == before || lastControl().word(0) != RndisMessageType.SET_COMPLETE) {
            throw new IllegalStateException("no answer: oid=" + Oid.name(oid));
        }
        return lastControl().word(12);
    }

    /** Asks for an object; the answer, as it came. */
    Received query(final int oid) {
        new RndisRequest().wrap(packet, 64, 2048).putQuery(nextRequest++, oid);
        final int before = control.size();
        sendControl(64, RndisRequest.INFO_OFFSET);
        if (control.size() == before || lastControl().word(0) != RndisMessageType.QUERY_COMPLETE) {
            throw new IllegalStateException("no answer: oid=" + Oid.name(oid));
        }
        return lastControl();
    }

    /** The information of an answer to {@link #query}. */
    static byte[] info(final Received answer) {
        final UnsafeBuffer bytes = new UnsafeBuffer(answer.bytes());
        final RndisCompletion completion =
                new RndisCompletion().wrap(bytes, 0, answer.bytes().length);
        final byte[] info = new byte[(int) completion.infoBytes()];
        if (info.length > 0) {
            bytes.getBytes(completion.infoOffset(answer.bytes().length), info);
        }
        return info;
    }

    /** Sends an RNDIS request that lies in {@link #packet}, in a page. */
    Answer sendControl(final int at, final int lengthBytes) {
        bench.page(buffers.scratchFrame).putBytes(0, packet, at, lengthBytes);
        nvsp.putRndisPacket(NvspMessage.CHANNEL_CONTROL, NvspMessage.NO_SECTION, 0);
        return sendRanges(new long[] {lengthBytes, 0, buffers.scratchFrame});
    }

    /** Sends the NVSP message in {@link #packet}, and waits for its answer. */
    Answer ask() {
        return send(0, PacketType.IN_BAND, NvspMessage.BYTES);
    }

    /** Sends the NVSP message in {@link #packet}, without wanting an answer. */
    void say() {
        channels.getFirst().send(PacketType.IN_BAND, 0, nextId++, packet, 0, NvspMessage.BYTES);
        settle();
    }

    /** Sends so much of {@link #packet}; the answer. */
    Answer send(final int index, final int type, final int payloadBytes) {
        final long id = nextId++;
        final int status =
                channels.get(index)
                        .send(
                                type,
                                PacketDescriptor.COMPLETION_REQUESTED,
                                id,
                                packet,
                                0,
                                payloadBytes);
        if (status != RingStatus.OK) {
            throw new IllegalStateException("not sent: " + RingStatus.name(status));
        }
        settle();
        return answerOf(id);
    }

    /** Sends the NVSP message with pages; ranges are length, offset, pages. */
    Answer sendRanges(final long[]... ranges) {
        final long id = postRanges(ranges);
        settle();
        return answerOf(id);
    }

    long postRanges(final long[]... ranges) {
        int pages = 0;
        for (final long[] range : ranges) {
            pages += range.length - 2;
        }
        final int headerBytes = GpaDirectHeader.bytes(ranges.length, pages);
        final UnsafeBuffer header = new UnsafeBuffer(new byte[headerBytes]);
        header.putInt(4, ranges.length, LITTLE_ENDIAN);
        int at = 8;
        for (final long[] range : ranges) {
            header.putInt(at, (int) range[0], LITTLE_ENDIAN);
            header.putInt(at + 4, (int) range[1], LITTLE_ENDIAN);
            at += 8;
            for (int i = 2; i < range.length; i++) {
                header.putLong(at, range[i], LITTLE_ENDIAN);
                at += 8;
            }
        }
        final long id = nextId++;
        channels.getFirst()
                .send(
                        PacketType.GPA_DIRECT,
                        PacketDescriptor.COMPLETION_REQUESTED,
                        id,
                        header,
                        0,
                        headerBytes,
                        packet,
                        0,
                        NvspMessage.BYTES);
        return id;
    }

    Answer answerOf(final long id) {
        for (final Answer answer : answers) {
            if (answer.id() == id) {
                return answer;
            }
        }
        throw new IllegalStateException("no answer: id=" + id);
    }

    /** Sends frames by one section of the send buffer; the status of the answer. */
    int sendFrames(final int section, final byte[]... frames) {
        int at = section * GuestBuffers.SECTION_BYTES;
        for (final byte[] frame : frames) {
            at = GuestBuffers.putFrame(buffers.sections(), at, frame);
        }
        return sendSection(0, section, at - section * GuestBuffers.SECTION_BYTES);
    }

    /** Sends one frame with records by section 0; the status of the answer. */
    int sendFrame(final byte[] frame, final int... records) {
        return sendSection(0, 0, GuestBuffers.putFrame(buffers.sections(), 0, frame, records));
    }

    int sendSection(final int index, final int section, final int lengthBytes) {
        nvsp.putRndisPacket(NvspMessage.CHANNEL_DATA, section, lengthBytes);
        return send(index, PacketType.IN_BAND, NvspMessage.BYTES).word(4);
    }

    /** Sends one frame by pages: the message in scratch pages; the status of the answer. */
    int sendPages(final int lengthBytes) {
        final int pages = (lengthBytes + 4095) / 4096;
        final long[] range = new long[2 + pages];
        range[0] = lengthBytes;
        for (int i = 0; i < pages; i++) {
            range[2 + i] = buffers.scratchFrame + i;
        }
        nvsp.putRndisPacket(NvspMessage.CHANNEL_DATA, NvspMessage.NO_SECTION, 0);
        return sendRanges(range).word(4);
    }

    /** Opens sub-channels, so many as are granted. */
    int subChannels(final int asked) {
        return subChannels(asked, 9);
    }

    /** Opens sub-channels with rings of so many pages. */
    int subChannels(final int asked, final int ringPages) {
        nvsp.putSubChannelRequest(asked);
        final Answer answer = ask();
        if (answer.word(4) != 1) {
            return 0;
        }
        bench.turn(20);
        for (final GuestChannel sub : guest.subChannels()) {
            sub.open(OpenRequest.ofPages(ringPages, ringPages));
            bench.turn(20);
            channels.add(Objects.requireNonNull(sub.channel(), "not opened"));
        }
        settle();
        return answer.word(8);
    }

    /** Takes all memory back, once the channel is closed. */
    void free() {
        guest.unshare(receiveGpadl);
        guest.unshare(sendGpadl);
        bench.turn(50);
        buffers.free();
    }

    /** Runs until nobody has anything to do. */
    void settle() {
        for (int i = 0; i < 10_000; i++) {
            if (bench.round() + take() == 0) {
                return;
            }
        }
        throw new IllegalStateException("does not come to rest");
    }

    /** Takes what the host has sent. */
    int take() {
        int count = 0;
        for (int index = 0; index < channels.size(); index++) {
            count += take(index);
        }
        return count;
    }

    /** Takes what the host has sent by one channel. */
    int take(final int index) {
        final Channel channel = channels.get(index);
        int count = 0;
        while (channel.incoming().nextCopied() == RingStatus.OK) {
            taken(index, channel);
            count++;
        }
        channel.commitRead();
        return count;
    }

    private void taken(final int index, final Channel channel) {
        final UnsafeBuffer buffer = channel.incoming().buffer();
        final int at = channel.incoming().payloadOffset();
        final byte[] payload = new byte[channel.incoming().payloadBytes()];
        buffer.getBytes(at, payload);
        final long id = channel.incoming().transactionId();
        switch (channel.incoming().type()) {
            case PacketType.COMPLETION -> answers.add(new Answer(id, payload));
            case PacketType.IN_BAND -> told.add(new Answer(id, payload));
            case PacketType.TRANSFER_PAGES -> {
                final TransferPageHeader header = new TransferPageHeader().wrap(channel.incoming());
                final int kind = new UnsafeBuffer(payload).getInt(4, LITTLE_ENDIAN);
                for (int i = 0; i < header.rangeCount(); i++) {
                    final byte[] bytes = new byte[(int) header.byteCount(i)];
                    buffers.receiveMemory().getBytes((int) header.byteOffset(i), bytes);
                    (kind == 0 ? received : control).add(new Received(kind, bytes));
                }
                transfers.add(new Transfer(index, id, header.rangeCount()));
                if (completes || kind != 0) {
                    complete(index, id);
                }
            }
            default -> throw new IllegalStateException("type=" + channel.incoming().type());
        }
    }

    /** Completes a transfer. */
    void complete(final int index, final long id) {
        incoming.setMemory(0, 8, (byte) 0);
        incoming.putInt(0, 108, LITTLE_ENDIAN);
        incoming.putInt(4, completionStatus, LITTLE_ENDIAN);
        channels.get(index).send(PacketType.COMPLETION, 0, id, incoming, 0, 8);
    }
}
