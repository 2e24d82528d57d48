package io.ringside.storvsc;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.device.guest.BlockStatus;
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
import io.ringside.testkit.Seed;
import io.ringside.vmbus.channel.Channel;
import io.ringside.vmbus.guest.ClientOptions;
import io.ringside.vmbus.guest.GuestChannel;
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
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A host that answers what it likes. The guest counts, and no request is lost or ended twice. */
final class HostileHostTest {
    private final InProcessMemory memory = InProcessMemory.anonymous(1024);
    private final FrameAllocator frames = new FrameAllocator(memory);
    private final Vcpu vcpu = new Vcpu("guest", CrossingCosts.COUNTS, () -> 0);
    private final Partition partition =
            new Partition(memory, List.of(vcpu), List.of(() -> {}), vcpu);
    private final VmbusServer server =
            new VmbusServer(partition, memory, vcpu, () -> {}, ServerOptions.DEFAULTS, Trace.OFF);
    private final List<GuestChannel> offered = new ArrayList<>();
    private final VmbusClient client =
            new VmbusClient(
                    partition, memory, frames, ClientOptions.DEFAULTS, offered::add, Trace.OFF);
    private final HostChannel channel =
            server.offer(ChannelOffer.of(DeviceType.SCSI, new Guid(1, 2)), () -> {});
    private final UnsafeBuffer packet = new UnsafeBuffer(new byte[VstorPacket.BYTES]);
    private final VstorPacket vstor = new VstorPacket();
    private final ScsiRequest request = new ScsiRequest();
    private Storvsc guest = connect();
    private long lastId;

    private Storvsc connect() {
        client.connect();
        for (int i = 0; i < 100; i++) {
            server.doWork();
            client.doWork();
        }
        return new Storvsc(offered.getFirst(), memory, frames, StorvscOptions.DEFAULTS, Trace.OFF);
    }

    @BeforeEach
    void open() {
        turn();
    }

    @AfterEach
    void close() {
        guest.onClose();
        memory.close();
    }

    private void turn() {
        for (int i = 0; i < 50; i++) {
            server.doWork();
            client.doWork();
            guest.doWork();
        }
    }

    private Channel rings() {
        return Objects.requireNonNull(channel.channel(), "not open");
    }

    /** Takes the guest's next packet; false if there is none. */
    private boolean take() {
        turn();
        if (rings().incoming().nextCopied() != RingStatus.OK) {
            return false;
        }
        lastId = rings().incoming().transactionId();
        packet.putBytes(
                0,
                rings().incoming().buffer(),
                rings().incoming().payloadOffset(),
                VstorPacket.BYTES);
        rings().commitRead();
        vstor.wrap(packet, 0, VstorPacket.BYTES);
        return true;
    }

    private void answer(final int status) {
        vstor.putHeader(VstorOperation.COMPLETE_IO, 0, status);
        send(PacketType.COMPLETION, lastId, VstorPacket.BYTES);
    }

    private void send(final int type, final long id, final int lengthBytes) {
        rings().send(type, 0, id, packet, 0, lengthBytes);
        turn();
    }

    private void handshake(final int maxTransferBytes) {
        for (int i = 0; i < 4; i++) {
            assertThat(take()).as("step %d", i).isTrue();
            if (vstor.operation() == VstorOperation.QUERY_PROPERTIES) {
                vstor.properties(new ChannelProperties()).put(0, 0, maxTransferBytes);
            }
            answer(NtStatus.SUCCESS);
        }
    }

    @Test
    void goesDownTheVersionsAndGivesUpAfterTheLast() {
        take();
        answer(NtStatus.SUCCESS);
        final int[] words = {0x0602, 0x0600, 0x0501, 0x0402, 0x0200};
        for (final int word : words) {
            assertThat(take()).isTrue();
            assertThat(vstor.version()).isEqualTo(word);
            answer(NtStatus.REVISION_MISMATCH);
        }
        assertThat(guest.isClosed()).isTrue();
        assertThat(guest.counters().refusals(StorvscRefusal.HANDSHAKE)).isEqualTo(1);
    }

    @Test
    void refusesAControllerThatTakesNoData() {
        take();
        answer(NtStatus.SUCCESS);
        take();
        answer(NtStatus.SUCCESS);
        take();
        vstor.properties(new ChannelProperties()).put(0, 0, 4095);
        answer(NtStatus.SUCCESS);
        assertThat(guest.isClosed()).isTrue();
    }

