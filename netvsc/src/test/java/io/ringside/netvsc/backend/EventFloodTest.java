package io.ringside.netvsc.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.netvsc.protocol.LargeSendInfo;
import io.ringside.netvsc.protocol.NvspMessage;
import io.ringside.netvsc.protocol.PerPacketInfo;
import io.ringside.ringbuf.vmbus.PacketType;
import io.ringside.vmbus.channel.Channel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Rows 6 and 40: signals, however many. One channel has one flag, so that signals between two turns
 * are one, and a turn does a bounded amount whatever it finds: no budget of events is needed to
 * keep a guest from holding the host up.
 */
final class EventFloodTest {
    private static final int PACKETS_PER_TURN = 64;
    private static final int EFFORT_PER_TURN = 1024;
    private static final int SEGMENTS = 600;
    private static final byte[] FRAME = TestFrames.plain(TestFrames.OTHER, 60, 1);

    private final RecordingPort port = new RecordingPort();
    private VspBench bench = new VspBench(NetvspOptions.DEFAULTS, port);
    private ScriptedGuest guest = new ScriptedGuest(bench).ready();

    @AfterEach
    void close() {
        assertThat(port.lent).isEmpty();
        bench.close();
    }

    @Test
    void takesAnyNumberOfSignalsBetweenTwoTurnsForOne() {
        guest.subChannels(3);
        final long before = bench.host.counters().needlessSignals();
        for (int turn = 1; turn <= 10; turn++) {
            for (int i = 0; i < 10_000; i++) {
                guest.channels.get(i % 4).signal();
            }
            assertThat(bench.host.doWork()).as("there is nothing to do").isZero();
            assertThat(bench.host.counters().needlessSignals())
                    .as("one for each channel")
                    .isEqualTo(before + 4L * turn);
        }
        assertThat(guest.sendFrames(1, FRAME)).isEqualTo(1);
    }

    @Test
    void takesABoundedNumberOfPacketsFromEachChannelInOneTurn() {
        guest.subChannels(3);
        GuestBuffers.putFrame(guest.buffers.sections(), 0, FRAME);
        guest.nvsp.putRndisPacket(NvspMessage.CHANNEL_DATA, 0, 104);
        for (final Channel channel : guest.channels) {
            for (int i = 0; i < 200; i++) {
                channel.send(PacketType.IN_BAND, 1, i, guest.packet, 0, 40);
            }
        }
        for (int left = 800; left > 0; ) {
            final int before = port.sent.size();
            assertThat(bench.host.doWork()).isLessThanOrEqualTo(2 * 4 * PACKETS_PER_TURN);
            final int sent = port.sent.size() - before;
            assertThat(sent).isBetween(1, 4 * PACKETS_PER_TURN);
            left -= sent;
        }
    }

    /** A packet that costs as much as hundreds counts as much. */
    @Test
    void cutsABoundedNumberOfSegmentsInOneTurn() {
        port.takesUncut = false;
        bench.close();
        bench = new VspBench(NetvspOptions.DEFAULTS, port);
        guest = new ScriptedGuest(bench).ready();
        final int length =
                GuestBuffers.putFrame(
                        guest.buffers.scratch(),
                        0,
                        TestFrames.large(TestFrames.tcp4(1, SEGMENTS * 100)),
                        PerPacketInfo.LARGE_SEND,
                        LargeSendInfo.version2(100, 34, false));
        final int pages = (length + 4095) / 4096;
        final long[] range = new long[2 + pages];
        range[0] = length;
        for (int i = 0; i < pages; i++) {
            range[2 + i] = guest.buffers.scratchFrame + i;
        }
        guest.nvsp.putRndisPacket(NvspMessage.CHANNEL_DATA, NvspMessage.NO_SECTION, 0);
        for (int i = 0; i < 20; i++) {
            guest.postRanges(range);
        }
        for (int left = 20 * SEGMENTS; left > 0; ) {
            final int before = port.sent.size();
            bench.host.doWork();
            final int sent = port.sent.size() - before;
            assertThat(sent).isBetween(1, EFFORT_PER_TURN + SEGMENTS);
            left -= sent;
        }
    }

    /** A channel whose guest floods it holds no other up. */
    @Test
    void servesAChannelBesideOneThatIsFlooded() {
        guest.subChannels(1);
        GuestBuffers.putFrame(guest.buffers.sections(), 0, FRAME);
        guest.nvsp.putRndisPacket(NvspMessage.CHANNEL_DATA, 0, 104);
        for (int i = 0; i < 400; i++) {
            guest.channels.getFirst().send(PacketType.IN_BAND, 1, i, guest.packet, 0, 40);
        }
        guest.channels.get(1).send(PacketType.IN_BAND, 1, 5000, guest.packet, 0, 40);
        bench.host.doWork();
        guest.take(1);
        assertThat(guest.answerOf(5000).word(4)).isEqualTo(1);
        guest.settle();
    }
}
