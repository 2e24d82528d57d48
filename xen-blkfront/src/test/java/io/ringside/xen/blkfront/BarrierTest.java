package io.ringside.xen.blkfront;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.host.StoreRequest;
import io.ringside.device.media.RamStore;
import io.ringside.xen.blkfront.backend.Blkback;
import io.ringside.xen.blkfront.backend.BlkbackOptions;
import io.ringside.xen.blkfront.protocol.BlkAbi;
import io.ringside.xen.blkfront.protocol.BlkOperation;
import io.ringside.xen.blkfront.protocol.BlkStatus;
import io.ringside.xen.blkfront.protocol.Wakeups;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Barriers: what the medium is asked for, and when. */
final class BarrierTest {
    private final RecordingStore store = new RecordingStore(RamStore.zeroed(64));
    private final TestBench bench = new TestBench();
    private final Blkback back = bench.newBackend(store, Wakeups.ARMED);

    @AfterEach
    void close() {
        bench.close();
        store.close();
    }

    @Test
    void writesABarrierBetweenTwoFlushes() {
        final RawFrontend front = connect();
        front.data().setMemory(0, 512, (byte) 0x12);
        front.putOne(BlkOperation.WRITE_BARRIER, front.grant(true), 1, 9);
        front.push();
        settle();
        assertThat(store.asked()).containsExactly("FLUSH", "WRITE 9+1", "FLUSH");
        assertThat(front.responseProducer()).isEqualTo(1);
        assertThat(front.response(0).operation()).isEqualTo(BlkOperation.WRITE_BARRIER);
        assertThat(front.response(0).status()).isEqualTo(BlkStatus.OKAY);
        assertThat(back.counters().barriers()).isEqualTo(1);
        assertThat(back.counters().bytesWritten()).isEqualTo(512);
        assertThat(back.counters().flushes()).isZero();
    }

    /** Before and after it: no header says which of them a flush that carries data means. */
    @Test
    void flushesOnBothSidesOfTheDataThatAFlushCarries() {
        final RawFrontend front = connect();
        front.data().setMemory(0, 512, (byte) 0x34);
        final int page = front.grant(true);
        front.putOne(BlkOperation.WRITE, page, 1, 8);
        front.putOne(BlkOperation.FLUSH_DISKCACHE, page, 2, 9);
        front.push();
        settle();
        front.data().setMemory(0, 512, (byte) 0);
        front.putOne(BlkOperation.READ, front.grant(false), 3, 9);
        front.push();
        settle();
        assertThat(store.asked())
                .containsExactly("WRITE 8+1", "FLUSH", "WRITE 9+1", "FLUSH", "READ 9+1");
        assertThat(front.response(1).operation()).isEqualTo(BlkOperation.FLUSH_DISKCACHE);
        assertThat(front.response(1).status()).isEqualTo(BlkStatus.OKAY);
        assertThat(front.data().getByte(511)).isEqualTo((byte) 0x34);
        assertThat(back.counters().flushes()).isEqualTo(1);
        assertThat(back.counters().barriers()).isZero();
        assertThat(back.counters().bytesWritten()).isEqualTo(1024);
    }

    @Test
    void onlyFlushesForABarrierWithoutData() {
        final RawFrontend front = connect();
        front.put(BlkOperation.WRITE_BARRIER, 0, 1, 0);
        front.push();
        settle();
        assertThat(store.asked()).containsExactly("FLUSH");
        assertThat(front.response(0).status()).isEqualTo(BlkStatus.OKAY);
    }

