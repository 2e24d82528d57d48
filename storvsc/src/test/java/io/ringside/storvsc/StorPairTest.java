package io.ringside.storvsc;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.device.guest.BlockStatus;
import io.ringside.device.media.RamStore;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.storvsc.backend.StorvspOptions;
import io.ringside.storvsc.backend.StorvspRefusal;
import io.ringside.storvsc.backend.scsi.LogicalUnit;
import io.ringside.storvsc.backend.scsi.UnitIdentity;
import io.ringside.storvsc.frontend.Storvsc;
import io.ringside.storvsc.frontend.StorvscDisk;
import io.ringside.storvsc.frontend.StorvscOptions;
import io.ringside.storvsc.protocol.VstorVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Both ends over the bus. */
final class StorPairTest {
    private static final long SECTORS = 1 << 14;

    @ParameterizedTest
    @EnumSource(VstorVersion.class)
    void writesAndReadsBackWithEveryVersionOfTheHost(final VstorVersion newest) {
        try (StorBench bench = new StorBench(1, StorvspOptions.DEFAULTS.withNewest(newest));
                RamStore store = RamStore.zeroed(SECTORS)) {
            bench.host.add(0, 0, bench.disk("a", store));
            final Storvsc guest = bench.join(StorvscOptions.DEFAULTS);
            assertThat(guest.counters().refusals()).isZero();
            writeAndReadBack(bench, bench.diskOf(0, 0));
        }
    }

    @ParameterizedTest
    @EnumSource(VstorVersion.class)
    void writesAndReadsBackWithEveryVersionOfTheGuest(final VstorVersion newest) {
        try (StorBench bench = StorBench.usual();
                RamStore store = RamStore.zeroed(SECTORS)) {
            bench.host.add(0, 0, bench.disk("a", store));
            bench.join(StorvscOptions.DEFAULTS.withNewest(newest));
            writeAndReadBack(bench, bench.diskOf(0, 0));
            // The second target is empty, and nothing else was refused.
            assertThat(bench.host.counters().refusals()).isEqualTo(1);
            assertThat(bench.host.counters().refusals(StorvspRefusal.UNIT)).isEqualTo(1);
        }
    }

