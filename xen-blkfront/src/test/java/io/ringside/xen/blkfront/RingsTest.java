package io.ringside.xen.blkfront;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.media.RamStore;
import io.ringside.testkit.Seed;
import io.ringside.xen.blkfront.backend.Blkback;
import io.ringside.xen.blkfront.backend.BlkbackOptions;
import io.ringside.xen.blkfront.backend.BlkbackRefusal;
import io.ringside.xen.blkfront.protocol.BlkAbi;
import io.ringside.xen.blkfront.protocol.BlkOperation;
import io.ringside.xen.blkfront.protocol.BlkStatus;
import io.ringside.xen.blkfront.protocol.Wakeups;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The backend with rings of several pages, and with several of them. */
final class RingsTest {
    private static final int DISK_SECTORS = 2048;

    private final RamStore disk = RamStore.zeroed(DISK_SECTORS);
    private final TestBench bench = new TestBench();
    private final BlkbackOptions everything = BlkbackOptions.FULL.withRings(4, 16);
    private final Blkback back = bench.newBackend(disk, Wakeups.ARMED, everything);

    @AfterEach
    void close() {
        bench.close();
        disk.close();
    }

    @Test
    void tellsWhatItTakesBeforeTheFrontendChooses() {
        bench.step(back);
        assertThat(bench.backendKey("state")).isEqualTo("2");
        assertThat(bench.backendKey("max-ring-page-order")).isEqualTo("4");
        assertThat(bench.backendKey("max-ring-pages")).isEqualTo("16");
        assertThat(bench.backendKey("multi-queue-max-queues")).isEqualTo("16");
    }

    @ParameterizedTest
    @CsvSource({
        "1,x86_64-abi,32",
        "2,x86_64-abi,64",
        "4,x86_64-abi,128",
        "8,x86_64-abi,256",
        "16,x86_64-abi,512",
        "1,x86_32-abi,32",
        "2,x86_32-abi,64",
        "4,x86_32-abi,128",
        "8,x86_32-abi,256",
        "16,x86_32-abi,512"
    })
    void servesARingOfSeveralPagesAllTheWayRound(
            final int pages, final String protocol, final int slots) {
        final String atFirst = bench.hostResources();
        final BlkAbi abi = "x86_32-abi".equals(protocol) ? BlkAbi.X86_32 : BlkAbi.X86_64;
        bench.step(back);
        final RawFrontend front = new RawFrontend(bench, abi, pages);
        assertThat(front.slotCount()).isEqualTo(slots);
        front.publish();
        RawFrontend.connectPublished(bench, back);
        assertThat(bench.hostResources()).isEqualTo("ports=1 mapped=" + pages);

        final int reference = front.grant(true);
        int sent = 0;
        for (int round = 0; round < 5; round++) {
            final int count = slots - round; // So that the ring is met at every place.
            for (int i = 0; i < count; i++) {
                front.putOne(BlkOperation.WRITE, reference, sent + i, (sent + i) % DISK_SECTORS);
            }
            front.data().setMemory(0, 512, (byte) (round + 1));
            front.push();
            while (bench.step(back) != 0) {
                // Until all is answered.
            }
            for (int i = sent; i < sent + count; i++) {
                assertThat(front.response(i).id()).isEqualTo(i);
                assertThat(front.response(i).status()).isEqualTo(BlkStatus.OKAY);
            }
            sent += count;
            assertThat(front.responseProducer()).isEqualTo(sent);
        }
        final UnsafeBuffer last = new UnsafeBuffer(new byte[512]);
        disk.read((sent - 1) % DISK_SECTORS * 512L, last, 0, 512);
        assertThat(last.getByte(511)).isEqualTo((byte) 5);

        bench.putFrontendKey("state", "6");
        bench.step(back);
        bench.step(back);
        assertThat(bench.hostResources()).isEqualTo(atFirst);
    }

