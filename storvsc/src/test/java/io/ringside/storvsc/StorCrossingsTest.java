package io.ringside.storvsc;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.device.media.RamStore;
import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.storvsc.backend.StorvspOptions;
import io.ringside.storvsc.frontend.StorvscDisk;
import io.ringside.storvsc.frontend.StorvscOptions;
import io.ringside.storvsc.protocol.Wakeups;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How often the ends of a controller wake each other. */
final class StorCrossingsTest {
    private static final int BATCHES = 20;
    private static final int BATCH = 32;

    /** Row 40: one signal for a batch to an end that sleeps, none to one that spins. */
    @ParameterizedTest
    @CsvSource({"ARMED, ARMED", "ARMED, POLLED", "POLLED, ARMED", "POLLED, POLLED"})
    void signalsAnEndOnceForABatchIfItSleeps(
            final Wakeups guestWakeups, final Wakeups hostWakeups) {
        final StorvspOptions hostOptions = StorvspOptions.DEFAULTS.withWakeups(hostWakeups);
        try (StorBench bench = new StorBench(1, hostOptions);
                RamStore store = RamStore.zeroed(1024)) {
            bench.host.add(0, 0, bench.disk("a", store));
            bench.join(StorvscOptions.DEFAULTS.withWakeups(guestWakeups));
            final StorvscDisk disk = bench.diskOf(0, 0);
            final int[] done = new int[1];
            disk.completionsTo(request -> done[0]++);
            final long signals = bench.vcpus.getFirst().count(Crossing.HYPERCALL);
            final long interrupts = bench.vcpus.getFirst().count(Crossing.UPCALL);
            final long needless = bench.host.counters().needlessSignals();
            for (int batch = 0; batch < BATCHES; batch++) {
                for (int i = 0; i < BATCH; i++) {
                    assertThat(
                                    disk.submit(
                                            new BlockRequest(1)
                                                    .reset(BlockOperation.READ, i)
                                                    .addSegment(
                                                            100L << GuestMemory.PAGE_SHIFT, 512)))
                            .isTrue();
                }
                disk.commit();
                bench.idle();
            }
            assertThat(done[0]).isEqualTo(BATCHES * BATCH);
            assertThat(bench.vcpus.getFirst().count(Crossing.HYPERCALL) - signals)
                    .isEqualTo(hostWakeups == Wakeups.ARMED ? BATCHES : 0);
            assertThat(bench.vcpus.getFirst().count(Crossing.UPCALL) - interrupts)
                    .isEqualTo(guestWakeups == Wakeups.ARMED ? BATCHES : 0);
            assertThat(bench.host.counters().needlessSignals()).isEqualTo(needless);
        }
    }
}
