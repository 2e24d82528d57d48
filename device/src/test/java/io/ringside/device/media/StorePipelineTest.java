package io.ringside.device.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.device.host.StoreRequest;
import io.ringside.device.host.StoreRequest.Status;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The time limit only ends a run that lost a request. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class StorePipelineTest {
    private static final int DEPTH = 4;

    private final List<Thread> threads = new ArrayList<>();
    private final List<Throwable> reported = Collections.synchronizedList(new ArrayList<>());
    private final List<Integer> finished = new ArrayList<>();

    private Thread thread(final Runnable loop) {
        final Thread thread = new Thread(loop, "pipeline worker");
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((who, what) -> reported.add(what));
        threads.add(thread);
        return thread;
    }

    private StorePipeline pipeline(final int workers, final StoreWorker worker) {
        return new StorePipeline(Collections.nCopies(workers, worker), DEPTH, this::thread);
    }

    private static StoreRequest request(final int tag) {
        return new StoreRequest(1, tag).reset(StoreRequest.Operation.FLUSH, 0);
    }

    private void awaitFinished(final StorePipeline pipeline, final int count) {
        while (finished.size() < count) {
            pipeline.poll(request -> finished.add(request.tag()), DEPTH);
            Thread.onSpinWait();
        }
    }

    @Test
    void letsOthersPassARequestThatIsHeldUp() {
        final CountDownLatch released = new CountDownLatch(1);
        final StoreWorker worker =
                request -> {
                    if (request.tag() == 0) {
                        awaitUninterruptibly(released);
                    }
                    return Status.OK;
                };
        try (StorePipeline pipeline = pipeline(2, worker)) {
            assertThat(pipeline.submit(request(0))).isTrue();
            for (int tag = 1; tag < 3 * DEPTH; tag++) {
                assertThat(pipeline.submit(request(tag))).isTrue();
                awaitFinished(pipeline, tag);
                assertThat(finished.getLast()).isEqualTo(tag);
            }
            released.countDown();
            awaitFinished(pipeline, 3 * DEPTH);
            assertThat(finished.getLast()).isZero();
        }
    }

    @Test
    void alwaysHasRoomWhenNothingIsInFlight() {
        try (StorePipeline pipeline = pipeline(3, request -> Status.OK)) {
            for (int i = 1; i <= 20_000; i++) {
                assertThat(pipeline.submit(request(0))).as("request %d", i).isTrue();
                awaitFinished(pipeline, i);
            }
        }
    }

    @Test
    void hasNoRoomBehindARequestThatIsHeldUpForLong() {
        final CountDownLatch released = new CountDownLatch(1);
        final StoreWorker worker =
                request -> {
                    if (request.tag() == 0) {
                        awaitUninterruptibly(released);
                    }
                    return Status.OK;
                };
        try (StorePipeline pipeline = pipeline(2, worker)) {
            int submitted = 0;
            while (pipeline.submit(request(submitted))) {
                submitted++;
                awaitFinished(pipeline, submitted - 1);
                assertThat(submitted).isLessThanOrEqualTo(StorePipeline.SLOTS_PER_REQUEST * DEPTH);
            }
            assertThat(submitted).isEqualTo(StorePipeline.SLOTS_PER_REQUEST * DEPTH);
            released.countDown();
            awaitFinished(pipeline, submitted);
            assertThat(pipeline.submit(request(submitted))).isTrue();
            awaitFinished(pipeline, submitted + 1);
            assertThat(finished).doesNotHaveDuplicates();
        }
    }

    private static void awaitUninterruptibly(final CountDownLatch latch) {
        try {
            latch.await();
        } catch (final InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Each of the two can only finish while the other is being carried out too. */
    @Test
    void carriesOutAsManyRequestsAtOnceAsItHasWorkers() {
        final CyclicBarrier together = new CyclicBarrier(2);
        final StoreWorker worker =
                request -> {
                    try {
                        together.await();
                        return Status.OK;
                    } catch (final Exception e) {
                        throw new AssertionError(e);
                    }
                };
        try (StorePipeline pipeline = pipeline(2, worker)) {
            for (int round = 1; round <= 100; round++) {
                assertThat(pipeline.submit(request(0))).isTrue();
                assertThat(pipeline.submit(request(1))).isTrue();
                awaitFinished(pipeline, 2 * round);
            }
            assertThat(reported).isEmpty();
        }
    }

    @Test
    void failsTheRequestWhoseWorkerThrowsAndGoesOn() {
        final RuntimeException fault = new RuntimeException("a fault of ours");
        final StoreWorker worker =
                request -> {
                    if (request.tag() == 1) {
                        throw fault;
                    }
                    return Status.OK;
                };
        try (StorePipeline pipeline = pipeline(1, worker)) {
            final StoreRequest bad = request(1);
            final StoreRequest good = request(2);
            pipeline.submit(bad);
            pipeline.submit(good);
            awaitFinished(pipeline, 2);

            assertThat(bad.status()).isEqualTo(Status.ERROR);
            assertThat(good.status()).isEqualTo(Status.OK);
            assertThat(reported).containsExactly(fault);
        }
    }

    @Test
    void goesOnWhenTheWakeThrows() {
        final RuntimeException fault = new RuntimeException("a fault of the backend");
        final StorePipeline pipeline = pipeline(1, request -> Status.OK);
        pipeline.wakeWith(() -> {
            throw fault;
        });
        for (int tag = 0; tag < 3; tag++) {
            pipeline.submit(request(tag));
        }
        awaitFinished(pipeline, 3);
        pipeline.close();

        assertThat(finished).containsExactly(0, 1, 2);
        assertThat(reported).containsExactly(fault, fault, fault);
    }

    @Test
    void keepsAnInterruptOfWhoeverClosesIt() {
        final StorePipeline pipeline = pipeline(2, request -> Status.OK);
        Thread.currentThread().interrupt();
        pipeline.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(threads).noneMatch(Thread::isAlive);
    }

    @Test
    void endsTheThreadsItHasWhenTheNextOneCannotBeMade() {
        final IllegalStateException full = new IllegalStateException("no threads left");
        assertThatThrownBy(() ->
                        new StorePipeline(
                                Collections.nCopies(3, request -> Status.OK),
                                DEPTH,
                                loop -> {
                                    if (threads.size() == 2) {
                                        throw full;
                                    }
                                    return thread(loop);
                                }))
                .isSameAs(full);
        assertThat(threads).hasSize(2).noneMatch(Thread::isAlive);
    }

    @Test
    void refusesAQueueWithoutRoom() {
        assertThatThrownBy(() -> new StorePipeline(List.of(request -> Status.OK), 0, this::thread))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("pipeline out of range: queueDepth=0 workers=1");
        assertThat(threads).isEmpty();
    }
}
