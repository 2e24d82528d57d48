package io.ringside.xen.blkfront;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.media.RamStore;
import io.ringside.testkit.Seed;
import io.ringside.xen.blkfront.backend.Blkback;
import io.ringside.xen.blkfront.backend.BlkbackRefusal;
import io.ringside.xen.blkfront.protocol.BlkAbi;
import io.ringside.xen.blkfront.protocol.BlkOperation;
import io.ringside.xen.blkfront.protocol.Wakeups;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The backend against a guest that writes whatever it likes into ring and indices. */
final class HostileFrontendTest {
    private static final int DISK_SECTORS = 64;

    private final RamStore disk = RamStore.zeroed(DISK_SECTORS);
    private final TestBench bench = new TestBench();

    @AfterEach
    void close() {
        bench.close();
        disk.close();
    }

    /** Rows 2 and 12 (XSA-39, XSA-374): the device is closed, and its worker lives. */
    @ParameterizedTest
    @ValueSource(ints = {33, 34, 1000, Integer.MAX_VALUE, Integer.MIN_VALUE, -1, -32})
    void closesTheDeviceWhenTheRequestIndexCannotBe(final int index) {
        final Blkback back = bench.newBackend(disk, Wakeups.ARMED);
        final String atFirst = bench.hostResources();
        final RawFrontend front = connect(back);
        front.pushIndex(index);
        for (int i = 0; i < 10; i++) {
            bench.step(back);
        }

        assertThat(back.isClosed()).isTrue();
        assertThat(bench.backendKey("state")).isEqualTo("6");
        assertThat(back.counters().refusals(BlkbackRefusal.RING_INDEX)).isEqualTo(1);
        assertThat(back.counters().requests()).isZero();
        assertThat(front.responseProducer()).isZero();
        assertThat(bench.hostResources()).isEqualTo(atFirst);
        RawFrontend.assertConnectsAnew(bench, back, disk);
    }

    @Test
    void closesTheDeviceWhenTheRequestIndexRunsBack() {
        final Blkback back = bench.newBackend(disk, Wakeups.ARMED);
        final RawFrontend front = connect(back);
        for (int i = 0; i < 10; i++) {
            front.putFlush(i);
        }
        front.push();
        bench.step(back);
        assertThat(front.responseProducer()).isEqualTo(10);
        front.pushIndex(9);
        for (int i = 0; i < 10; i++) {
            bench.step(back);
        }
        assertThat(back.isClosed()).isTrue();
        RawFrontend.assertConnectsAnew(bench, back, disk);
    }

    @Test
    void takesNoSlotThatItHasNotAnswered() {
        final Seed seed = Seed.ofRun();
        final MoodyStore store = new MoodyStore(disk, seed.random(), 0);
        store.holdBack(true);
        final Blkback back = bench.newBackend(store, Wakeups.ARMED);
        final RawFrontend front = connect(back);
        for (int i = 0; i < 32; i++) {
            front.putFlush(i);
        }
        front.push();
        for (int i = 0; i < 1000 && store.heldCount() < 32; i++) {
            bench.step(back);
        }
        front.pushIndex(33); // A whole ring is out, and no answer is there.
        for (int i = 0; i < 10; i++) {
            bench.step(back);
        }
        assertThat(back.counters().requests()).as("%s", seed).isEqualTo(32);
        assertThat(back.counters().refusals(BlkbackRefusal.RING_INDEX)).as("%s", seed).isEqualTo(1);
        assertThat(bench.backendKey("state")).as("%s", seed).isEqualTo("5");
        store.holdBack(false);
        for (int i = 0; i < 1000 && !back.isClosed(); i++) {
            bench.step(back);
        }
        assertThat(back.isClosed()).as("%s", seed).isTrue();
        assertThat(back.counters().responses()).as("%s", seed).isZero();
        assertThat(front.responseProducer()).as("%s", seed).isZero();
        RawFrontend.assertConnectsAnew(bench, back, disk);
    }

    /** Row 6 (XSA-332): any number of events costs one look at the ring. */
    @Test
    void bearsAFloodOfEvents() {
        final Blkback back = bench.newBackend(disk, Wakeups.ARMED);
        final RawFrontend front = connect(back);
        bench.step(back);
        for (int i = 0; i < 10_000; i++) {
            front.pushIndex(0);
        }
        assertThat(bench.step(back)).isZero();
        assertThat(back.counters().wakeups()).isEqualTo(2);
        assertThat(back.counters().needlessWakeups()).isEqualTo(2);
        front.assertServes(back, disk, 0);
    }

