package io.ringside.xen.blkfront;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.host.StoreRequest;
import io.ringside.device.media.RamStore;
import io.ringside.xen.blkfront.backend.Blkback;
import io.ringside.xen.blkfront.backend.BlkbackOptions;
import io.ringside.xen.blkfront.backend.BlkbackRefusal;
import io.ringside.xen.blkfront.protocol.BlkAbi;
import io.ringside.xen.blkfront.protocol.BlkDiscardRequest;
import io.ringside.xen.blkfront.protocol.BlkOperation;
import io.ringside.xen.blkfront.protocol.BlkStatus;
import io.ringside.xen.blkfront.protocol.Wakeups;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Discards, plain and secure: offered or not, sound or not. */
final class DiscardTest {
    private static final int DISK_SECTORS = 64;

    private final RamStore disk = RamStore.zeroed(DISK_SECTORS);
    private final RecordingStore store = new RecordingStore(disk);
    private final TestBench bench = new TestBench();

    @AfterEach
    void close() {
        bench.close();
        store.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x86_64-abi", "x86_32-abi"})
    void discardsAndErasesWhatItIsAskedFor(final String protocol) {
        final BlkAbi abi = "x86_32-abi".equals(protocol) ? BlkAbi.X86_32 : BlkAbi.X86_64;
        final Blkback back = bench.newBackend(store, Wakeups.ARMED);
        final RawFrontend front = RawFrontend.connect(bench, back, abi);
        assertThat(bench.backendKey("feature-discard")).isEqualTo("1");
        assertThat(bench.backendKey("discard-granularity")).isEqualTo("512");
        assertThat(bench.backendKey("discard-alignment")).isEqualTo("0");
        assertThat(bench.backendKey("discard-secure")).isEqualTo("1");
        front.data().setMemory(0, 4096, (byte) 0x2f);
        final int page = front.grant(true);
        for (int sector = 0; sector < 5; sector++) {
            front.putOne(BlkOperation.WRITE, page, sector, sector);
        }
        front.putDiscard(0, 5, 1, 1);
        front.putDiscard(BlkDiscardRequest.SECURE, 6, 3, 1);
        front.putDiscard(0, 7, DISK_SECTORS, 0);
        front.push();
        bench.step(back);

        assertThat(store.asked()).endsWith("DISCARD 1+1", "ERASE 3+1", "DISCARD 64+0");
        for (int i = 0; i < 8; i++) {
            assertThat(front.response(i).status()).isEqualTo(BlkStatus.OKAY);
        }
        assertThat(front.response(5).operation()).isEqualTo(BlkOperation.DISCARD);
        final UnsafeBuffer onDisk = new UnsafeBuffer(new byte[512]);
        for (int sector = 0; sector < 5; sector++) {
            disk.read(sector * 512L, onDisk, 0, 512);
            assertThat(onDisk.getByte(0)).isEqualTo(sector == 1 || sector == 3 ? 0 : (byte) 0x2f);
        }
        assertThat(back.counters().discards()).isEqualTo(3);
        assertThat(back.counters().secureDiscards()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "0,65",
        "64,1",
        "1,64",
        "-1,1",
        "-1,2",
        "0,-1",
        "8,9223372036854775807",
        "9223372036854775807,1",
        "9223372036854775807,9223372036854775807",
        "-9223372036854775808,-9223372036854775808",
        "36028797018963968,1"
    })
    void discardsNothingThatTheDiskDoesNotHave(final long sector, final long count) {
        final Blkback back = bench.newBackend(store, Wakeups.ARMED);
        final RawFrontend front = RawFrontend.connect(bench, back, BlkAbi.X86_64);
        front.putDiscard(0, 1, sector, count);
        front.putDiscard(BlkDiscardRequest.SECURE, 2, sector, count);
        front.push();
        bench.step(back);
        assertThat(front.response(0).status()).isEqualTo(BlkStatus.ERROR);
        assertThat(front.response(1).status()).isEqualTo(BlkStatus.ERROR);
        assertThat(back.counters().refusals(BlkbackRefusal.RANGE)).isEqualTo(2);
        assertThat(store.asked()).isEmpty();
    }

    /** What the backend, the toolstack or the medium does not do is not offered, and refused. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "missing",
            value = {
                // options, discard-enable, mode, erases: discard, secure
                "full,missing,w,true,1,1",
                "full,1,w,true,1,1",
                "full,0,w,true,0,missing",
                "full,missing,r,true,0,missing",
                "full,missing,w,false,1,0",
                "plain,missing,w,true,1,0",
                "none,missing,w,true,0,missing"
            })
    void doesWhatItOffersAndNothingElse(
            final String options,
            final @Nullable String enable,
            final String mode,
            final boolean erases,
            final String discards,
            final @Nullable String secure) {
        bench.putBackendKey("discard-enable", enable);
        bench.putBackendKey("mode", mode);
        if (!erases) {
            store.cannotErase();
        }
        final Blkback back =
                bench.newBackend(
                        store,
                        Wakeups.ARMED,
                        BlkbackOptions.FULL.withDiscard(
                                !"none".equals(options), "full".equals(options)));
        final RawFrontend front = RawFrontend.connect(bench, back, BlkAbi.X86_64);
        assertThat(bench.backendKey("feature-discard")).isEqualTo(discards);
        assertThat(bench.backendKey("discard-secure")).isEqualTo(secure);
        front.putDiscard(0, 1, 0, 1);
        front.putDiscard(BlkDiscardRequest.SECURE, 2, 0, 1);
        front.push();
        bench.step(back);
        assertThat(front.statusOf(1))
                .isEqualTo("1".equals(discards) ? BlkStatus.OKAY : BlkStatus.EOPNOTSUPP);
        assertThat(front.statusOf(2))
                .isEqualTo("1".equals(secure) ? BlkStatus.OKAY : BlkStatus.EOPNOTSUPP);
    }

    /** A file system without holes is found out only when it is asked. */
    @Test
    void tellsTheFrontendWhenTheMediumTurnsOutNotToDiscard() {
        final Blkback back = bench.newBackend(store, Wakeups.ARMED);
        final RawFrontend front = RawFrontend.connect(bench, back, BlkAbi.X86_64);
        store.fail(StoreRequest.Operation.DISCARD, StoreRequest.Status.UNSUPPORTED);
        front.putDiscard(0, 1, 0, 1);
        front.push();
        bench.step(back);
        assertThat(front.response(0).status()).isEqualTo(BlkStatus.EOPNOTSUPP);
        assertThat(back.counters().discards()).isZero();
        assertThat(back.counters().mediumErrors()).isZero();
    }

    /** Linux's frontend leaves the handle of a discard as it lay there. */
    @Test
    void looksAtNoHandleOfADiscard() {
        final Blkback back = bench.newBackend(store, Wakeups.ARMED);
        final RawFrontend front = RawFrontend.connect(bench, back, BlkAbi.X86_64);
        front.putDiscard(0, 1, 0, 1);
        front.ring.putShort(RawFrontend.HEADER_BYTES + 2, (short) 0x5aa5);
        front.push();
        bench.step(back);
        assertThat(front.response(0).status()).isEqualTo(BlkStatus.OKAY);
    }
}
