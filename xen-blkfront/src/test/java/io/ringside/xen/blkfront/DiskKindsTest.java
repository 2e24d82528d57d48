package io.ringside.xen.blkfront;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.media.LargeBlocks;
import io.ringside.device.media.RamStore;
import io.ringside.xen.blkfront.backend.Blkback;
import io.ringside.xen.blkfront.backend.BlkbackOptions;
import io.ringside.xen.blkfront.backend.BlkbackRefusal;
import io.ringside.xen.blkfront.protocol.BlkAbi;
import io.ringside.xen.blkfront.protocol.BlkOperation;
import io.ringside.xen.blkfront.protocol.BlkSegment;
import io.ringside.xen.blkfront.protocol.BlkStatus;
import io.ringside.xen.blkfront.protocol.Wakeups;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a frontend is told of the disk, and what it may do with each kind. */
final class DiskKindsTest {
    private final RamStore disk = RamStore.zeroed(64);
    private final TestBench bench = new TestBench();

    @AfterEach
    void close() {
        bench.close();
        disk.close();
    }

    /** The info key is the sum of 1 for a CD-ROM, 2 for removable, 4 for read-only. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "missing",
            value = {
                "disk,missing,w,0,true",
                "disk,0,w,0,true",
                "disk,1,w,2,true",
                "disk,missing,r,4,false",
                "disk,1,r,6,false",
                "missing,missing,missing,0,true",
                "cdrom,1,r,7,false",
                "cdrom,missing,r,5,false",
                "cdrom,1,w,7,false"
            })
    void tellsWhatKindOfDiskItIs(
            final @Nullable String type,
            final @Nullable String removable,
            final @Nullable String mode,
            final String info,
            final boolean writable) {
        bench.putBackendKey("device-type", type);
        bench.putBackendKey("removable", removable);
        bench.putBackendKey("mode", mode);
        final Blkback back = bench.newBackend(disk, Wakeups.ARMED);
        final RawFrontend front = RawFrontend.connect(bench, back, BlkAbi.X86_64);
        assertThat(bench.backendKey("info")).isEqualTo(info);
        front.putOne(BlkOperation.WRITE, front.grant(true), 1, 0);
        front.putOne(BlkOperation.READ, front.grant(false), 2, 0);
        front.push();
        bench.step(back);
        assertThat(front.response(0).status())
                .isEqualTo(writable ? BlkStatus.OKAY : BlkStatus.ERROR);
        assertThat(front.response(1).status()).isEqualTo(BlkStatus.OKAY);
        assertThat(back.counters().refusals(BlkbackRefusal.READ_ONLY)).isEqualTo(writable ? 0 : 1);
    }

    /** Where the toolstack has named a script, its medium is there when the script says so. */
    @Test
    void waitsForTheHotplugScript() {
        bench.putBackendKey("script", "block");
        final Blkback back = bench.newBackend(disk, Wakeups.ARMED);
        bench.step(back);
        final RawFrontend front = new RawFrontend(bench, BlkAbi.X86_64);
        front.publish();
        for (final String status : List.of("", "error", "Connected")) {
            bench.putBackendKey("hotplug-status", status);
            bench.step(back);
            bench.step(back);
            assertThat(bench.backendKey("state")).as(status).isEqualTo("2");
            assertThat(bench.hostResources()).as(status).isEqualTo("ports=0 mapped=0");
        }
        bench.putBackendKey("hotplug-status", "connected");
        bench.step(back);
        assertThat(bench.backendKey("state")).isEqualTo("4");
        bench.putFrontendKey("state", "4");
        front.assertServes(back, disk, 0);
    }

