package io.ringside.netvsc;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.guest.NetFrame;
import io.ringside.device.guest.NetStatus;
import io.ringside.netvsc.frontend.NetvscOptions;
import io.ringside.netvsc.frontend.NetvscRefusal;
import io.ringside.netvsc.protocol.FragmentInfo;
import io.ringside.netvsc.protocol.NvspMessage;
import io.ringside.netvsc.protocol.NvspMessageType;
import io.ringside.netvsc.protocol.NvspStatus;
import io.ringside.netvsc.protocol.PerPacketInfo;
import io.ringside.netvsc.protocol.RndisPacket;
import io.ringside.netvsc.protocol.SendIndirectionTable;
import io.ringside.ringbuf.vmbus.PacketType;
import io.ringside.testkit.Seed;
import io.ringside.vmbus.channel.Channel;
import io.ringside.vmbus.guest.GuestChannelState;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A host that says what it likes to a guest that is ready: it counts, and goes on or closes. */
final class HostileHostTest {
    private final RawHost host = RawHost.ready(RawHost.SMALL);

    @AfterEach
    void close() {
        host.close();
    }

    private long refusals(final NetvscRefusal reason) {
        return host.guest.counters().refusals(reason);
    }

    private void stillWorks() {
        final int before = host.received.size();
        final int lengthBytes = host.putFrame(5, 64, 5);
        host.completions.clear();
        final long id = host.deliver(5, lengthBytes);
        assertThat(host.received).hasSize(before + 1);
        host.guest.giveBack(host.received.getLast());
        host.guest.commit();
        while (host.take()) {
            assertThat(host.type).isEqualTo(PacketType.COMPLETION);
        }
        assertThat(host.completions).contains(id + ":108:1");
        assertThat(host.guest.isReady()).isTrue();
    }

    /** Row 43: ranges of offset and length beyond the receive buffer, and beyond a section. */
    @Test
    void failsPacketsWhoseRangesLieOutsideOfTheBuffer() {
        final int[][] bad = {
            {64 * 1024, 64},
            {64 * 1024 - 63, 64},
            {-1, 64},
            {0x7fff_ffff, 64},
            {0, 2049},
            {0, -1},
            {0, 0},
            {0, 7},
            {-64, 128}
        };
        for (int i = 0; i < bad.length; i++) {
            host.completions.clear();
            final long id = host.deliverRanges(0xcafe, bad[i]);
            while (host.take()) {
                assertThat(host.type).isEqualTo(PacketType.COMPLETION);
            }
            assertThat(host.completions).as("%d", i).containsExactly(id + ":108:2");
            assertThat(refusals(NetvscRefusal.RANGE)).isEqualTo(i + 1);
        }
        assertThat(host.received).isEmpty();
        stillWorks();
    }

    /** Row 43: the sound ranges of a packet are taken all the same, and it is failed once. */
    @Test
    void takesTheSoundRangesOfABadPacket() {
        final int lengthBytes = host.putFrame(2, 100, 2);
        host.completions.clear();
        final long id =
                host.deliverRanges(0xcafe, -4, 64, 2 * 2048, lengthBytes, 3 * 2048, 1 << 20);
        assertThat(host.received).hasSize(1);
        host.guest.giveBack(host.received.getFirst());
        host.guest.commit();
        while (host.take()) {
            assertThat(host.type).isEqualTo(PacketType.COMPLETION);
        }
        assertThat(host.completions).containsExactly(id + ":108:2");
        assertThat(refusals(NetvscRefusal.RANGE)).isEqualTo(2);
    }

    @Test
    void dropsPacketsForAnotherBuffer() {
        final int lengthBytes = host.putFrame(2, 100, 2);
        host.deliverRanges(0xcaff, 2 * 2048, lengthBytes);
        assertThat(refusals(NetvscRefusal.BUFFER_ID)).isEqualTo(1);
        assertThat(host.received).isEmpty();
        stillWorks();
    }

