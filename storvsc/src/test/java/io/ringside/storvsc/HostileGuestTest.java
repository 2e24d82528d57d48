package io.ringside.storvsc;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.media.RamStore;
import io.ringside.ringbuf.vmbus.PacketType;
import io.ringside.storvsc.backend.StorvspOptions;
import io.ringside.storvsc.backend.StorvspRefusal;
import io.ringside.storvsc.protocol.ControllerKind;
import io.ringside.storvsc.protocol.DataDirection;
import io.ringside.storvsc.protocol.NtStatus;
import io.ringside.storvsc.protocol.ScsiRequest;
import io.ringside.storvsc.protocol.SrbStatus;
import io.ringside.storvsc.protocol.VstorOperation;
import io.ringside.storvsc.protocol.VstorPacket;
import io.ringside.storvsc.protocol.VstorVersion;
import io.ringside.storvsc.protocol.Wakeups;
import io.ringside.storvsc.protocol.WorldWideNames;
import io.ringside.testkit.Seed;
import io.ringside.vmbus.guest.GuestChannel;
import io.ringside.vmbus.guest.OpenRequest;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A guest that does what no driver does. The host answers, counts, and goes on. */
final class HostileGuestTest {
    private static final String READ = "28 00 00 00 00 00 00 00 01 00";
    private final StorBench bench = StorBench.usual();
    private final RamStore store = RamStore.zeroed(1024);
    private RawGuest guest = new RawGuest(bench);

    @BeforeEach
    void addDisk() {
        bench.host.add(0, 0, bench.disk("a", store));
    }

    @AfterEach
    void close() {
        assertThat(bench.host.inFlight()).isZero();
        store.close();
        bench.close();
    }

    private long refusals(final StorvspRefusal reason) {
        return bench.host.counters().refusals(reason);
    }

    /** The disk still reads. */
    private void assertServes() {
        guest.command(0, 0, READ, DataDirection.TO_GUEST, 512);
        guest.sendRanges(VstorPacket.BYTES, new long[] {512, 0, 50});
        ScsiRequest answer = guest.answered();
        if (SrbStatus.hasSense(answer.srbStatus())) { // The attention after power on.
            guest.command(0, 0, READ, DataDirection.TO_GUEST, 512);
            guest.sendRanges(VstorPacket.BYTES, new long[] {512, 0, 50});
            answer = guest.answered();
        }
        assertThat(answer.srbStatus()).isEqualTo(SrbStatus.SUCCESS);
        assertThat(answer.dataBytes()).isEqualTo(512);
    }

    @Test
    void takesTheHandshakeInItsOrderOnly() {
        final int[] all = {
            VstorOperation.QUERY_PROTOCOL_VERSION,
            VstorOperation.QUERY_PROPERTIES,
            VstorOperation.END_INITIALIZATION,
            VstorOperation.CREATE_SUB_CHANNELS,
            VstorOperation.EXECUTE_SRB,
            VstorOperation.RESET_BUS,
        };
        for (final int operation : all) {
            assertThat(guest.message(operation, 0x0602)).isEqualTo(NtStatus.INVALID_DEVICE_STATE);
        }
        assertThat(guest.message(VstorOperation.BEGIN_INITIALIZATION, 0)).isZero();
        assertThat(guest.message(VstorOperation.BEGIN_INITIALIZATION, 0))
                .isEqualTo(NtStatus.INVALID_DEVICE_STATE);
        assertThat(guest.message(VstorOperation.QUERY_PROPERTIES, 0))
                .isEqualTo(NtStatus.INVALID_DEVICE_STATE);
        assertThat(guest.message(VstorOperation.QUERY_PROTOCOL_VERSION, 0x0603))
                .isEqualTo(NtStatus.REVISION_MISMATCH);
        assertThat(guest.message(VstorOperation.QUERY_PROTOCOL_VERSION, 0x0602)).isZero();
        assertThat(guest.message(VstorOperation.QUERY_PROTOCOL_VERSION, 0x0602))
                .isEqualTo(NtStatus.INVALID_DEVICE_STATE);
        assertThat(guest.message(VstorOperation.END_INITIALIZATION, 0))
                .isEqualTo(NtStatus.INVALID_DEVICE_STATE);
        assertThat(guest.message(VstorOperation.QUERY_PROPERTIES, 0)).isZero();
        assertThat(guest.message(VstorOperation.QUERY_PROPERTIES, 0))
                .isEqualTo(NtStatus.INVALID_DEVICE_STATE);
        assertThat(guest.message(VstorOperation.END_INITIALIZATION, 0)).isZero();
        assertThat(guest.message(VstorOperation.END_INITIALIZATION, 0))
                .isEqualTo(NtStatus.INVALID_DEVICE_STATE);
        assertThat(guest.message(VstorOperation.FCHBA_DATA, 0))
                .isEqualTo(NtStatus.INVALID_DEVICE_REQUEST);
        assertThat(guest.message(0xdeadbeef, 0)).isEqualTo(NtStatus.INVALID_DEVICE_REQUEST);
        assertServes();
    }

