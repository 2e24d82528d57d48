package io.ringside.perf.workload;

import io.ringside.device.guest.BlockCompletions;
import io.ringside.device.guest.BlockDevice;
import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.device.guest.BlockStatus;
import io.ringside.hypervisor.Clock;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;
import org.HdrHistogram.Histogram;

/**
 * Drives one disk with one request stream, at a fixed depth, and checks every byte that is read.
 *
 * <p>It is closed loop: a new operation starts when one has ended. Latency runs from the first
 * submission attempt to the completion. When it has started all its operations it waits for them,
 * then flushes if it wrote and the device can.
 *
 * <p>Threads: the frontend's. Allocates nothing while it runs.
 */
public final class DiskWorkload implements Workload, BlockCompletions {
    private static final int FLUSH_TAG = -1;
    private static final long HIGHEST_NANOS = 3_600_000_000_000L;

    private final BlockDevice device;
    private final DiskStream stream;
    private final DiskModel model;
    private final Clock clock;
    private final long operationLimit;
    private final DiskOperation[] operations;
    private final int[] idle;
    private final int[] waiting;
    private final BlockRequest flush = new BlockRequest(1);
    private final boolean flushAtEnd;
    private final Histogram latency = new Histogram(HIGHEST_NANOS, 3);

    private ReadSink sink = ReadSink.NONE;
    private int idleCount;
    private int waitingHead;
    private int waitingCount;
    private long drawnBlock = -1; // drawn from the stream, but its block was in flight
    private boolean drawnWrite;
    private long started;
    private long finished;
    private long failures;
    private long discards;
    private boolean canDiscard;
    private long mismatches;
    private long firstNanos;
    private long lastNanos;
    private boolean flushSubmitted;
    private boolean deviceLost;
    private volatile boolean stopRequested;
    private volatile boolean done;

    /**
     * Makes a workload on a device that is ready.
     *
     * @param operationLimit how many operations to run
     */
    public DiskWorkload(
            final BlockDevice device,
            final DiskStream stream,
            final DiskModel model,
            final Clock clock,
            final GuestMemory guest,
            final FrameAllocator frames,
            final int blockBytes,
            final int depth,
            final long operationLimit,
            final boolean writes) {
        this.device = device;
        this.stream = stream;
        this.model = model;
        this.clock = clock;
        this.operationLimit = operationLimit;
        this.canDiscard = device.limits().discard().supported();
        this.flushAtEnd = writes && device.limits().canFlush();
        this.operations = new DiskOperation[depth];
        this.idle = new int[depth];
        this.waiting = new int[depth];
        for (int i = 0; i < depth; i++) {
            operations[i] = new DiskOperation(i, blockBytes, device.limits(), guest, frames);
            idle[i] = i;
        }
        idleCount = depth;
        flush.tag(FLUSH_TAG);
        device.completionsTo(this);
    }

    /** Has what is read taken, too; before the first {@link #doWork}. */
    public void readsTo(final ReadSink newSink) {
        sink = newSink;
    }

    @Override
    public void stop() {
        stopRequested = true;
    }

    @Override
    public boolean isDone() {
        return done;
    }

    @Override
    public int doWork() {
        if (done) {
            return 0;
        }
        if (!device.isReady()) {
            deviceLost = true; // What was in flight has come back with an error.
            end();
            return 1;
        }
        int work = submitWaiting();
        while (waitingCount == 0 && idleCount > 0 && !isLastStarted()) {
            if (!startNext()) {
                break;
            }
            work++;
        }
        if (isLastStarted() && started == finished && waitingCount == 0) {
            work += finish();
        }
        if (work > 0) {
            device.commit();
        }
        return work;
    }

    @Override
    public void completed(final BlockRequest request) {
        if (request.tag() == FLUSH_TAG) {
            failures += request.status() == BlockStatus.OK ? 0 : 1;
            end();
            return;
        }
        final DiskOperation operation = operations[request.tag()];
        if (!operation.completedOne(request)) {
            return;
        }
        if (operation.isDiscard()) {
            if (request.status() == BlockStatus.UNSUPPORTED) {
                writeInstead(request.tag());
                return;
            }
            discards++;
        }
        final long now = clock.nanoTime();
        latency.recordValue(Math.min(now - operation.startNanos(), HIGHEST_NANOS));
        lastNanos = now;
        if (operation.hasFailed()) {
            failures++;
        } else if (!operation.isWrite()) {
            check(operation);
        }
        model.end(operation.block());
        finished++;
        idle[idleCount++] = request.tag();
    }

    private void check(final DiskOperation operation) {
        if (!model.matches(operation.block(), operation.memory())) {
            mismatches++;
        } else if (!sink.take(operation.block(), operation.memory())) {
            failures++;
        }
    }

    /** The medium cannot give back what the device would: zeros are written, here and later. */
    private void writeInstead(final int index) {
        final DiskOperation operation = operations[index];
        canDiscard = false;
        model.fillNext(operation.block(), operation.memory());
        operation.start(operation.block(), true, operation.startNanos());
        wait(index);
    }

    private void wait(final int index) {
        waiting[(waitingHead + waitingCount) % waiting.length] = index;
        waitingCount++;
    }

    private int submitWaiting() {
        int work = 0;
        while (waitingCount > 0) {
            if (!operations[waiting[waitingHead]].submitTo(device)) {
                break;
            }
            waitingHead = waitingHead + 1 == waiting.length ? 0 : waitingHead + 1;
            waitingCount--;
            work++;
        }
        return work;
    }

    private boolean startNext() {
        if (drawnBlock < 0) {
            drawnBlock = stream.next();
            drawnWrite = stream.isWrite();
        }
        if (!model.begin(drawnBlock)) {
            return false; // Its block is in flight: the order of the stream is kept, so wait.
        }
        final int index = idle[--idleCount];
        final DiskOperation operation = operations[index];
        final boolean discard = canDiscard && drawnWrite && model.isToBeDiscarded(drawnBlock);
        if (drawnWrite && !discard) {
            model.fillNext(drawnBlock, operation.memory());
        }
        final long now = clock.nanoTime();
        if (started++ == 0) {
            firstNanos = now;
        }
        if (discard) {
            operation.startDiscard(drawnBlock, now);
        } else {
            operation.start(drawnBlock, drawnWrite, now);
        }
        drawnBlock = -1;
        if (!operation.submitTo(device)) {
            wait(index);
            return false;
        }
        return true;
    }

    private boolean isLastStarted() {
        return started == operationLimit || stopRequested;
    }

    private int finish() {
        if (!flushAtEnd) {
            end();
            return 0;
        }
        if (!flushSubmitted && device.submit(flush.reset(BlockOperation.FLUSH, 0))) {
            flushSubmitted = true;
            return 1;
        }
        return 0;
    }

    private void end() {
        done = true;
    }

    @Override
    public long finished() {
        return finished;
    }

    /** How many operations gave their block back instead of writing zeros to it. */
    public long discards() {
        return discards;
    }

    /**
     * How many operations the device, the medium or the sink failed; a device that went is one
     * more.
     */
    public long failures() {
        return failures + (deviceLost ? 1 : 0);
    }

    /** How many reads brought other bytes than the medium must hold. */
    public long mismatches() {
        return mismatches;
    }

    /** From the first start to the last end, without the flush, in nanoseconds. */
    public long elapsedNanos() {
        return finished == 0 ? 0 : lastNanos - firstNanos;
    }

    /** Latency of each operation in nanoseconds; read it once {@link #isDone}. */
    public Histogram latency() {
        return latency;
    }

    @Override
    public String roleName() {
        return "disk-workload";
    }
}
