package io.ringside.vmbus.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.hypervisor.inprocess.InProcessMemory;
import io.ringside.ringbuf.memory.PageView;
import io.ringside.ringbuf.vmbus.GpaDirectHeader;
import io.ringside.ringbuf.vmbus.RingStatus;
import io.ringside.testkit.Seed;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The pages that a GPA-direct packet names. */
class GpaPagesTest {
    private static final int FRAMES = 16;
    private static final int PAGE = 4096;

    private final InProcessMemory memory = InProcessMemory.anonymous(FRAMES);
    private final GpaPages pages = new GpaPages(memory, 8);
    private final UnsafeBuffer bytes = new UnsafeBuffer(new byte[256]);
    private final UnsafeBuffer piece = new UnsafeBuffer(0, 0);
    private final GpaDirectHeader header = new GpaDirectHeader();

    @AfterEach
    void close() {
        memory.close();
    }

    @Test
    void findsPiecesInARow() {
        range(3 * PAGE, 100, 4, 5, 6, 2);
        assertThat(pages.read(header)).isTrue();
        assertThat(pages.nextPiece(piece, Integer.MAX_VALUE)).isTrue();
        assertThat(piece.capacity()).isEqualTo(3 * PAGE - 100);
        assertThat(pages.nextPiece(piece, Integer.MAX_VALUE)).isTrue();
        assertThat(piece.capacity()).isEqualTo(100);
        piece.putByte(99, (byte) 7);
        assertThat(pages.nextPiece(piece, Integer.MAX_VALUE)).isFalse();
        try (PageView view = pages.map()) {
            assertThat(view.buffer().getByte(pages.byteOffset() + 3 * PAGE - 1))
                    .isEqualTo((byte) 7);
        }
        pages.position(PAGE - 100);
        assertThat(pages.nextPiece(piece, 512)).isTrue();
        assertThat(piece.capacity()).isEqualTo(512);
        assertThat(pages.position()).isEqualTo(PAGE + 412);
        assertThatThrownBy(() -> pages.position(3 * PAGE + 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesPagesThatDoNotExistAndTooManyOfThem() {
        for (final long frame : new long[] {FRAMES, -1, Long.MIN_VALUE, 1L << 52, 1L << 32}) {
            range(PAGE, 0, frame);
            assertThat(pages.read(header)).as("threats, row 29: frame=%d", frame).isFalse();
            assertThat(pages.byteCount()).isZero();
            assertThat(pages.nextPiece(piece, 512)).isFalse();
        }
        range(9 * PAGE, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(pages.read(header)).isFalse();
        range(0, 0);
        assertThat(pages.read(header)).as("an empty range").isTrue();
        assertThat(pages.nextPiece(piece, 512)).isFalse();
    }

    @Test
    void readsEachPageOnce() {
        range(PAGE, 0, 3);
        assertThat(pages.read(header)).isTrue();
        bytes.putLong(16, 9999); // The guest thinks again.
        assertThat(pages.nextPiece(piece, PAGE)).as("threats, rows 1 and 38").isTrue();
        piece.putByte(0, (byte) 5);
        final UnsafeBuffer frame = new UnsafeBuffer(0, 0);
        memory.wrap(frame, 3 * PAGE, PAGE);
        assertThat(frame.getByte(0)).isEqualTo((byte) 5);
    }

    @Test
    void copiesAsOnePieceWould() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        final byte[] data = new byte[8 * PAGE];
        final UnsafeBuffer source = new UnsafeBuffer(data);
        final UnsafeBuffer back = new UnsafeBuffer(new byte[8 * PAGE]);
        for (int run = 0; run < 500; run++) {
            final int count = random.nextInt(1, 9);
            final int offset = random.nextInt(PAGE);
            final int length = random.nextInt((count - 1) * PAGE + 1, count * PAGE + 1) - offset;
            if (length <= 0 || GpaDirectHeader.pages(length, offset) != count) {
                continue;
            }
            range(length, offset, distinct(random, count));
            assertThat(pages.read(header)).as("%s", seed).isTrue();
            random.nextBytes(data);
            assertThat(pages.copyFrom(source, 0, 8 * PAGE)).as("%s", seed).isEqualTo(length);
            try (PageView view = pages.map()) {
                for (int i = 0; i < length; i += 97) {
                    assertThat(view.buffer().getByte(offset + i)).as("%s", seed).isEqualTo(data[i]);
                }
            }
            final int from = random.nextInt(length);
            pages.position(from);
            assertThat(pages.copyTo(back, 0, 8 * PAGE)).isEqualTo(length - from);
            assertThat(back.getByte(0)).as("%s", seed).isEqualTo(data[from]);
            assertThat(back.getByte(length - from - 1)).as("%s", seed).isEqualTo(data[length - 1]);
        }
    }

    private static long[] distinct(final SplittableRandom random, final int count) {
        final long[] frames = new long[count];
        final int step = random.nextInt(2) * 2 + 1; // In a row, or scattered.
        final int start = random.nextInt(FRAMES);
        for (int i = 0; i < count; i++) {
            frames[i] = (start + (long) i * step) % FRAMES;
        }
        return frames;
    }

    private void range(final int byteCount, final int byteOffset, final long... frames) {
        final int headerBytes = GpaDirectHeader.bytes(1, frames.length);
        header.start(bytes, 0, headerBytes);
        header.addRange(byteCount, byteOffset);
        for (final long frame : frames) {
            header.addPage(frame);
        }
        header.wrap(bytes, 0, headerBytes, 1);
        assertThat(header.nextRange()).isEqualTo(RingStatus.OK);
    }
}
