package io.ringside.perf.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.guest.BlockCompletions;
import io.ringside.device.guest.BlockDevice;
import io.ringside.device.guest.BlockLimits;
import io.ringside.device.guest.BlockRequest;
import io.ringside.device.guest.BlockStatus;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.inprocess.InProcessMemory;
import io.ringside.perf.scenario.DiskPattern;
import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import org.junit.jupiter.api.Test;

/** A workload believes no device. */
class DiskWorkloadTest {
    private static final int BLOCK_BYTES = 4096;
    private static final int BLOCKS = 16;
    private static final int OPERATIONS = 100;

    @Test
    void seesThatADiskOfZerosBroughtNothing() {
        try (InProcessMemory memory = InProcessMemory.anonymous(8);
                Arena arena = Arena.ofConfined()) {
            final DiskModel zeros =
                    new DiskModel(
                            arena.allocate((long) BLOCKS * BLOCK_BYTES),
                            BLOCK_BYTES,
                            1,
                            DiskModel.Writes.NONE);
            final LazyDisk disk = new LazyDisk();
            final DiskWorkload workload =
                    new DiskWorkload(
                            disk,
                            new DiskStream(DiskPattern.READ, BLOCKS, 1),
                            zeros,
                            () -> 0,
                            memory,
                            new FrameAllocator(memory),
                            BLOCK_BYTES,
                            2,
                            OPERATIONS,
                            false);
            for (int step = 0; step < OPERATIONS && !workload.isDone(); step++) {
                workload.doWork();
                disk.completeAll();
            }
            assertThat(workload.finished()).isEqualTo(OPERATIONS);
            assertThat(workload.failures()).isZero();
            assertThat(workload.mismatches()).isEqualTo(OPERATIONS);
        }
    }

    /** Says that all went well, and moves no byte. */
    private static final class LazyDisk implements BlockDevice {
        private final ArrayDeque<BlockRequest> submitted = new ArrayDeque<>();
        private BlockCompletions completions = request -> {};

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public BlockLimits limits() {
            return new BlockLimits(
                    BLOCKS * BLOCK_BYTES / 512, 512, BLOCK_BYTES, 1, 2, false, false);
        }

        @Override
        public void completionsTo(final BlockCompletions newCompletions) {
            completions = newCompletions;
        }

        @Override
        public boolean submit(final BlockRequest request) {
            return submitted.add(request);
        }

        @Override
        public void commit() {
            // All is done by completeAll.
        }

        void completeAll() {
            while (!submitted.isEmpty()) {
                final BlockRequest request = submitted.remove();
                request.status(BlockStatus.OK);
                completions.completed(request);
            }
        }
    }
}