    private static void writeAndReadBack(final StorBench bench, final StorvscDisk disk) {
        assertThat(disk.isReady()).isTrue();
        assertThat(disk.limits().sectors()).isEqualTo(SECTORS);
        bench.page(100).setMemory(0, GuestMemory.PAGE_BYTES, (byte) 0x5a);
        assertThat(bench.run(disk, BlockOperation.WRITE, 24, 100, 4096)).isEqualTo(BlockStatus.OK);
        assertThat(bench.run(disk, BlockOperation.FLUSH, 0, 0, 0)).isEqualTo(BlockStatus.OK);
        assertThat(bench.run(disk, BlockOperation.READ, 24, 101, 4096)).isEqualTo(BlockStatus.OK);
        assertThat(bench.page(101).getByte(4095)).isEqualTo((byte) 0x5a);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "3, 4", "7, 2", "9, 4"})
    void opensAsManyChannelsAsBothWantOverAllProcessors(final int wanted, final int processors) {
        try (StorBench bench = new StorBench(processors, StorvspOptions.DEFAULTS);
                RamStore store = RamStore.zeroed(SECTORS)) {
            bench.host.add(0, 0, bench.disk("a", store));
            final Storvsc guest =
                    bench.join(StorvscOptions.DEFAULTS.withSubChannels(wanted, processors));
            assertThat(guest.channelCount()).isEqualTo(1 + Math.min(7, wanted));
            for (int i = 0; i < 20; i++) {
                writeAndReadBack(bench, bench.diskOf(0, 0));
            }
            final int[] used = new int[processors];
            bench.channel().subChannels().forEach(channel -> used[channel.targetVp()]++);
            for (int processor = 1; processor < Math.min(processors, wanted); processor++) {
                assertThat(used[processor]).as("processor %d", processor).isPositive();
            }
        }
    }

    @Test
    void findsEveryUnitOfEveryTarget() {
        try (StorBench bench = StorBench.usual();
                RamStore first = RamStore.zeroed(64);
                RamStore second = RamStore.zeroed(128);
                RamStore third = RamStore.zeroed(256);
                RamStore disc = RamStore.zeroed(512)) {
            bench.host.add(0, 1, bench.disk("a", first));
            bench.host.add(0, 255, bench.disk("b", second));
            bench.host.add(1, 0, bench.disk("c", third));
            bench.host.add(1, 7, new LogicalUnit(UnitIdentity.disc("d", 9), disc, 1 << 19));
            final Storvsc guest = bench.join(StorvscOptions.DEFAULTS);
            assertThat(guest.disks()).hasSize(4);
            assertThat(bench.diskOf(0, 1).limits().sectors()).isEqualTo(64);
            assertThat(bench.diskOf(0, 255).limits().sectors()).isEqualTo(128);
            assertThat(bench.diskOf(1, 0).limits().sectors()).isEqualTo(256);
            assertThat(bench.diskOf(1, 7).limits().readOnly()).isTrue();
            assertThat(bench.diskOf(1, 7).limits().logicalBlockBytes()).isEqualTo(2048);
            assertThat(bench.run(bench.diskOf(1, 7), BlockOperation.READ, 4, 100, 2048))
                    .isEqualTo(BlockStatus.OK);
        }
    }

    @Test
    void noticesUnitsThatComeAndGoWhileOthersWork() {
        try (StorBench bench = StorBench.usual();
                RamStore first = RamStore.zeroed(SECTORS);
                RamStore second = RamStore.zeroed(SECTORS)) {
            final HeldStore held = new HeldStore(second);
            bench.host.add(0, 0, bench.disk("a", first));
            final Storvsc guest = bench.join(StorvscOptions.DEFAULTS);
            bench.host.add(0, 3, bench.disk("b", held));
            bench.idle();
            final StorvscDisk came = bench.diskOf(0, 3);
            final BlockStatus[] status = new BlockStatus[1];
            came.completionsTo(request -> status[0] = request.status());
            final BlockRequest request =
                    new BlockRequest(1)
                            .reset(BlockOperation.READ, 0)
                            .addSegment(100L << GuestMemory.PAGE_SHIFT, 512);
            assertThat(came.submit(request)).isTrue();
            came.commit();
            bench.idle();
            assertThat(held.heldCount()).isEqualTo(1);

            assertThat(bench.host.remove(0, 3)).isTrue();
            bench.idle();

            assertThat(guest.disks()).hasSize(1);
            assertThat(came.isReady()).isFalse();
            assertThat(status[0]).isNull();
            assertThat(bench.host.isFree(0, 3)).isFalse();
            writeAndReadBack(bench, bench.diskOf(0, 0));
            held.let(1);
            bench.idle();
            assertThat(status[0]).isEqualTo(BlockStatus.ERROR);
            assertThat(bench.host.isFree(0, 3)).isTrue();
            assertThat(bench.host.inFlight()).isZero();
        }
    }

    /** One store answers nothing; the other unit of the controller goes on without a pause. */
    @Test
    void servesAFastUnitWhileASlowOneHasAllItTakes() {
        try (StorBench bench = StorBench.usual();
                RamStore fastStore = RamStore.zeroed(SECTORS);
                RamStore slowStore = RamStore.zeroed(SECTORS)) {
            final HeldStore held = new HeldStore(slowStore);
            bench.host.add(0, 0, bench.disk("fast", fastStore));
            bench.host.add(0, 1, bench.disk("slow", held));
            bench.join(StorvscOptions.DEFAULTS);
            final StorvscDisk fast = bench.diskOf(0, 0);
            final StorvscDisk slow = bench.diskOf(0, 1);
            slow.completionsTo(request -> {});
            final long roundsAlone = roundsOf(bench, fast, 50);
            for (int i = 0; i < 64; i++) {
                final BlockRequest request =
                        new BlockRequest(1)
                                .reset(BlockOperation.READ, i * 8L)
                                .addSegment((200L + i) << GuestMemory.PAGE_SHIFT, 4096);
                assertThat(slow.submit(request)).isTrue();
            }
            slow.commit();
            assertThat(slow.submit(new BlockRequest(1).reset(BlockOperation.FLUSH, 0))).isFalse();
            bench.idle();
            assertThat(held.heldCount()).isEqualTo(64);
            assertThat(roundsOf(bench, fast, 50)).isEqualTo(roundsAlone);
            assertThat(held.heldCount()).isEqualTo(64);
            held.let(64);
            bench.idle();
            assertThat(slow.inFlight()).isZero();
        }
    }

    /** How many turns of everybody some requests take, one after the other. */
    private static long roundsOf(
            final StorBench bench, final StorvscDisk disk, final int requests) {
        final int[] done = new int[1];
        disk.completionsTo(request -> done[0]++);
        long rounds = 0;
        for (int i = 0; i < requests; i++) {
            final BlockRequest request =
                    new BlockRequest(1)
                            .reset(BlockOperation.READ, i * 8L)
                            .addSegment(100L << GuestMemory.PAGE_SHIFT, 4096);
            assertThat(disk.submit(request)).isTrue();
            disk.commit();
            while (done[0] <= i && rounds < 10_000) {
                bench.round();
                rounds++;
            }
        }
        assertThat(done[0]).isEqualTo(requests);
        return rounds;
    }

    @Test
    void triesAgainWhereAUnitHasMoreThanItTakes() {
        try (StorBench bench = StorBench.usual();
                RamStore store = RamStore.zeroed(SECTORS)) {
            final HeldStore held = new HeldStore(store);
            bench.host.add(0, 0, bench.disk("a", held));
            bench.join(StorvscOptions.DEFAULTS.withQueueDepth(100));
            final StorvscDisk disk = bench.diskOf(0, 0);
            final int[] good = new int[1];
            disk.completionsTo(request -> good[0] += request.status() == BlockStatus.OK ? 1 : 0);
            for (int i = 0; i < 100; i++) {
                assertThat(
                                disk.submit(
                                        new BlockRequest(1)
                                                .reset(BlockOperation.READ, 0)
                                                .addSegment(
                                                        (200L + i) << GuestMemory.PAGE_SHIFT, 512)))
                        .isTrue();
            }
            disk.commit();
            bench.idle();
            assertThat(held.heldCount()).isEqualTo(64);
            assertThat(bench.host.counters().refusals(StorvspRefusal.TASK_SET_FULL)).isEqualTo(36);
            held.let(100);
            bench.idle();
            assertThat(good[0]).isEqualTo(100);
        }
    }

    @Test
    void discardsWhereTheDiskCanAndSaysSoWhereItCannot() {
        try (StorBench bench = StorBench.usual();
                RamStore store = RamStore.zeroed(SECTORS);
                RamStore other = RamStore.zeroed(SECTORS)) {
            bench.host.add(0, 0, bench.disk("a", store));
            bench.host.add(
                    0,
                    1,
                    new LogicalUnit(
                            new UnitIdentity(true, "thick", 7, 512, false), other, 1 << 19));
            bench.join(StorvscOptions.DEFAULTS);
            final StorvscDisk thin = bench.diskOf(0, 0);
            writeAndReadBack(bench, thin);
            assertThat(thin.limits().discard().supported()).isTrue();
            assertThat(thin.limits().discard().granularityBytes()).isEqualTo(4096);
            assertThat(discard(bench, thin, BlockOperation.DISCARD, 24, 8))
                    .isEqualTo(BlockStatus.OK);
            assertThat(bench.run(thin, BlockOperation.READ, 24, 101, 4096))
                    .isEqualTo(BlockStatus.OK);
            assertThat(bench.page(101).getByte(4095)).isZero();
            assertThat(discard(bench, thin, BlockOperation.DISCARD, 0, SECTORS))
                    .isEqualTo(BlockStatus.OK);
            assertThat(discard(bench, thin, BlockOperation.SECURE_DISCARD, 0, 8))
                    .isEqualTo(BlockStatus.UNSUPPORTED);
            final StorvscDisk thick = bench.diskOf(0, 1);
            assertThat(thick.limits().discard().supported()).isFalse();
            assertThat(discard(bench, thick, BlockOperation.DISCARD, 0, 8))
                    .isEqualTo(BlockStatus.UNSUPPORTED);
        }
    }

    private static BlockStatus discard(
            final StorBench bench,
            final StorvscDisk disk,
            final BlockOperation operation,
            final long sector,
            final long sectors) {
        final BlockRequest request = new BlockRequest(1).resetToDiscard(operation, sector, sectors);
        final boolean[] done = new boolean[1];
        disk.completionsTo(ended -> done[0] = true);
        assertThat(disk.submit(request)).isTrue();
        disk.commit();
        bench.idle();
        assertThat(done[0]).isTrue();
        return request.status();
    }

    @Test
    void noticesThatADiskHasAnotherSize() {
        try (StorBench bench = StorBench.usual();
                RamStore store = RamStore.zeroed(SECTORS)) {
            final HeldStore resized = new HeldStore(store);
            resized.resize(SECTORS / 2);
            resized.let(100);
            final LogicalUnit unit = bench.disk("a", resized);
            bench.host.add(0, 0, unit);
            bench.join(StorvscOptions.DEFAULTS);
            final StorvscDisk disk = bench.diskOf(0, 0);
            assertThat(disk.limits().sectors()).isEqualTo(SECTORS / 2);
            resized.resize(SECTORS);
            unit.measure();
            assertThat(bench.run(disk, BlockOperation.READ, 0, 100, 512)).isEqualTo(BlockStatus.OK);
            bench.idle();
            assertThat(disk.limits().sectors()).isEqualTo(SECTORS);
            assertThat(bench.diskOf(0, 0)).isSameAs(disk);
        }
    }

    @Test
    void closesAndOpensAgain() {
        try (StorBench bench = new StorBench(2, StorvspOptions.DEFAULTS);
                RamStore store = RamStore.zeroed(SECTORS)) {
            bench.host.add(0, 0, bench.disk("a", store));
            bench.connect();
            final int before = bench.frames.usedCount();
            for (int i = 0; i < 3; i++) {
                final Storvsc guest = bench.join(StorvscOptions.DEFAULTS.withSubChannels(2, 2));
                writeAndReadBack(bench, bench.diskOf(0, 0));
                guest.shutdown();
                bench.idle();
                assertThat(guest.isClosed()).isTrue();
                assertThat(bench.host.isReady()).isFalse();
            }
            assertThat(bench.host.connections()).isEqualTo(3);
            assertThat(bench.frames.usedCount()).isEqualTo(before);
        }
    }

    @Test
    void endsEverythingWhenTheHostTakesTheControllerAway() {
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
            bench.host.revoke();
            bench.idle();
            held.let(1);
            bench.idle();
            assertThat(status[0]).isEqualTo(BlockStatus.ERROR);
            assertThat(guest.isClosed()).isTrue();
            assertThat(bench.server.channelCount()).isZero();
        }
    }
}
