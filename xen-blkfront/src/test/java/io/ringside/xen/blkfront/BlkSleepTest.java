package io.ringside.xen.blkfront;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.device.guest.BlockStatus;
import io.ringside.device.media.RamStore;
import io.ringside.testkit.Seed;
import io.ringside.xen.blkfront.backend.Blkback;
import io.ringside.xen.blkfront.frontend.Blkfront;
import io.ringside.xen.blkfront.frontend.BlkfrontOptions;
import io.ringside.xen.blkfront.protocol.BlkAbi;
import io.ringside.xen.blkfront.protocol.Wakeups;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each domain runs only after its doorbell rang or while it finds work: nothing is ever missed. */
final class BlkSleepTest {
    private static final int DISK_SECTORS = 600;

    private final RamStore disk = RamStore.zeroed(DISK_SECTORS);
    private final TestBench bench = new TestBench();
    private final List<BlockStatus> ends = new ArrayList<>();
    private boolean guestAwake = true;
    private boolean hostAwake = true;

    @AfterEach
    void close() {
        bench.close();
        disk.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8, 512})
    void sleepsThroughNothing(final int holdOff) {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        final Blkback back = bench.newBackend(disk, Wakeups.ARMED);
        final Blkfront front =
                bench.newFrontend(Wakeups.ARMED, BlkfrontOptions.PLAIN.withHoldOff(holdOff));
        final int frame = bench.guest().frames().allocate();
        int submitted = 0;
        final int[] refills = {0};
        front.completionsTo(request -> {
            ends.add(request.status());
            if (random.nextInt(3) == 0 && front.submit(request)) {
                refills[0]++;
                front.commit();
            }
        });

        for (int connection = 0; connection < 20; connection++) {
            runUntilAsleep(front, back, random);
            assertThat(front.isReady()).as("%s", seed).isTrue();
            for (int batch = 0; batch < 100; batch++) {
                for (int i = random.nextInt(40); i > 0; i--) {
                    submitted += front.submit(write(frame, random.nextInt(600))) ? 1 : 0;
                }
                front.commit();
                guestAwake = true; // Its owner runs it after submitting.
                runUntilAsleep(front, back, random);
                assertThat(ends).as("%s", seed).hasSize(submitted + refills[0]);
            }
            front.shutdown();
            guestAwake = true;
            runUntilAsleep(front, back, random);
            assertThat(front.isClosed()).as("%s", seed).isTrue();
            assertThat(back.isClosed()).as("%s", seed).isTrue();
            front.resume();
            guestAwake = true;
        }
        assertThat(ends).as("%s", seed).containsOnly(BlockStatus.OK);
    }

    private void runUntilAsleep(
            final Blkfront front, final Blkback back, final SplittableRandom random) {
        for (int i = 0; i < 100_000; i++) {
            guestAwake |= bench.guest().takeRing();
            hostAwake |= bench.host().takeRing();
            if (!guestAwake && !hostAwake) {
                return;
            }
            if (hostAwake && (!guestAwake || random.nextBoolean())) {
                hostAwake = bench.host().domain().eventChannels().dispatch() + back.doWork() != 0;
            } else {
                guestAwake =
                        bench.guest().domain().eventChannels().dispatch() + front.doWork() != 0;
            }
        }
        throw new AssertionError("never asleep");
    }

    @Test
    void closesABrokenRingBeforeItSleeps() {
        final Blkback back = bench.newBackend(disk, Wakeups.ARMED);
        final RawFrontend front = RawFrontend.connect(bench, back, BlkAbi.X86_64);
        bench.step(back);
        front.pushIndex(1000);
        bench.host().domain().eventChannels().dispatch();
        while (back.doWork() != 0) {
            // Until it sleeps.
        }
        assertThat(back.isClosed()).isTrue();
    }

    @Test
    void reportsWhatItEndedBeforeItSleeps() {
        final Blkfront front = bench.newFrontend(Wakeups.ARMED);
        final RawBackend back = RawBackend.connect(bench, front);
        final int frame = bench.guest().frames().allocate();
        front.completionsTo(request -> ends.add(request.status()));
        front.submit(write(frame, 1));
        front.commit();
        bench.step(front);
        back.pushIndex(1000);
        bench.guest().domain().eventChannels().dispatch();
        while (front.doWork() != 0) {
            // Until it sleeps.
        }
        assertThat(ends).containsExactly(BlockStatus.ERROR);
    }

    private static BlockRequest write(final int frame, final long sector) {
        return new BlockRequest(1)
                .reset(BlockOperation.WRITE, sector)
                .addSegment(TestDomain.address(frame), 512);
    }
}
