package io.ringside.storvsc;

import io.ringside.hypervisor.CrossingCosts;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Trace;
import io.ringside.hypervisor.Vcpu;
import io.ringside.hypervisor.inprocess.InProcessMemory;
import io.ringside.ringbuf.vmbus.PacketType;
import io.ringside.ringbuf.vmbus.RingStatus;
import io.ringside.storvsc.frontend.Storvsc;
import io.ringside.storvsc.frontend.StorvscDisk;
import io.ringside.storvsc.frontend.StorvscOptions;
import io.ringside.storvsc.frontend.StorvscRefusal;
import io.ringside.storvsc.protocol.ChannelProperties;
import io.ringside.storvsc.protocol.NtStatus;
import io.ringside.storvsc.protocol.ScsiRequest;
import io.ringside.storvsc.protocol.SrbStatus;
import io.ringside.storvsc.protocol.VstorOperation;
import io.ringside.storvsc.protocol.VstorPacket;
import io.ringside.vmbus.channel.Channel;
import io.ringside.vmbus.guest.ClientOptions;
import io.ringside.vmbus.guest.GuestChannel;
import io.ringside.vmbus.guest.GuestChannelState;
import io.ringside.vmbus.guest.VmbusClient;
import io.ringside.vmbus.host.ChannelOffer;
import io.ringside.vmbus.host.HostChannel;
import io.ringside.vmbus.host.ServerOptions;
import io.ringside.vmbus.host.VmbusServer;
import io.ringside.vmbus.protocol.DeviceType;
import io.ringside.vmbus.protocol.Guid;
import io.ringside.vmbus.sim.Partition;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.agrona.concurrent.UnsafeBuffer;

/** A host that answers a frontend what it likes, byte by byte. */
final class RawHost implements AutoCloseable {
    private static final int TURNS = 50;
    private static final int CDB_OFFSET = VstorPacket.HEADER_BYTES + 16;

    final InProcessMemory memory = InProcessMemory.anonymous(1024);
    final VmbusServer server;
    final VmbusClient client;
    final HostChannel channel;
    final Storvsc guest;
    final UnsafeBuffer packet = new UnsafeBuffer(new byte[VstorPacket.BYTES]);
    final VstorPacket vstor = new VstorPacket();
    final ScsiRequest request = new ScsiRequest();
    private final List<GuestChannel> offered = new ArrayList<>();
    private final UnsafeBuffer window = new UnsafeBuffer(0, 0);
    long lastId;
    int lastBytes;

    /** How much the disk forgets at once; 0 if it forgets nothing. */
    int maxUnmapBlocks;

    RawHost(final StorvscOptions options) {
        final Vcpu vcpu = new Vcpu("guest", CrossingCosts.COUNTS, () -> 0);
        final Partition partition = new Partition(memory, List.of(vcpu), List.of(() -> {}), vcpu);
        server =
                new VmbusServer(
                        partition, memory, vcpu, () -> {}, ServerOptions.DEFAULTS, Trace.OFF);
        final FrameAllocator frames = new FrameAllocator(memory);
        client =
                new VmbusClient(
                        partition, memory, frames, ClientOptions.DEFAULTS, offered::add, Trace.OFF);
        channel = server.offer(ChannelOffer.of(DeviceType.SCSI, new Guid(1, 2)), () -> {});
        client.connect();
        for (int i = 0; i < 2 * TURNS; i++) {
            server.doWork();
            client.doWork();
        }
        guest = new Storvsc(offered.getFirst(), memory, frames, options, Trace.OFF);
        turn();
    }

    void turn() {
        for (int i = 0; i < TURNS; i++) {
            server.doWork();
            client.doWork();
            guest.doWork();
        }
    }

    Channel rings() {
        return Objects.requireNonNull(channel.channel(), "not open");
    }

    long refusals(final StorvscRefusal reason) {
        return guest.counters().refusals(reason);
    }

    /** Takes the guest's next packet; false if there is none. */
    boolean take() {
        turn();
        if (rings().incoming().nextCopied() != RingStatus.OK) {
            return false;
        }
        lastId = rings().incoming().transactionId();
        lastBytes = rings().incoming().payloadBytes();
        packet.setMemory(0, VstorPacket.BYTES, (byte) 0);
        packet.putBytes(
                0, rings().incoming().buffer(), rings().incoming().payloadOffset(), lastBytes);
        rings().commitRead();
        vstor.wrap(packet, 0, VstorPacket.BYTES);
        return true;
    }

