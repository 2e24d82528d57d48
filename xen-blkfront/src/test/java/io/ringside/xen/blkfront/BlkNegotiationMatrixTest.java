package io.ringside.xen.blkfront;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.guest.BlockLimits;
import io.ringside.device.guest.BlockOperation;
import io.ringside.device.host.BlockStore;
import io.ringside.device.media.LargeBlocks;
import io.ringside.device.media.RamStore;
import io.ringside.testkit.PairwiseRows;
import io.ringside.testkit.Seed;
import io.ringside.xen.blkfront.backend.Blkback;
import io.ringside.xen.blkfront.backend.BlkbackOptions;
import io.ringside.xen.blkfront.frontend.Blkfront;
import io.ringside.xen.blkfront.frontend.BlkfrontOptions;
import io.ringside.xen.blkfront.protocol.BlkAbi;
import io.ringside.xen.blkfront.protocol.Wakeups;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Both ends with every two values of every two keys: what they agree on is what either can do, and
 * data comes back as it was written whatever that is. Row 36: what is optional is never assumed.
 */
final class BlkNegotiationMatrixTest {
    private static final int DISK_SECTORS = 2048;
    private static final int STEPS = 1500;
    private static final List<String> OPTIONAL_KEYS =
            List.of(
                    "max-ring-page-order",
                    "feature-max-indirect-segments",
                    "feature-persistent",
                    "feature-flush-cache",
                    "feature-barrier",
                    "feature-discard",
                    "discard-alignment",
                    "discard-secure",
                    "info");

    /** A key of one end, and how many values it has here. */
    private enum Factor {
        PROTOCOL(3),
        FRONT_PAGE_ORDER(3),
        FRONT_QUEUES(3),
        FRONT_PERSISTENT(2),
        FRONT_SEGMENTS(4),
        FRONT_FLUSHES(2),
        FRONT_BARRIERS(2),
        FRONT_DISCARDS(2),
        FRONT_WAKEUPS(2),
        TRUSTED(3),
        BACK_PAGE_ORDER(3),
        BACK_QUEUES(3),
        BACK_PERSISTENT(3),
        BACK_SEGMENTS(4),
        BACK_FLUSH(2),
        BACK_BARRIER(2),
        BACK_DISCARD(3),
        BACK_WAKEUPS(2),
        DISCARD_ENABLE(2),
        MODE(2),
        DEVICE_TYPE(2),
        REMOVABLE(2),
        SECTOR_SIZE(3),
        ZERO_KEYS(2),
        RING_KEYS(3),
        HOTPLUG(3);

        private final int valueCount;

        Factor(final int valueCount) {
            this.valueCount = valueCount;
        }
    }

    /** One row of values. */
    private record Row(int[] values) {
        int of(final Factor factor) {
            return values[Arrays.asList(Factor.values()).indexOf(factor)];
        }

        boolean is(final Factor factor) {
            return of(factor) == 1;
        }

        int of(final Factor factor, final int... meanings) {
            return meanings[of(factor)];
        }

        @Nullable BlkAbi layout() {
            return switch (of(Factor.PROTOCOL)) {
                case 0 -> null;
                case 1 -> BlkAbi.X86_64;
                default -> BlkAbi.X86_32;
            };
        }

        BlkfrontOptions front() {
            return BlkfrontOptions.PLAIN
                    .withLayout(layout())
                    .withRingPageOrder(of(Factor.FRONT_PAGE_ORDER, 0, 1, 4))
                    .withQueues(of(Factor.FRONT_QUEUES, 1, 2, 16))
                    .withPersistentGrants(is(Factor.FRONT_PERSISTENT))
                    .withIndirectSegments(of(Factor.FRONT_SEGMENTS, 0, 12, 32, 1024))
                    .withOperations(
                            is(Factor.FRONT_FLUSHES),
                            is(Factor.FRONT_BARRIERS),
                            is(Factor.FRONT_DISCARDS));
        }

        BlkbackOptions back() {
            return BlkbackOptions.BARE
                    .withFlushCache(is(Factor.BACK_FLUSH))
                    .withBarrier(is(Factor.BACK_BARRIER))
                    .withDiscard(of(Factor.BACK_DISCARD) != 0, of(Factor.BACK_DISCARD) == 2)
                    .withPersistentGrants(of(Factor.BACK_PERSISTENT, 0, 16, 1056))
                    .withIndirectSegments(of(Factor.BACK_SEGMENTS, 0, 11, 256, 4096))
                    .withRings(
                            of(Factor.BACK_PAGE_ORDER, 0, 2, 4), of(Factor.BACK_QUEUES, 1, 3, 16));
        }

        boolean readOnly() {
            return is(Factor.MODE) || is(Factor.DEVICE_TYPE);
        }

        boolean persistent() {
            return is(Factor.FRONT_PERSISTENT) && back().persistentGrants() != 0;
        }

        boolean copies() {
            return persistent() || of(Factor.TRUSTED) == 2;
        }

