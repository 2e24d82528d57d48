package io.ringside.xen.blkfront.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.xen.blkfront.protocol.BlkAbi;
import io.ringside.xen.blkfront.protocol.BlkOperation;
import io.ringside.xen.blkfront.protocol.BlkRequest;
import io.ringside.xen.blkfront.protocol.BlkSegment;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Small domains are enumerated whole, so that no edge is forgotten. */
final class RequestCheckTest {
    private static final int HANDLE = 0xca00;
    private static final long DISK_SECTORS = 1000;

    private final RequestCheck check = new RequestCheck(HANDLE, DISK_SECTORS, false);
    private final RequestCheck readOnlyCheck = new RequestCheck(HANDLE, DISK_SECTORS, true);
    private final BlkRequest request =
            new BlkRequest(BlkAbi.X86_64)
                    .wrap(new UnsafeBuffer(new byte[BlkAbi.X86_64.requestBytes()]), 0);
    private final BlkSegment segment = new BlkSegment();

    @Test
    void doesNothingButReadsWritesAndFlushes() {
        for (int operation = 0; operation < 256; operation++) {
            final int segments = operation == BlkOperation.FLUSH_DISKCACHE ? 0 : 1;
            request.put(operation, segments, HANDLE, 1, 0);

            final boolean known =
                    operation == BlkOperation.READ
                            || operation == BlkOperation.WRITE
                            || operation == BlkOperation.FLUSH_DISKCACHE;
            assertThat(check.refusal(request))
                    .as("operation=%d", operation)
                    .isEqualTo(known ? null : BlkbackRefusal.OPERATION);
        }
    }

    @Test
    void takesOneToElevenSegments() {
        for (int count = 0; count < 256; count++) {
            request.put(BlkOperation.READ, count, HANDLE, 1, 0);

            assertThat(check.refusal(request))
                    .as("segmentCount=%d", count)
                    .isEqualTo(count >= 1 && count <= 11 ? null : BlkbackRefusal.SEGMENT_COUNT);
        }
    }

    @Test
    void takesNoSegmentWithAFlush() {
        for (int count = 0; count < 256; count++) {
            request.put(BlkOperation.FLUSH_DISKCACHE, count, HANDLE, 1, -1);

            assertThat(check.refusal(request))
                    .as("segmentCount=%d", count)
                    .isEqualTo(count == 0 ? null : BlkbackRefusal.SEGMENT_COUNT);
        }
    }

    @Test
    void keepsEverySegmentWithinItsPage() {
        for (int place = 0; place < BlkRequest.MAX_SEGMENTS; place++) {
            for (int sectors = 0; sectors < 65536; sectors++) {
                final int first = sectors >>> 8;
                final int last = sectors & 0xff;
                request.put(BlkOperation.WRITE, 11, HANDLE, 1, 0);
                for (int i = 0; i < BlkRequest.MAX_SEGMENTS; i++) {
                    request.segment(i, segment).put(i, 0, 7);
                }
                request.segment(place, segment).put(place, first, last);

                final boolean sound = last <= 7 && first <= last;
                if (check.refusal(request) != (sound ? null : BlkbackRefusal.SEGMENT_SECTORS)) {
                    throw new AssertionError(
                            "place=%d first=%d last=%d".formatted(place, first, last));
                }
            }
        }
    }

    @Test
    void keepsTheRangeWithinTheDiskWhateverTheSectorNumber() {
        final long[] starts = {
            0,
            1,
            912,
            913,
            991,
            992,
            993,
            999,
            1000,
            1001,
            Long.MAX_VALUE - 88,
            Long.MAX_VALUE,
            Long.MIN_VALUE,
            Long.MIN_VALUE + 1,
            -1,
            -8,
            -88,
            -1000,
            1L << 32,
            (1L << 32) - 8,
            1L << 55,
            (1L << 55) - 1,
            -(1L << 55),
            1L << 54
        };
        for (final long start : starts) {
            for (int count = 1; count <= 11; count++) {
                request.put(BlkOperation.READ, count, HANDLE, 1, start);
                for (int i = 0; i < count; i++) {
                    request.segment(i, segment).put(i, 0, 7);
                }

                final boolean inside = start >= 0 && start <= 1000 && start + count * 8L <= 1000;
                assertThat(check.refusal(request))
                        .as("start=%d segmentCount=%d", start, count)
                        .isEqualTo(inside ? null : BlkbackRefusal.RANGE);
            }
        }
    }

    @Test
    void takesTheLastSectorOfTheDiskAndNotTheNext() {
        assertThat(oneSectorAt(999)).isNull();
        assertThat(oneSectorAt(1000)).isEqualTo(BlkbackRefusal.RANGE);
    }

    @Test
    void knowsOnlyItsOwnDisk() {
        for (int handle = 0; handle < 65536; handle++) {
            request.put(BlkOperation.FLUSH_DISKCACHE, 0, handle, 1, 0);
            if (check.refusal(request) != (handle == HANDLE ? null : BlkbackRefusal.HANDLE)) {
                throw new AssertionError("handle=" + handle);
            }
        }
        request.put(BlkOperation.READ, 1, HANDLE + 1, 1, 0);
        assertThat(check.refusal(request)).isEqualTo(BlkbackRefusal.HANDLE);
    }

    @Test
    void refusesWritesToAReadOnlyDiskAndNothingElse() {
        request.put(BlkOperation.WRITE, 1, HANDLE, 1, 0);
        assertThat(readOnlyCheck.refusal(request)).isEqualTo(BlkbackRefusal.READ_ONLY);
        request.put(BlkOperation.READ, 1, HANDLE, 1, 0);
        assertThat(readOnlyCheck.refusal(request)).isNull();
        request.put(BlkOperation.FLUSH_DISKCACHE, 0, HANDLE, 1, 0);
        assertThat(readOnlyCheck.refusal(request)).isNull();
    }

    private @Nullable BlkbackRefusal oneSectorAt(final long sector) {
        request.put(BlkOperation.READ, 1, HANDLE, 1, sector);
        request.segment(0, segment).put(0, 3, 3);
        return check.refusal(request);
    }
}
