package io.ringside.storvsc;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.device.guest.BlockStatus;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.ringbuf.vmbus.PacketType;
import io.ringside.storvsc.frontend.Storvsc;
import io.ringside.storvsc.frontend.StorvscDisk;
import io.ringside.storvsc.frontend.StorvscOptions;
import io.ringside.storvsc.frontend.StorvscRefusal;
import io.ringside.storvsc.protocol.ChannelProperties;
import io.ringside.storvsc.protocol.NtStatus;
import io.ringside.storvsc.protocol.SrbStatus;
import io.ringside.storvsc.protocol.VstorOperation;
import io.ringside.storvsc.protocol.VstorPacket;
import io.ringside.testkit.Seed;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A host that answers what it likes. The guest counts, and no request is lost or ended twice. */
final class HostileHostTest {
    private final RawHost host = new RawHost(StorvscOptions.DEFAULTS);
    private final Storvsc guest = host.guest;
    private final VstorPacket vstor = host.vstor;

    @AfterEach
    void close() {
        host.close();
    }

    @Test
    void goesDownTheVersionsAndGivesUpAfterTheLast() {
        host.take();
        host.answer(NtStatus.SUCCESS);
        final int[] words = {0x0602, 0x0600, 0x0501, 0x0402, 0x0200};
        for (final int word : words) {
            assertThat(host.take()).isTrue();
            assertThat(vstor.version()).isEqualTo(word);
            host.answer(NtStatus.REVISION_MISMATCH);
        }
        assertThat(guest.isClosed()).isTrue();
        assertThat(host.refusals(StorvscRefusal.HANDSHAKE)).isEqualTo(1);
    }

    @Test
    void refusesAControllerThatTakesNoData() {
        host.take();
        host.answer(NtStatus.SUCCESS);
        host.take();
        host.answer(NtStatus.SUCCESS);
        host.take();
        vstor.properties(new ChannelProperties()).put(0, 0, 4095);
        host.answer(NtStatus.SUCCESS);
        assertThat(guest.isClosed()).isTrue();
    }

    /** Row 39: numbers that are not in flight, late, made up, or answered twice. */
    @Test
    void findsNothingUnderNumbersThatItDidNotGive() {
        host.take();
        final long real = host.lastId;
        for (final long forged : new long[] {-1, 1L << 63, real + 1, real + (1L << 32), 77}) {
            vstor.putHeader(VstorOperation.COMPLETE_IO, 0, NtStatus.SUCCESS);
            host.send(PacketType.COMPLETION, forged, VstorPacket.BYTES);
        }
        assertThat(host.refusals(StorvscRefusal.ID)).isEqualTo(5);
        assertThat(guest.counters().answers()).isZero();
        host.answer(NtStatus.SUCCESS);
        host.send(PacketType.COMPLETION, real, VstorPacket.BYTES);
        assertThat(host.refusals(StorvscRefusal.ID)).isEqualTo(6);
        assertThat(guest.isClosed()).isFalse();
    }

    /** Row 37: packets shorter than what they say they are. */
    @Test
    void dropsPacketsThatAreCutShortOrSayNothing() {
        host.take();
        vstor.putHeader(VstorOperation.COMPLETE_IO, 0, NtStatus.SUCCESS);
        for (int lengthBytes = 0; lengthBytes < VstorPacket.BYTES; lengthBytes += 8) {
            host.send(PacketType.COMPLETION, host.lastId, lengthBytes);
        }
        assertThat(host.refusals(StorvscRefusal.PACKET_LENGTH)).isEqualTo(8);
        vstor.putHeader(VstorOperation.EXECUTE_SRB, 0, NtStatus.SUCCESS);
        host.send(PacketType.COMPLETION, host.lastId, VstorPacket.BYTES);
        host.send(PacketType.IN_BAND, 0, VstorPacket.BYTES);
        host.send(PacketType.IN_BAND, host.lastId, VstorPacket.BYTES);
        host.send(PacketType.SYNCH, 0, VstorPacket.BYTES);
        assertThat(host.refusals(StorvscRefusal.PACKET)).isEqualTo(4);
        assertThat(guest.counters().answers()).isZero();
    }