    /** Row 2 (XSA-39), for a ring of any size. */
    @Test
    void closesWhenTheIndexOfALargeRingCannotBe() {
        bench.step(back);
        final RawFrontend front = new RawFrontend(bench, BlkAbi.X86_64, 16);
        front.publish();
        RawFrontend.connectPublished(bench, back);
        front.pushIndex(513);
        for (int i = 0; i < 10; i++) {
            bench.step(back);
        }
        assertThat(back.isClosed()).isTrue();
        assertThat(back.counters().refusals(BlkbackRefusal.RING_INDEX)).isEqualTo(1);
        assertThat(bench.hostResources()).isEqualTo("ports=0 mapped=0");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "missing",
            value = {
                "ring-page-order,5",
                "ring-page-order,3", // There are four pages only.
                "ring-page-order,0", // Then the one page has another name.
                "ring-page-order,missing",
                "ring-page-order,-1",
                "ring-page-order,31",
                "ring-page-order,32",
                "ring-page-order,4294967298",
                "ring-page-order,banana",
                "ring-ref0,missing",
                "ring-ref3,missing",
                "ring-ref2,banana",
                "ring-ref1,-1",
                "feature-persistent,2",
                "feature-persistent,banana"
            })
    void refusesARingWhoseKeysMakeNoSense(final String key, final @Nullable String value) {
        assertRefused(key, value, BlkbackRefusal.KEY);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8, 16})
    void servesARingWhosePagesAreToldInTheOldWay(final int pages) {
        bench.step(back);
        final RawFrontend front = new RawFrontend(bench, BlkAbi.X86_64, pages);
        front.publish();
        bench.putFrontendKey("ring-page-order", null);
        bench.putFrontendKey("num-ring-pages", Integer.toString(pages));
        RawFrontend.connectPublished(bench, back);
        assertThat(bench.hostResources()).isEqualTo("ports=1 mapped=" + pages);
        front.assertServes(back, disk, 0);
    }

    /** The page order wins, and a number of pages that is none of any order is refused. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "missing",
            value = {
                "2,16,true",
                "2,banana,true",
                "missing,4,true",
                "missing,1,false", // There are four pages, and none of this name.
                "missing,8,false",
                "missing,3,false",
                "missing,0,false",
                "missing,17,false",
                "missing,32,false",
                "missing,-4,false",
                "missing,4294967300,false",
                "missing,banana,false"
            })
    void looksAtTheOldKeyOnlyWithoutTheNewOne(
            final @Nullable String order, final String pages, final boolean connects) {
        bench.step(back);
        new RawFrontend(bench, BlkAbi.X86_64, 4).publish();
        bench.putFrontendKey("ring-page-order", order);
        bench.putFrontendKey("num-ring-pages", pages);
        bench.putFrontendKey("state", "3");
        bench.step(back);
        assertThat(bench.backendKey("state")).isEqualTo(connects ? "4" : "6");
        assertThat(back.counters().refusals()).isEqualTo(connects ? 0 : 1);
    }

    @ParameterizedTest
    @CsvSource({"ring-ref0,0", "ring-ref3,2147483647", "ring-ref1,9999"})
    void mapsAllPagesOfARingOrNone(final String key, final String value) {
        assertRefused(key, value, BlkbackRefusal.RING_PAGE);
    }

    private void assertRefused(
            final String key, final @Nullable String value, final BlkbackRefusal reason) {
        bench.step(back);
        new RawFrontend(bench, BlkAbi.X86_64, 4).publishRing("");
        bench.putFrontendKey(key, value);
        bench.putFrontendKey("state", "3");
        bench.step(back);
        assertThat(back.isClosed()).isTrue();
        assertThat(back.counters().refusals(reason)).isEqualTo(1);
        assertThat(back.counters().refusals()).isEqualTo(1);
        assertThat(bench.hostResources()).isEqualTo("ports=0 mapped=0");
        for (final String left : List.of("ring-page-order", "feature-persistent")) {
            bench.putFrontendKey(left, null);
        }
        RawFrontend.assertConnectsAnew(bench, back, disk);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 16})
    void servesEveryQueueForItself(final int queueCount) {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        final List<RawFrontend> queues = RawFrontend.connectQueues(bench, back, 2, queueCount);
        assertThat(bench.hostResources())
                .isEqualTo("ports=%d mapped=%d".formatted(queueCount, 2 * queueCount));
        final int[] sent = new int[queueCount];
        final int[] references = new int[queueCount];
        for (int i = 0; i < queueCount; i++) {
            references[i] = queues.get(i).grant(true);
            queues.get(i).data().setMemory(0, 512, (byte) (i + 1));
        }
        for (int round = 0; round < 200; round++) {
            final int which = random.nextInt(queueCount);
            final RawFrontend queue = queues.get(which);
            final int count = random.nextInt(queue.slotCount() + 1);
            for (int i = 0; i < count; i++) {
                queue.putOne(BlkOperation.WRITE, references[which], sent[which] + i, which);
            }
            queue.push();
            sent[which] += count;
            if (random.nextBoolean()) {
                while (bench.step(back) != 0) {
                    // Until all is answered.
                }
            }
            bench.step(back);
            for (int i = 0; i < queueCount; i++) {
                assertThat(queues.get(i).responseProducer()).as("%s", seed).isEqualTo(sent[i]);
            }
        }
        final UnsafeBuffer onDisk = new UnsafeBuffer(new byte[512]);
        for (int i = 0; i < queueCount; i++) {
            disk.read(i * 512L, onDisk, 0, 512);
            assertThat(onDisk.getByte(0)).as("%s", seed).isEqualTo((byte) (i + 1));
        }
        assertThat(back.counters().refusals()).as("%s", seed).isZero();
    }

    @Test
    void wakesTheQueueThatItAnswersAndNoOther() {
        final List<RawFrontend> queues = RawFrontend.connectQueues(bench, back, 1, 3);
        bench.guest().domain().eventChannels().dispatch();
        queues.get(1).putFlush(7);
        queues.get(1).push();
        bench.step(back);
        bench.guest().domain().eventChannels().dispatch();
        assertThat(queues.get(0).kicks).isZero();
        assertThat(queues.get(1).kicks).isEqualTo(1);
        assertThat(queues.get(2).kicks).isZero();
    }

    /** What one queue has taken for the medium to do must not keep another from being served. */
    @Test
    void goesOnWithOneQueueWhenAnotherHasFilledTheMedium() {
        final RamStore small = RamStore.zeroed(64, 4);
        final TestBench other = new TestBench();
        final Blkback backend = other.newBackend(small, Wakeups.ARMED, everything);
        final List<RawFrontend> queues = RawFrontend.connectQueues(other, backend, 1, 4);
        for (final RawFrontend queue : queues) {
            for (int i = 0; i < 32; i++) {
                queue.putFlush(i);
            }
            queue.push();
        }
        for (int i = 0; i < 100; i++) {
            other.step(backend);
        }
        for (final RawFrontend queue : queues) {
            assertThat(queue.responseProducer()).isEqualTo(32);
        }
        other.close();
        small.close();
    }

    /** Row 35: one more than was offered is too many; row 30: none is too few. */
    @ParameterizedTest
    @ValueSource(strings = {"0", "17", "65537", "4294967296", "-1", "banana", ""})
    void refusesANumberOfQueuesThatWasNotOffered(final String count) {
        bench.step(back);
        publishQueues(16);
        assertRefusedQueues(count, BlkbackRefusal.KEY);
    }

    @Test
    void takesAsManyQueuesAsWereOffered() {
        bench.step(back);
        publishQueues(16);
        bench.putFrontendKey("multi-queue-num-queues", "16");
        RawFrontend.connectPublished(bench, back);
        assertThat(bench.hostResources()).isEqualTo("ports=16 mapped=16");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "missing",
            value = {
                "queue-2/ring-ref,missing,KEY",
                "queue-2/event-channel,missing,KEY",
                "queue-1/ring-ref,banana,KEY",
                "queue-2/ring-ref,9999,RING_PAGE",
                "queue-2/event-channel,4095,PORT",
                "queue-0/event-channel,0,PORT"
            })
    void takesAllQueuesOrNone(
            final String key, final @Nullable String value, final BlkbackRefusal reason) {
        bench.step(back);
        publishQueues(3);
        bench.putFrontendKey(key, value);
        assertRefusedQueues("3", reason);
    }

    @Test
    void refusesTwoQueuesOverOnePort() {
        bench.step(back);
        publishQueues(2);
        bench.putFrontendKey("queue-1/event-channel", bench.frontendKey("queue-0/event-channel"));
        assertRefusedQueues("2", BlkbackRefusal.PORT);
    }

    private void publishQueues(final int count) {
        for (int i = 0; i < count; i++) {
            new RawFrontend(bench, BlkAbi.X86_64, 1).publishRing("queue-" + i + "/");
        }
    }

    private void assertRefusedQueues(final String count, final BlkbackRefusal reason) {
        bench.putFrontendKey("multi-queue-num-queues", count);
        bench.putFrontendKey("state", "3");
        bench.step(back);
        assertThat(back.isClosed()).isTrue();
        assertThat(back.counters().refusals(reason)).isEqualTo(1);
        assertThat(back.counters().refusals()).isEqualTo(1);
        assertThat(bench.hostResources()).isEqualTo("ports=0 mapped=0");
        bench.putFrontendKey("multi-queue-num-queues", null);
        RawFrontend.assertConnectsAnew(bench, back, disk);
    }

    /** One bad ring is a bad frontend. */
    @Test
    void closesEveryQueueWhenTheIndexOfOneCannotBe() {
        final List<RawFrontend> queues =
                new ArrayList<>(RawFrontend.connectQueues(bench, back, 1, 4));
        queues.get(3).pushIndex(1000);
        for (int i = 0; i < 10; i++) {
            bench.step(back);
        }
        assertThat(back.isClosed()).isTrue();
        assertThat(bench.hostResources()).isEqualTo("ports=0 mapped=0");
    }
}