    /** Answers the packet that was taken last, with as many bytes as it had. */
    void answer(final int status) {
        vstor.putHeader(VstorOperation.COMPLETE_IO, 0, status);
        send(PacketType.COMPLETION, lastId, lastBytes);
    }

    /** A page of the rings, in the guest's order: its own first. */
    UnsafeBuffer ringPage(final int page) {
        final GuestChannelState.Open open = (GuestChannelState.Open) offered.getFirst().state();
        memory.wrap(
                window,
                (long) open.rings().gpadl().frames()[page] << GuestMemory.PAGE_SHIFT,
                GuestMemory.PAGE_BYTES);
        return window;
    }

    void answerCommand(final int srbStatus, final int scsiStatus, final int dataBytes) {
        vstor.request(request).putAnswer(srbStatus, scsiStatus, 0, dataBytes);
        answer(NtStatus.SUCCESS);
    }

    void send(final int type, final long id, final int lengthBytes) {
        rings().send(type, 0, id, packet, 0, lengthBytes);
        turn();
    }

    /** Answers the hand-shake: one channel, and so much data in a request. */
    void handshake(final int maxTransferBytes) {
        for (int i = 0; i < 4; i++) {
            if (!take()) {
                throw new IllegalStateException("no message: step=" + i);
            }
            if (vstor.operation() == VstorOperation.QUERY_PROPERTIES) {
                vstor.properties(new ChannelProperties()).put(0, 0, maxTransferBytes);
            }
            answer(NtStatus.SUCCESS);
        }
    }

    int opcode() {
        return packet.getByte(CDB_OFFSET) & 0xff;
    }

    /** The guest's page that the command which was taken last names. */
    UnsafeBuffer page() {
        final long address =
                rings().incoming().buffer().getLong(rings().incoming().headerOffset() + 16)
                        << GuestMemory.PAGE_SHIFT;
        memory.wrap(window, address, GuestMemory.PAGE_BYTES);
        return window;
    }

    /** Answers a look for units so that there is one disk of 256 sectors. */
    StorvscDisk findDisk() {
        handshake(1 << 20);
        answerLook(0x08);
        return Objects.requireNonNull(guest.disk(0, 0), "no disk");
    }

    /** Answers a look for units: as many as the bytes of a list tell, each of them number 0. */
    void answerLook(final int listBytes) {
        while (take()) {
            vstor.request(request);
            switch (opcode()) {
                case 0x12 -> {
                    if ((packet.getByte(CDB_OFFSET + 1) & 1) != 0) {
                        page().setMemory(0, 64, (byte) 0);
                        page().putInt(20, Integer.reverseBytes(maxUnmapBlocks));
                        answerCommand(SrbStatus.SUCCESS, 0, 64);
                        continue;
                    }
                    final boolean there = request.target() == 0;
                    page().putByte(0, (byte) 0);
                    answerCommand(
                            there ? SrbStatus.SUCCESS : SrbStatus.INVALID_LUN, 0, there ? 36 : 0);
                }
                case 0xa0 -> {
                    page().setMemory(0, 8 + listBytes, (byte) 0);
                    page().putInt(0, Integer.reverseBytes(listBytes));
                    answerCommand(SrbStatus.SUCCESS, 0, 8 + listBytes);
                }
                case 0x9e -> {
                    page().putLong(0, Long.reverseBytes(255L));
                    page().putInt(8, Integer.reverseBytes(512));
                    page().putByte(14, (byte) (maxUnmapBlocks > 0 ? 0x80 : 0));
                    answerCommand(SrbStatus.SUCCESS, 0, 32);
                }
                case 0x1a -> {
                    page().putInt(0, 0);
                    answerCommand(SrbStatus.SUCCESS, 0, 4);
                }
                default -> answerCommand(SrbStatus.SUCCESS, 0, 0);
            }
        }
    }

    @Override
    public void close() {
        guest.onClose();
        memory.close();
    }
}