    /** Row 35: a request for more channels than were offered. */
    @Test
    void givesNoMoreChannelsThanItOffered() {
        guest.ready();
        assertThat(guest.message(VstorOperation.CREATE_SUB_CHANNELS, 0))
                .isEqualTo(NtStatus.INVALID_PARAMETER);
        assertThat(guest.message(VstorOperation.CREATE_SUB_CHANNELS, 8))
                .isEqualTo(NtStatus.INVALID_PARAMETER);
        assertThat(guest.message(VstorOperation.CREATE_SUB_CHANNELS, 0xffff))
                .isEqualTo(NtStatus.INVALID_PARAMETER);
        assertThat(refusals(StorvspRefusal.SUB_CHANNELS)).isEqualTo(3);
        assertThat(guest.message(VstorOperation.CREATE_SUB_CHANNELS, 2)).isZero();
        assertThat(guest.message(VstorOperation.CREATE_SUB_CHANNELS, 2))
                .isEqualTo(NtStatus.INVALID_DEVICE_STATE);
        assertThat(bench.server.channelCount()).isEqualTo(3);
    }

    /** Row 35: more channels than a bus has numbers for, though the controller allows as many. */
    @Test
    void givesNoMoreChannelsThanTheBusHasNumbersFor() {
        final StorvspOptions many =
                new StorvspOptions(
                        VstorVersion.WIN10,
                        1 << 19,
                        4000,
                        Wakeups.ARMED,
                        ControllerKind.SCSI,
                        WorldWideNames.NONE);
        try (StorBench wide = new StorBench(1, many)) {
            final RawGuest greedy = new RawGuest(wide).ready();
            assertThat(greedy.message(VstorOperation.CREATE_SUB_CHANNELS, 2047))
                    .isEqualTo(NtStatus.INVALID_PARAMETER);
            assertThat(wide.server.channelCount()).isEqualTo(1);
            assertThat(greedy.message(VstorOperation.CREATE_SUB_CHANNELS, 2046)).isZero();
            assertThat(wide.server.channelCount()).isEqualTo(2047);
        }
    }

    /** Row 34: sub-channels that a guest never gives back, and asks for again. */
    @Test
    void offersNoSubChannelsWhileTheGuestKeepsTheNumbersOfOldOnes() {
        guest.ready();
        assertThat(guest.message(VstorOperation.CREATE_SUB_CHANNELS, 2)).isZero();
        bench.idle();
        for (final GuestChannel channel : bench.channel().subChannels()) {
            channel.open(OpenRequest.ofPages(9, 9));
        }
        bench.idle();
        bench.channel().close(); // The others are taken away, but nobody releases them.
        bench.idle();
        final RawGuest again = new RawGuest(bench).ready();
        assertThat(again.message(VstorOperation.CREATE_SUB_CHANNELS, 2))
                .isEqualTo(NtStatus.INVALID_DEVICE_STATE);
        assertThat(bench.server.channelCount()).isEqualTo(3);
    }

    /** Row 28: a packet shorter than what it says it is. */
    @Test
    void refusesPacketsThatAreCutShort() {
        guest.ready();
        for (int lengthBytes = 0; lengthBytes < VstorPacket.BYTES; lengthBytes += 8) {
            guest.command(0, 0, READ, DataDirection.NONE, 0);
            guest.send(PacketType.IN_BAND, lengthBytes);
            final VstorPacket answer = guest.next();
            assertThat(answer).isNotNull();
            if (answer != null) {
                assertThat(answer.status()).isEqualTo(NtStatus.INVALID_PARAMETER);
                assertThat(answer.packetBytes()).isEqualTo(VstorPacket.BYTES);
            }
        }
        assertThat(refusals(StorvspRefusal.PACKET_LENGTH)).isEqualTo(8);
        assertServes();
    }

