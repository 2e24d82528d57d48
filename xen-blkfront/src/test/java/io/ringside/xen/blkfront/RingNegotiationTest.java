package io.ringside.xen.blkfront;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.xen.blkfront.frontend.Blkfront;
import io.ringside.xen.blkfront.frontend.BlkfrontOptions;
import io.ringside.xen.blkfront.frontend.BlkfrontRefusal;
import io.ringside.xen.blkfront.protocol.BlkAbi;
import io.ringside.xen.blkfront.protocol.BlkOperation;
import io.ringside.xen.blkfront.protocol.BlkStatus;
import io.ringside.xen.blkfront.protocol.Wakeups;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many rings a frontend makes, of how many pages, in which layout, and how it tells. */
final class RingNegotiationTest {
    private static final BlkfrontOptions LARGE =
            BlkfrontOptions.PLAIN.withRingPageOrder(4).withQueues(4);

    private final TestBench bench = new TestBench();
    private final List<BlockRequest> ended = new ArrayList<>();

    @AfterEach
    void close() {
        bench.close();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "missing",
            value = {
                "missing,missing,1,0",
                "0,missing,1,0",
                "1,missing,2,0",
                "3,missing,8,0",
                "4,missing,16,0",
                "5,missing,16,0",
                "2147483647,missing,16,0",
                "2,16,4,0",
                "2147483648,missing,1,1",
                "-1,missing,1,1",
                "banana,missing,1,1",
                "'',missing,1,1",
                "missing,1,1,0",
                "missing,3,2,0",
                "missing,16,16,0",
                "missing,1000000,16,0",
                "missing,0,1,0",
                "missing,banana,1,1"
            })
    void makesRingsOfAsManyPagesAsBothEndsBear(
            final @Nullable String order,
            final @Nullable String pages,
            final int expectedPages,
            final int refusals) {
        bench.putBackendKey("max-ring-page-order", order);
        bench.putBackendKey("max-ring-pages", pages);
        final Blkfront front = bench.newFrontend(Wakeups.ARMED, LARGE);
        final String atFirst = bench.resources();
        final RawBackend back = RawBackend.connect(bench, front);

        assertThat(back.ring.capacity()).isEqualTo(expectedPages * 4096);
        assertThat(front.limits().queueDepth()).isEqualTo(expectedPages * 32);
        assertThat(front.counters().refusals(BlkfrontRefusal.OFFER)).isEqualTo(refusals);
        assertThat(front.counters().refusals()).isEqualTo(refusals);
        final boolean inPages = order == null && expectedPages != 1;
        assertThat(bench.frontendKey("num-ring-pages"))
                .isEqualTo(inPages ? Integer.toString(expectedPages) : null);
        assertThat(bench.frontendKey("ring-ref") == null).isEqualTo(expectedPages != 1);
        answersFill(front, back);
        front.onClose();
        back.close();
        bench.step(front);
        assertThat(bench.resources()).isEqualTo(atFirst);
    }