    /** Row 39: numbers that are not in flight, late, made up, or answered twice. */
    @Test
    void findsNothingUnderNumbersThatItDidNotGive() {
        take();
        final long real = lastId;
        for (final long forged : new long[] {0, -1, 1L << 63, real + 1, real + (1L << 32), 77}) {
            vstor.putHeader(VstorOperation.COMPLETE_IO, 0, NtStatus.SUCCESS);
            send(PacketType.COMPLETION, forged, VstorPacket.BYTES);
        }
        assertThat(guest.counters().refusals(StorvscRefusal.ID)).isEqualTo(6);
        assertThat(guest.counters().answers()).isZero();
        answer(NtStatus.SUCCESS);
        send(PacketType.COMPLETION, real, VstorPacket.BYTES);
        assertThat(guest.counters().refusals(StorvscRefusal.ID)).isEqualTo(7);
        assertThat(guest.isClosed()).isFalse();
    }

    /** Row 37: packets shorter than what they say they are. */
    @Test
    void dropsPacketsThatAreCutShortOrSayNothing() {
        take();
        vstor.putHeader(VstorOperation.COMPLETE_IO, 0, NtStatus.SUCCESS);
        for (int lengthBytes = 0; lengthBytes < VstorPacket.BYTES; lengthBytes += 8) {
            send(PacketType.COMPLETION, lastId, lengthBytes);
        }
        assertThat(guest.counters().refusals(StorvscRefusal.PACKET_LENGTH)).isEqualTo(8);
        vstor.putHeader(VstorOperation.EXECUTE_SRB, 0, NtStatus.SUCCESS);
        send(PacketType.COMPLETION, lastId, VstorPacket.BYTES);
        send(PacketType.IN_BAND, 0, VstorPacket.BYTES);
        send(PacketType.SYNCH, 0, VstorPacket.BYTES);
        assertThat(guest.counters().refusals(StorvscRefusal.PACKET)).isEqualTo(3);
        assertThat(guest.counters().answers()).isZero();
    }

    private void answerCommand(final int srbStatus, final int scsiStatus, final int dataBytes) {
        vstor.request(request).putAnswer(srbStatus, scsiStatus, 0, dataBytes);
        answer(NtStatus.SUCCESS);
    }

    /** Answers a look for units so that there is one disk of 256 sectors. */
    private StorvscDisk findDisk() {
        handshake(1 << 20);
        final UnsafeBuffer page = new UnsafeBuffer(0, 0);
        while (take()) {
            memory.wrap(page, probePage(), GuestMemory.PAGE_BYTES);
            vstor.request(request);
            switch (packet.getByte(12 + 16) & 0xff) {
                case 0x12 -> {
                    page.putByte(0, (byte) 0);
                    answerCommand(
                            request.target() == 0 ? SrbStatus.SUCCESS : SrbStatus.INVALID_LUN,
                            0,
                            36);
                }
                case 0xa0 -> {
                    page.putLong(0, 0x08000000L);
                    page.putLong(8, 0);
                    answerCommand(SrbStatus.SUCCESS, 0, 16);
                }
                case 0x9e -> {
                    page.putLong(0, Long.reverseBytes(255L));
                    page.putInt(8, Integer.reverseBytes(512));
                    answerCommand(SrbStatus.SUCCESS, 0, 32);
                }
                case 0x1a -> {
                    page.putInt(0, 0);
                    answerCommand(SrbStatus.SUCCESS, 0, 4);
                }
                default -> answerCommand(SrbStatus.SUCCESS, 0, 0);
            }
        }
        return Objects.requireNonNull(guest.disk(0, 0), "no disk");
    }

    /** The page of the guest that the command which was taken last names. */
    private long probePage() {
        return rings().incoming().headerBytes() < 24
                ? 1L << GuestMemory.PAGE_SHIFT
                : rings().incoming().buffer().getLong(rings().incoming().headerOffset() + 16)
                        << GuestMemory.PAGE_SHIFT;
    }