    @ParameterizedTest
    @CsvSource({"0, 2", "17, 2", "255, 2", "10, 3", "10, 255"})
    void refusesRequestsWhoseNumbersCannotBe(final int cdbLength, final int direction) {
        guest.ready();
        guest.command(0, 0, READ, direction, 0);
        guest.packet.putByte(12 + 8, (byte) cdbLength);
        guest.send(PacketType.IN_BAND, VstorPacket.BYTES);
        assertThat(guest.answered().srbStatus()).isEqualTo(SrbStatus.INVALID_REQUEST);
        assertThat(refusals(StorvspRefusal.REQUEST)).isEqualTo(1);
        assertServes();
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 0", "2, 0, 0", "255, 255, 0", "0, 0, 1", "1, 0, 0"})
    void hasNoUnitWhereNoneIs(final int target, final int lun, final int path) {
        guest.ready();
        guest.command(target, lun, READ, DataDirection.NONE, 0);
        guest.packet.putByte(12 + 5, (byte) path);
        guest.send(PacketType.IN_BAND, VstorPacket.BYTES);
        assertThat(guest.answered().srbStatus()).isEqualTo(SrbStatus.INVALID_LUN);
        assertThat(refusals(StorvspRefusal.UNIT)).isEqualTo(1);
        assertServes();
    }

    @Test
    void saysThatNoUnitIsThereWhereOthersAre() {
        guest.ready();
        guest.command(0, 9, "12 00 00 00 24 00", DataDirection.TO_GUEST, 36);
        guest.sendRanges(VstorPacket.BYTES, new long[] {36, 0, 50});
        assertThat(guest.answered().srbStatus()).isEqualTo(SrbStatus.SUCCESS);
        assertThat(bench.page(50).getByte(0)).isEqualTo((byte) 0x7f);
    }

    /** Rows 29 and 32: offsets beyond a page, pages that do not exist, ranges that lie. */
    @Test
    void refusesRangesThatDoNotHoldWhatTheyShould() {
        guest.ready();
        final long[][][] wrong = {
            {{512, 4096, 50}},
            {{512, 0xffff_ffffL, 50}},
            {{512, 4000, 50}},
            {{0xffff_ffffL, 0, 50}},
            {{512, 0, StorBench.FRAMES}},
            {{512, 0, -1}},
            {{512, 0, 1L << 40}},
            {{512, 0, Long.MIN_VALUE}},
            {{511, 0, 50}},
            {{0, 0}},
            {{256, 0, 50}, {255, 0, 51}},
        };
        for (final long[][] ranges : wrong) {
            guest.command(0, 0, READ, DataDirection.TO_GUEST, 512);
            guest.sendRanges(VstorPacket.BYTES, ranges);
            assertThat(guest.answered().srbStatus())
                    .as("%s", (Object) ranges)
                    .isEqualTo(SrbStatus.INVALID_REQUEST);
        }
        assertThat(refusals(StorvspRefusal.DATA)).isEqualTo(wrong.length);
        assertServes();
    }

    @Test
    void refusesMoreDataThanARequestMayHave() {
        guest.ready();
        guest.command(0, 0, READ, DataDirection.TO_GUEST, (1 << 19) + 1);
        guest.sendRanges(VstorPacket.BYTES, new long[] {512, 0, 50});
        assertThat(guest.answered().srbStatus()).isEqualTo(SrbStatus.INVALID_REQUEST);
        guest.command(0, 0, READ, DataDirection.TO_GUEST, -1);
        guest.send(PacketType.IN_BAND, VstorPacket.BYTES);
        assertThat(guest.answered().srbStatus()).isEqualTo(SrbStatus.INVALID_REQUEST);
        assertServes();
    }

    @Test
    void gathersDataOutOfManyRanges() {
        guest.ready();
        assertServes();
        for (int i = 0; i < 8; i++) {
            bench.page(60 + i).setMemory(0, 4096, (byte) (i + 1));
        }
        guest.command(0, 0, "2a 00 00 00 00 00 00 00 01 00", DataDirection.TO_UNIT, 512);
        guest.sendRanges(
                VstorPacket.BYTES,
                new long[] {100, 4050, 60, 61},
                new long[] {0, 0},
                new long[] {1, 4095, 62},
                new long[] {411, 17, 63});
        assertThat(guest.answered().srbStatus()).isEqualTo(SrbStatus.SUCCESS);
        final UnsafeBuffer read = new UnsafeBuffer(new byte[512]);
        store.read(0, read, 0, 512);
        assertThat(read.getByte(45)).isEqualTo((byte) 1);
        assertThat(read.getByte(46)).isEqualTo((byte) 2);
        assertThat(read.getByte(99)).isEqualTo((byte) 2);
        assertThat(read.getByte(100)).isEqualTo((byte) 3);
        assertThat(read.getByte(101)).isEqualTo((byte) 4);
        assertThat(read.getByte(511)).isEqualTo((byte) 4);
    }

    @Test
    void dropsPacketsOfOtherTypes() {
        guest.ready();
        guest.command(0, 0, READ, DataDirection.NONE, 0);
        guest.send(PacketType.COMPLETION, VstorPacket.BYTES);
        guest.send(77, VstorPacket.BYTES);
        assertThat(guest.next()).isNull();
        assertThat(refusals(StorvspRefusal.PACKET_TYPE)).isEqualTo(2);
        assertServes();
    }

    @Test
    void carriesSenseDataWithTheAnswer() {
        guest.ready();
        guest.command(0, 0, "00 00 00 00 00 00", DataDirection.NONE, 0);
        guest.send(PacketType.IN_BAND, VstorPacket.BYTES);
        final ScsiRequest first = guest.answered();
        assertThat(first.srbStatus()).isEqualTo(SrbStatus.ERROR | SrbStatus.AUTOSENSE_VALID);
        assertThat(first.scsiStatus()).isEqualTo(2);
        assertThat(first.senseLength()).isEqualTo(18);
        assertThat(guest.answer.getByte(12 + 16)).isEqualTo((byte) 0x70);
        assertThat(guest.answer.getByte(12 + 16 + 12)).isEqualTo((byte) 0x29);
        guest.command(0, 0, "05 00 00 00 00 00", DataDirection.NONE, 0);
        guest.packet.putByte(12 + 9, (byte) 4);
        guest.send(PacketType.IN_BAND, VstorPacket.BYTES);
        assertThat(guest.answered().senseLength()).isEqualTo(4);
        assertThat(guest.answer.getByte(12 + 16 + 7)).isZero();
        guest.command(0, 0, "05 00 00 00 00 00", DataDirection.NONE, 0);
        guest.packet.putInt(12 + 40, 0x20);
        guest.send(PacketType.IN_BAND, VstorPacket.BYTES);
        assertThat(guest.answered().srbStatus()).isEqualTo(SrbStatus.ERROR);
    }

    /** Row 36: answers that are not read stop the guest's own requests, and are lost to none. */
    @Test
    void waitsForAGuestThatDoesNotReadItsAnswers() {
        guest.ready();
        assertServes();
        int sent = 0;
        while (sent < 600) {
            guest.command(0, 0, "00 00 00 00 00 00", DataDirection.NONE, 0);
            final long before = bench.host.counters().packets();
            guest.send(PacketType.IN_BAND, VstorPacket.BYTES);
            sent++;
            if (bench.host.counters().packets() == before) {
                break;
            }
        }
        assertThat(sent).isLessThan(600);
        int answers = 0;
        for (int i = 0; i < 1000; i++) {
            if (guest.next() != null) {
                answers++;
            }
            bench.idle();
        }
        assertThat(answers).isEqualTo(sent);
        assertServes();
    }

    @Test
    void outlivesAnythingAGuestMakesUp() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        guest.ready();
        for (int i = 0; i < 3000; i++) {
            guest.command(
                    random.nextInt(3),
                    random.nextInt(2),
                    READ,
                    random.nextInt(3),
                    random.nextInt(4096));
            for (int flips = random.nextInt(6); flips > 0; flips--) {
                guest.packet.putByte(random.nextInt(64), (byte) random.nextInt());
            }
            if (random.nextBoolean()) {
                guest.packet.putByte(12 + 16, (byte) random.nextInt());
            }
            if (random.nextBoolean()) {
                guest.send(PacketType.IN_BAND, random.nextInt(9) * 8);
            } else {
                guest.sendRanges(
                        64,
                        new long[] {
                            random.nextInt(9000), random.nextInt(4200), random.nextInt(5000), 9, 10
                        });
            }
            while (guest.next() != null) {
                // Whatever it says.
            }
            assertThat(guest.channel.isBroken()).as("%s", seed).isFalse();
        }
        bench.idle();
        while (guest.next() != null) {
            // The last ones.
        }
        assertThat(bench.host.inFlight()).as("%s", seed).isZero();
    }
}
