package io.ringside.storvsc;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.device.guest.BlockStatus;
import io.ringside.device.media.RamStore;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.storvsc.frontend.Storvsc;
import io.ringside.storvsc.frontend.StorvscDisk;
import io.ringside.storvsc.frontend.StorvscOptions;
import org.junit.jupiter.api.Test;

/** A frontend that resets the bus, when it is told to or when a command takes too long. */
final class BusResetTest {
    private static final long SECTORS = 1 << 14;

    @Test
    void endsWhatIsInFlightWithAResetOfTheBus() {
        try (StorBench bench = StorBench.usual();
                RamStore store = RamStore.zeroed(SECTORS)) {
            final HeldStore held = new HeldStore(store);
            bench.host.add(0, 0, bench.disk("a", held));
            final Storvsc guest = bench.join(StorvscOptions.DEFAULTS);
            final StorvscDisk disk = bench.diskOf(0, 0);
            final BlockStatus[] status = new BlockStatus[1];
            disk.completionsTo(request -> status[0] = request.status());
            disk.submit(
                    new BlockRequest(1)
                            .reset(BlockOperation.WRITE, 0)
                            .addSegment(100L << GuestMemory.PAGE_SHIFT, 512));
            disk.commit();
            bench.idle();
            guest.reset();
            bench.idle();
            assertThat(bench.host.counters().resets()).isEqualTo(1);
            held.let(1000);
            bench.idle();
            assertThat(status[0]).isEqualTo(BlockStatus.ERROR);
            assertThat(bench.run(disk, BlockOperation.READ, 0, 100, 512))
                    .isEqualTo(BlockStatus.OK); // Past the attention that a reset leaves.
            assertThat(guest.counters().retries()).isPositive();
        }
    }

    @Test
    void resetsTheBusOnceACommandHasTakenTooLong() {
        try (StorBench bench = StorBench.usual();
                RamStore store = RamStore.zeroed(SECTORS)) {
            final HeldStore held = new HeldStore(store);
            bench.host.add(0, 0, bench.disk("a", held));
            final Storvsc guest = bench.join(StorvscOptions.DEFAULTS.withTimeoutTicks(3));
            final StorvscDisk disk = bench.diskOf(0, 0);
            final BlockStatus[] status = new BlockStatus[1];
            disk.completionsTo(request -> status[0] = request.status());
            final BlockRequest request = new BlockRequest(1);
            for (int i = 0; i < 10; i++) { // Each in good time.
                status[0] = null;
                assertThat(disk.submit(readSector(request, 0))).isTrue();
                disk.commit();
                bench.idle();
                tick(bench, guest, 2);
                held.let(1);
                bench.idle();
                assertThat(status[0]).isEqualTo(BlockStatus.OK);
            }
            assertThat(guest.counters().resets()).isZero();

            assertThat(disk.submit(readSector(request, 0))).isTrue();
            disk.commit();
            bench.idle();
            tick(bench, guest, 2);
            assertThat(bench.host.counters().resets()).isZero();
            tick(bench, guest, 1);
            assertThat(bench.host.counters().resets()).isEqualTo(1);
            tick(bench, guest, 2);
            assertThat(bench.host.counters().resets()).isEqualTo(1);
            tick(bench, guest, 1);
            assertThat(bench.host.counters().resets()).as("again").isEqualTo(2);
            assertThat(disk.inFlight()).isEqualTo(1);
            held.let(1000);
            bench.idle();
            assertThat(status[0]).isEqualTo(BlockStatus.ERROR);
            tick(bench, guest, 20);
            assertThat(guest.counters().resets()).isEqualTo(2);
            assertThat(bench.run(disk, BlockOperation.READ, 0, 100, 512)).isEqualTo(BlockStatus.OK);
        }
    }

    private static BlockRequest readSector(final BlockRequest request, final long sector) {
        return request.reset(BlockOperation.READ, sector)
                .addSegment(100L << GuestMemory.PAGE_SHIFT, 512);
    }

    private static void tick(final StorBench bench, final Storvsc guest, final int times) {
        for (int i = 0; i < times; i++) {
            guest.tick();
            bench.idle();
        }
    }
}