    /** Addresses stay in units of 512 bytes; what is not whole blocks is an error. */
    @Test
    void servesWholeBlocksOfADiskOfLargerOnes() {
        final LargeBlocks large = LargeBlocks.over(disk, 4096);
        final Blkback back = bench.newBackend(large, Wakeups.ARMED);
        final RawFrontend front = RawFrontend.connect(bench, back, BlkAbi.X86_64);
        assertThat(bench.backendKey("sectors")).isEqualTo("64");
        assertThat(bench.backendKey("sector-size")).isEqualTo("4096");
        assertThat(bench.backendKey("physical-sector-size")).isEqualTo("4096");
        assertThat(bench.backendKey("discard-granularity")).isEqualTo("4096");
        final int page = front.grant(false);
        final BlkSegment segment = new BlkSegment();
        final int[][] places = {{0, 0, 7}, {56, 0, 7}, {1, 0, 7}, {8, 0, 6}, {8, 1, 7}, {4, 4, 7}};
        for (int i = 0; i < places.length; i++) {
            front.put(BlkOperation.READ, 1, i, places[i][0])
                    .segment(0, segment)
                    .put(page, places[i][1], places[i][2]);
        }
        front.putDiscard(0, 6, 8, 16);
        front.putDiscard(0, 7, 8, 15);
        front.putDiscard(0, 8, 7, 16);
        front.push();
        bench.step(back);
        for (int i = 0; i < 9; i++) {
            assertThat(front.statusOf(i))
                    .as("id=%d", i)
                    .isEqualTo(i < 2 || i == 6 ? BlkStatus.OKAY : BlkStatus.ERROR);
        }
        assertThat(back.counters().refusals(BlkbackRefusal.ALIGNMENT)).isEqualTo(6);
    }

    /** Flushes and all else that was not offered are answered as unsupported. */
    @Test
    void doesNothingButReadAndWriteWhenNothingWasOffered() {
        final Blkback back = bench.newBackend(disk, Wakeups.ARMED, BlkbackOptions.BARE);
        final RawFrontend front = RawFrontend.connect(bench, back, BlkAbi.X86_64);
        assertThat(bench.backendKey("feature-flush-cache")).isEqualTo("0");
        assertThat(bench.backendKey("feature-barrier")).isEqualTo("0");
        assertThat(bench.backendKey("feature-discard")).isEqualTo("0");
        assertThat(bench.backendKey("feature-persistent")).isEqualTo("0");
        assertThat(bench.backendKey("feature-max-indirect-segments")).isEqualTo("0");
        assertThat(bench.backendKey("max-ring-page-order")).isEqualTo("0");
        assertThat(bench.backendKey("multi-queue-max-queues")).isEqualTo("1");
        front.putFlush(0);
        front.push();
        bench.step(back);
        assertThat(front.response(0).status()).isEqualTo(BlkStatus.EOPNOTSUPP);
        front.assertServes(back, disk, 1);
    }

    /** The frontend reads the size again whenever the state is told while it is connected. */
    @ParameterizedTest
    @ValueSource(longs = {48, 63, 0})
    void tellsAConnectedFrontendWhenTheMediumChangesItsSize(final long sectors) {
        final RecordingStore store = new RecordingStore(disk);
        final Blkback back = bench.newBackend(store, Wakeups.ARMED);
        final RawFrontend front = RawFrontend.connect(bench, back, BlkAbi.X86_64);
        front.putOne(BlkOperation.READ, front.grant(false), 1, 63);
        front.push();
        bench.step(back);
        assertThat(front.response(0).status()).isEqualTo(BlkStatus.OKAY);

        final int events =
                bench.stateEvents(() -> {
                    store.resize(sectors);
                    bench.step(back);
                    bench.step(back);
                });
        assertThat(events).isEqualTo(1);
        assertThat(bench.backendKey("state")).isEqualTo("4");
        assertThat(bench.backendKey("sectors")).isEqualTo(Long.toString(sectors));
        assertThat(back.counters().resizes()).isEqualTo(1);
        front.putOne(BlkOperation.READ, front.grant(false), 2, 63);
        front.push();
        bench.step(back);
        assertThat(front.response(1).status()).isEqualTo(BlkStatus.ERROR);
        assertThat(back.counters().refusals(BlkbackRefusal.RANGE)).isEqualTo(1);

        store.resize(64);
        bench.step(back);
        assertThat(bench.backendKey("sectors")).isEqualTo("64");
        front.putOne(BlkOperation.READ, front.grant(false), 3, 63);
        front.push();
        bench.step(back);
        assertThat(front.response(2).status()).isEqualTo(BlkStatus.OKAY);
    }

    @Test
    void closesWhenTheNewSizeCannotBeTold() {
        final RecordingStore store = new RecordingStore(disk);
        final Blkback back = bench.newBackend(store, Wakeups.ARMED);
        RawFrontend.connect(bench, back, BlkAbi.X86_64);
        bench.removeVbd();
        store.resize(32);
        for (int i = 0; i < 5; i++) {
            bench.step(back);
        }
        assertThat(back.isClosed()).isTrue();
        assertThat(bench.hostResources()).isEqualTo("ports=0 mapped=0");
    }
}
