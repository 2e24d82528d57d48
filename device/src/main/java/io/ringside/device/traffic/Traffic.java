package io.ringside.device.traffic;

import io.ringside.device.frame.InternetChecksum;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import java.util.TreeSet;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What stands in the frames of one measurement: from whom to whom, in how many flows, how long.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |     destination address     | source  |
 *       +----+----+----+----+----+----+----+----+
 *    8  |                   |  08   00|  45   00|
 *       +----+----+----+----+----+----+----+----+
 *   16  |IP bytes | id = 0  |  40   00|  40   11|  do not fragment; 64 hops; UDP
 *       +----+----+----+----+----+----+----+----+
 *   24  | IP sum  |  source 198.18.  |.. dest.  |
 *       +----+----+----+----+----+----+----+----+
 *   32  | 198.19. | ports             |UDP bytes|  source port 40000 + flow; destination port 9
 *       +----+----+----+----+----+----+----+----+
 *   40  | UDP sum | 'R'  'S'|  flow   | sequence     48 bits, of its flow, from zero on
 *       +----+----+----+----+----+----+----+----+
 *   48  |                   | time sent             64 bits, nanoseconds of the sender's clock
 *       +----+----+----+----+----+----+----+----+
 *   56  |                   | pattern ...
 *       +----+----+----+----+
 * </pre>
 *
 * <p>All numbers are big-endian. Addresses of a flow end in its number plus one, so that a hash
 * over addresses alone divides them too. From byte 60 on there is a pattern that depends on nothing
 * but the place, and in it, every 1024 bytes and at the end, stamps of four bytes: the lower half
 * of the sequence number. So memory that once holds the pattern needs a few words for the next
 * frame, and bytes of an older frame that have stayed behind are still found. The checksums are
 * right.
 *
 * <p>Threads: any; nothing changes. Source: RFC 768, RFC 791; RFC 2544, C.2.2 for the addresses.
 */
public final class Traffic {
    /** The shortest frame, without its frame check sequence. */
    public static final int MIN_FRAME_BYTES = 60;

    /** The longest one. */
    public static final int MAX_FRAME_BYTES = 65_535;

    /** Most flows. */
    public static final int MAX_FLOWS = 1024;

    /** Where the UDP header starts. */
    public static final int TRANSPORT_OFFSET = 34;

    /** Where the checksum lies in the UDP header. */
    public static final int CHECKSUM_OFFSET = 6;

    static final int PATTERN = 60;
    private static final int MAGIC = 'R' << Byte.SIZE | 'S';

    /** All memory: after one check of bounds, words and stretches of it go without any more. */
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfLong BIG_WORD = WORD.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt BIG_INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int SUM_WORD = 40;
    private static final int SEQUENCE_LOW = 48;
    private static final int TIME = 52;
    private static final int ROW_WORD = 5;
    private static final int ROW_SUM = 6;
    private static final int ROW_PSEUDO_SUM = 7;
    private static final int ROW_STAMPS = 8;
    private static final int ROW_LENGTH = 9;
    private static final int ROW_WORDS = 10;
    private static final int NETWORK_OFFSET = 14;
    private static final int IP_BYTES = 20;
    private static final int FIRST_PORT = 40_000;
    private static final int DISCARD_PORT = 9;
    private static final int SOURCE_NETWORK = 198 << 24 | 18 << 16;
    private static final int DESTINATION_NETWORK = 198 << 24 | 19 << 16;
    private static final int UDP = 17;
    private static final int PATTERN_STEP = 0x9E37_79B1;
    private static final int PATTERN_SHIFT = 24;
    private static final int WORD_MASK = 0xFFFF;
    private static final long INT_MASK = 0xFFFF_FFFFL;

    private final FrameMix mix;
    private final int flows;
    private final int[] sizes;
    private final int[] stamps;
    private final UnsafeBuffer pattern;
    private final long[] rows;

    /**
     * Makes a plan.
     *
     * @param sourceMac 48 bits, the first byte on the wire the highest of them
     * @param destinationMac 48 bits
     * @param flows how many flows take turns: from 1 to {@link #MAX_FLOWS}
     */
    public Traffic(
            final long sourceMac, final long destinationMac, final int flows, final FrameMix mix) {
        if (flows <= 0 || flows > MAX_FLOWS) {
            throw new IllegalArgumentException("no such traffic: flows=" + flows);
        }
        this.mix = mix;
        this.flows = flows;
        this.sizes = distinctLengths(mix);
        this.stamps = StampPlaces.of(sizes);
        this.pattern = makePattern();
        this.rows = new long[flows * sizes.length * ROW_WORDS];
        final UnsafeBuffer frame = new UnsafeBuffer(new byte[mix.maxFrameBytes()]);
        prepare(frame, 0);
        for (int flow = 0; flow < flows; flow++) {
            for (int size = 0; size < sizes.length; size++) {
                writeFixed(frame, sourceMac, destinationMac, flow, sizes[size]);
                keepFixed(frame, flow, size);
            }
        }
    }

