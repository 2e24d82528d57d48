package io.ringside.xen.blkfront.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.host.BlockStore;
import io.ringside.device.media.LargeBlocks;
import io.ringside.device.media.RamStore;
import io.ringside.xen.blkfront.protocol.BlkAbi;
import io.ringside.xen.blkfront.protocol.BlkDiscardRequest;
import io.ringside.xen.blkfront.protocol.BlkOperation;
import io.ringside.xen.blkfront.protocol.BlkRequest;
import io.ringside.xen.blkfront.protocol.BlkSegment;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Small domains are enumerated whole, so that no edge is forgotten. */
final class RequestCheckTest {
    private static final int HANDLE = 0xca00;
    private static final long DISK_SECTORS = 1000;

    private final RamStore store = RamStore.zeroed(DISK_SECTORS);
    private final RequestCheck check = check(store, BlkbackOptions.FULL, true);
    private final RequestCheck readOnlyCheck = check(store, BlkbackOptions.FULL, false);
    private final TakenRequest taken = new TakenRequest(BlkAbi.X86_64, 0, 0, 0);
    private final BlkRequest request = taken.wire;
    private final BlkSegment segment = new BlkSegment();

    private static RequestCheck check(
            final BlockStore store, final BlkbackOptions options, final boolean writable) {
        return new RequestCheck(
                HANDLE, new VirtualDisk(store, options, false, false, writable, true));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void doesNothingButWhatWasOffered() {
        final RequestCheck bare = check(store, BlkbackOptions.BARE, true);
        for (int operation = 0; operation < 256; operation++) {
            final int segments = operation == BlkOperation.FLUSH_DISKCACHE ? 0 : 1;
            request.put(operation, segments, HANDLE, 1, 0);
            if (operation == BlkOperation.INDIRECT) {
                taken.indirect.put(BlkOperation.READ, 1, HANDLE, 1, 0);
            }

            final boolean transfer =
                    operation == BlkOperation.READ || operation == BlkOperation.WRITE;
            final boolean known = operation <= BlkOperation.INDIRECT && operation != 4;
            assertThat(check.refusal(taken))
                    .as("operation=%d", operation)
                    .isEqualTo(known ? null : BlkbackRefusal.OPERATION);
            assertThat(bare.refusal(taken))
                    .as("operation=%d", operation)
                    .isEqualTo(transfer ? null : BlkbackRefusal.OPERATION);
        }
    }

    @Test
    void takesSecureDiscardsOnlyWhereTheyAreOffered() {
        final RequestCheck insecure =
                check(store, BlkbackOptions.FULL.withDiscard(true, false), true);
        for (int flags = 0; flags < 256; flags++) {
            taken.discard.put(flags, HANDLE, 1, 0, 1);
            final boolean secure = (flags & BlkDiscardRequest.SECURE) != 0;

            assertThat(check.refusal(taken)).as("flags=%d", flags).isNull();
            assertThat(insecure.refusal(taken))
                    .as("flags=%d", flags)
                    .isEqualTo(secure ? BlkbackRefusal.OPERATION : null);
        }
    }

    @Test
    void discardsNothingOutsideOfTheDiskWhateverTheNumbers() {
        final long[] numbers = {
            0, 1, 999, 1000, 1001, -1, -1000, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 55, -(1L << 55)
        };
        for (final long start : numbers) {
            for (final long count : numbers) {
                taken.discard.put(0, 77, 1, start, count);
                final boolean inside =
                        start >= 0
                                && start <= DISK_SECTORS
                                && count >= 0
                                && count <= DISK_SECTORS
                                && start + count <= DISK_SECTORS;
                assertThat(check.refusal(taken))
                        .as("start=%d count=%d", start, count)
                        .isEqualTo(inside ? null : BlkbackRefusal.RANGE);
            }
        }
    }

    @Test
    void takesAsManyIndirectSegmentsAsWereOfferedAndOnlyReadsAndWrites() {
        for (int count = 0; count < 65536; count++) {
            taken.indirect.put(BlkOperation.WRITE, count, HANDLE, 1, 0);
            final boolean sound = count >= 1 && count <= BlkbackOptions.USUAL_INDIRECT_SEGMENTS;
            if (check.refusal(taken) != (sound ? null : BlkbackRefusal.SEGMENT_COUNT)) {
                throw new AssertionError("segmentCount=" + count);
            }
        }
        for (int operation = 0; operation < 256; operation++) {
            taken.indirect.put(operation, 1, HANDLE, 1, 0);
            final boolean transfer =
                    operation == BlkOperation.READ || operation == BlkOperation.WRITE;
            assertThat(check.refusal(taken))
                    .as("innerOperation=%d", operation)
                    .isEqualTo(transfer ? null : BlkbackRefusal.INNER_OPERATION);
        }
        taken.indirect.put(BlkOperation.READ, 1, HANDLE + 1, 1, 0);
        assertThat(check.refusal(taken)).isEqualTo(BlkbackRefusal.HANDLE);
        taken.indirect.put(BlkOperation.WRITE, 1, HANDLE, 1, 0);
        assertThat(readOnlyCheck.refusal(taken)).isEqualTo(BlkbackRefusal.READ_ONLY);
    }

    /** Every start and every segment of a disk with blocks of 4096 bytes. */
    @Test
    void takesWholeBlocksOnly() {
        final RequestCheck large = check(LargeBlocks.over(store, 4096), BlkbackOptions.FULL, true);
        for (int start = 0; start < 24; start++) {
            for (int first = 0; first < 8; first++) {
                for (int last = first; last < 8; last++) {
                    request.put(BlkOperation.WRITE, 2, HANDLE, 1, start);
                    request.segment(0, segment).put(1, 0, 7);
                    request.segment(1, segment).put(2, first, last);
                    final boolean whole = start % 8 == 0 && first == 0 && last == 7;
                    assertThat(large.refusal(taken))
                            .as("start=%d first=%d last=%d", start, first, last)
                            .isEqualTo(whole ? null : BlkbackRefusal.ALIGNMENT);
                }
            }
            for (int count = 0; count < 24; count++) {
                taken.discard.put(0, HANDLE, 1, start, count);
                assertThat(large.refusal(taken))
                        .as("start=%d count=%d", start, count)
                        .isEqualTo(
                                start % 8 == 0 && count % 8 == 0 ? null : BlkbackRefusal.ALIGNMENT);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {BlkOperation.WRITE_BARRIER, BlkOperation.FLUSH_DISKCACHE})
    void takesABarrierAndAFlushWithAndWithoutData(final int operation) {
        for (int count = 0; count < 256; count++) {
            request.put(operation, count, HANDLE, 1, 0);
            assertThat(check.refusal(taken))
                    .as("segmentCount=%d", count)
                    .isEqualTo(count <= 11 ? null : BlkbackRefusal.SEGMENT_COUNT);
        }
        request.put(operation, 0, HANDLE + 1, 1, 0);
        assertThat(check.refusal(taken)).isEqualTo(BlkbackRefusal.HANDLE);
        request.put(operation, 1, HANDLE + 1, 1, 0);
        assertThat(check.refusal(taken)).isEqualTo(BlkbackRefusal.HANDLE);
        request.put(operation, 1, HANDLE, 1, -1);
        assertThat(check.refusal(taken)).isEqualTo(BlkbackRefusal.RANGE);
        request.put(operation, 0, HANDLE, 1, 0);
        assertThat(readOnlyCheck.refusal(taken)).isNull();
        request.put(operation, 1, HANDLE, 1, 0);
        assertThat(readOnlyCheck.refusal(taken)).isEqualTo(BlkbackRefusal.READ_ONLY);
    }

    @Test
    void takesOneToElevenSegments() {
        for (int count = 0; count < 256; count++) {
            request.put(BlkOperation.READ, count, HANDLE, 1, 0);

            assertThat(check.refusal(taken))
                    .as("segmentCount=%d", count)
                    .isEqualTo(count >= 1 && count <= 11 ? null : BlkbackRefusal.SEGMENT_COUNT);
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
                if (check.refusal(taken) != (sound ? null : BlkbackRefusal.SEGMENT_SECTORS)) {
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
                assertThat(check.refusal(taken))
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
            if (check.refusal(taken) != (handle == HANDLE ? null : BlkbackRefusal.HANDLE)) {
                throw new AssertionError("handle=" + handle);
            }
        }
        request.put(BlkOperation.READ, 1, HANDLE + 1, 1, 0);
        assertThat(check.refusal(taken)).isEqualTo(BlkbackRefusal.HANDLE);
    }

    @Test
    void refusesWritesToAReadOnlyDiskAndNothingElse() {
        request.put(BlkOperation.WRITE, 1, HANDLE, 1, 0);
        assertThat(readOnlyCheck.refusal(taken)).isEqualTo(BlkbackRefusal.READ_ONLY);
        request.put(BlkOperation.READ, 1, HANDLE, 1, 0);
        assertThat(readOnlyCheck.refusal(taken)).isNull();
        request.put(BlkOperation.FLUSH_DISKCACHE, 0, HANDLE, 1, 0);
        assertThat(readOnlyCheck.refusal(taken)).isNull();
    }

    private @Nullable BlkbackRefusal oneSectorAt(final long sector) {
        request.put(BlkOperation.READ, 1, HANDLE, 1, sector);
        request.segment(0, segment).put(0, 3, 3);
        return check.refusal(taken);
    }
}