    /** As many requests as the ring holds, twice, so that it wraps. */
    private void answersFill(final Blkfront front, final RawBackend back) {
        front.completionsTo(ended::add);
        final int depth = back.slotCount();
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < depth; i++) {
                assertThat(front.submit(flush())).isTrue();
            }
            assertThat(front.submit(flush())).isFalse();
            front.commit();
            for (int i = 0; i < depth; i++) {
                back.answer(round * depth + i, BlkStatus.OKAY);
            }
            back.push();
            bench.step(front);
            assertThat(ended).hasSize((round + 1) * depth);
        }
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "missing",
            value = {
                "missing,1,0",
                "0,1,0",
                "1,1,0",
                "3,3,0",
                "4,4,0",
                "5,4,0",
                "2147483647,4,0",
                "-1,1,1",
                "banana,1,1"
            })
    void makesAsManyQueuesAsBothEndsBear(
            final @Nullable String queues, final int expected, final int refusals) {
        bench.putBackendKey("multi-queue-max-queues", queues);
        final Blkfront front = bench.newFrontend(Wakeups.ARMED, LARGE);
        RawBackend.publishDisk(bench);
        bench.putBackendKey("state", "2");
        bench.step(front);
        assertThat(bench.frontendKey("state")).isEqualTo("3");
        assertThat(bench.frontendKey("multi-queue-num-queues"))
                .isEqualTo(expected == 1 ? null : Integer.toString(expected));
        assertThat(bench.frontendKey("ring-ref") == null).isEqualTo(expected != 1);
        assertThat(bench.frontendKey("event-channel") == null).isEqualTo(expected != 1);
        final List<RawBackend> backs = join(expected);
        bench.putBackendKey("state", "4");
        bench.step(front);
        assertThat(front.limits().queueDepth()).isEqualTo(32 * expected);
        assertThat(front.counters().refusals()).isEqualTo(refusals);

        front.completionsTo(ended::add);
        for (int i = 0; i < 32 * expected; i++) {
            assertThat(front.submit(flush())).isTrue();
        }
        assertThat(front.submit(flush())).isFalse();
        front.commit();
        for (int i = 0; i < expected; i++) {
            assertThat(backs.get(i).requestProducer()).isEqualTo(32);
            assertThat(front.counters().kicks(i)).isEqualTo(1);
        }
        backs.getLast().answer(5, BlkStatus.OKAY);
        backs.getLast().push();
        bench.step(front);
        assertThat(ended).hasSize(1);
        assertThat(front.submit(flush())).isTrue(); // On the one queue that has room.
    }

    private List<RawBackend> join(final int queues) {
        final List<RawBackend> backs = new ArrayList<>();
        for (int i = 0; i < queues; i++) {
            backs.add(RawBackend.join(bench, queues == 1 ? "" : "queue-" + i + "/"));
        }
        return backs;
    }

    @Test
    void closesWhenOneOfManyQueuesIsBroken() {
        bench.putBackendKey("multi-queue-max-queues", "4");
        final Blkfront front = bench.newFrontend(Wakeups.ARMED, LARGE);
        final String atFirst = bench.resources();
        RawBackend.publishDisk(bench);
        bench.putBackendKey("state", "2");
        bench.step(front);
        final List<RawBackend> backs = join(4);
        bench.putBackendKey("state", "4");
        bench.step(front);
        front.completionsTo(ended::add);
        for (int i = 0; i < 4; i++) {
            front.submit(flush());
        }
        front.commit();
        backs.get(2).pushIndex(33);
        bench.step(front);
        bench.step(front);
        assertThat(front.isClosed()).isTrue();
        assertThat(front.counters().refusals(BlkfrontRefusal.RING_INDEX)).isEqualTo(1);
        assertThat(ended).hasSize(4);
        backs.forEach(RawBackend::close);
        bench.step(front);
        assertThat(bench.resources()).isEqualTo(atFirst);
    }

    @Test
    void leavesNoKeyOfAnEarlierConnectionThatMeantSomethingElse() {
        bench.putBackendKey("max-ring-page-order", "2");
        bench.putBackendKey("multi-queue-max-queues", "2");
        final Blkfront front = bench.newFrontend(Wakeups.ARMED, LARGE);
        bench.putBackendKey("state", "2");
        bench.step(front);
        assertThat(bench.frontendKey("queue-1/ring-ref3")).isNotNull();
        front.onClose();

        bench.putBackendKey("max-ring-page-order", null);
        bench.putBackendKey("multi-queue-max-queues", null);
        front.resume();
        bench.step(front);
        bench.step(front);
        assertThat(bench.frontendKey("state")).isEqualTo("3");
        assertThat(bench.frontendKey("queue-1/ring-ref3")).isNull();
        assertThat(bench.frontendKey("queue-0")).isNull();
        assertThat(bench.frontendKey("ring-page-order")).isNull();
        assertThat(bench.frontendKey("multi-queue-num-queues")).isNull();
        assertThat(bench.frontendKey("ring-ref")).isNotNull();
        front.onClose();

        bench.putBackendKey("max-ring-page-order", "1");
        front.resume();
        bench.step(front);
        bench.step(front);
        assertThat(bench.frontendKey("ring-ref")).isNull();
        assertThat(bench.frontendKey("ring-ref1")).isNotNull();
        assertThat(bench.frontendKey("event-channel")).isNotNull();
    }

    @Test
    void laysItsRequestsInTheLayoutThatItNames() {
        final Blkfront front =
                bench.newFrontend(Wakeups.ARMED, BlkfrontOptions.PLAIN.withLayout(BlkAbi.X86_32));
        final RawBackend back = RawBackend.connect(bench, front);
        assertThat(bench.frontendKey("protocol")).isEqualTo("x86_32-abi");
        front.completionsTo(ended::add);
        for (int i = 0; i < 3; i++) {
            front.submit(
                    new BlockRequest(1)
                            .reset(BlockOperation.READ, 40 + i)
                            .addSegment(TestDomain.address(7), 512));
        }
        front.commit();
        assertThat(back.ring.getLong(64 + 2 * 108 + 12)).isEqualTo(42);
        assertThat(back.ring.getInt(64 + 2 * 108 + 20)).isNotZero();
        back.put(2, BlkOperation.READ, BlkStatus.OKAY);
        back.put(0, BlkOperation.READ, BlkStatus.OKAY);
        back.push();
        bench.step(front);
        assertThat(ended).extracting(BlockRequest::sector).containsExactly(42L, 40L);
    }

    @Test
    void namesNoLayoutIfItIsToldSo() {
        final Blkfront front =
                bench.newFrontend(Wakeups.ARMED, BlkfrontOptions.PLAIN.withLayout(null));
        RawBackend.connect(bench, front);
        assertThat(bench.frontendKey("protocol")).isNull();
    }

    private static BlockRequest flush() {
        return new BlockRequest(1).reset(BlockOperation.FLUSH, 0);
    }
}
