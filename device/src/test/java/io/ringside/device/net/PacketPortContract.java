package io.ringside.device.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.ringside.device.host.Packet;
import io.ringside.device.host.PacketArrivals;
import io.ringside.device.host.PacketPort;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What holds for every port: how it drops, lends, wakes, and that it allocates nothing. */
abstract class PacketPortContract {
    static final int SLOTS = 8;
    static final int MAX_FRAME_BYTES = 2000;
    private static final int FRAMES = 100_000;
    private static final HexFormat SPACED = HexFormat.ofDelimiter(" ");

    final UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(8192));
    final Packet packet = new Packet(4, 0);

    /** The port to send by. */
    abstract PacketPort sender();

    /** Where frames arrive; it has {@link #SLOTS} slots. */
    abstract PacketPort receiver();

    /** Has so many more frames arrive at the receiver. */
    abstract void arrive(int frames);

    /** A frame to a group, so that it goes everywhere, in one to four pieces. */
    final void fill(final SplittableRandom random, final int lengthBytes) {
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

    final Packet takeOne() {
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
        arrive(1);
        arrive(1);
        assertThat(wakes[0]).isEqualTo(1);

        receiver().take(p -> receiver().giveBack(p), SLOTS);
        arrive(1);
        assertThat(wakes[0]).isEqualTo(2);
    }

    @Test
    void refusesAPacketThatWasNotLent() {
        fill(new SplittableRandom(1), 60);
        arrive(1);
        final Packet arrival = takeOne();
        receiver().giveBack(arrival);
        assertThatThrownBy(() -> receiver().giveBack(arrival))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tag=");
        assertThatThrownBy(() -> receiver().giveBack(packet))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void dropsAndCountsWithoutALinkAndKeepsWhatHasCome() {
        arrive(2);
        final Packet lent = takeOne();
        final String bytes = bytes(lent);
        fill(new SplittableRandom(1), 60);
        receiver().close();
        sender().close();
        assertThat(sender().isLinkUp()).isFalse();
        assertThat(sender().send(packet)).isTrue();
        assertThat(sender().dropped()).isEqualTo(1);
        assertThat(bytes(lent)).isEqualTo(bytes);
        assertThat(takeOne().totalBytes()).isEqualTo(60);
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
            arrive(1);
            to.take(arrivals, 4);
        }
    }
}