    @Test
    void endsARequestOnceWhateverIsAnswered() {
        final StorvscDisk disk = findDisk();
        final int[] ended = new int[1];
        final BlockStatus[] status = new BlockStatus[1];
        disk.completionsTo(done -> {
            ended[0]++;
            status[0] = done.status();
        });
        final int[][] answers = {
            // srb status, scsi status, bytes, good
            {SrbStatus.SUCCESS, 0, 512, 1},
            {SrbStatus.SUCCESS, 0, 511, 0},
            {SrbStatus.SUCCESS, 0, 513, 0},
            {SrbStatus.SUCCESS, 0, -1, 0},
            {SrbStatus.SUCCESS, 2, 512, 0},
            {SrbStatus.ERROR, 0, 512, 0},
            {0xff, 0xff, 512, 0},
            {SrbStatus.DATA_OVERRUN, 0, 512, 0},
            {SrbStatus.ABORTED, 0, 0, 0},
        };
        for (int i = 0; i < answers.length; i++) {
            final BlockRequest block =
                    new BlockRequest(1)
                            .reset(BlockOperation.READ, 0)
                            .addSegment(900L << GuestMemory.PAGE_SHIFT, 512);
            assertThat(disk.submit(block)).isTrue();
            disk.commit();
            assertThat(take()).isTrue();
            answerCommand(answers[i][0], answers[i][1], answers[i][2]);
            assertThat(ended[0]).isEqualTo(i + 1);
            assertThat(status[0] == BlockStatus.OK)
                    .as("answer %d", i)
                    .isEqualTo(answers[i][3] == 1);
        }
        assertThat(guest.counters().refusals(StorvscRefusal.TRANSFER)).isEqualTo(2);
        assertThat(disk.inFlight()).isZero();
    }

    @Test
    void triesNoMoreThanSoOften() {
        final StorvscDisk disk = findDisk();
        final int[] ended = new int[1];
        disk.completionsTo(done -> ended[0]++);
        disk.submit(new BlockRequest(1).reset(BlockOperation.FLUSH, 0));
        disk.commit();
        int tries = 0;
        while (take()) {
            answerCommand(SrbStatus.BUSY, 0x28, 0);
            tries++;
        }
        assertThat(tries).isEqualTo(16);
        assertThat(ended[0]).isEqualTo(1);
    }

    @Test
    void closesOverARingThatCannotBe() {
        final StorvscDisk disk = findDisk();
        final BlockStatus[] status = new BlockStatus[1];
        disk.completionsTo(done -> status[0] = done.status());
        disk.submit(new BlockRequest(1).reset(BlockOperation.FLUSH, 0));
        disk.commit();
        rings().send(9, 0, 1, packet, 0, 8); // A GPA-direct packet without a header.
        turn();
        assertThat(guest.isClosed()).isTrue();
        assertThat(status[0]).isEqualTo(BlockStatus.ERROR);
        assertThat(guest.counters().refusals(StorvscRefusal.RING)).isEqualTo(1);
    }

    @Test
    void outlivesAnythingAHostMakesUp() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        handshake(1 << 20);
        for (int i = 0; i < 2000 && !guest.isClosed(); i++) {
            final boolean has = take();
            for (int flips = random.nextInt(8); flips > 0; flips--) {
                packet.putByte(random.nextInt(64), (byte) random.nextInt());
            }
            if (random.nextInt(4) > 0) {
                packet.putInt(0, VstorOperation.COMPLETE_IO);
            }
            send(
                    random.nextInt(8) == 0 ? PacketType.IN_BAND : PacketType.COMPLETION,
                    has || random.nextBoolean() ? lastId : random.nextLong(),
                    random.nextInt(6) == 0 ? random.nextInt(8) * 8 : 64);
        }
        assertThat(guest.isClosed()).as("%s", seed).isFalse();
    }

    @Test
    void readsNothingBeyondAListOfUnitsThatLies() {
        handshake(1 << 20);
        take();
        answerCommand(SrbStatus.SUCCESS, 0, 36);
        assertThat(take()).isTrue();
        final UnsafeBuffer page = new UnsafeBuffer(0, 0);
        memory.wrap(page, probePage(), GuestMemory.PAGE_BYTES);
        page.setMemory(0, GuestMemory.PAGE_BYTES, (byte) 0xff);
        answerCommand(SrbStatus.SUCCESS, 0, 4096);
        assertThat(guest.counters().refusals(StorvscRefusal.UNIT)).isEqualTo(511);
        assertThat(guest.isClosed()).isFalse();
    }
}
