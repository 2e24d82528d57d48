package io.ringside.device.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.ringside.device.frame.ChecksumState;
import io.ringside.device.frame.HashType;
import io.ringside.device.frame.SegmentationType;
import io.ringside.device.host.Packet;
import io.ringside.device.host.PacketArrivals;
import io.ringside.device.host.PacketPort;
import io.ringside.testkit.Seed;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What holds for every port whose frames, once sent, arrive at some port in this machine. */
abstract class PacketPortContract {
    static final int SLOTS = 8;
    static final int MAX_FRAME_BYTES = 2000;
    private static final int FRAMES = 100_000;
    private static final HexFormat SPACED = HexFormat.ofDelimiter(" ");

    private final UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(8192));
    private final Packet packet = new Packet(4, 0);

    /** The port to send by. */
    abstract PacketPort sender();

    /** Where that arrives; it has {@link #SLOTS} slots. */
    abstract PacketPort receiver();

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

    /** A frame to a group, so that it goes everywhere, in one to four pieces. */
    private void fill(final SplittableRandom random, final int lengthBytes) {
        for (int i = 0; i < lengthBytes; i++) {
            memory.putByte(i, (byte) random.nextInt());
        }
        memory.putByte(0, (byte) 0x01);
        memory.putByte(6, (byte) 0x02);
        packet.reset();
        int at = 0;
        for (int piece = 0; piece < 3 && lengthBytes - at > 1; piece++) {
            final int pieceBytes = 1 + random.nextInt(lengthBytes - at - 1);
            packet.add(memory, at, pieceBytes);
            at += pieceBytes;
        }
        packet.add(memory, at, lengthBytes - at);
    }

    static String bytes(final Packet packet) {
        final UnsafeBuffer whole = new UnsafeBuffer(new byte[packet.totalBytes()]);
        packet.copyTo(whole, 0);
        return SPACED.formatHex(whole.byteArray());
    }

    @Test
    void carriesWhatIsSaidOfAFrame() {
        fill(new SplittableRandom(1), 60);
        packet.metadata().checksumBlank(34, 16);
        packet.metadata().segmentInto(SegmentationType.TCP_IPV6, 1440);
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
        assertThat(arrival.metadata().hasVlanTag()).isTrue();
        assertThat(arrival.metadata().vlanTag()).isEqualTo(0xE123);
        assertThat(arrival.metadata().hashType()).isEqualTo(HashType.TCP_IPV6);
        assertThat(arrival.metadata().hash()).isEqualTo(0x89AB_CDEF);
        receiver().giveBack(arrival);

        fill(new SplittableRandom(1), 60);
        sender().send(packet);
        assertThat(takeOne().metadata().hasVlanTag()).isFalse();
    }

    private Packet takeOne() {
        final List<Packet> arrivals = new ArrayList<>();
        assertThat(receiver().take(arrivals::add, 1)).isEqualTo(1);
        return arrivals.getFirst();
    }

    @Test
    void dropsAndCountsWhatIsTooLongOrEmpty() {
        fill(new SplittableRandom(1), MAX_FRAME_BYTES + 1);
        assertThat(sender().send(packet)).isTrue();
        assertThat(sender().send(packet.reset())).isTrue();
        assertThat(sender().dropped()).isEqualTo(2);
        assertThat(receiver().take(p -> {}, 1)).isZero();
    }

    @Test
    void wakesOnlyWhereNothingWaited() {
        final int[] wakes = new int[1];
        receiver().wakeWith(() -> wakes[0]++);
        fill(new SplittableRandom(1), 60);
        sender().send(packet);
        sender().send(packet);
        assertThat(wakes[0]).isEqualTo(1);

        receiver().take(p -> receiver().giveBack(p), SLOTS);
        sender().send(packet);
        assertThat(wakes[0]).isEqualTo(2);
    }

    @Test
    void refusesAPacketThatWasNotLent() {
        fill(new SplittableRandom(1), 60);
        sender().send(packet);
        final Packet arrival = takeOne();
        receiver().giveBack(arrival);
        assertThatThrownBy(() -> receiver().giveBack(arrival))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tag=");
        assertThatThrownBy(() -> receiver().giveBack(packet))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void dropsAndCountsWithoutALink() {
        fill(new SplittableRandom(1), 60);
        sender().send(packet);
        sender().close();
        assertThat(sender().isLinkUp()).isFalse();
        assertThat(sender().send(packet)).isTrue();
        assertThat(sender().dropped()).isEqualTo(1);
        assertThat(bytes(takeOne())).isEqualTo(bytes(packet));
    }

    @Test
    void allocatesNothing() {
        fill(new SplittableRandom(1), 60);
        final PacketPort to = receiver();
        final PacketArrivals arrivals = to::giveBack;
        sendMany(to, arrivals);
        final ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long thread = Thread.currentThread().threadId();
        final long before = bean.getThreadAllocatedBytes(thread);
        sendMany(to, arrivals);
        // The question itself may cost some bytes, but not one for every tenth frame.
        assertThat(bean.getThreadAllocatedBytes(thread) - before).isLessThan(FRAMES / 10);
    }

    private void sendMany(final PacketPort to, final PacketArrivals arrivals) {
        final PacketPort from = sender();
        for (int i = 0; i < FRAMES; i++) {
            from.send(packet);
            to.take(arrivals, 4);
        }
    }
}