    private static int[] distinctLengths(final FrameMix mix) {
        final Set<Integer> distinct = new TreeSet<>(mix.cycle());
        final int[] lengths = new int[distinct.size()];
        int i = 0;
        for (final int length : distinct) {
            lengths[i] = length;
            i++;
        }
        return lengths;
    }

    /** Bytes that no shift by a few of them leaves alike; zeros at the stamps. */
    private UnsafeBuffer makePattern() {
        final UnsafeBuffer bytes = new UnsafeBuffer(ByteBuffer.allocateDirect(mix.maxFrameBytes()));
        for (int at = PATTERN; at < bytes.capacity(); at++) {
            bytes.putByte(at, (byte) ((at * PATTERN_STEP) >>> PATTERN_SHIFT));
        }
        for (final int place : stamps) {
            bytes.putInt(place, 0);
        }
        return bytes;
    }

    /** Writes everything but the sequence number, the time and the checksum of UDP. */
    private static void writeFixed(
            final UnsafeBuffer frame,
            final long sourceMac,
            final long destinationMac,
            final int flow,
            final int frameBytes) {
        final ByteOrder order = ByteOrder.BIG_ENDIAN;
        frame.putShort(0, (short) (destinationMac >>> Integer.SIZE), order);
        frame.putInt(2, (int) destinationMac, order);
        frame.putShort(6, (short) (sourceMac >>> Integer.SIZE), order);
        frame.putInt(8, (int) sourceMac, order);
        frame.putInt(12, 0x0800_4500, order);
        frame.putInt(16, (frameBytes - NETWORK_OFFSET) << Short.SIZE, order);
        frame.putInt(20, 0x4000_4000 | UDP, order);
        frame.putShort(24, (short) 0, order);
        frame.putInt(26, SOURCE_NETWORK + flow + 1, order);
        frame.putInt(30, DESTINATION_NETWORK + flow + 1, order);
        final int sum = InternetChecksum.add(0, frame, NETWORK_OFFSET, IP_BYTES);
        frame.putShort(24, (short) InternetChecksum.finish(sum), order);
        frame.putShort(34, (short) (FIRST_PORT + flow), order);
        frame.putShort(36, (short) DISCARD_PORT, order);
        frame.putShort(38, (short) (frameBytes - TRANSPORT_OFFSET), order);
        frame.putShort(40, (short) 0, order);
        frame.putShort(42, (short) MAGIC, order);
        frame.putShort(44, (short) flow, order);
    }

    /** Keeps what is the same in all frames of a flow and a size. */
    private void keepFixed(final UnsafeBuffer frame, final int flow, final int size) {
        final int row = row(flow, size);
        for (int at = 0; at < SUM_WORD; at += Long.BYTES) {
            rows[row + at / Long.BYTES] = frame.getLong(at);
        }
        final int transportBytes = sizes[size] - TRANSPORT_OFFSET;
        final int addresses = InternetChecksum.add(0, frame, 26, 2 * Integer.BYTES);
        final int pseudo =
                InternetChecksum.addWord(InternetChecksum.addWord(addresses, UDP), transportBytes);
        rows[row + ROW_WORD] = (long) MAGIC << Integer.SIZE | (long) flow << Short.SIZE;
        rows[row + ROW_SUM] = InternetChecksum.add(pseudo, frame, TRANSPORT_OFFSET, transportBytes);
        rows[row + ROW_PSEUDO_SUM] = pseudo;
        rows[row + ROW_STAMPS] = StampPlaces.countWithin(stamps, sizes[size]);
        rows[row + ROW_LENGTH] = sizes[size];
    }

    /** Where in the table what is fixed of a flow and a size starts. */
    int row(final int flow, final int size) {
        return (flow * sizes.length + size) * ROW_WORDS;
    }

    int flowOf(final int row) {
        return (int) rows[row + ROW_WORD] >>> Short.SIZE;
    }

    int lengthOf(final int row) {
        return (int) rows[row + ROW_LENGTH];
    }

    /** How many flows there are. */
    public int flows() {
        return flows;
    }

    /** Which frames follow each other. */
    public FrameMix mix() {
        return mix;
    }

