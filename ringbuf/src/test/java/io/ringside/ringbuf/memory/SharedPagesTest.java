package io.ringside.ringbuf.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharedPagesTest {
    private static final int PAGE = SharedPages.PAGE_BYTES;

    @Test
    void startsZeroed() {
        try (SharedPages pages = SharedPages.anonymous(3)) {
            assertThat(pages.whole().capacity()).isEqualTo(3 * PAGE);
            for (int i = 0; i < 3 * PAGE; i += Long.BYTES) {
                assertThat(pages.whole().getLong(i)).isZero();
            }
        }
    }

    @Test
    void slicesNeighboursWithoutMappingThemAgain() {
        try (SharedPages pages = numbered(4);
                PageView view = pages.view(1, 2, 3)) {
            assertThat(view.isMapping()).isFalse();
            assertThat(view.buffer().addressOffset())
                    .isEqualTo(pages.whole().addressOffset() + PAGE);
            assertThat(frameNumbers(view)).containsExactly(1, 2, 3);
        }
    }

    @Test
    void mapsScatteredFramesInTheOrderOfTheList() {
        try (SharedPages pages = numbered(8);
                PageView view = pages.view(7, 2, 3, 4, 0, 6)) {
            assertThat(view.isMapping()).isTrue();
            assertThat(frameNumbers(view)).containsExactly(7, 2, 3, 4, 0, 6);
        }
    }

    @Test
    void writesOfOneViewAreSeenInTheOthers() {
        try (SharedPages pages = numbered(4);
                PageView scattered = pages.view(3, 0);
                PageView other = pages.view(0, 3, 1)) {
            scattered.buffer().putLong(PAGE - Long.BYTES, 11);
            scattered.buffer().putLong(PAGE, 22);
            assertThat(pages.whole().getLong(4 * PAGE - Long.BYTES)).isEqualTo(11);
            assertThat(pages.whole().getLong(0)).isEqualTo(22);
            assertThat(other.buffer().getLong(2 * PAGE - Long.BYTES)).isEqualTo(11);
            assertThat(other.buffer().getLong(0)).isEqualTo(22);
        }
    }

    @Test
    void aFrameListedTwiceIsOneMemory() {
        try (SharedPages pages = numbered(2);
                PageView view = pages.view(1, 1, 0, 1)) {
            view.buffer().putLong(16, 5);
            assertThat(view.buffer().getLong(PAGE + 16)).isEqualTo(5);
            assertThat(view.buffer().getLong(3 * PAGE + 16)).isEqualTo(5);
            assertThat(view.buffer().getLong(2 * PAGE + 16)).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void mirrorsTheListSoThatItsEndRunsIntoItsStart(final int count) {
        final int[] frames = new int[count];
        for (int i = 0; i < count; i++) {
            frames[i] = 2 * (count - i); // scattered, and backwards
        }
        final int bytes = count * PAGE;
        try (SharedPages pages = numbered(2 * count + 1);
                PageView view = pages.mirrored(frames)) {
            final UnsafeBuffer buffer = view.buffer();
            assertThat(buffer.capacity()).isEqualTo(2 * bytes);
            buffer.putLong(bytes - 3, 0x1122_3344_5566_7788L); // across the end
            assertThat(buffer.getByte(bytes - 3)).isEqualTo((byte) 0x88);
            assertThat(buffer.getByte(0)).isEqualTo((byte) 0x55);
            for (int i = 0; i < bytes; i++) {
                buffer.putByte(i, (byte) (i * 31));
            }
            for (int i = 0; i < bytes; i++) {
                assertThat(buffer.getByte(bytes + i)).isEqualTo((byte) (i * 31));
            }
        }
    }

    @Test
    void aFileHoldsTheFramesAndIsSharedByItsName(@TempDir final Path directory) throws IOException {
        final Path file = directory.resolve("guest-memory");
        try (SharedPages first = SharedPages.ofFile(file, 3);
                SharedPages second = SharedPages.ofFile(file, 3);
                PageView scattered = second.view(2, 0)) {
            first.whole().putLong(2 * PAGE + 8, 0x0102_0304_0506_0708L);
            assertThat(second.whole().getLong(2 * PAGE + 8)).isEqualTo(0x0102_0304_0506_0708L);
            scattered.buffer().putLong(PAGE, 77);
            assertThat(first.whole().getLong(0)).isEqualTo(77);
        }
        assertThat(Files.size(file)).isEqualTo(3L * PAGE);
        assertThat(Files.readAllBytes(file)[2 * PAGE + 8]).isEqualTo((byte) 8);
    }

    @Test
    void aFileThatWasThereKeepsItsBytes(@TempDir final Path directory) throws IOException {
        final Path file = directory.resolve("guest-memory");
        Files.write(file, new byte[] {1, 2, 3});
        try (SharedPages pages = SharedPages.ofFile(file, 2)) {
            assertThat(pages.whole().getByte(2)).isEqualTo((byte) 3);
            assertThat(pages.whole().getByte(3)).isZero();
        }
        assertThat(Files.size(file)).isEqualTo(2L * PAGE);
    }

    @Test
    void namesTheFileThatCannotBeOpened(@TempDir final Path directory) {
        assertThatThrownBy(() -> SharedPages.ofFile(directory.resolve("none/memory"), 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("none/memory")
                .hasMessageContaining("errno=2");
    }

    @Test
    void aClosedViewHasNoBytesAndMayBeClosedAgain() {
        try (SharedPages pages = numbered(3)) {
            final PageView slice = pages.view(1);
            final PageView mapping = pages.view(2, 0);
            slice.close();
            mapping.close();
            mapping.close();
            assertThat(slice.buffer().capacity()).isZero();
            assertThat(mapping.buffer().capacity()).isZero();
            assertThatThrownBy(() -> mapping.buffer().getByte(0))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThat(pages.whole().getInt(PAGE)).isEqualTo(1);
        }
    }

    @Test
    void closedPagesHaveNoBytesAndGiveNoViews() {
        final SharedPages pages = numbered(2);
        pages.close();
        pages.close();
        assertThat(pages.whole().capacity()).isZero();
        assertThatThrownBy(() -> pages.view(0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> pages.mirrored(0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void aMappingOutlivesThePagesItCameFrom() {
        final SharedPages pages = numbered(2);
        try (PageView view = pages.view(1, 0)) {
            pages.close();
            assertThat(frameNumbers(view)).containsExactly(1, 0);
        }
    }

    @Test
    void refusesFramesThatDoNotExist() {
        try (SharedPages pages = numbered(2)) {
            assertThatThrownBy(() -> pages.view(0, 2)).hasMessageContaining("frame=2");
            assertThatThrownBy(() -> pages.view(-1)).hasMessageContaining("frame=-1");
            assertThatThrownBy(pages::view).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> SharedPages.anonymous(0)).hasMessageContaining("frames=0");
            assertThatThrownBy(() -> SharedPages.anonymous(Integer.MAX_VALUE))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** Pages whose first word is the number of their frame. */
    private static SharedPages numbered(final int frameCount) {
        final SharedPages pages = SharedPages.anonymous(frameCount);
        for (int frame = 0; frame < frameCount; frame++) {
            pages.whole().putInt(frame * PAGE, frame);
        }
        return pages;
    }

    private static int[] frameNumbers(final PageView view) {
        final int[] numbers = new int[view.buffer().capacity() / PAGE];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = view.buffer().getInt(i * PAGE);
        }
        return numbers;
    }
}