    /** Row 11 (XSA-362): nothing that a guest can write is an exception. */
    @Test
    void bearsAnyBytes() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        final Blkback back = bench.newBackend(disk, Wakeups.ARMED);
        final String atFirst = bench.hostResources();
        final byte[] bytes = new byte[4096 - RawFrontend.HEADER_BYTES];
        for (int round = 0; round < 300; round++) {
            bench.putFrontendKey("feature-persistent", random.nextBoolean() ? "1" : "0");
            final RawFrontend front = connect(back);
            front.grant(random.nextBoolean());
            for (int i = 0; i < 20; i++) {
                random.nextBytes(bytes);
                for (int slot = 0; slot < 32; slot++) {
                    if (random.nextBoolean()) { // Something that comes further.
                        comeFurther(bytes, slot * 112, random);
                    }
                }
                front.ring.putBytes(RawFrontend.HEADER_BYTES, bytes);
                front.pushIndex(front.responseProducer() + random.nextInt(36) - 1);
                bench.step(back);
            }
            bench.putFrontendKey("state", "6");
            for (int i = 0; i < 20; i++) { // A barrier takes a few.
                bench.step(back);
            }
            assertThat(back.isClosed()).as("%s", seed).isTrue();
            assertThat(bench.hostResources()).as("%s", seed).isEqualTo(atFirst);
            bench.guest().domain().eventChannels().close(front.port);
            bench.guest().domain().grantTable().endAccess(front.ringReference);
            bench.putFrontendKey("state", "1");
        }
        assertThat(back.counters().requests()).as("%s", seed).isGreaterThan(10_000);
    }

    /** A request of any kind for a sector of the disk, with references that may well be granted. */
    private static void comeFurther(
            final byte[] bytes, final int at, final SplittableRandom random) {
        final int operation = random.nextInt(8);
        bytes[at] = (byte) operation;
        bytes[at + 1] = (byte) random.nextInt(operation == BlkOperation.INDIRECT ? 3 : 13);
        bytes[at + 2] = operation == BlkOperation.INDIRECT ? (byte) random.nextInt(20) : 0;
        bytes[at + 3] = operation == BlkOperation.INDIRECT ? 0 : (byte) 0xca;
        Arrays.fill(bytes, at + 16, at + 24, (byte) 0);
        bytes[at + 16] = (byte) random.nextInt(DISK_SECTORS);
        if (operation == BlkOperation.INDIRECT) {
            bytes[at + 24] = 0;
            bytes[at + 25] = (byte) 0xca;
        }
        for (int word = at + 28; word < at + 112; word += 4) {
            if (random.nextBoolean()) { // A small reference, or the sectors of a segment.
                Arrays.fill(bytes, word, word + 4, (byte) 0);
                bytes[word] = (byte) random.nextInt(16);
                bytes[word + 1] = word % 8 == 4 ? (byte) random.nextInt(8) : 0;
            }
        }
    }

    @Test
    void drainsWhatItTookWhenAFrontendLeavesInTheMiddle() {
        final Seed seed = Seed.ofRun();
        final MoodyStore store = new MoodyStore(disk, seed.random(), 0);
        final Blkback back = bench.newBackend(store, Wakeups.ARMED);
        final String atFirst = bench.hostResources();
        final RawFrontend front = connect(back);
        store.holdBack(true);
        for (int i = 0; i < 8; i++) {
            front.putOne(BlkOperation.WRITE, front.grant(true), i, i);
        }
        front.push();
        for (int i = 0; i < 1000 && store.heldCount() < 8; i++) {
            bench.step(back);
        }
        bench.putFrontendKey("state", "5");
        front.putFlush(99);
        front.push();
        for (int i = 0; i < 20; i++) {
            bench.step(back);
        }
        assertThat(bench.backendKey("state")).as("%s", seed).isEqualTo("5");
        assertThat(bench.host().domain().grantMapper().mappedCount()).as("%s", seed).isEqualTo(9);

        store.holdBack(false);
        for (int i = 0; i < 1000 && !back.isClosed(); i++) {
            bench.step(back);
        }
        assertThat(front.responseProducer()).as("%s", seed).isEqualTo(8);
        assertThat(back.counters().requests()).as("%s", seed).isEqualTo(8);
        assertThat(bench.backendKey("state")).as("%s", seed).isEqualTo("6");
        assertThat(bench.hostResources()).as("%s", seed).isEqualTo(atFirst);
        RawFrontend.assertConnectsAnew(bench, back, disk);
    }

    private RawFrontend connect(final Blkback back) {
        return RawFrontend.connect(bench, back, BlkAbi.X86_64);
    }
}
