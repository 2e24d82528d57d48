package io.ringside.xen.blkfront.frontend;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.device.guest.BlockLimits;
import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.inprocess.InProcessMemory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class GeometryCheckTest {
    private static final BlockLimits WRITABLE =
            new BlockLimits(100, 512, 45056, 11, 32, false, true);
    private static final BlockLimits READ_ONLY =
            new BlockLimits(100, 512, 45056, 11, 32, true, true);
    private static final BlockLimits LARGE_BLOCKS =
            new BlockLimits(104, 4096, 45056, 11, 32, false, true);

    private final GuestMemory memory = InProcessMemory.anonymous(4);
    private final BlockRequest request = new BlockRequest(12);

    @AfterEach
    void close() {
        memory.close();
    }

    @Test
    void takesEverySegmentWithinAPageAndNoOther() {
        for (int offset = 0; offset <= 4096; offset += 256) {
            for (int lengthBytes = -512; lengthBytes <= 8192; lengthBytes += 256) {
                request.reset(BlockOperation.READ, 0).addSegment(4096 + offset, lengthBytes);
                final boolean sound =
                        offset % 512 == 0
                                && lengthBytes % 512 == 0
                                && lengthBytes > 0
                                && offset % 4096 + lengthBytes <= 4096;
                if (sound) {
                    assertThatCode(this::check).doesNotThrowAnyException();
                } else {
                    assertThatThrownBy(this::check)
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessage(
                                    "not whole blocks within a page: segmentAddress="
                                            + (4096 + offset));
                }
            }
        }
    }

    @Test
    void refusesMemoryThatTheGuestDoesNotHave() {
        for (final long address : new long[] {4 * 4096, -4096, Long.MIN_VALUE, 1L << 40}) {
            request.reset(BlockOperation.READ, 0).addSegment(address, 4096);
            assertThatThrownBy(this::check).hasMessageEndingWith("segmentAddress=" + address);
        }
    }

    @Test
    void refusesSectorsThatTheDiskDoesNotHave() {
        for (final long sector : new long[] {93, 100, 101, -1, Long.MAX_VALUE, Long.MIN_VALUE}) {
            request.reset(BlockOperation.WRITE, sector).addSegment(0, 4096);
            assertThatThrownBy(this::check)
                    .hasMessage("not whole blocks of the disk: sector=" + sector);
        }
        request.reset(BlockOperation.WRITE, 92).addSegment(0, 4096);
        assertThatCode(this::check).doesNotThrowAnyException();
    }

    @Test
    void countsSegments() {
        request.reset(BlockOperation.READ, 0);
        assertThatThrownBy(this::check).hasMessage("segments out of range: segmentCount=0");
        for (int i = 0; i < 11; i++) {
            request.addSegment(0, 512);
        }
        assertThatCode(this::check).doesNotThrowAnyException();
        request.addSegment(0, 512);
        assertThatThrownBy(this::check).hasMessage("segments out of range: segmentCount=12");
    }

    @Test
    void holdsRequestsToTheLogicalBlock() {
        request.reset(BlockOperation.READ, 8).addSegment(4096, 4096);
        assertThatCode(() -> GeometryCheck.check(request, LARGE_BLOCKS, memory))
                .doesNotThrowAnyException();
        request.reset(BlockOperation.READ, 4).addSegment(4096, 4096);
        assertThatThrownBy(() -> GeometryCheck.check(request, LARGE_BLOCKS, memory))
                .hasMessage("not whole blocks of the disk: sector=4");
        request.reset(BlockOperation.READ, 8).addSegment(4096, 512);
        assertThatThrownBy(() -> GeometryCheck.check(request, LARGE_BLOCKS, memory))
                .hasMessage("not whole blocks within a page: segmentAddress=4096");
    }

    @Test
    void refusesWritesToAReadOnlyDisk() {
        request.reset(BlockOperation.WRITE, 3).addSegment(0, 512);
        assertThatThrownBy(() -> GeometryCheck.check(request, READ_ONLY, memory))
                .hasMessage("the disk is read-only: sector=3");
        request.reset(BlockOperation.READ, 3).addSegment(0, 512);
        assertThatCode(() -> GeometryCheck.check(request, READ_ONLY, memory))
                .doesNotThrowAnyException();
    }

    @Test
    void givesAFlushNoSegments() {
        request.reset(BlockOperation.FLUSH, 0);
        assertThatCode(this::check).doesNotThrowAnyException();
        request.addSegment(0, 512);
        assertThatThrownBy(this::check).hasMessage("a flush has no segments: segmentCount=1");
    }

    private void check() {
        GeometryCheck.check(request, WRITABLE, memory);
    }
}
