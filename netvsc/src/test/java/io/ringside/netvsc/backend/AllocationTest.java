package io.ringside.netvsc.backend;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.ringside.device.net.LoopbackPort;
import io.ringside.netvsc.protocol.ChecksumInfo;
import io.ringside.netvsc.protocol.LargeSendInfo;
import io.ringside.netvsc.protocol.NvspMessage;
import io.ringside.netvsc.protocol.PerPacketInfo;
import io.ringside.ringbuf.vmbus.PacketType;
import io.ringside.ringbuf.vmbus.RingStatus;
import io.ringside.vmbus.channel.Channel;
import java.lang.management.ManagementFactory;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Nothing is allocated on the way of a frame, whatever is done to it. */
final class AllocationTest {
    private static final int WARM = 20_000;
    private static final int COUNTED = 20_000;

    /** What the JVM itself may take for the whole run. */
    private static final long FORGIVEN_BYTES = 64 * 1024;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final UnsafeBuffer done = new UnsafeBuffer(new byte[8]);

    @Test
    void allocatesNothingOnTheWayOfAFrameThereAndBack() {
        try (VspBench bench = new VspBench(NetvspOptions.DEFAULTS, new LoopbackPort(256, 65_600))) {
            final ScriptedGuest guest = new ScriptedGuest(bench).ready();
            done.putInt(0, 108, LITTLE_ENDIAN);
            done.putInt(4, 1, LITTLE_ENDIAN);
            final UnsafeBuffer sections = guest.buffers.sections();
            final int plain =
                    GuestBuffers.putFrame(sections, 0, TestFrames.plain(TestFrames.OTHER, 64, 1));
            final int at = GuestBuffers.SECTION_BYTES;
            final int summed =
                    GuestBuffers.putFrame(
                                    sections,
                                    at,
                                    TestFrames.blank(TestFrames.tcp4(1, 100)),
                                    PerPacketInfo.CHECKSUM,
                                    ChecksumInfo.toSend(ChecksumInfo.WANT_TCP, 34))
                            - at;
            final int large =
                    GuestBuffers.putFrame(
                                    sections,
                                    2 * at,
                                    TestFrames.large(TestFrames.tcp4(1, 5000)),
                                    PerPacketInfo.LARGE_SEND,
                                    LargeSendInfo.version2(1400, 34, false))
                            - 2 * at;
            final int[] lengths = {plain, summed, large};
            run(bench, guest, lengths, WARM);
            final long id = Thread.currentThread().threadId();
            final long before = threads.getThreadAllocatedBytes(id);
            run(bench, guest, lengths, COUNTED);
            assertThat(threads.getThreadAllocatedBytes(id) - before).isLessThan(FORGIVEN_BYTES);
            assertThat(bench.host.counters().framesReceived()).isEqualTo(WARM + COUNTED);
        }
    }

    private void run(
            final VspBench bench, final ScriptedGuest guest, final int[] lengths, final int times) {
        final Channel channel = guest.channels.getFirst();
        for (int i = 0; i < times; i++) {
            guest.nvsp.putRndisPacket(NvspMessage.CHANNEL_DATA, i % 3, lengths[i % 3]);
            channel.send(PacketType.IN_BAND, 1, i, guest.packet, 0, NvspMessage.BYTES);
            bench.host.doWork();
            while (channel.incoming().next() == RingStatus.OK) {
                if (channel.incoming().type() == PacketType.TRANSFER_PAGES) {
                    channel.outgoing()
                            .write(
                                    PacketType.COMPLETION,
                                    0,
                                    channel.incoming().transactionId(),
                                    done,
                                    0,
                                    8);
                }
            }
            channel.commitRead();
            channel.commit();
        }
    }
}
