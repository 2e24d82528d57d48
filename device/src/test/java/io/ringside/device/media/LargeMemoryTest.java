package io.ringside.device.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.testkit.Seed;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

final class LargeMemoryTest {
    private static final int SIZE_BYTES = 3 * 4096 + 1000;

    @Test
    void behavesAsOneArrayOfBytesWhereverItsChunksEnd() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        final byte[] model = new byte[SIZE_BYTES];
        final byte[] bytes = new byte[SIZE_BYTES];
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        try (LargeMemory memory = new LargeMemory(SIZE_BYTES, 12)) {
            assertThat(memory.sizeBytes()).isEqualTo(SIZE_BYTES);
            for (int i = 0; i < 5_000; i++) {
                final int at = random.nextInt(SIZE_BYTES);
                final int length = random.nextInt(SIZE_BYTES - at + 1);
                final int index = random.nextInt(SIZE_BYTES - length + 1);
                if (random.nextInt(8) == 0) {
                    memory.clear(at, length);
                    Arrays.fill(model, at, at + length, (byte) 0);
                } else if (random.nextBoolean()) {
                    random.nextBytes(bytes);
                    memory.write(at, buffer, index, length);
                    System.arraycopy(bytes, index, model, at, length);
                } else {
                    memory.read(at, buffer, index, length);
                    assertThat(Arrays.copyOfRange(bytes, index, index + length))
                            .as("at=%d length=%d, %s", at, length, seed)
                            .isEqualTo(Arrays.copyOfRange(model, at, at + length));
                }
            }
        }
    }

    @Test
    void givesNothingOutOnceClosed() {
        final LargeMemory memory = new LargeMemory(SIZE_BYTES, 12);
        memory.close();
        memory.close();

        final UnsafeBuffer bytes = new UnsafeBuffer(new byte[1]);
        assertThatThrownBy(() -> memory.read(0, bytes, 0, 1))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> memory.write(0, bytes, 0, 1))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> memory.wrap(new UnsafeBuffer(0, 0), 0, 1))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void refusesBytesThatDoNotExist() {
        try (LargeMemory memory = new LargeMemory(SIZE_BYTES, 12)) {
            final UnsafeBuffer view = new UnsafeBuffer(0, 0);
            final UnsafeBuffer bytes = new UnsafeBuffer(new byte[SIZE_BYTES + 1]);
            assertThatThrownBy(() -> memory.read(0, bytes, 0, SIZE_BYTES + 1))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> memory.write(-1, bytes, 0, 1))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> memory.read(Long.MAX_VALUE, bytes, 0, 1))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> memory.wrap(view, 3 * 4096, 1001))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            memory.wrap(view, 3 * 4096, 1000);
            assertThat(view.capacity()).isEqualTo(1000);
        }
    }
}
