package io.ringside.hypervisor.inprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.hypervisor.GuestMemory;
import io.ringside.ringbuf.memory.PageView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InProcessMemoryTest {
    private static final int FRAMES = 8;
    private static final long SIZE_BYTES = (long) FRAMES * GuestMemory.PAGE_BYTES;

    @Test
    void knowsEveryRangeThatExistsAndNoOther() {
        try (InProcessMemory memory = InProcessMemory.anonymous(FRAMES)) {
            assertThat(memory.frameCount()).isEqualTo(FRAMES);
            assertThat(memory.contains(0, SIZE_BYTES)).isTrue();
            assertThat(memory.contains(SIZE_BYTES - 1, 1)).isTrue();
            assertThat(memory.contains(SIZE_BYTES, 0)).isTrue();

            assertThat(memory.contains(0, SIZE_BYTES + 1)).isFalse();
            assertThat(memory.contains(SIZE_BYTES, 1)).isFalse();
            assertThat(memory.contains(SIZE_BYTES + 1, 0)).isFalse();
            assertThat(memory.contains(-1, 1)).isFalse();
            assertThat(memory.contains(0, -1)).isFalse();
            assertThat(memory.contains(1, Long.MAX_VALUE)).isFalse();
            assertThat(memory.contains(Long.MAX_VALUE, 1)).isFalse();
            assertThat(memory.contains(Long.MAX_VALUE, Long.MAX_VALUE)).isFalse();
            assertThat(memory.contains(Long.MIN_VALUE, Long.MIN_VALUE)).isFalse();
        }
    }

    @Test
    void startsZeroed() {
        try (InProcessMemory memory = InProcessMemory.anonymous(FRAMES)) {
            final UnsafeBuffer view = new UnsafeBuffer(0, 0);
            memory.wrap(view, 0, (int) SIZE_BYTES);
            for (int i = 0; i < view.capacity(); i++) {
                assertThat(view.getByte(i)).as("byte %d", i).isZero();
            }
        }
    }

    @Test
    void laysViewsOfOneAddressOverTheSameBytes() {
        try (InProcessMemory memory = InProcessMemory.anonymous(FRAMES)) {
            final UnsafeBuffer one = new UnsafeBuffer(0, 0);
            final UnsafeBuffer other = new UnsafeBuffer(0, 0);
            memory.wrap(one, 4090, 12);
            memory.wrap(other, 4096, 6);

            one.putLong(0, 0x1122334455667788L);
            one.putShort(6, (short) 0x6655);

            assertThat(one.capacity()).isEqualTo(12);
            assertThat(other.getShort(0)).isEqualTo((short) 0x6655);
            try (PageView page = memory.map(1)) {
                assertThat(page.buffer().getShort(0)).isEqualTo((short) 0x6655);
            }
        }
    }

    @Test
    void refusesToLayAViewOutsideOfTheMemory() {
        try (InProcessMemory memory = InProcessMemory.anonymous(FRAMES)) {
            final UnsafeBuffer view = new UnsafeBuffer(0, 0);
            assertThatThrownBy(() -> memory.wrap(view, SIZE_BYTES - 1, 2))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("no such memory: guestAddress=32767 lengthBytes=2 sizeBytes=32768");
            assertThatThrownBy(() -> memory.wrap(view, 1L << 32, 1))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> memory.wrap(view, -4096, 4096))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(view.capacity()).isZero();
        }
    }

    @Test
    void mapsFramesInAnyOrderAndTwice() {
        try (InProcessMemory memory = InProcessMemory.anonymous(FRAMES)) {
            final UnsafeBuffer frame = new UnsafeBuffer(0, 0);
            for (int i = 0; i < FRAMES; i++) {
                memory.wrap(frame, (long) i << GuestMemory.PAGE_SHIFT, GuestMemory.PAGE_BYTES);
                frame.putInt(0, 100 + i);
            }
            try (PageView scattered = memory.map(5, 2, 3);
                    PageView mirrored = memory.mapMirrored(6, 1)) {
                assertThat(scattered.buffer().getInt(0)).isEqualTo(105);
                assertThat(scattered.buffer().getInt(4096)).isEqualTo(102);
                assertThat(scattered.buffer().getInt(8192)).isEqualTo(103);
                assertThat(mirrored.buffer().capacity()).isEqualTo(4 * 4096);
                mirrored.buffer().putInt(8192, 206);
                assertThat(mirrored.buffer().getInt(0)).isEqualTo(206);
                assertThat(mirrored.buffer().getInt(3 * 4096)).isEqualTo(101);
            }
        }
    }

    @Test
    void refusesToMapAFrameThatDoesNotExist() {
        try (InProcessMemory memory = InProcessMemory.anonymous(FRAMES)) {
            assertThatThrownBy(() -> memory.map(0, FRAMES))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("frame=8");
            assertThatThrownBy(() -> memory.mapMirrored(-1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("frame=-1");
        }
    }

    @Test
    void sharesItsBytesWithTheFileBehindIt(@TempDir final Path directory) throws IOException {
        final Path file = directory.resolve("guest.memory");
        final UnsafeBuffer view = new UnsafeBuffer(0, 0);
        try (InProcessMemory memory = InProcessMemory.ofFile(file, FRAMES);
                InProcessMemory peer = InProcessMemory.ofFile(file, FRAMES)) {
            memory.wrap(view, 3L << GuestMemory.PAGE_SHIFT, 4);
            view.putInt(0, 0x04030201);
            peer.wrap(view, 3L << GuestMemory.PAGE_SHIFT, 4);
            assertThat(view.getInt(0)).isEqualTo(0x04030201);
        }
        final byte[] bytes = Files.readAllBytes(file);
        assertThat(bytes).hasSize((int) SIZE_BYTES);
        assertThat(bytes[3 * 4096]).isEqualTo((byte) 1);
        assertThat(bytes[3 * 4096 + 3]).isEqualTo((byte) 4);
    }

    @Test
    void givesNothingOutOnceClosed() {
        final InProcessMemory memory = InProcessMemory.anonymous(FRAMES);
        memory.close();
        memory.close();

        final UnsafeBuffer view = new UnsafeBuffer(0, 0);
        assertThat(memory.contains(0, 1)).isFalse();
        assertThatThrownBy(() -> memory.wrap(view, 0, 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("memory is closed: frames=8");
        assertThatThrownBy(() -> memory.map(0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> memory.mapMirrored(0)).isInstanceOf(IllegalStateException.class);
    }
}