    /** Nothing is moved across a barrier, in neither direction, however the ring is pushed. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void waitsForAllThatCameBeforeAndKeepsBackAllThatComesAfter(final boolean atOnce) {
        final RawFrontend front = connect();
        final int page = front.grant(false);
        store.finish(0);
        final int[] operations = {
            BlkOperation.WRITE, BlkOperation.READ, BlkOperation.WRITE_BARRIER,
            BlkOperation.WRITE, BlkOperation.WRITE_BARRIER, BlkOperation.WRITE_BARRIER,
            BlkOperation.READ
        };
        for (int i = 0; i < operations.length; i++) {
            front.putOne(operations[i], page, i, i);
            if (!atOnce) {
                front.push();
                settle();
            }
        }
        front.push();
        settle();
        assertThat(store.asked()).containsExactly("WRITE 0+1", "READ 1+1");

        store.finish(1);
        settle();
        assertThat(store.asked()).hasSize(2);
        assertThat(front.responseProducer()).isEqualTo(1);
        store.finish(1);
        settle();
        assertThat(store.asked()).endsWith("FLUSH").hasSize(3);
        for (int step = 0; step < 20; step++) {
            assertThat(back.counters().barriers())
                    .isLessThanOrEqualTo(front.responseProducer() - 2);
            store.finish(1);
            settle();
        }
        assertThat(store.asked())
                .containsExactly(
                        "WRITE 0+1",
                        "READ 1+1",
                        "FLUSH",
                        "WRITE 2+1",
                        "FLUSH",
                        "WRITE 3+1",
                        "FLUSH",
                        "WRITE 4+1",
                        "FLUSH",
                        "FLUSH",
                        "WRITE 5+1",
                        "FLUSH",
                        "READ 6+1");
        for (int i = 0; i < operations.length; i++) {
            assertThat(front.response(i).id()).isEqualTo(i);
            assertThat(front.response(i).status()).isEqualTo(BlkStatus.OKAY);
        }
    }

    @ParameterizedTest
    @CsvSource({"FLUSH,1", "WRITE,2"})
    void failsABarrierWithItsFirstStepThatFails(
            final StoreRequest.Operation operation, final int steps) {
        final RawFrontend front = connect();
        store.fail(operation, StoreRequest.Status.ERROR);
        front.putOne(BlkOperation.WRITE_BARRIER, front.grant(true), 1, 9);
        front.putOne(BlkOperation.READ, front.grant(false), 2, 9);
        front.push();
        settle();
        assertThat(store.asked()).hasSize(steps + 1);
        assertThat(front.response(0).status()).isEqualTo(BlkStatus.ERROR);
        assertThat(front.response(1).status()).isEqualTo(BlkStatus.OKAY);
        assertThat(back.counters().barriers()).isZero();
        assertThat(back.counters().mediumErrors()).isEqualTo(1);
    }

    @Test
    void refusesABarrierWhosePageIsNotThereAndGoesOn() {
        final RawFrontend front = connect();
        front.putOne(BlkOperation.WRITE_BARRIER, 9999, 1, 9);
        front.putFlush(2);
        front.push();
        settle();
        assertThat(store.asked()).containsExactly("FLUSH");
        assertThat(front.response(0).status()).isEqualTo(BlkStatus.ERROR);
        assertThat(front.response(1).status()).isEqualTo(BlkStatus.OKAY);
    }

    @Test
    void bearsAStoreWithoutRoomInEveryStep() {
        final RawFrontend front = connect();
        store.room(0);
        front.putOne(BlkOperation.WRITE_BARRIER, front.grant(true), 1, 9);
        front.push();
        settle();
        for (int done = 0; done < 3; done++) {
            assertThat(store.asked()).hasSize(done);
            store.room(1);
            store.finish(0);
            settle();
            assertThat(store.asked()).hasSize(done + 1);
            store.room(0);
            store.finish(1);
            settle();
        }
        assertThat(front.response(0).status()).isEqualTo(BlkStatus.OKAY);
    }

    @Test
    void doesNoBarrierThatWasNotOffered() {
        final Blkback bare =
                bench.newBackend(store, Wakeups.ARMED, BlkbackOptions.FULL.withBarrier(false));
        final RawFrontend front = RawFrontend.connect(bench, bare, BlkAbi.X86_64);
        assertThat(bench.backendKey("feature-barrier")).isEqualTo("0");
        front.putOne(BlkOperation.WRITE_BARRIER, front.grant(true), 1, 9);
        front.push();
        bench.step(bare);
        assertThat(front.response(0).status()).isEqualTo(BlkStatus.EOPNOTSUPP);
        assertThat(store.asked()).isEmpty();
    }

    /** Row 3 (XSA-90): a frontend may leave at any step of it. */
    @ParameterizedTest
    @EnumSource(Wakeups.class)
    void endsABarrierInOrderWhenTheFrontendLeaves(final Wakeups wakeups) {
        for (int steps = 0; steps < 5; steps++) {
            bench.createVbd();
            final Blkback other = bench.newBackend(store, wakeups);
            final RawFrontend front = RawFrontend.connect(bench, other, BlkAbi.X86_64);
            store.finish(0);
            front.putOne(BlkOperation.WRITE, front.grant(true), 0, 1);
            front.putOne(BlkOperation.WRITE_BARRIER, front.grant(true), 1, 9);
            front.putFlush(2);
            front.push();
            for (int i = 0; i < 5; i++) {
                bench.step(other);
            }
            for (int done = 0; done < steps; done++) {
                store.finish(1);
                bench.step(other);
                bench.step(other);
            }
            bench.putFrontendKey("state", "6");
            bench.step(other);
            store.finish(Integer.MAX_VALUE);
            for (int i = 0; i < 20; i++) {
                bench.step(other);
            }
            assertThat(other.isClosed()).as("steps=%d", steps).isTrue();
            assertThat(bench.hostResources()).isEqualTo("ports=0 mapped=0");
        }
    }

    private RawFrontend connect() {
        final RawFrontend front = RawFrontend.connect(bench, back, BlkAbi.X86_64);
        settle();
        return front;
    }

    private void settle() {
        for (int i = 0; i < 1000; i++) {
            if (bench.step(back) == 0) {
                return;
            }
        }
        throw new AssertionError("never at rest");
    }
}
