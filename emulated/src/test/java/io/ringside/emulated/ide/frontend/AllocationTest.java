package io.ringside.emulated.ide.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.device.media.RamStore;
import io.ringside.emulated.ide.IdeMachine;
import io.ringside.emulated.ide.backend.DriveIdentity;
import io.ringside.emulated.trap.StringIo;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AllocationTest {
    private static final int ROUNDS = 5_000;

    @ParameterizedTest
    @EnumSource(IdeMode.class)
    void allocatesNothingInSteadyState(final IdeMode mode) {
        try (RamStore store = RamStore.zeroed(4096);
                IdeMachine machine =
                        new IdeMachine(store, DriveIdentity.RINGSIDE, StringIo.ONE_EXIT)) {
            final IdeGuest guest = IdeGuest.ready(machine, mode, 4);
            final int[] completed = new int[1];
            guest.driver().completionsTo(request -> completed[0]++);
            final BlockRequest[] requests = {
                IdeGuest.request(BlockOperation.WRITE, 8, 64, 16384),
                IdeGuest.request(BlockOperation.READ, 8, 80, 16384),
                IdeGuest.request(BlockOperation.FLUSH, 0, 0, 0),
            };
            run(guest, requests, completed);
            final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            final long self = Thread.currentThread().threadId();
            final long before = threads.getThreadAllocatedBytes(self);
            final long idle = threads.getThreadAllocatedBytes(self) - before;
            run(guest, requests, completed);
            final long allocated = threads.getThreadAllocatedBytes(self) - before - idle;
            assertThat(completed[0]).isEqualTo(2 * ROUNDS * requests.length);
            // The JIT may cost the thread a few bytes once; one object a round would cost 80,000.
            assertThat(allocated).isLessThan(ROUNDS);
        }
    }

    private static void run(
            final IdeGuest guest, final BlockRequest[] requests, final int[] completed) {
        for (int i = 0; i < ROUNDS; i++) {
            for (final BlockRequest request : requests) {
                guest.driver().submit(request);
            }
            guest.driver().commit();
            final int all = completed[0] + requests.length;
            while (completed[0] < all) {
                guest.step();
            }
        }
    }
}