    /** Row 37: lengths and offsets of RNDIS that lead out of the message. */
    @Test
    void failsMessagesWhosePartsLieOutside() {
        long expected = 0;
        for (int word = 1; word < 9; word++) {
            if (word >= 4 && word <= 6) {
                continue; // Out-of-band data, which nobody reads.
            }
            for (final int value : new int[] {-1, 0x7fff_ffff, 0x8000_0000, 2048, 1 << 20}) {
                final int lengthBytes = host.putFrame(1, 100, 1);
                final UnsafeBuffer to = host.section(1);
                PerPacketInfo.put(to, RndisPacket.HEADER_BYTES, PerPacketInfo.VLAN, 1);
                to.putInt(32, 16);
                to.putInt(word * 4, value);
                host.deliver(1, lengthBytes);
                expected++;
                assertThat(refusals(NetvscRefusal.RNDIS))
                        .as("word %d value %d", word, value)
                        .isEqualTo(expected);
            }
        }
        host.putFrame(1, 13, 1);
        host.deliver(1, RndisPacket.HEADER_BYTES + 13);
        assertThat(refusals(NetvscRefusal.RNDIS)).isEqualTo(expected + 1);
        assertThat(host.received).isEmpty();
        stillWorks();
    }

    /** Row 37: records of what is said of a frame that lead out of it. */
    @Test
    void failsFramesWithInfoThatLiesOutside() {
        long expected = 0;
        for (final int word : new int[] {0, 2}) {
            for (final int value : new int[] {-1, 0, 0x7fff_fffc, 0x8000_0000, 17, 4}) {
                final UnsafeBuffer to = host.section(1);
                RndisPacket.put(to, 0, 16, 64, 124);
                PerPacketInfo.put(to, 44, PerPacketInfo.VLAN, 1);
                to.putInt(44 + 4 * word, value);
                host.deliver(1, 124);
                expected++;
                assertThat(refusals(NetvscRefusal.INFO))
                        .as("word %d value %d", word, value)
                        .isEqualTo(expected);
            }
        }
        assertThat(host.received).isEmpty();
        stillWorks();
    }

    /** Pieces of a coalesced frame without a first, without a last, of a version unknown. */
    @Test
    void failsPiecesThatMakeNoFrame() {
        final int sub = FragmentInfo.SUB_ALLOCATION;
        piece(1, FragmentInfo.of(sub | FragmentInfo.LAST, 1));
        assertThat(refusals(NetvscRefusal.FRAGMENT)).isEqualTo(1);
        piece(1, FragmentInfo.of(sub | FragmentInfo.FIRST, 1));
        assertThat(refusals(NetvscRefusal.FRAGMENT)).isEqualTo(2);
        piece(1, FragmentInfo.of(sub | FragmentInfo.FIRST | FragmentInfo.LAST, 1) + 1);
        assertThat(refusals(NetvscRefusal.FRAGMENT)).isEqualTo(3);
        assertThat(host.received).isEmpty();
        stillWorks();
    }

    private void piece(final int section, final int fragment) {
        final UnsafeBuffer to = host.section(section);
        RndisPacket.put(to, 0, 16, 64, 124);
        PerPacketInfo.put(to, 44, PerPacketInfo.FRAGMENT, fragment);
        host.deliver(section, 124);
    }

    /** Row 39: numbers that are not in flight, late, made up, or answered twice. */
    @Test
    void findsNothingUnderNumbersThatItDidNotGive() {
        final NetFrame frame = FrontendTest.frame(host, 60, 1);
        host.guest.submit(0, frame);
        for (final long guessed : new long[] {1, 1L << 32 | 1, 9L << 32 | 1}) {
            host.message.putRndisPacketComplete(NvspStatus.SUCCESS);
            host.send(PacketType.COMPLETION, guessed, 8);
        }
        host.guest.commit();
        assertThat(host.takeRequest()).isTrue();
        final long real = host.id;
        for (final long forged :
                new long[] {0, -1, 1L << 63, real + 1, real + (1L << 32), -real, 77}) {
            host.message.putRndisPacketComplete(NvspStatus.SUCCESS);
            host.send(PacketType.COMPLETION, forged, 8);
        }
        assertThat(refusals(NetvscRefusal.ID)).isEqualTo(10);
        assertThat(host.transmitted).isEmpty();
        host.message.putRndisPacketComplete(NvspStatus.SUCCESS);
        host.send(PacketType.COMPLETION, real, 8);
        assertThat(host.transmitted).containsExactly(frame);
        host.send(PacketType.COMPLETION, real, 8);
        assertThat(refusals(NetvscRefusal.ID)).isEqualTo(11);
        assertThat(host.transmitted).hasSize(1);
        stillWorks();
    }

