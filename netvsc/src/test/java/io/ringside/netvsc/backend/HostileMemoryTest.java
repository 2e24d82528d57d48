package io.ringside.netvsc.backend;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.hypervisor.GuestMemory;
import io.ringside.netvsc.protocol.NvspMessage;
import io.ringside.netvsc.protocol.NvspMessageType;
import io.ringside.netvsc.protocol.NvspStatus;
import io.ringside.netvsc.protocol.Oid;
import io.ringside.ringbuf.vmbus.PacketType;
import java.util.Arrays;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A guest that rewrites its memory while the host works on it, and one that looks for what the host
 * has left there.
 */
final class HostileMemoryTest {
    private static final int MESSAGE_BYTES = 104; // Of a frame of 60 bytes.
    private static final byte FILLED = 0x5A;

    private final RecordingPort port = new RecordingPort();
    private final VspBench bench = new VspBench(NetvspOptions.DEFAULTS, port);
    private final ScriptedGuest guest = new ScriptedGuest(bench).ready();

    @AfterEach
    void close() {
        assertThat(port.lent).isEmpty();
        bench.close();
    }

    /** Runs once, while the port looks at the next frame. */
    private void meanwhile(final Runnable work) {
        port.meanwhile =
                () -> {
                    port.meanwhile = () -> {};
                    work.run();
                };
    }

    private void garbleRing() {
        for (int page = 1; page < ScriptedGuest.RING_PAGES; page++) {
            bench.page(guest.ringFrame + page).setMemory(0, GuestMemory.PAGE_BYTES, (byte) 0xff);
        }
    }

