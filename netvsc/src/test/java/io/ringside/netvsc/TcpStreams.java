package io.ringside.netvsc;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.frame.ChecksumState;
import io.ringside.device.frame.FrameMetadata;
import io.ringside.device.frame.InternetChecksum;
import io.ringside.device.frame.SegmentationType;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Streams of TCP between guests, whose every byte is known by where it is in the stream: whatever
 * is done to the frames on their way, the bytes that come out can be checked.
 */
final class TcpStreams {
    static final int HEADER_BYTES = 54;

    private static final int MOST_GUESTS = 16;
    private static final int SEQUENCE = 38;

    private final int[] sentBytes = new int[MOST_GUESTS * MOST_GUESTS];
    private final int[] receivedBytes = new int[MOST_GUESTS * MOST_GUESTS];
    private boolean maySkip;

    /** The address of a guest. */
    static long address(final int guest) {
        return 0x00_15_5D_00_10_00L + guest;
    }

    private static int stream(final int from, final int to) {
        return from * MOST_GUESTS + to;
    }

    private static byte at(final int stream, final int position) {
        return (byte) (stream * 31 + position * 7 + (position >>> 8));
    }

    /** Whether everything that was sent has come. */
    void assertAllArrived(final String description) {
        assertThat(receivedBytes).as(description).isEqualTo(sentBytes);
    }

    /** From now on there may be gaps; what comes is checked all the same. */
    void mayLose() {
        maySkip = true;
    }

    /** The next frame of a stream, with its sums right. */
    void put(final UnsafeBuffer frame, final int from, final int to, final int payloadBytes) {
        final int stream = stream(from, to);
        frame.setMemory(0, HEADER_BYTES, (byte) 0);
        putAddress(frame, 0, address(to));
        putAddress(frame, 6, address(from));
        put(frame, 12, 0x0800);
        put(frame, 14, 0x4500);
        put(frame, 16, 40 + payloadBytes);
        put(frame, 22, 0x4006);
        frame.putInt(26, 0x0A00_0000 + from, BIG_ENDIAN);
        frame.putInt(30, 0x0A00_0000 + to, BIG_ENDIAN);
        put(frame, 34, 1000 + from);
        put(frame, 36, 2000 + to);
        frame.putInt(SEQUENCE, sentBytes[stream], BIG_ENDIAN);
        put(frame, 46, 0x5010);
        for (int i = 0; i < payloadBytes; i++) {
            frame.putByte(HEADER_BYTES + i, at(stream, sentBytes[stream] + i));
        }
        put(frame, 24, InternetChecksum.finish(InternetChecksum.add(0, frame, 14, 20)));
        put(frame, 50, pseudo(frame, 20 + payloadBytes));
        put(
                frame,
                50,
                InternetChecksum.finish(InternetChecksum.add(0, frame, 34, 20 + payloadBytes)));
        sentBytes[stream] += payloadBytes;
    }

    /** Leaves the sum, and the cutting if asked for, to others. */
    void leave(
            final UnsafeBuffer frame,
            final FrameMetadata metadata,
            final int payloadBytes,
            final int segmentBytes) {
        put(frame, 50, pseudo(frame, 20 + payloadBytes));
        metadata.checksumBlank(34, 16);
        if (segmentBytes > 0) {
            metadata.segmentInto(SegmentationType.TCP_IPV4, segmentBytes);
        }
    }

    /** Checks a frame that has arrived, all of it. */
    void arrived(
            final UnsafeBuffer frame,
            final int frameBytes,
            final FrameMetadata metadata,
            final int guest,
            final String description) {
        final int from = (int) (frame.getInt(26, BIG_ENDIAN) & 0xFF);
        final int stream = stream(from, guest);
        final int payloadBytes = frameBytes - HEADER_BYTES;
        assertThat(frame.getInt(30, BIG_ENDIAN) & 0xFF).as(description).isEqualTo(guest);
        assertThat(frame.getShort(16, BIG_ENDIAN) & 0xFFFF)
                .as(description)
                .isEqualTo(40 + payloadBytes);
        assertThat(InternetChecksum.add(0, frame, 14, 20)).as(description).isEqualTo(0xFFFF);
        if (metadata.checksum() == ChecksumState.PRESENT) {
            assertThat(
                            InternetChecksum.addWord(
                                    pseudo(frame, 20 + payloadBytes),
                                    InternetChecksum.add(0, frame, 34, 20 + payloadBytes)))
                    .as(description)
                    .isEqualTo(0xFFFF);
        }
        final int sequence = frame.getInt(SEQUENCE, BIG_ENDIAN);
        if (maySkip && sequence > receivedBytes[stream]) {
            receivedBytes[stream] = sequence;
        }
        assertThat(sequence).as(description).isEqualTo(receivedBytes[stream]);
        for (int i = 0; i < payloadBytes; i++) {
            if (frame.getByte(HEADER_BYTES + i) != at(stream, receivedBytes[stream] + i)) {
                throw new AssertionError(
                        description + " stream=" + stream + " at=" + (receivedBytes[stream] + i));
            }
        }
        receivedBytes[stream] += payloadBytes;
    }

    private static int pseudo(final UnsafeBuffer frame, final int bytes) {
        final int sum = InternetChecksum.add(0, frame, 26, 8);
        return InternetChecksum.addWord(InternetChecksum.addWord(sum, 6), bytes);
    }

    private static void putAddress(final UnsafeBuffer frame, final int at, final long address) {
        for (int i = 0; i < 6; i++) {
            frame.putByte(at + i, (byte) (address >>> (5 - i) * Byte.SIZE));
        }
    }

    private static void put(final UnsafeBuffer frame, final int at, final int value) {
        frame.putShort(at, (short) value, BIG_ENDIAN);
    }
}
