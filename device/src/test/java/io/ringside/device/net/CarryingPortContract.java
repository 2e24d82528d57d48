package io.ringside.device.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.frame.ChecksumState;
import io.ringside.device.frame.HashType;
import io.ringside.device.frame.SegmentationType;
import io.ringside.device.host.Packet;
import io.ringside.testkit.Seed;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What holds for every port whose frames, once sent, arrive at some port in this machine. */
abstract class CarryingPortContract extends PacketPortContract {
    private final UnsafeBuffer plainMemory = new UnsafeBuffer(ByteBuffer.allocateDirect(60));
    private final Packet plain = new Packet(1, 0).add(plainMemory, 0, 60);

    @Override
    final void arrive(final int frames) {
        plainMemory.setMemory(0, 6, (byte) 0xFF);
        for (int i = 0; i < frames; i++) {
            sender().send(plain);
        }
    }

    @Test
    void arrivesInOrderByteForByte() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        final Deque<String> sent = new ArrayDeque<>();
        final List<Packet> lent = new ArrayList<>();
        for (int step = 0; step < 5000; step++) {
            if (sent.size() + lent.size() < SLOTS && random.nextInt(3) > 0) {
                fill(random, 14 + random.nextInt(MAX_FRAME_BYTES - 13));
                sent.add(bytes(packet));
                assertThat(sender().send(packet)).as(seed.toString()).isTrue();
                memory.setMemory(0, memory.capacity(), (byte) 0xEE);
            } else if (random.nextBoolean()) {
                receiver().take(p -> arrived(p, lent, sent, seed), 1 + random.nextInt(SLOTS));
            } else if (!lent.isEmpty()) {
                receiver().giveBack(lent.remove(random.nextInt(lent.size())));
            }
        }
        assertThat(receiver().dropped() + sender().dropped()).as(seed.toString()).isZero();
    }

    private static void arrived(
            final Packet arrival,
            final List<Packet> lent,
            final Deque<String> sent,
            final Seed seed) {
        assertThat(bytes(arrival)).as(seed.toString()).isEqualTo(sent.remove());
        lent.add(arrival);
    }

    @Test
    void carriesWhatIsSaidOfAFrame() {
        fill(new SplittableRandom(1), 60);
        packet.metadata().checksumBlank(34, 16);
        packet.metadata().segmentInto(SegmentationType.TCP_IPV6, 1440);
        packet.metadata().coalescedFrom(7);
        packet.metadata().vlanTag(0xE123);
        packet.metadata().hash(HashType.TCP_IPV6, 0x89AB_CDEF);
        sender().send(packet);
        packet.reset();

        final Packet arrival = takeOne();
        assertThat(arrival.metadata().checksum()).isEqualTo(ChecksumState.BLANK);
        assertThat(arrival.metadata().checksumStartBytes()).isEqualTo(34);
        assertThat(arrival.metadata().checksumOffsetBytes()).isEqualTo(16);
        assertThat(arrival.metadata().segmentation()).isEqualTo(SegmentationType.TCP_IPV6);
        assertThat(arrival.metadata().segmentPayloadBytes()).isEqualTo(1440);
        assertThat(arrival.metadata().coalescedSegments()).isEqualTo(7);
        assertThat(arrival.metadata().hasVlanTag()).isTrue();
        assertThat(arrival.metadata().vlanTag()).isEqualTo(0xE123);
        assertThat(arrival.metadata().hashType()).isEqualTo(HashType.TCP_IPV6);
        assertThat(arrival.metadata().hash()).isEqualTo(0x89AB_CDEF);
        receiver().giveBack(arrival);

        fill(new SplittableRandom(1), 60);
        sender().send(packet);
        assertThat(takeOne().metadata().hasVlanTag()).isFalse();
    }
}
