package io.ringside.xen.blkfront;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.device.guest.BlockStatus;
import io.ringside.device.media.RamStore;
import io.ringside.testkit.Seed;
import io.ringside.xen.blkfront.backend.Blkback;
import io.ringside.xen.blkfront.backend.BlkbackOptions;
import io.ringside.xen.blkfront.frontend.Blkfront;
import io.ringside.xen.blkfront.frontend.BlkfrontOptions;
import io.ringside.xen.blkfront.frontend.BlkfrontRefusal;
import io.ringside.xen.blkfront.protocol.BlkOperation;
import io.ringside.xen.blkfront.protocol.BlkStatus;
import io.ringside.xen.blkfront.protocol.Wakeups;
import io.ringside.xenbus.device.XenbusDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection that is suspended: what it had in flight goes to the next, once and in order. */
final class BlkSuspendTest {
    private static final int DISK_SECTORS = 2048;

    private final TestBench bench = new TestBench();
    private final RamStore disk = RamStore.zeroed(DISK_SECTORS);
    private final List<BlockRequest> ended = new ArrayList<>();
    private Blkfront front = bench.newFrontend(Wakeups.ARMED);

    @AfterEach
    void close() {
        bench.close();
        disk.close();
    }

    @Test
    void sendsWhatWasNotAnsweredAgainOnceAndInOrder() {
        final String atFirst = bench.resources();
        final RawBackend back = connect();
        for (int i = 0; i < 8; i++) {
            submit(write(i, 1));
        }
        back.answer(0, BlkStatus.OKAY);
        back.push();
        bench.step(front);
        submit(write(8, 1)); // In the slot of the first, after all others.
        back.answer(1, BlkStatus.OKAY);
        back.answer(2, BlkStatus.ERROR);
        back.push(); // Nobody has looked yet.
        back.close();

        front.suspend();
        assertThat(front.isSuspended()).isTrue();
        assertThat(front.isReady()).isFalse();
        assertThat(ended).extracting(BlockRequest::sector).containsExactly(0L, 1L, 2L);
        assertThat(ended.getLast().status()).isEqualTo(BlockStatus.ERROR);
        assertThat(bench.frontendKey("state")).isEqualTo("4"); // Without a word.
        assertThat(bench.resources()).isEqualTo(atFirst);
        assertThat(front.submit(write(9, 1))).isFalse();
        front.commit();
        front.suspend();
        bench.step(front);
        assertThat(ended).hasSize(3);

        front.resume();
        assertThat(bench.frontendKey("state")).isEqualTo("1");
        final RawBackend next = connect();
        assertThat(front.counters().replays()).isEqualTo(6);
        assertThat(next.requestProducer()).isEqualTo(6);
        for (int i = 0; i < 6; i++) {
            assertThat(next.request(i).sector()).isEqualTo(3 + i);
            assertThat(next.request(i).operation()).isEqualTo(BlkOperation.WRITE);
        }
        submit(write(9, 1));
        assertThat(next.request(6).sector()).isEqualTo(9);
        for (int i = 0; i < 7; i++) {
            next.answer(i, BlkStatus.OKAY);
        }
        next.push();
        bench.step(front);
        assertThat(ended)
                .extracting(BlockRequest::sector)
                .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
        assertThat(front.counters().connections()).isEqualTo(2);
    }

    @Test
    void keepsTheOrderWhenItIsSuspendedAgainBeforeAllIsSent() {
        front = bench.newFrontend(Wakeups.ARMED, BlkfrontOptions.PLAIN.withRingPageOrder(1));
        bench.putBackendKey("max-ring-page-order", "1");
        RawBackend back = connect();
        for (int i = 0; i < 50; i++) {
            submit(write(i, 1));
        }
        back.close();
        front.suspend();
        front.resume();
        bench.putBackendKey("max-ring-page-order", null); // The next has room for 32.
        back = connect();
        assertThat(back.requestProducer()).isEqualTo(32);
        assertThat(front.submit(write(50, 1))).isFalse();
        for (int i = 0; i < 5; i++) {
            back.answer(i, BlkStatus.OKAY);
        }
        back.push();
        bench.step(front);
        assertThat(back.requestProducer()).isEqualTo(37);
        back.close();
        front.suspend();
        front.resume();
        back = connect();
        for (int i = 0; i < 45; i++) {
            assertThat(back.request(i).sector()).isEqualTo(5 + i);
            back.answer(i, BlkStatus.OKAY);
            back.push();
            bench.step(front);
        }
        assertThat(back.requestProducer()).isEqualTo(45);
        assertThat(ended).hasSize(50);
        for (int i = 0; i < 50; i++) {
            assertThat(ended.get(i).sector()).isEqualTo(i);
            assertThat(ended.get(i).status()).isEqualTo(BlockStatus.OK);
        }
        assertThat(front.submit(write(50, 1))).isTrue();
    }

