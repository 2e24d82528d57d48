package io.ringside.ringbuf.xen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Requests short enough to be read in place. */
final class ShortRequestTest {
    private static final int PAGE_BYTES = 4096;

    @Test
    void tellsWhereTheNextRequestLies() {
        final UnsafeBuffer page = new UnsafeBuffer(new byte[PAGE_BYTES]);
        final FrontRing front = FrontRing.initialise(page, 12);
        final BackRing back = BackRing.join(page, 12);
        final UnsafeBuffer slot = new UnsafeBuffer(new byte[12]);
        for (int i = 0; i < 12; i++) {
            slot.putByte(i, (byte) (0x81 + i));
        }
        for (int i = 0; i < 300; i++) {
            front.putRequest(slot, 0, 12);
            front.pushRequests();
            assertThat(back.requests()).isEqualTo(1);
            final int at = back.requestOffset();
            assertThat(back.buffer().getLong(at)).isEqualTo(0x8887868584838281L);
            assertThat(back.requestOffset()).isEqualTo(at);
            back.requestTaken();
            assertThat(back.requests()).isZero();
            back.putResponse(slot, 0, 0);
            back.pushResponses();
            assertThat(front.responses()).isEqualTo(1);
            front.takeResponse(slot, 0, 12);
        }
        assertThatThrownBy(back::requestOffset).hasMessageContaining("consumer=300");
        assertThatThrownBy(back::requestTaken).hasMessageContaining("consumer=300");
    }
}