    /** Row 37: answers that are cut short, or of another kind: the frame stays under way. */
    @Test
    void keepsAFrameUnderWayWhoseAnswerSaysNothing() {
        host.guest.submit(0, FrontendTest.frame(host, 60, 1));
        host.guest.commit();
        host.takeRequest();
        final long real = host.id;
        host.send(PacketType.COMPLETION, real, 0);
        assertThat(refusals(NetvscRefusal.PACKET_LENGTH)).isEqualTo(1);
        host.message.putInit(1);
        host.send(PacketType.COMPLETION, real, 40);
        assertThat(refusals(NetvscRefusal.PACKET)).isEqualTo(1);
        assertThat(host.transmitted).isEmpty();
        host.message.putRndisPacketComplete(99);
        host.send(PacketType.COMPLETION, real, 8);
        assertThat(host.transmitted.getFirst().status()).isEqualTo(NetStatus.ERROR);
    }

    /** Row 38: RNDIS answers without a question, and indications that are cut short. */
    @Test
    void dropsAnswersThatNobodyAskedFor() {
        final UnsafeBuffer to = host.section(0);
        final int[] types = {
            0x8000_0002, 0x8000_0004, 0x8000_0005, 0x8000_0006, 0x8000_0008, 4, 99
        };
        for (final int type : types) {
            to.setMemory(0, 64, (byte) 0);
            to.putInt(0, type);
            to.putInt(4, 64);
            host.deliver(0, 64);
        }
        assertThat(refusals(NetvscRefusal.ANSWER)).isEqualTo(types.length);
        to.putInt(0, 7);
        to.putInt(4, 19);
        host.deliver(0, 64);
        to.putInt(4, 65);
        host.deliver(0, 64);
        to.putInt(4, 20);
        to.putInt(8, 0x4001_0013);
        to.putInt(12, 4);
        to.putInt(16, 12);
        host.deliver(0, 20);
        assertThat(refusals(NetvscRefusal.RNDIS)).isEqualTo(3);
        stillWorks();
    }

    /** Unasked messages of NVSP that say nothing, are cut short, or name channels that are not. */
    @Test
    void countsWhatItIsToldAndCannotUse() {
        host.message.putSendIndirectionTable(SendIndirectionTable.ENTRIES, 40);
        host.send(PacketType.IN_BAND, 0, 40);
        host.message.putSendIndirectionTable(15, 40);
        host.send(PacketType.IN_BAND, 0, 104);
        host.message.putSendIndirectionTable(16, 44);
        host.send(PacketType.IN_BAND, 0, 104);
        assertThat(refusals(NetvscRefusal.SEND_TABLE)).isEqualTo(3);
        host.message.putSendIndirectionTable(16, 40);
        for (int i = 0; i < 16; i++) {
            host.out.putInt(40 + 4 * i, -1 - i);
        }
        host.send(PacketType.IN_BAND, 0, 104);
        for (int hash = -3; hash < 40; hash++) {
            assertThat(host.guest.queueFor(hash)).isZero();
        }
        host.message.putVfAssociation(true, 7);
        host.send(PacketType.IN_BAND, 0, 40);
        assertThat(host.guest.counters().vfAssociations()).isEqualTo(1);
        host.send(PacketType.IN_BAND, 0, 8);
        host.send(PacketType.IN_BAND, 0, 0);
        assertThat(refusals(NetvscRefusal.PACKET_LENGTH)).isEqualTo(2);
        host.message.putInit(1);
        host.send(PacketType.IN_BAND, 0, 40);
        host.send(PacketType.SYNCH, 0, 40);
        assertThat(refusals(NetvscRefusal.PACKET)).isEqualTo(2);
        stillWorks();
    }