        int pageOrder() {
            return Math.min(front().ringPageOrder(), back().maxRingPageOrder());
        }

        int queues() {
            return Math.min(front().queues(), back().maxQueues());
        }

        int segments() {
            final int both = Math.min(front().indirectSegments(), back().indirectSegments());
            return Math.max(11, both);
        }

        boolean barriers() {
            return front().barriers() && back().barrier() && !readOnly();
        }

        boolean flushes() {
            return front().flushes() && (back().flushCache() || barriers());
        }

        boolean discards() {
            return front().discards()
                    && back().discard()
                    && is(Factor.DISCARD_ENABLE)
                    && !readOnly();
        }

        static Wakeups wakeups(final int value) {
            return value == 0 ? Wakeups.ARMED : Wakeups.POLLED;
        }

        @Override
        public String toString() {
            final StringBuilder text = new StringBuilder();
            for (final Factor factor : Factor.values()) {
                text.append(factor).append('=').append(of(factor)).append(' ');
            }
            return text.toString();
        }
    }

    @Test
    void agreesOnWhatEitherEndCanDoForEveryPairOfValues() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        final int[] valueCounts = new int[Factor.values().length];
        Arrays.setAll(valueCounts, factor -> Factor.values()[factor].valueCount);
        final PairwiseRows matrix = new PairwiseRows(valueCounts, random.split());
        final List<int[]> walked = new ArrayList<>();
        for (final int[] values : matrix.rows()) {
            final Row row = new Row(values);
            walk(row, random.split(), seed + " " + row);
            walked.add(values);
        }
        final int covered = matrix.countCovered(walked);
        System.out.println(
                "blkif negotiation: "
                        + walked.size()
                        + " rows, pairs covered "
                        + covered
                        + " of "
                        + matrix.pairCount());
        assertThat(covered).isEqualTo(matrix.pairCount());
    }

    private static void walk(final Row row, final SplittableRandom random, final String seed) {
        final int blockBytes = row.of(Factor.SECTOR_SIZE, 512, 2048, 4096);
        try (RamStore disk = RamStore.zeroed(DISK_SECTORS);
                TestBench bench = new TestBench(row.is(Factor.MODE))) {
            bench.putFrontendKey("trusted", row.of(Factor.TRUSTED) == 0 ? null : trusted(row));
            bench.putBackendKey("device-type", row.is(Factor.DEVICE_TYPE) ? "cdrom" : "disk");
            bench.putBackendKey("removable", row.is(Factor.REMOVABLE) ? "1" : null);
            bench.putBackendKey("script", row.of(Factor.HOTPLUG) == 0 ? null : "block");
            bench.putBackendKey("hotplug-status", row.is(Factor.HOTPLUG) ? "connected" : null);
            bench.putBackendKey("discard-enable", row.is(Factor.DISCARD_ENABLE) ? "1" : "0");
            final BlockStore store = LargeBlocks.over(disk, blockBytes);
            final Blkback back =
                    bench.newBackend(store, Row.wakeups(row.of(Factor.BACK_WAKEUPS)), row.back());
            final Blkfront front =
                    bench.newFrontend(Row.wakeups(row.of(Factor.FRONT_WAKEUPS)), row.front());
            final RandomWorkload work =
                    new RandomWorkload(bench.guest(), front, DISK_SECTORS, random, seed, false);
            bench.growGrantTable();
            final String atFirst = bench.resources();

            for (int i = 0; i < 20 && !front.isReady(); i++) {
                bench.step(back);
                removeRingKey(row, bench);
                if (row.is(Factor.ZERO_KEYS)) {
                    removeZeroKeys(bench);
                }
                bench.step(front);
                if (i == 5 && row.of(Factor.HOTPLUG) == 2) {
                    assertThat(bench.backendKey("state")).as(seed).isEqualTo("2");
                    bench.putBackendKey("hotplug-status", "connected");
                }
            }
            assertThat(front.isReady()).as(seed).isTrue();
            checkAgreement(row, bench, front.limits(), blockBytes, seed);
            run(bench, front, back, work, random);
            checkWork(row, front, back, work, seed);
            work.checkDisk(disk);

            front.shutdown();
            bench.settle(front, back);
            assertThat(front.isClosed() && back.isClosed()).as(seed).isTrue();
            assertThat(bench.resources()).as(seed).isEqualTo(atFirst);
        }
    }

    private static String trusted(final Row row) {
        return row.of(Factor.TRUSTED) == 1 ? "1" : "0";
    }

    /** How large a ring may be is told by both keys, or by either. */
    private static void removeRingKey(final Row row, final TestBench bench) {
        switch (row.of(Factor.RING_KEYS)) {
            case 1 -> bench.putBackendKey("max-ring-pages", null);
            case 2 -> bench.putBackendKey("max-ring-page-order", null);
            default -> {}
        }
    }

    /** A backend may say that it lacks something by saying nothing. */
    private static void removeZeroKeys(final TestBench bench) {
        for (final String key : OPTIONAL_KEYS) {
            if ("0".equals(bench.backendKey(key))) {
                bench.putBackendKey(key, null);
            }
        }
        if ("1".equals(bench.backendKey("multi-queue-max-queues"))) {
            bench.putBackendKey("multi-queue-max-queues", null);
        }
    }

    private static void checkAgreement(
            final Row row,
            final TestBench bench,
            final BlockLimits limits,
            final int blockBytes,
            final String seed) {
        assertThat(limits.sectors()).as(seed).isEqualTo(DISK_SECTORS);
        assertThat(limits.logicalBlockBytes()).as(seed).isEqualTo(blockBytes);
        assertThat(limits.physicalBlockBytes()).as(seed).isGreaterThanOrEqualTo(blockBytes);
        assertThat(limits.maxSegments()).as(seed).isEqualTo(row.segments());
        assertThat(limits.queueDepth()).as(seed).isEqualTo(row.queues() * 32 << row.pageOrder());
        assertThat(limits.readOnly()).as(seed).isEqualTo(row.readOnly());
        assertThat(limits.cdrom()).as(seed).isEqualTo(row.is(Factor.DEVICE_TYPE));
        assertThat(limits.removable()).as(seed).isEqualTo(row.is(Factor.REMOVABLE));
        assertThat(limits.canFlush()).as(seed).isEqualTo(row.flushes());
        assertThat(limits.canBarrier()).as(seed).isEqualTo(row.barriers());
        assertThat(limits.discard().supported()).as(seed).isEqualTo(row.discards());
        assertThat(limits.discard().secure())
                .as(seed)
                .isEqualTo(row.discards() && row.of(Factor.BACK_DISCARD) == 2);
        final BlkAbi layout = row.layout();
        assertThat(bench.frontendKey("protocol"))
                .as(seed)
                .isEqualTo(layout == null ? null : layout.protocolName());
        final boolean inPages = row.of(Factor.RING_KEYS) == 2;
        assertThat(bench.frontendKey("ring-page-order"))
                .as(seed)
                .isEqualTo(
                        row.pageOrder() == 0 || inPages ? null : Integer.toString(row.pageOrder()));
        assertThat(bench.frontendKey("num-ring-pages"))
                .as(seed)
                .isEqualTo(
                        row.pageOrder() == 0 || !inPages
                                ? null
                                : Integer.toString(1 << row.pageOrder()));
        assertThat(bench.frontendKey("multi-queue-num-queues"))
                .as(seed)
                .isEqualTo(row.queues() == 1 ? null : Integer.toString(row.queues()));
    }

    private static void run(
            final TestBench bench,
            final Blkfront front,
            final Blkback back,
            final RandomWorkload work,
            final SplittableRandom random) {
        for (int i = 0; i < STEPS; i++) {
            switch (random.nextInt(3)) {
                case 0 -> work.step();
                case 1 -> bench.step(front);
                default -> bench.step(back);
            }
        }
        front.commit();
        for (int i = 0; i < 1000 && work.completedCount() != work.submittedCount(); i++) {
            bench.step(back);
            bench.step(front);
        }
    }

    private static void checkWork(
            final Row row,
            final Blkfront front,
            final Blkback back,
            final RandomWorkload work,
            final String seed) {
        assertThat(work.completedCount()).as(seed).isEqualTo(work.submittedCount());
        assertThat(work.completedCount()).as(seed).isGreaterThan(100);
        assertThat(work.doneCount(BlockOperation.FLUSH) != 0).as(seed).isEqualTo(row.flushes());
        assertThat(work.doneCount(BlockOperation.BARRIER) != 0).as(seed).isEqualTo(row.barriers());
        assertThat(front.counters().discards() != 0).as(seed).isEqualTo(row.discards());
        assertThat(front.counters().refusals()).as(seed).isZero();
        assertThat(back.counters().refusals()).as(seed).isZero();
        assertThat(back.counters().requests()).as(seed).isEqualTo(front.counters().requests());
        assertThat(back.counters().bytesWritten())
                .as(seed)
                .isEqualTo(front.counters().bytesWritten());
        assertThat(back.counters().indirectRequests())
                .as(seed)
                .isEqualTo(front.counters().indirectRequests());
        assertThat(front.counters().indirectRequests() != 0)
                .as(seed)
                .isEqualTo(row.segments() > 11);
        assertThat(front.counters().persistentHits() != 0).as(seed).isEqualTo(row.persistent());
        assertThat(front.counters().bytesCopied())
                .as(seed)
                .isEqualTo(
                        row.copies()
                                ? front.counters().bytesRead() + front.counters().bytesWritten()
                                : 0);
        for (int queue = 0; queue < 16; queue++) {
            assertThat(front.counters().kicks(queue) != 0)
                    .as(seed + "queue=" + queue)
                    .isEqualTo(queue < row.queues());
        }
    }
}
