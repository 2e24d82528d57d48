package io.ringside.xen.blkfront;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.media.RamStore;
import io.ringside.xen.blkfront.backend.Blkback;
import io.ringside.xen.blkfront.protocol.BlkAbi;
import io.ringside.xen.blkfront.protocol.BlkOperation;
import io.ringside.xen.blkfront.protocol.BlkStatus;
import io.ringside.xen.blkfront.protocol.Wakeups;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A medium without room: the backend sleeps until it has some, and forgets nothing. */
final class FullStoreTest {
    private final RecordingStore store = new RecordingStore(RamStore.zeroed(64));
    private final TestBench bench = new TestBench();

    @AfterEach
    void close() {
        bench.close();
        store.close();
    }

    /** Requests wait on the ring and in hand: there is nothing to do, and none is done. */
    @Test
    void sleepsAsLongAsTheStoreHasNoRoom() {
        final Blkback back = bench.newBackend(store, Wakeups.ARMED);
        final RawFrontend front = RawFrontend.connect(bench, back, BlkAbi.X86_64);
        settle(back);
        store.room(3);
        store.finish(0);
        for (int i = 0; i < 10; i++) {
            front.putOne(BlkOperation.READ, front.grant(false), i, i);
        }
        front.push();
        settle(back);
        for (int i = 10; i < 32; i++) {
            front.putOne(BlkOperation.READ, front.grant(false), i, i);
        }
        front.push();
        bench.step(back);
        for (int i = 0; i < 100; i++) {
            assertThat(bench.step(back)).isZero();
        }
        assertThat(store.asked()).hasSize(3);
        assertThat(back.counters().requests()).isEqualTo(10);
    }

    @ParameterizedTest
    @EnumSource(Wakeups.class)
    void goesOnInTheOrderOfTheRingWhenThereIsRoom(final Wakeups wakeups) {
        final Blkback back = bench.newBackend(store, wakeups);
        final RawFrontend front = RawFrontend.connect(bench, back, BlkAbi.X86_64);
        store.room(2);
        store.finish(0);
        for (int i = 0; i < 32; i++) {
            front.putOne(BlkOperation.READ, front.grant(false), i, i);
        }
        front.push();
        settle(back);
        for (int i = 0; i < 32; i++) {
            store.finish(1);
            settle(back); // The store's own wake-up, and no event of the frontend's.
            assertThat(front.responseProducer()).isEqualTo(i + 1);
            assertThat(front.response(i).id()).isEqualTo(i);
            assertThat(front.response(i).status()).isEqualTo(BlkStatus.OKAY);
        }
        assertThat(store.asked()).hasSize(32);
        assertThat(store.submits()).isLessThan(32 * 8);
    }

    private void settle(final Blkback back) {
        for (int i = 0; i < 1000; i++) {
            if (bench.step(back) == 0) {
                return;
            }
        }
        throw new AssertionError("never at rest");
    }
}
