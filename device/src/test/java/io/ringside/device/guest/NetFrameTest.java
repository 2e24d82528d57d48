package io.ringside.device.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.device.frame.ChecksumState;
import io.ringside.device.frame.SegmentationType;
import org.junit.jupiter.api.Test;

final class NetFrameTest {
    private final NetFrame frame = new NetFrame(2);

    @Test
    void takesPiecesUpToTheEndOfTheirPage() {
        frame.addSegment(0x1FFE, 2).addSegment(0x7000, 4096);
        assertThat(frame.segmentCount()).isEqualTo(2);
        assertThat(frame.totalBytes()).isEqualTo(4098);
        assertThat(frame.segmentAddress(0)).isEqualTo(0x1FFE);
        assertThat(frame.segmentBytes(1)).isEqualTo(4096);
        refuses(0x8000, 1);
    }

    @Test
    void refusesPiecesThatAreEmptyOrCrossAPage() {
        refuses(0x1FFE, 3);
        refuses(0x1000, 4097);
        refuses(0x1000, Integer.MAX_VALUE);
        refuses(0x1000, 0);
        refuses(0x1000, -1);
        assertThat(frame.segmentCount()).isZero();
    }

    private void refuses(final long guestAddress, final int lengthBytes) {
        assertThatThrownBy(() -> frame.addSegment(guestAddress, lengthBytes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lengthBytes=" + lengthBytes);
    }

    @Test
    void forgetsAllButTheTagWhenReset() {
        frame.tag(9);
        frame.status(NetStatus.GONE);
        frame.addSegment(0x1000, 60);
        frame.metadata().checksumBlank(34, 16);
        frame.metadata().segmentInto(SegmentationType.TCP_IPV4, 1460);
        frame.metadata().coalescedFrom(3);
        frame.metadata().vlanTag(0);
        assertThat(frame.metadata().hasVlanTag()).isTrue();

        frame.reset();
        assertThat(frame.tag()).isEqualTo(9);
        assertThat(frame.status()).isEqualTo(NetStatus.OK);
        assertThat(frame.totalBytes()).isZero();
        assertThat(frame.metadata().checksum()).isEqualTo(ChecksumState.PRESENT);
        assertThat(frame.metadata().segmentation()).isEqualTo(SegmentationType.NONE);
        assertThat(frame.metadata().segmentPayloadBytes()).isZero();
        assertThat(frame.metadata().coalescedSegments()).isEqualTo(1);
        assertThat(frame.metadata().hasVlanTag()).isFalse();
    }

    @Test
    void refusesAFrameThatWasPutTogetherFromNothing() {
        assertThatThrownBy(() -> frame.metadata().coalescedFrom(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("segments=0");
    }

    @Test
    void refusesASegmentationWithoutASize() {
        assertThatThrownBy(() -> frame.metadata().segmentInto(SegmentationType.TCP_IPV4, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("payloadBytes=0");
    }
}