    /** Row 41: a backend that starts its ring anew closes the device, and nothing is lost. */
    @Test
    void closesWhenTheHostStartsTheRingAnew() {
        final NetFrame frame = FrontendTest.frame(host, 60, 1);
        host.guest.submit(0, frame);
        host.guest.commit();
        host.takeRequest();
        Channel.initialise(host.memory, ringFrames(), 8);
        host.turn();
        assertThat(host.guest.isClosed()).isTrue();
        assertThat(refusals(NetvscRefusal.RING)).isEqualTo(1);
        assertThat(frame.status()).isEqualTo(NetStatus.GONE);
        assertThat(host.transmitted).containsExactly(frame);
    }

    private int[] ringFrames() {
        if (host.offered.getFirst().state() instanceof GuestChannelState.Open open) {
            return open.rings().gpadl().frames();
        }
        throw new IllegalStateException("not open: " + host.offered.getFirst());
    }

    /** Row 39: more packets at once than there are sections, each naming the same one. */
    @Test
    void failsPacketsThatNameASectionTwice() {
        final int lengthBytes = host.putFrame(1, 64, 1);
        host.completions.clear();
        for (int i = 0; i < 40; i++) {
            host.stageRanges(host.rings(), NvspMessage.RECEIVE_BUFFER_ID, 2048, lengthBytes);
        }
        host.rings().commit();
        host.turn();
        assertThat(host.received).hasSize(16); // The rest waits for frames, up to the sections.
        assertThat(refusals(NetvscRefusal.TOO_MANY)).isEqualTo(40 - 33);
        for (int given = 0; given < host.received.size(); given++) {
            host.guest.giveBack(host.received.get(given));
            host.turn();
        }
        assertThat(host.received).hasSize(33);
        while (host.take()) {
            assertThat(host.type).isEqualTo(PacketType.COMPLETION);
        }
        assertThat(host.completions).hasSize(40);
        stillWorks();
    }

    /** Rows 37 and 38: whatever bytes there are, the guest counts, and never throws. */
    @Test
    void survivesRandomBytesWhereItExpectsMessages() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        final List<String> log = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            final UnsafeBuffer to = host.section(random.nextInt(30));
            final int lengthBytes = host.putFrame(0, 100, 1);
            to.putBytes(0, host.section(0), 0, lengthBytes);
            for (int edits = random.nextInt(4); edits >= 0; edits--) {
                to.putInt(random.nextInt(20) * 4, interesting(random));
            }
            host.deliverRanges(
                    NvspMessage.RECEIVE_BUFFER_ID,
                    random.nextInt(32) * 2048,
                    random.nextInt(2049),
                    random.nextInt(40) * 2000,
                    random.nextInt(256));
            while (!host.received.isEmpty()) {
                host.guest.giveBack(host.received.removeLast());
            }
            host.guest.commit();
            while (host.takeFrom(host.rings())) {
                log.add("took " + NvspMessageType.name(host.heard.type()));
            }
            assertThat(host.guest.isReady()).as("%s step %d %s", seed, i, log).isTrue();
        }
        assertThat(host.guest.counters().refusals()).as("%s", seed).isPositive();
        stillWorks();
    }

    private static int interesting(final SplittableRandom random) {
        return switch (random.nextInt(6)) {
            case 0 -> random.nextInt();
            case 1 -> random.nextInt(200);
            case 2 -> -random.nextInt(100);
            case 3 -> Integer.MAX_VALUE - random.nextInt(50);
            case 4 -> 1 << random.nextInt(32);
            default -> 0x8000_0000 | random.nextInt(9);
        };
    }

    /** Row 42: no two frames under way have one number, whatever the host answers when. */
    @Test
    void givesNoNumberToTwoMessagesUnderWay() {
        final NetvscOptions options = RawHost.SMALL.withCopying(0, 1, false);
        try (RawHost other = RawHost.ready(options)) {
            final List<Long> ids = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                other.guest.submit(0, FrontendTest.frame(other, 60, 1));
                other.guest.commit();
                other.takeRequest();
                ids.add(other.id);
                if (i % 3 == 2) {
                    other.id = ids.removeFirst();
                    other.message.putRndisPacketComplete(NvspStatus.SUCCESS);
                    other.reply();
                }
                assertThat(ids).doesNotHaveDuplicates();
            }
        }
    }
}
