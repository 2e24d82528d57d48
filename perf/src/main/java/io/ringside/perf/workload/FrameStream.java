package io.ringside.perf.workload;

import io.ringside.device.frame.InternetChecksum;
import io.ringside.perf.scenario.FrameMix;
import io.ringside.perf.scenario.NetScenario;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The frames of a network workload: a round of them, which is repeated.
 *
 * <p>A stream that is made up consists of UDP over IPv4 in {@value #FLOWS} flows, and each frame
 * carries its place in the stream:
 *
 * <pre>
 *  byte   0        14          34         42            50
 *       +----------+-----------+----------+-------------+------------------+
 *       | Ethernet | IPv4      | UDP      | stamp       | pattern          |
 *       | 14 bytes | 20 bytes  | 8 bytes  | 8 bytes, BE | 10 bytes or more |
 *       +----------+-----------+----------+-------------+------------------+
 * </pre>
 *
 * <p>The stamp is the frame's number in the stream, times 65536, and its place in the round. A
 * stream of frames that are given carries them as they are. Lengths are without the frame check
 * sequence.
 *
 * <p>Threads: any; it never changes.
 */
public final class FrameStream {
    /** Flows of a stream that is made up. */
    public static final int FLOWS = 64;

    /** Most frames of a round. */
    public static final int MOST_FRAMES = 1 << 16;

    static final int STAMP_OFFSET = 42;
    static final int STAMP_END = STAMP_OFFSET + Long.BYTES;
    static final int PLACE_BITS = 16;

    private static final int FCS_BYTES = 4;
    private static final int LEAST_BYTES = 60;
    private static final int LINE_BYTES = 64;
    private static final int MAC_BYTES = 6;
    private static final int IP_OFFSET = 14;
    private static final int UDP_OFFSET = 34;
    private static final int FIRST_PORT = 10_000;

    private final boolean stamped;
    private final int[] offsets;
    private final int[] lengths;
    private final int maxFrameBytes;
    private final double meanWireBytes;
    private final MemorySegment memory;
    private final UnsafeBuffer bytes;

    private FrameStream(final boolean stamped, final int[] lengths) {
        this.stamped = stamped;
        this.lengths = lengths;
        offsets = new int[lengths.length];
        int at = 0;
        int longest = 0;
        long wire = 0;
        for (int i = 0; i < lengths.length; i++) {
            offsets[i] = at;
            at = Math.addExact(at, (lengths[i] + LINE_BYTES - 1) / LINE_BYTES * LINE_BYTES);
            longest = Math.max(longest, lengths[i]);
            wire += wireBytes(lengths[i]);
        }
        maxFrameBytes = longest;
        meanWireBytes = (double) wire / lengths.length;
        memory = Arena.ofAuto().allocate(at, LINE_BYTES);
        bytes = new UnsafeBuffer(memory.address(), at);
    }

    /**
     * A stream that is made up.
     *
     * @param from the sender's address, 48 bits
     * @param to the receiver's address, 48 bits
     */
    public static FrameStream of(final FrameMix mix, final long from, final long to) {
        final List<Integer> sizes = mix.wireBytes();
        final int[] lengths = new int[sizes.size() * FLOWS];
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = sizes.get(i % sizes.size()) - FCS_BYTES;
        }
        final FrameStream stream = new FrameStream(true, lengths);
        for (int i = 0; i < lengths.length; i++) {
            stream.makeUp(i, from, to);
        }
        return stream;
    }

    /**
     * A stream of frames that are given.
     *
     * @param frames from one to {@value #MOST_FRAMES}, none of them empty
     */
    public static FrameStream of(final List<byte[]> frames) {
        if (frames.isEmpty() || frames.size() > MOST_FRAMES) {
            throw new IllegalArgumentException("not a round: frames=" + frames.size());
        }
        final int[] lengths = new int[frames.size()];
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = frames.get(i).length;
        }
        final FrameStream stream = new FrameStream(false, lengths);
        for (int i = 0; i < lengths.length; i++) {
            stream.bytes.putBytes(stream.offsets[i], frames.get(i));
        }
        return stream;
    }

    private void makeUp(final int place, final long from, final long to) {
        final int at = offsets[place];
        final int length = lengths[place];
        putMac(at, to);
        putMac(at + MAC_BYTES, from);
        putShort(at + 2 * MAC_BYTES, 0x0800);
        final int ip = at + IP_OFFSET;
        putShort(ip, 0x4500);
        putShort(ip + 2, length - IP_OFFSET);
        putShort(ip + 6, 0x4000); // Not to be fragmented.
        putShort(ip + 8, 64 << 8 | 17);
        bytes.putInt(ip + 12, 0x0A00_0001, ByteOrder.BIG_ENDIAN);
        bytes.putInt(ip + 16, 0x0A00_0002, ByteOrder.BIG_ENDIAN);
        putShort(ip + 10, InternetChecksum.finish(InternetChecksum.add(0, bytes, ip, 20)));
        final int udp = at + UDP_OFFSET;
        putShort(udp, FIRST_PORT + place % FLOWS);
        putShort(udp + 2, FIRST_PORT);
        putShort(udp + 4, length - UDP_OFFSET);
        for (int i = STAMP_END; i < length; i++) {
            bytes.putByte(at + i, (byte) Mixing.mix((long) place << PLACE_BITS | i));
        }
    }

    private void putMac(final int at, final long mac) {
        putShort(at, (int) (mac >>> 32));
        bytes.putInt(at + 2, (int) mac, ByteOrder.BIG_ENDIAN);
    }

    private void putShort(final int at, final int value) {
        bytes.putShort(at, (short) value, ByteOrder.BIG_ENDIAN);
    }

    /** Whether frames carry their place in the stream. */
    boolean isStamped() {
        return stamped;
    }

    /** How many frames a round has. */
    public int frames() {
        return lengths.length;
    }

    /** Bytes of one frame of the round. */
    public int frameBytes(final int place) {
        return lengths[place];
    }

    /** Bytes of the longest frame. */
    public int maxFrameBytes() {
        return maxFrameBytes;
    }

    /** Bytes that a frame of a length takes on the wire, with everything around it. */
    static int wireBytes(final int frameBytes) {
        return Math.max(frameBytes, LEAST_BYTES) + NetScenario.WIRE_OVERHEAD_BYTES;
    }

    /** Bytes that a frame takes on the wire, in the mean of a round. */
    public double meanWireBytes() {
        return meanWireBytes;
    }

    /** Where the bytes of a frame of the round lie. */
    long address(final int place) {
        return bytes.addressOffset() + offsets[place];
    }

    /**
     * Writes a frame where there is room for it.
     *
     * @param place the frame's place in the round
     * @param number the frame's number in the stream
     */
    void write(
            final int place, final long number, final UnsafeBuffer target, final int targetOffset) {
        target.putBytes(targetOffset, bytes, offsets[place], lengths[place]);
        if (stamped) {
            target.putLong(
                    targetOffset + STAMP_OFFSET,
                    number << PLACE_BITS | place,
                    ByteOrder.BIG_ENDIAN);
        }
    }
}
