package io.ringside.device.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

final class StoreRequestTest {
    private final StoreRequest request = new StoreRequest(2, 7);

    @Test
    void fitsOnlyWhereEverySectorExists() {
        assertThat(reading(0, 512 * 8).fitsIn(8)).isTrue();
        assertThat(reading(7, 512).fitsIn(8)).isTrue();
        assertThat(reading(8, 0).fitsIn(8)).isTrue();

        assertThat(reading(0, 512 * 9).fitsIn(8)).isFalse();
        assertThat(reading(7, 1024).fitsIn(8)).isFalse();
        assertThat(reading(8, 512).fitsIn(8)).isFalse();
        assertThat(reading(9, 0).fitsIn(8)).isFalse();
        assertThat(reading(-1, 512).fitsIn(8)).isFalse();
        assertThat(reading(Long.MIN_VALUE, 0).fitsIn(8)).isFalse();
        assertThat(reading(Long.MAX_VALUE, 512).fitsIn(8)).isFalse();
        assertThat(reading(Long.MAX_VALUE, 512).fitsIn(Long.MAX_VALUE)).isFalse();
        assertThat(reading(1L << 55, 512).fitsIn(8)).isFalse();
    }

    private StoreRequest reading(final long sector, final int lengthBytes) {
        request.reset(StoreRequest.Operation.READ, sector);
        request.nextSegment().wrap(ByteBuffer.allocateDirect(lengthBytes));
        request.added();
        return request;
    }

    @Test
    void fitsADiscardByItsNumberOfSectors() {
        assertThat(request.resetToDiscard(0, 8).fitsIn(8)).isTrue();
        assertThat(request.resetToDiscard(8, 0).fitsIn(8)).isTrue();
        assertThat(request.sectorCount()).isZero();
        assertThat(request.resetToDiscard(1, 8).fitsIn(8)).isFalse();
        assertThat(request.resetToDiscard(1, -1).fitsIn(8)).isFalse();
        assertThat(request.resetToDiscard(1, Long.MAX_VALUE).fitsIn(8)).isFalse();
        assertThat(request.resetToDiscard(1, Long.MIN_VALUE).fitsIn(8)).isFalse();
        assertThat(request.resetToDiscard(-1, 2).fitsIn(8)).isFalse();

        assertThat(request.resetToDiscard(3, 1L << 40).sectorCount()).isEqualTo(1L << 40);
        assertThat(reading(0, 1024).sectorCount()).isEqualTo(2);
    }

    @Test
    void countsItsSegmentsAndTheirBytes() {
        request.reset(StoreRequest.Operation.WRITE, 3);
        request.nextSegment().wrap(ByteBuffer.allocateDirect(512));
        request.added();
        request.nextSegment().wrap(ByteBuffer.allocateDirect(1024));
        request.added();

        assertThat(request.segmentCount()).isEqualTo(2);
        assertThat(request.totalBytes()).isEqualTo(1536);
        assertThat(request.segment(1).capacity()).isEqualTo(1024);
        assertThat(request.tag()).isEqualTo(7);

        request.reset(StoreRequest.Operation.READ, 0);
        assertThat(request.segmentCount()).isZero();
        assertThat(request.totalBytes()).isZero();
    }

    @Test
    void refusesSegmentsThatNoStoreCouldTake() {
        request.reset(StoreRequest.Operation.READ, 0);
        request.nextSegment().wrap(ByteBuffer.allocateDirect(513));
        assertThatThrownBy(request::added)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not a segment: lengthBytes=513 onHeap=false totalBytes=0");

        request.nextSegment().wrap(new byte[512]);
        assertThatThrownBy(request::added)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not a segment: lengthBytes=512 onHeap=true totalBytes=0");

        final UnsafeBuffer huge = new UnsafeBuffer(4096, Integer.MAX_VALUE - 511);
        request.nextSegment().wrap(huge);
        request.added();
        request.nextSegment().wrap(ByteBuffer.allocateDirect(512));
        assertThatThrownBy(request::added).isInstanceOf(IllegalArgumentException.class);
        assertThat(request.segmentCount()).isEqualTo(1);
    }
}
