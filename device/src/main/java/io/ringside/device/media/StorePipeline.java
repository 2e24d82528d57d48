package io.ringside.device.media;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.BlockingWaitStrategy;
import com.lmax.disruptor.BusySpinWaitStrategy;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.TimeoutException;
import io.ringside.device.host.StoreCompletions;
import io.ringside.device.host.StoreRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.agrona.BitUtil;
import org.jspecify.annotations.Nullable;

/**
 * Submit, workers, completion: how a medium that blocks is driven by a backend that must not.
 *
 * <p>The drawing is in the package's description. Both rings belong to the LMAX Disruptor; the loop
 * of a worker is our own, because the Disruptor's would give every request to every worker, and
 * would skip one when its thread is interrupted.
 *
 * <p>A worker claims its next submission before it hands over the completion of the last one. So
 * whenever there is no room for a request, some other request is still to be completed: a backend
 * that sleeps until then never sleeps for good.
 *
 * <p>Threads: {@link #submit} and {@link #poll} belong to the backend, {@link #close} to whoever
 * owns both, when the backend has stopped. Errors: an exception of a worker or of the wake is told
 * to its thread's handler for uncaught exceptions, and the worker goes on.
 */
final class StorePipeline implements AutoCloseable {
    /** Room for requests that other workers finish while one worker is held up. */
    static final int SLOTS_PER_REQUEST = 16;

    private final RingBuffer<Submission> submissions;
    private final RingBuffer<Completion> completions;
    private final Sequence lastClaimed = new Sequence();
    private final Sequence polled = new Sequence();
    private final int queueDepth;
    private final List<Thread> threads = new ArrayList<>();
    private Runnable wake = () -> {};
    private int inFlight;
    private boolean closed;

    /**
     * Makes the pipeline and starts its workers.
     *
     * @param queueDepth most requests submitted and not yet polled
     * @param factory makes one thread for each worker
     */
    StorePipeline(
            final List<? extends StoreWorker> workers,
            final int queueDepth,
            final ThreadFactory factory) {
        if (queueDepth < 1 || queueDepth > 1 << 16 || workers.isEmpty()) {
            throw new IllegalArgumentException(
                    "pipeline out of range: queueDepth="
                            + queueDepth
                            + " workers="
                            + workers.size());
        }
        this.queueDepth = queueDepth;
        this.submissions =
                RingBuffer.createMultiProducer(
                        Submission::new,
                        BitUtil.findNextPositivePowerOfTwo(queueDepth * SLOTS_PER_REQUEST),
                        new BlockingWaitStrategy());
        // Nobody waits at this ring, so that publishing into it needs no lock.
        this.completions =
                RingBuffer.createMultiProducer(
                        Completion::new,
                        BitUtil.findNextPositivePowerOfTwo(queueDepth),
                        new BusySpinWaitStrategy());
        completions.addGatingSequences(polled);
        final List<WorkerLoop> loops = new ArrayList<>();
        for (final StoreWorker worker : workers) {
            final WorkerLoop loop = new WorkerLoop(worker);
            submissions.addGatingSequences(loop.passed);
            loops.add(loop);
        }
        try {
            for (final WorkerLoop loop : loops) {
                final Thread thread = factory.newThread(loop);
                thread.start();
                threads.add(thread);
            }
        } catch (final Throwable e) {
            close();
            throw e;
        }
    }

    /** Sets what is run on a worker's thread after each completion; before the first request. */
    void wakeWith(final Runnable newWake) {
        wake = newWake;
    }

    /** Takes a request, or returns false if there is no room. */
    boolean submit(final StoreRequest request) {
        if (closed) {
            throw new IllegalStateException("store is closed: tag=" + request.tag());
        }
        if (inFlight == queueDepth || !submissions.hasAvailableCapacity(1)) {
            return false;
        }
        inFlight++;
        publish(request);
        return true;
    }

    private void publish(final @Nullable StoreRequest request) {
        final long sequence = submissions.next();
        final Submission submission = submissions.get(sequence);
        submission.request = request;
        submissions.publish(sequence);
    }

    /** Hands over at most {@code limit} finished requests. */
    int poll(final StoreCompletions listener, final int limit) {
        int count = 0;
        long next = polled.get() + 1;
        while (count < limit && completions.isAvailable(next)) {
            final StoreRequest request = completions.get(next).request;
            polled.set(next);
            next++;
            inFlight--;
            count++;
            if (request != null) {
                listener.completed(request);
            }
        }
        return count;
    }

    /** Waits until all that was submitted has finished and every worker's thread has ended. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (int i = 0; i < threads.size(); i++) {
            publish(null);
        }
        boolean interrupted = false;
        for (final Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (final InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** What the backend hands to one worker; without a request it is the order to stop. */
    private static final class Submission {
        private @Nullable StoreRequest request;
    }

    /** What a worker hands back. */
    private static final class Completion {
        private @Nullable StoreRequest request;
    }

    /** Claims one submission after the other, waits for it, and carries it out. */
    private final class WorkerLoop implements Runnable {
        private final StoreWorker worker;
        private final SequenceBarrier barrier = submissions.newBarrier();

        /** All before the claimed submission is of no concern to this worker. */
        private final Sequence passed = new Sequence();

        /** Claimed before the thread starts, so that a late start holds up one request only. */
        private final long firstClaim = claim();

        private WorkerLoop(final StoreWorker worker) {
            this.worker = worker;
        }

        @Override
        public void run() {
            StoreRequest request = await(firstClaim);
            while (request != null) {
                request.status(carryOut(request));
                final long claim = claim();
                finish(request);
                request = await(claim);
            }
            passed.set(Long.MAX_VALUE);
        }

        private long claim() {
            long last;
            do {
                last = lastClaimed.get();
                passed.set(last);
            } while (!lastClaimed.compareAndSet(last, last + 1));
            return last + 1;
        }

        /** An interrupt does not end a wait: only the order to stop ends a worker. */
        private @Nullable StoreRequest await(final long claim) {
            long published = claim - 1;
            while (published < claim) {
                try {
                    published = barrier.waitFor(claim);
                } catch (final InterruptedException | TimeoutException | AlertException e) {
                    published = claim - 1;
                }
            }
            return submissions.get(claim).request;
        }

        private StoreRequest.Status carryOut(final StoreRequest request) {
            try {
                return worker.carryOut(request);
            } catch (final Throwable e) {
                report(e);
                return StoreRequest.Status.ERROR;
            }
        }

        private void finish(final StoreRequest request) {
            // Never waits: this ring has a slot for each request in flight.
            final long slot = completions.next();
            completions.get(slot).request = request;
            completions.publish(slot);
            try {
                wake.run();
            } catch (final Throwable e) {
                report(e);
            }
        }

        private void report(final Throwable e) {
            final Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        }
    }
}
