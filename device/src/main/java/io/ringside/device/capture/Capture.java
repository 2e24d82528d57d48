package io.ringside.device.capture;

import io.ringside.ringbuf.memory.SharedPages;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A capture of Ethernet frames that was read whole into memory and checked to its end.
 *
 * <p>pcap and pcapng, both byte orders, times of any unit. A file with anything but Ethernet in it,
 * or one that ends within a record, is refused. A frame is what was captured of it: with its frame
 * check sequence if that was captured, and cut short if the snap length cut it.
 *
 * <p>Threads: any, it does not change; {@link #close} when nobody reads any more.
 */
public final class Capture implements AutoCloseable {
    /** The longest file, in bytes: 1 GiB. */
    public static final int MAX_FILE_BYTES = 1 << 30;

    /** The longest frame that a record may hold, as for other tools. */
    public static final int MAX_FRAME_BYTES = 262_144;

    /** Most frames of one file. */
    public static final int MAX_FRAMES = 1 << 24;

    static final int ETHERNET = 1;

    private static final int READ_BYTES = 1 << 20;
    private static final int FIRST_ROOM = 1024;

    private final SharedPages pages;
    private int[] offsets = new int[FIRST_ROOM];
    private int[] lengths = new int[FIRST_ROOM];
    private int[] originals = new int[FIRST_ROOM];
    private long[] times = new long[FIRST_ROOM];
    private int frames;

    private Capture(final SharedPages pages) {
        this.pages = pages;
    }

    /**
     * Reads a capture.
     *
     * @throws CaptureRefusedException if there is no such file, it cannot be read, is longer than
     *     {@link #MAX_FILE_BYTES}, has more than {@link #MAX_FRAMES}, or is no whole capture of
     *     Ethernet
     */
    public static Capture open(final Path file) throws CaptureRefusedException {
        try (FileChannel channel = FileChannel.open(file)) {
            final long sizeBytes = channel.size();
            if (sizeBytes > MAX_FILE_BYTES) {
                throw new CaptureRefusedException(
                        file
                                + ": too long, size="
                                + sizeBytes
                                + " limit="
                                + MAX_FILE_BYTES
                                + "; divide it with: editcap -c 1000000");
            }
            final int frameCount = (int) sizeBytes / SharedPages.PAGE_BYTES + 1;
            final Capture capture = new Capture(SharedPages.anonymous(frameCount));
            try {
                final int read = load(channel, capture.pages.whole(), (int) sizeBytes);
                capture.index(new CaptureBytes(file, capture.pages.whole(), read));
                return capture;
            } catch (final Throwable e) {
                capture.close();
                throw e;
            }
        } catch (final NoSuchFileException e) {
            throw new CaptureRefusedException(file + ": no such file; name another one");
        } catch (final IOException e) {
            throw new CaptureRefusedException(
                    Files.isDirectory(file)
                            ? "'" + file + "' is a directory; name a file"
                            : file
                                    + ": cannot be read ("
                                    + e.getMessage()
                                    + "); name another file");
        }
    }

    /** Reads at most so many bytes, fewer if the file has become shorter, and says how many. */
    private static int load(
            final FileChannel channel, final UnsafeBuffer memory, final int sizeBytes)
            throws IOException {
        final ByteBuffer piece = ByteBuffer.allocateDirect(Math.clamp(sizeBytes, 1, READ_BYTES));
        int at = 0;
        while (at < sizeBytes) {
            piece.clear().limit(Math.min(piece.capacity(), sizeBytes - at));
            final int count = channel.read(piece);
            if (count < 0) {
                break;
            }
            memory.putBytes(at, piece, 0, count);
            at += count;
        }
        return at;
    }

    private void index(final CaptureBytes bytes) throws CaptureRefusedException {
        bytes.require(0, Integer.BYTES, "the magic number");
        if (bytes.int32(0) == PcapNg.SECTION) {
            new PcapNg(bytes, this).read();
        } else {
            new ClassicPcap(bytes, this).read();
        }
    }

    /** Adds a frame; an empty one is left out, since no port can send it. */
    void add(
            final CaptureBytes bytes,
            final int offset,
            final int lengthBytes,
            final int originalBytes,
            final long nanos)
            throws CaptureRefusedException {
        if (lengthBytes == 0) {
            return;
        }
        if (frames == MAX_FRAMES) {
            throw bytes.refuse("more frames than are kept, limit", offset, MAX_FRAMES);
        }
        if (frames == offsets.length) {
            offsets = Arrays.copyOf(offsets, 2 * frames);
            lengths = Arrays.copyOf(lengths, 2 * frames);
            originals = Arrays.copyOf(originals, 2 * frames);
            times = Arrays.copyOf(times, 2 * frames);
        }
        offsets[frames] = offset;
        lengths[frames] = lengthBytes;
        originals[frames] = originalBytes;
        times[frames] = nanos;
        frames++;
    }

    /** How many frames there are. */
    public int frames() {
        return frames;
    }

    /** Where all frames lie. */
    public UnsafeBuffer memory() {
        return pages.whole();
    }

    /** Where one frame starts in {@link #memory}. */
    public int offset(final int frame) {
        return offsets[frame];
    }

    /** How many bytes of a frame there are. */
    public int lengthBytes(final int frame) {
        return lengths[frame];
    }

    /** How many bytes it had on the wire, as the file says. */
    public int originalBytes(final int frame) {
        return originals[frame];
    }

    /** Whether the file has less of a frame than there was on the wire: the snap length cut it. */
    public boolean isSnapped(final int frame) {
        return Integer.compareUnsigned(lengths[frame], originals[frame]) < 0;
    }

    /** How many frames are {@link #isSnapped}. */
    public int snappedFrames() {
        int count = 0;
        for (int i = 0; i < frames; i++) {
            count += isSnapped(i) ? 1 : 0;
        }
        return count;
    }

    /** When it was captured, in nanoseconds since 1970. */
    public long nanos(final int frame) {
        return times[frame];
    }

    @Override
    public void close() {
        pages.close();
    }
}