    @Test
    void sendsInPiecesWhatTheNextBackendDoesNotTakeAtOnce() {
        front = bench.newFrontend(Wakeups.ARMED, BlkfrontOptions.PLAIN.withIndirectSegments(64));
        bench.putBackendKey("feature-max-indirect-segments", "64");
        RawBackend back = connect();
        submit(write(7, 30));
        submit(write(1, 1));
        assertThat(back.request(0).operation()).isEqualTo(BlkOperation.INDIRECT);
        back.close();
        front.suspend();
        bench.putBackendKey("feature-max-indirect-segments", null);
        front.resume();
        back = connect();
        assertThat(back.requestProducer()).isEqualTo(2);
        assertThat(back.request(0).segmentCount()).isEqualTo(11);
        back.answer(0, BlkStatus.OKAY);
        back.push();
        bench.step(front);
        assertThat(back.request(2).sector()).isEqualTo(18);
        back.put(1, BlkOperation.WRITE, BlkStatus.OKAY); // The other, out of turn.
        back.answer(2, BlkStatus.OKAY);
        back.push();
        bench.step(front);
        assertThat(back.request(3).sector()).isEqualTo(29);
        assertThat(back.request(3).segmentCount()).isEqualTo(8);
        assertThat(ended).hasSize(1);
        back.answer(3, BlkStatus.OKAY);
        back.push();
        bench.step(front);
        assertThat(ended).extracting(BlockRequest::sector).containsExactly(1L, 7L);
        assertThat(front.counters().bytesWritten()).isEqualTo(31 * 512);
    }

    @Test
    void endsWhatTheNextBackendDoesNotKnow() {
        bench.putBackendKey("feature-discard", "1");
        RawBackend back = connect();
        submit(new BlockRequest(0).resetToDiscard(BlockOperation.DISCARD, 0, 8));
        submit(write(1, 1));
        back.close();
        front.suspend();
        bench.putBackendKey("feature-discard", null);
        front.resume();
        back = connect();
        bench.step(front);
        assertThat(ended).extracting(BlockRequest::status).containsExactly(BlockStatus.UNSUPPORTED);
        assertThat(back.requestProducer()).isEqualTo(1);
        assertThat(back.request(0).sector()).isEqualTo(1);
    }

    /** Row 15 (XSA-396): nothing goes to the next backend while the last may still write to it. */
    @Test
    void waitsForPagesThatTheLastBackendStillHas() {
        RawBackend back = connect();
        submit(write(3, 1));
        back.mapAndKeep(0, 0, true);
        front.suspend();
        assertThat(front.keptPages()).isEqualTo(2);
        front.resume();
        bench.putBackendKey("state", "2");
        bench.step(front);
        assertThat(bench.frontendKey("state")).isEqualTo("1");
        back.close();
        bench.step(front);
        back = connect();
        assertThat(back.requestProducer()).isEqualTo(1);
        assertThat(ended).isEmpty();
    }

    @Test
    void endsWhatWaitsWhenThereIsNoNextConnection() {
        RawBackend back = connect();
        submit(write(3, 1));
        back.close();
        front.suspend();
        front.resume();
        bench.putBackendKey("sectors", "banana");
        back = RawBackend.share(bench, front);
        bench.putBackendKey("state", "4");
        bench.step(front);
        bench.step(front);
        assertThat(front.isClosed()).isTrue();
        assertThat(front.counters().refusals(BlkfrontRefusal.KEY)).isEqualTo(1);
        assertThat(ended).extracting(BlockRequest::status).containsExactly(BlockStatus.ERROR);
        back.close();
    }

