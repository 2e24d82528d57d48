package io.ringside.perf.workload;

import io.ringside.device.capture.Capture;
import io.ringside.device.capture.CaptureRefusedException;
import io.ringside.device.traffic.FrameMix;
import io.ringside.device.traffic.LineRate;
import io.ringside.device.traffic.Traffic;
import io.ringside.perf.scenario.UsageException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The frames of a network workload: a round of them, which is repeated. They are made up, each with
 * its place in the stream, or they are given and carried as they are.
 *
 * <p>Lengths are without the frame check sequence. Threads: any; it never changes.
 */
public final class FrameStream {
    /** Flows of a stream that is made up. */
    public static final int FLOWS = 64;

    /** Most frames of a round that is given. */
    public static final int MOST_FRAMES = 1 << 16;

    /** Bytes of the shortest frame that a card sends. */
    static final int LEAST_BYTES = 60;

    private static final int HEADER_BYTES = 14;
    private static final int LINE_BYTES = 64;

    private final String name;
    private final @Nullable Traffic traffic;
    private final int[] offsets;
    private final int[] lengths;
    private final int maxFrameBytes;
    private final double meanWireBytes;
    private final UnsafeBuffer bytes;

    private FrameStream(final String name, final @Nullable Traffic traffic, final int[] lengths) {
        this.name = name;
        this.traffic = traffic;
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
        final MemorySegment memory =
                Arena.ofAuto().allocate(traffic == null ? at : LINE_BYTES, LINE_BYTES);
        bytes = new UnsafeBuffer(memory.asByteBuffer());
    }

    /** The mix that users know by a name; every name is listed in the error. */
    public static FrameMix mix(final String name) throws UsageException {
        return switch (name) {
            case "64" -> FrameMix.BYTES_64;
            case "imix" -> FrameMix.IMIX;
            case "1500" -> FrameMix.MTU_1500;
            case "9000" -> FrameMix.MTU_9000;
            default ->
                    throw new UsageException(
                            "--frame '" + name + "' is unknown: it must be 64, imix, 1500 or 9000");
        };
    }

    /**
     * A stream that is made up.
     *
     * @param from the sender's address, 48 bits
     * @param to the receiver's address, 48 bits
     */
    public static FrameStream of(final FrameMix mix, final long from, final long to) {
        final int[] lengths = mix.cycle().stream().mapToInt(Integer::intValue).toArray();
        return new FrameStream(mix.name(), new Traffic(from, to, FLOWS, mix), lengths);
    }

    /**
     * The frames of a capture; a refusal names the file.
     *
     * @param mostFrameBytes most bytes of a frame that every device takes
     */
    public static FrameStream ofCapture(final Path file, final int mostFrameBytes)
            throws UsageException {
        try (Capture capture = Capture.open(file)) {
            if (capture.frames() == 0 || capture.frames() > MOST_FRAMES) {
                throw refusal(file, "has " + capture.frames() + " frames", "1 to " + MOST_FRAMES);
            }
            final List<byte[]> frames = new ArrayList<>();
            for (int i = 0; i < capture.frames(); i++) {
                final int lengthBytes = capture.lengthBytes(i);
                if (lengthBytes < HEADER_BYTES || lengthBytes > mostFrameBytes) {
                    throw refusal(
                            file,
                            "frame " + (i + 1) + " has " + lengthBytes + " bytes",
                            HEADER_BYTES
                                    + " to "
                                    + mostFrameBytes
                                    + ": leave it out, or capture with offloads off");
                }
                final byte[] frame = new byte[lengthBytes];
                capture.memory().getBytes(capture.offset(i), frame);
                frames.add(frame);
            }
            return of(String.valueOf(file.getFileName()), frames);
        } catch (final CaptureRefusedException e) {
            throw new UsageException("--pcap " + e.getMessage());
        }
    }

    private static UsageException refusal(
            final Path file, final String fault, final String allowed) {
        return new UsageException(
                "--pcap " + file + ": " + fault + ", and here it must be " + allowed);
    }

    /**
     * A stream of frames that are given.
     *
     * @param name what reports call it
     * @param frames from one to {@value #MOST_FRAMES}, none of them empty
     */
    public static FrameStream of(final String name, final List<byte[]> frames) {
        if (frames.isEmpty() || frames.size() > MOST_FRAMES) {
            throw new IllegalArgumentException("not a round: frames=" + frames.size());
        }
        final int[] lengths = frames.stream().mapToInt(frame -> frame.length).toArray();
        final FrameStream stream = new FrameStream(name, null, lengths);
        for (int i = 0; i < lengths.length; i++) {
            stream.bytes.putBytes(stream.offsets[i], frames.get(i));
        }
        return stream;
    }

    /** What reports call it. */
    public String name() {
        return name;
    }

    /** Whether the frames are given, and not made up. */
    public boolean isGiven() {
        return traffic == null;
    }

    /** What is made up; null if the frames are given. */
    @Nullable Traffic traffic() {
        return traffic;
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
        return Math.max(frameBytes, LEAST_BYTES) + LineRate.OVERHEAD_BYTES;
    }

    /** Bytes that a frame takes on the wire, in the mean of a round. */
    public double meanWireBytes() {
        return meanWireBytes;
    }

    /** The bytes of all frames that are given. */
    UnsafeBuffer bytes() {
        return bytes;
    }

    /** Where among them a frame of the round lies. */
    int offset(final int place) {
        return offsets[place];
    }
}
