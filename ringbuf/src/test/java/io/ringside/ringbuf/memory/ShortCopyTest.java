package io.ringside.ringbuf.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class ShortCopyTest {
    private static final int CAPACITY = 600;

    @Test
    void copiesEveryLengthFromEveryPlaceAndNothingBeside() {
        final byte[] bytes = new byte[CAPACITY];
        for (int i = 0; i < CAPACITY; i++) {
            bytes[i] = (byte) (i * 31 + 1);
        }
        final UnsafeBuffer source = new UnsafeBuffer(bytes);
        for (int length = 0; length <= 300; length++) {
            final int from = length * 7 % 13;
            final int to = length * 5 % 11;
            final byte[] copied = new byte[CAPACITY];
            ShortCopy.copy(source, from, new UnsafeBuffer(copied), to, length);
            final byte[] expected = new byte[CAPACITY];
            System.arraycopy(bytes, from, expected, to, length);
            assertThat(copied).as("length=%d", length).isEqualTo(expected);
        }
    }

    @Test
    void refusesWhatLiesOutside() {
        final UnsafeBuffer source = new UnsafeBuffer(ByteBuffer.allocateDirect(64));
        final UnsafeBuffer target = new UnsafeBuffer(ByteBuffer.allocateDirect(32));
        assertThatThrownBy(() -> ShortCopy.copy(source, 0, target, 0, 33))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> ShortCopy.copy(source, 60, target, 0, 9))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> ShortCopy.copy(source, 0, target, -1, 8))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }
}