    @Test
    void endsARequestOnceWhateverIsAnswered() {
        final StorvscDisk disk = host.findDisk();
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
            assertThat(host.take()).isTrue();
            host.answerCommand(answers[i][0], answers[i][1], answers[i][2]);
            assertThat(ended[0]).isEqualTo(i + 1);
            assertThat(status[0] == BlockStatus.OK)
                    .as("answer %d", i)
                    .isEqualTo(answers[i][3] == 1);
        }
        assertThat(host.refusals(StorvscRefusal.TRANSFER)).isEqualTo(2);
        assertThat(disk.inFlight()).isZero();
    }

    @Test
    void forgetsALongRangeInAsManyPartsAsTheUnitNeeds() {
        host.maxUnmapBlocks = 8;
        final StorvscDisk disk = host.findDisk();
        assertThat(discard(disk, 20)).isEqualTo(BlockStatus.OK);
        assertThat(unmapped).isEqualTo("16+8 24+8 32+4 ");
        assertThat(guest.counters().discards()).isEqualTo(1);
        unmapped = "";
        assertThat(discard(disk, 8)).isEqualTo(BlockStatus.OK);
        assertThat(unmapped).isEqualTo("16+8 ");
        unmapped = "";
        failingPart = 24;
        assertThat(discard(disk, 20)).isEqualTo(BlockStatus.ERROR);
        assertThat(unmapped).as("not the last part").isEqualTo("16+8 24+8 ");
        assertThat(disk.inFlight()).isZero();
    }

    private String unmapped = "";
    private long failingPart = -1;

    /** Discards from sector 16 on, with a host that notes what it is to forget. */
    private BlockStatus discard(final StorvscDisk disk, final long sectors) {
        final int[] ended = new int[1];
        disk.completionsTo(done -> ended[0]++);
        final BlockRequest request =
                new BlockRequest(1).resetToDiscard(BlockOperation.DISCARD, 16, sectors);
        assertThat(disk.submit(request)).isTrue();
        disk.commit();
        while (host.take()) {
            assertThat(host.opcode()).isEqualTo(0x42);
            final int inPage =
                    host.rings()
                            .incoming()
                            .buffer()
                            .getInt(host.rings().incoming().headerOffset() + 12);
            final long block = Long.reverseBytes(host.page().getLong(inPage + 8));
            unmapped += block + "+" + Integer.reverseBytes(host.page().getInt(inPage + 16)) + " ";
            final boolean good = block != failingPart;
            host.answerCommand(good ? SrbStatus.SUCCESS : SrbStatus.ERROR, 0, good ? 24 : 0);
        }
        assertThat(ended[0]).isEqualTo(1);
        return request.status();
    }

    @Test
    void triesNoMoreThanSoOften() {
        final StorvscDisk disk = host.findDisk();
        final int[] ended = new int[1];
        disk.completionsTo(done -> ended[0]++);
        disk.submit(new BlockRequest(1).reset(BlockOperation.FLUSH, 0));
        disk.commit();
        int tries = 0;
        while (host.take()) {
            host.answerCommand(SrbStatus.BUSY, 0x28, 0);
            tries++;
        }
        assertThat(tries).isEqualTo(16);
        assertThat(ended[0]).isEqualTo(1);
    }

    @Test
    void closesOverARingThatCannotBe() {
        final StorvscDisk disk = host.findDisk();
        final BlockStatus[] status = new BlockStatus[1];
        disk.completionsTo(done -> status[0] = done.status());
        disk.submit(new BlockRequest(1).reset(BlockOperation.FLUSH, 0));
        disk.commit();
        host.rings().send(9, 0, 1, host.packet, 0, 8); // A GPA-direct packet without a header.
        host.turn();
        assertThat(guest.isClosed()).isTrue();
        assertThat(status[0]).as("the host has the channel still").isNull();
        host.channel.release();
        host.turn();
        assertThat(status[0]).isEqualTo(BlockStatus.ERROR);
        assertThat(host.refusals(StorvscRefusal.RING)).isEqualTo(1);
    }

    @Test
    void outlivesAnythingAHostMakesUp() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        host.handshake(1 << 20);
        for (int i = 0; i < 2000 && !guest.isClosed(); i++) {
            final boolean has = host.take();
            for (int flips = random.nextInt(8); flips > 0; flips--) {
                host.packet.putByte(random.nextInt(64), (byte) random.nextInt());
            }
            if (random.nextInt(4) > 0) {
                host.packet.putInt(0, VstorOperation.COMPLETE_IO);
            }
            host.send(
                    random.nextInt(8) == 0 ? PacketType.IN_BAND : PacketType.COMPLETION,
                    has || random.nextBoolean() ? host.lastId : random.nextLong(),
                    random.nextInt(6) == 0 ? random.nextInt(8) * 8 : 64);
        }
        assertThat(guest.isClosed()).as("%s", seed).isFalse();
    }

    @Test
    void readsNothingBeyondAListOfUnitsThatLies() {
        host.handshake(1 << 20);
        host.take();
        host.answerCommand(SrbStatus.SUCCESS, 0, 36);
        assertThat(host.take()).isTrue();
        host.page().setMemory(0, GuestMemory.PAGE_BYTES, (byte) 0xff);
        host.answerCommand(SrbStatus.SUCCESS, 0, 4096);
        assertThat(host.refusals(StorvscRefusal.UNIT)).isEqualTo(511);
        assertThat(guest.isClosed()).isFalse();
    }

    /** Row 42: what stands twice in a list of units is one unit. */
    @Test
    void makesOneDiskOfAUnitThatIsNamedTwice() {
        host.handshake(1 << 20);
        host.answerLook(3 * Long.BYTES);
        assertThat(guest.disks()).hasSize(1);
        assertThat(host.refusals(StorvscRefusal.UNIT)).isEqualTo(2);
    }

    @Test
    void looksForUnitsOnceMoreHoweverOftenItIsToldDuringALook() {
        host.findDisk();
        assertThat(guest.counters().scans()).isEqualTo(1);
        tell(VstorOperation.ENUMERATE_BUS, VstorPacket.BYTES);
        assertThat(host.take()).as("the second look has begun").isTrue();
        final UnsafeBuffer asked = new UnsafeBuffer(new byte[VstorPacket.BYTES]);
        asked.putBytes(0, host.packet, 0, VstorPacket.BYTES);
        for (int i = 0; i < 300; i++) {
            tell(i % 2 == 0 ? VstorOperation.ENUMERATE_BUS : VstorOperation.REMOVE_DEVICE, 8);
        }
        assertThat(guest.counters().notices()).isEqualTo(301);
        host.packet.putBytes(0, asked, 0, VstorPacket.BYTES);
        host.page().putByte(0, (byte) 0);
        host.answerCommand(SrbStatus.SUCCESS, 0, 36);
        host.answerLook(Long.BYTES);
        assertThat(guest.counters().scans()).isEqualTo(3);
        assertThat(guest.isSettled()).isTrue();
        assertThat(guest.disks()).hasSize(1);
    }

    private void tell(final int operation, final int lengthBytes) {
        vstor.wrap(host.packet, 0, VstorPacket.BYTES).put(operation, 0, 0);
        host.send(PacketType.IN_BAND, 0, lengthBytes);
    }

    /** What is told unasked needs its operation and no more, and no number. */
    @Test
    void takesWhatItIsToldUnaskedHoweverShort() {
        host.findDisk();
        tell(VstorOperation.EVENT_NOTIFICATION, 4);
        assertThat(guest.isSettled()).isTrue();
        tell(VstorOperation.REMOVE_DEVICE, 4);
        assertThat(guest.isSettled()).isFalse();
        host.answerLook(Long.BYTES);
        assertThat(guest.counters().scans()).isEqualTo(2);
        assertThat(guest.counters().refusals()).isZero();
        tell(VstorOperation.ENUMERATE_BUS, 0);
        assertThat(host.refusals(StorvscRefusal.PACKET_LENGTH)).isEqualTo(1);
        for (final int answer : new int[] {VstorOperation.COMPLETE_IO, VstorOperation.FCHBA_DATA}) {
            vstor.wrap(host.packet, 0, VstorPacket.BYTES).put(answer, 0, 0);
            host.send(PacketType.IN_BAND, 0, VstorPacket.BYTES);
            host.send(PacketType.COMPLETION, 0, VstorPacket.BYTES);
        }
        assertThat(host.refusals(StorvscRefusal.PACKET)).isEqualTo(4);
        assertThat(guest.isSettled()).isTrue();
    }

    /** Hosts say that INQUIRY and MODE SENSE went wrong where they did not. */
    @Test
    void believesTheDataOfInquiryAndModeSenseWhateverTheirStatus() {
        host.handshake(1 << 20);
        while (host.take()) {
            vstor.request(host.request);
            switch (host.opcode()) {
                case 0x12 -> host.answerCommand(SrbStatus.ERROR, 0, 36);
                case 0xa0 -> {
                    host.page().setMemory(0, 16, (byte) 0);
                    host.page().putInt(0, Integer.reverseBytes(8));
                    host.answerCommand(SrbStatus.SUCCESS, 0, 16);
                }
                case 0x9e -> {
                    host.page().putLong(0, Long.reverseBytes(255L));
                    host.page().putInt(8, Integer.reverseBytes(512));
                    host.answerCommand(SrbStatus.SUCCESS, 0, 32);
                }
                case 0x1a -> {
                    host.page().putInt(0, 0x80_0000); // Write protected.
                    host.answerCommand(SrbStatus.INVALID_REQUEST, 2, 4);
                }
                default -> host.answerCommand(SrbStatus.SUCCESS, 0, 0);
            }
        }
        assertThat(guest.disks()).hasSize(2);
        assertThat(guest.disks().getFirst().limits().readOnly()).isTrue();
    }
}