    /** Row 22 (XSA-465): in any stage there may be queues, or none. */
    @Test
    void bearsASuspendInEveryStage() {
        final Blkback back = bench.newBackend(disk, Wakeups.ARMED);
        front.completionsTo(ended::add);
        assertThatThrownBy(front::resume).isInstanceOf(IllegalStateException.class);
        for (int steps = 0; steps < 12; steps++) {
            for (int i = 0; i < steps; i++) {
                if (i % 2 == 0) {
                    bench.step(front);
                } else {
                    bench.step(back);
                }
            }
            front.suspend();
            assertThat(front.isSuspended()).isTrue();
            front.resume();
            bench.settle(front, back);
            assertThat(front.isReady()).as("steps=%d", steps).isTrue();
            submit(write(steps, 1));
            if (steps % 3 == 0) {
                front.suspend();
                front.resume();
            }
            bench.settle(front, back);
            assertThat(ended).hasSize(steps + 1);
        }
        assertThat(ended).extracting(BlockRequest::status).containsOnly(BlockStatus.OK);
        submit(write(20, 1));
        front.shutdown();
        front.suspend(); // On its way to its end.
        assertThat(front.isClosed()).isTrue();
        bench.step(front);
        assertThat(ended.getLast().status()).isEqualTo(BlockStatus.ERROR);
        front.suspend();
        assertThat(front.isClosed()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void goesOnInAnotherLifeOfItsDomainWithWhatWasInFlight(final boolean saysSo) {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        final XenbusDevice device = bench.frontendDevice();
        front = bench.newFrontend(device, Wakeups.ARMED, BlkfrontOptions.ALL.withQueues(2));
        final RandomWorkload work =
                new RandomWorkload(
                        bench.guest(), front, DISK_SECTORS, random, seed.toString(), false);
        final BlkbackOptions narrow =
                BlkbackOptions.FULL.withIndirectSegments(0).withPersistentGrants(0).withRings(0, 1);
        for (int life = 6; life < 12; life++) {
            final Blkback back =
                    bench.newBackend(
                            new MoodyStore(disk, random.split(), 0),
                            Wakeups.ARMED,
                            life % 2 == 0 ? BlkbackOptions.FULL : narrow);
            bench.connect(front, back);
            for (int i = 0; i < 600; i++) {
                switch (random.nextInt(3)) {
                    case 0 -> work.step();
                    case 1 -> bench.step(front);
                    default -> bench.step(back);
                }
            }
            front.commit();
            if (saysSo) {
                front.suspend();
            }
            bench.suspendGuest();
            for (int i = 0;
                    i < 1000 && bench.host().domain().grantMapper().mappedCount() != 0;
                    i++) {
                bench.step(back);
            }
            bench.resumeGuest(life, device);
            if (saysSo) {
                front.resume();
            }
            bench.step(front);
            assertThat(front.isReady()).as("%s", seed).isFalse();
        }
        final Blkback last = bench.newBackend(disk, Wakeups.ARMED);
        for (int i = 0; i < 1000 && work.completedCount() != work.submittedCount(); i++) {
            bench.step(front);
            bench.step(last);
        }
        assertThat(work.completedCount()).as("%s", seed).isEqualTo(work.submittedCount());
        assertThat(front.counters().replays()).as("%s", seed).isGreaterThan(5);
        assertThat(front.counters().connections()).as("%s", seed).isEqualTo(7);
        work.checkDisk(disk);
        front.shutdown();
        bench.settle(front, last);
        assertThat(front.isClosed()).as("%s", seed).isTrue();
        assertThat(bench.guest().domain().grantTable().usedCount()).as("%s", seed).isZero();
        assertThat(bench.guest().domain().eventChannels().openPorts()).as("%s", seed).isZero();
        assertThat(bench.host().domain().grantMapper().mappedCount()).as("%s", seed).isZero();
    }

    private RawBackend connect() {
        front.completionsTo(ended::add);
        return RawBackend.connect(bench, front);
    }

    private void submit(final BlockRequest request) {
        assertThat(front.submit(request)).isTrue();
        front.commit();
    }

    private static BlockRequest write(final long sector, final int segments) {
        final BlockRequest request = new BlockRequest(segments).reset(BlockOperation.WRITE, sector);
        for (int i = 0; i < segments; i++) {
            request.addSegment(TestDomain.address(100 + i), 512);
        }
        return request;
    }
}