    /** Row 1: where the next message starts was read before, and is not read again. */
    @Test
    void goesOnWhereTheLengthsThatItReadHaveLed() {
        final byte[][] frames = new byte[3][];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = TestFrames.plain(TestFrames.OTHER, 60, i);
        }
        final int[] garbled = new int[1];
        meanwhile(() -> {
            guest.buffers.sections().setMemory(0, 44, (byte) 0xff);
            garbled[0]++;
        });
        assertThat(guest.sendFrames(0, frames)).isEqualTo(NvspStatus.SUCCESS);
        assertThat(garbled[0]).isEqualTo(1);
        assertThat(port.sent).hasSize(3);
        for (int i = 0; i < frames.length; i++) {
            assertThat(port.sent.get(i).bytes()).isEqualTo(frames[i]);
        }
    }

    /** Row 1: the packet is the one that was taken, whatever the ring has by now. */
    @Test
    void answersThePacketThatItTookAndNotWhatTheRingHasByNow() {
        meanwhile(this::garbleRing);
        assertThat(guest.sendFrames(0, TestFrames.plain(TestFrames.OTHER, 60, 1)))
                .isEqualTo(NvspStatus.SUCCESS);
        assertThat(guest.sendFrames(1, TestFrames.plain(TestFrames.OTHER, 60, 2)))
                .isEqualTo(NvspStatus.SUCCESS);
        assertThat(port.sent).hasSize(2);
        assertThat(bench.host.counters().refusals()).isZero();
    }

    /** Row 1: a packet that waits for the port keeps the pages and the section that it named. */
    @Test
    void waitsWithThePagesThatItHasRead() {
        final byte[] first = TestFrames.plain(TestFrames.OTHER, 60, 1);
        final byte[] second = TestFrames.plain(TestFrames.OTHER, 60, 2);
        final UnsafeBuffer sections = guest.buffers.sections();
        final UnsafeBuffer scratch = guest.buffers.scratch();
        assertThat(GuestBuffers.putFrame(sections, 0, first)).isEqualTo(MESSAGE_BYTES);
        assertThat(GuestBuffers.putFrame(scratch, 0, second)).isEqualTo(MESSAGE_BYTES);
        port.room = 0;
        guest.nvsp.putRndisPacket(NvspMessage.CHANNEL_DATA, 0, MESSAGE_BYTES);
        guest.channels.getFirst().send(PacketType.IN_BAND, 1, 71, guest.packet, 0, 40);
        guest.nvsp.putRndisPacket(NvspMessage.CHANNEL_DATA, NvspMessage.NO_SECTION, 0);
        final long id = guest.postRanges(new long[] {MESSAGE_BYTES, 0, guest.buffers.scratchFrame});
        bench.turn(10);
        garbleRing();
        port.room = 2;
        guest.settle();
        assertThat(port.sent).hasSize(2);
        assertThat(port.sent.get(0).bytes()).isEqualTo(first);
        assertThat(port.sent.get(1).bytes()).isEqualTo(second);
        assertThat(guest.answerOf(71).word(4)).isEqualTo(NvspStatus.SUCCESS);
        assertThat(guest.answerOf(id).word(4)).isEqualTo(NvspStatus.SUCCESS);
    }

    /** Row 4: an answer has nothing behind what it says, neither the host's nor the question's. */
    @Test
    void leavesNoByteOfAnAnswerUnwritten() {
        int answers = 0;
        for (int type = 0; type < 140; type++) {
            guest.packet.setMemory(0, NvspMessage.BYTES, (byte) 0xA5);
            guest.packet.putInt(0, type, LITTLE_ENDIAN);
            final byte[] answer = guest.send(0, PacketType.IN_BAND, NvspMessage.BYTES).bytes();
            if (type == NvspMessageType.SWITCH_DATA_PATH) {
                assertThat(answer).isEmpty();
                continue;
            }
            final int told = new UnsafeBuffer(answer).getInt(0, LITTLE_ENDIAN);
            final int meant =
                    told == NvspMessageType.PD_API ? 12 : NvspMessageType.leastBytes(told);
            assertThat(meant).as("type=%d", type).isGreaterThan(NvspMessage.HEADER_BYTES);
            for (int at = meant; at < answer.length; at++) {
                assertThat(answer[at]).as("type=%d byte=%d", type, at).isZero();
            }
            answers++;
        }
        assertThat(answers).isEqualTo(139);
    }

    /** Row 4: an answer is the same whatever was answered before it, and nothing lies behind it. */
    @Test
    void tellsNothingOfEarlierAnswersInLaterOnes() {
        final int[] objects = objects();
        final TreeMap<Integer, byte[]> before = new TreeMap<>();
        for (final int oid : objects) {
            before.put(oid, query(oid));
        }
        for (int i = 0; i < 3 * ControlOutbox.MESSAGES; i++) {
            query(Oid.GEN_SUPPORTED_LIST); // The longest there is, in each place.
        }
        for (final int oid : objects) {
            assertThat(query(oid)).as(Oid.name(oid)).isEqualTo(before.get(oid));
        }
        assertThat(query(0x7777_7777)).as("what is not known").hasSize(24);
    }

    private int[] objects() {
        final byte[] list = ScriptedGuest.info(guest.query(Oid.GEN_SUPPORTED_LIST));
        final int[] objects = new int[list.length / Integer.BYTES];
        for (int i = 0; i < objects.length; i++) {
            objects[i] = new UnsafeBuffer(list).getInt(i * Integer.BYTES, LITTLE_ENDIAN);
        }
        return objects;
    }

    /** The answer but for the number of its question; the receive buffer is else untouched. */
    private byte[] query(final int oid) {
        final UnsafeBuffer buffer = guest.buffers.receiveMemory();
        buffer.setMemory(0, buffer.capacity(), FILLED);
        final byte[] answer = guest.query(oid).bytes().clone();
        assertWritten(answer.length);
        new UnsafeBuffer(answer).putInt(8, 0);
        return answer;
    }

    private void assertWritten(final int mostBytes) {
        final UnsafeBuffer buffer = guest.buffers.receiveMemory();
        int first = -1;
        int last = -1;
        for (int i = 0; i < buffer.capacity(); i++) {
            if (buffer.getByte(i) != FILLED) {
                first = first < 0 ? i : first;
                last = i;
            }
        }
        assertThat(first).isNotNegative();
        assertThat(last - first).isLessThan(mostBytes);
    }

    /** Row 4: between frames, and behind the last one, the guest finds what it had there. */
    @Test
    void writesNoByteBetweenFramesOrBehindThem() {
        final UnsafeBuffer buffer = guest.buffers.receiveMemory();
        buffer.setMemory(0, buffer.capacity(), FILLED);
        final byte[] frame = TestFrames.plain(TestFrames.GUEST, 61, 1);
        port.arrive(frame);
        port.arrive(frame);
        guest.settle();
        assertThat(guest.received).hasSize(2);
        final int messageBytes = guest.received.getFirst().bytes().length;
        assertThat(messageBytes % Long.BYTES).as("there is a gap").isNotZero();
        int written = 0;
        for (int i = 0; i < buffer.capacity(); i++) {
            written += buffer.getByte(i) == FILLED ? 0 : 1;
        }
        final byte[] all = guest.received.getFirst().bytes();
        int same = 0;
        for (final byte each : all) {
            same += each == FILLED ? 1 : 0;
        }
        assertThat(written).isEqualTo(2 * (messageBytes - same));
        assertThat(Arrays.copyOfRange(all, messageBytes - frame.length, messageBytes))
                .isEqualTo(frame);
    }
}