    /** Which size has a length; negative if none has. */
    int sizeOf(final int frameBytes) {
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] == frameBytes) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Writes the pattern to where frames will be written: once, unless somebody else writes there.
     *
     * @param offsetBytes where a frame will start; there is room for the longest one of the mix
     */
    public void prepare(final UnsafeBuffer memory, final int offsetBytes) {
        memory.putBytes(offsetBytes + PATTERN, pattern, PATTERN, pattern.capacity() - PATTERN);
    }

    /**
     * Writes a frame to prepared memory.
     *
     * @param row what is fixed of it, by {@link #row}
     */
    void write(
            final UnsafeBuffer memory,
            final int offsetBytes,
            final int row,
            final long sequence,
            final long nanos,
            final boolean blank) {
        final long[] fixed = rows;
        final long at = address(memory, offsetBytes, (int) fixed[row + ROW_LENGTH]);
        ALL.set(WORD, at, fixed[row]);
        ALL.set(WORD, at + 8, fixed[row + 1]);
        ALL.set(WORD, at + 16, fixed[row + 2]);
        ALL.set(WORD, at + 24, fixed[row + 3]);
        ALL.set(WORD, at + 32, fixed[row + 4]);
        final int stampCount = (int) fixed[row + ROW_STAMPS];
        final long sum =
                blank
                        ? fixed[row + ROW_PSEUDO_SUM]
                        : checksum(fixed[row + ROW_SUM], stampCount, sequence, nanos);
        ALL.set(BIG_WORD, at + SUM_WORD, sumWord(fixed[row + ROW_WORD], sum, sequence));
        ALL.set(BIG_INT, at + SEQUENCE_LOW, (int) sequence);
        ALL.set(BIG_WORD, at + TIME, nanos);
        for (int i = 0; i < stampCount; i++) {
            ALL.set(BIG_INT, at + stamps[i], (int) sequence);
        }
    }

    private static long sumWord(final long fixedWord, final long sum, final long sequence) {
        return fixedWord | (sum << (3 * Short.SIZE)) | ((sequence >>> Integer.SIZE) & WORD_MASK);
    }

    /**
     * The checksum of UDP: what is fixed, and the numbers that are not, halves of them at a time.
     */
    private static long checksum(
            final long fixedSum, final int stampCount, final long sequence, final long nanos) {
        final long sum =
                fixedSum
                        + (sequence >>> Integer.SIZE & WORD_MASK)
                        + (sequence & INT_MASK) * (1 + stampCount)
                        + (nanos >>> Integer.SIZE)
                        + (nanos & INT_MASK);
        final long halves = (sum & INT_MASK) + (sum >>> Integer.SIZE);
        final long words = (halves & WORD_MASK) + (halves >>> Short.SIZE);
        final long folded = (words & WORD_MASK) + (words >>> Short.SIZE);
        final long once = (folded & WORD_MASK) + (folded >>> Short.SIZE);
        return once == WORD_MASK ? WORD_MASK : once ^ WORD_MASK;
    }

    /** Whether a frame that says what it is, and when it was sent, holds what it then must hold. */
    boolean holds(
            final long at,
            final int row,
            final long sumWord,
            final long sequence,
            final long nanos,
            final boolean blank) {
        final long[] fixed = rows;
        final int stampCount = (int) fixed[row + ROW_STAMPS];
        final long sum =
                blank
                        ? fixed[row + ROW_PSEUDO_SUM]
                        : checksum(fixed[row + ROW_SUM], stampCount, sequence, nanos);
        final long wrong =
                (ALL.get(WORD, at) ^ fixed[row])
                        | (ALL.get(WORD, at + 8) ^ fixed[row + 1])
                        | (ALL.get(WORD, at + 16) ^ fixed[row + 2])
                        | (ALL.get(WORD, at + 24) ^ fixed[row + 3])
                        | (ALL.get(WORD, at + 32) ^ fixed[row + 4])
                        | (sumWord ^ sumWord(fixed[row + ROW_WORD], sum, sequence));
        final int end = (int) fixed[row + ROW_LENGTH];
        return wrong == 0 && (end == PATTERN || holdsPattern(at, end, stampCount, sequence));
    }

    private boolean holdsPattern(
            final long at, final int end, final int stampCount, final long sequence) {
        int from = PATTERN;
        for (int i = 0; i < stampCount; i++) {
            final int place = stamps[i];
            if (ALL.get(BIG_INT, at + place) != (int) sequence || !isPattern(at, from, place)) {
                return false;
            }
            from = place + Integer.BYTES;
        }
        return isPattern(at, from, end);
    }

    private boolean isPattern(final long at, final int from, final int end) {
        final long first = pattern.addressOffset();
        return from == end
                || MemorySegment.mismatch(ALL, at + from, at + end, ALL, first + from, first + end)
                        < 0;
    }

    /** The address of a frame, all of which lies in a buffer outside of Java's heap. */
    static long address(final UnsafeBuffer memory, final int offsetBytes, final int frameBytes) {
        memory.boundsCheck(offsetBytes, frameBytes);
        return memory.addressOffset() + offsetBytes;
    }

    /** Checksum, magic number, flow, and the upper part of the sequence number. */
    static long sumWord(final long at) {
        return ALL.get(BIG_WORD, at + SUM_WORD);
    }

    static boolean hasMagic(final long sumWord) {
        return (sumWord >>> Integer.SIZE & WORD_MASK) == MAGIC;
    }

    static int flow(final long sumWord) {
        return (int) (sumWord >>> Short.SIZE & WORD_MASK);
    }

    static long sequence(final long at, final long sumWord) {
        return (sumWord & WORD_MASK) << Integer.SIZE
                | (ALL.get(BIG_INT, at + SEQUENCE_LOW) & INT_MASK);
    }

    static long nanos(final long at) {
        return ALL.get(BIG_WORD, at + TIME);
    }
}
