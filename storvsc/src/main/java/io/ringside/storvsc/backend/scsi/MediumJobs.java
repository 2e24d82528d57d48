package io.ringside.storvsc.backend.scsi;

import io.ringside.device.host.StoreCompletions;
import io.ringside.device.host.StoreRequest;
import io.ringside.storvsc.protocol.scsi.AdditionalSense;
import io.ringside.storvsc.protocol.scsi.ScsiStatus;
import io.ringside.storvsc.protocol.scsi.SenseKey;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Commands that need the medium, each as a run of requests to the store, one at a time.
 *
 * <pre>
 *   read                 READ
 *   write                WRITE (FLUSH)
 *   write and verify     WRITE  FLUSH  VERIFY
 *   verify               VERIFY
 *   write same           FILL (FLUSH)          or DISCARD, and FILL if the store cannot
 *   unmap                UNMAP
 *   compare and write    COMPARE  EXCHANGE (FLUSH)
 *   synchronize cache    FLUSH
 * </pre>
 *
 * <p>A read or write whose pieces of memory are whole sectors is one request on the guest's own
 * pages. All else goes through a piece of memory of ours, of which a unit has a few: a command
 * waits for one, in the order of arrival. Compare and write runs alone.
 *
 * <p>Threads: one. Source: SBC-3.
 */
final class MediumJobs {
    /** What the request that is with the store is for. */
    enum Phase {
        IDLE,
        READ,
        WRITE,
        FLUSH,
        VERIFY,
        FILL,
        DISCARD,
        UNMAP,
        COMPARE,
        EXCHANGE
    }

    /** Bytes of a piece of memory of ours, and so of one step through it. */
    static final int BOUNCE_BYTES = 1 << 16;

    private static final int BOUNCES = 8;

    private final UnitState unit;
    private final MediumSteps steps;
    private final UnsafeBuffer[] bounces = new UnsafeBuffer[BOUNCES];
    private final ArrayDeque<ScsiTask> waiting = new ArrayDeque<>(64);
    private final ArrayDeque<StoreRequest> stalled = new ArrayDeque<>(64);
    private final StoreCompletions completions = this::completed;
    private int freeBounces = BOUNCES;
    private int running;
    private boolean exclusive;

    MediumJobs(final UnitState unit) {
        this.unit = unit;
        this.steps = new MediumSteps(unit, this);
        for (int i = 0; i < BOUNCES; i++) {
            bounces[i] =
                    new UnsafeBuffer(
                            ByteBuffer.allocateDirect(BOUNCE_BYTES).order(ByteOrder.LITTLE_ENDIAN));
        }
    }

    /** Runs a task whose phase and range are set, now or when its turn comes. */
    void run(final ScsiTask task, final Phase first) {
        task.phase = first;
        task.blocksDone = 0;
        if (waiting.isEmpty() && canStart(task)) {
            start(task);
        } else {
            waiting.addLast(task);
        }
    }

    private boolean canStart(final ScsiTask task) {
        final boolean alone = task.phase == Phase.COMPARE;
        return !exclusive
                && (!alone || running == 0)
                && (!steps.needsBounce(task) || freeBounces > 0);
    }

    private void start(final ScsiTask task) {
        running++;
        exclusive = task.phase == Phase.COMPARE;
        if (steps.needsBounce(task)) {
            freeBounces--;
            task.bounce = bounces[freeBounces];
        }
        steps.start(task);
    }

    /** Hands a request to the store, or keeps it until there is room. */
    void submit(final StoreRequest request) {
        if (!stalled.isEmpty() || !unit.store().submit(request)) {
            stalled.addLast(request);
        }
    }

    /** Takes what the store has finished, and goes on with what waits: at most so many. */
    int poll(final int limit) {
        if (!unit.hasStore()) {
            return 0;
        }
        final int count = unit.store().poll(completions, limit);
        while (!stalled.isEmpty() && unit.store().submit(stalled.getFirst())) {
            stalled.removeFirst();
        }
        return count;
    }

    private void completed(final StoreRequest request) {
        final ScsiTask task = task(request.tag());
        if (task.abandoned) {
            finish(task);
            unit.counters.aborted++;
            task.abort();
        } else {
            steps.next(task, request.status());
        }
    }

    private ScsiTask task(final int storeTag) {
        return unit.nexus(storeTag / Nexus.DEPTH).task(storeTag % Nexus.DEPTH);
    }

    /** The task is done with the medium: what it held goes to those that wait. */
    void finish(final ScsiTask task) {
        task.phase = Phase.IDLE;
        running--;
        exclusive = false;
        final UnsafeBuffer bounce = task.bounce;
        if (bounce != null) {
            bounces[freeBounces] = bounce;
            freeBounces++;
            task.bounce = null;
        }
    }

    /** Whether no command is with the store or waits for it. */
    boolean isIdle() {
        return running == 0 && waiting.isEmpty();
    }

    /** Starts those that waited for what has come free. Not from within a step. */
    int startWaiting() {
        int count = 0;
        while (!waiting.isEmpty() && canStart(waiting.getFirst())) {
            start(waiting.removeFirst());
            count++;
        }
        return count;
    }

    void good(final ScsiTask task, final int transferredBytes) {
        finish(task);
        task.end(ScsiStatus.GOOD, transferredBytes);
    }

    /** Ends a task with what the medium got wrong at a block. */
    void failed(final ScsiTask task, final StoreRequest.Status status, final boolean reading) {
        finish(task);
        unit.counters.mediumErrors++;
        if (status == StoreRequest.Status.READ_ONLY) {
            task.condition(SenseKey.DATA_PROTECT, AdditionalSense.WRITE_PROTECTED);
        } else if (status == StoreRequest.Status.UNSUPPORTED) {
            task.condition(SenseKey.HARDWARE_ERROR, AdditionalSense.INTERNAL_TARGET_FAILURE);
        } else {
            task.condition(
                    SenseKey.MEDIUM_ERROR,
                    reading ? AdditionalSense.UNRECOVERED_READ_ERROR : AdditionalSense.WRITE_ERROR,
                    task.lba + task.blocksDone);
        }
    }

    /** Ends what waits; what is with the store ends with its next answer. */
    void abandonAll() {
        for (final Nexus nexus : unit.nexuses) {
            if (nexus != null) {
                abandon(nexus);
            }
        }
    }

    /** Ends what waits of one initiator; what is with the store ends with its next answer. */
    void abandon(final Nexus nexus) {
        for (int tag = 0; tag < Nexus.DEPTH; tag++) {
            nexus.task(tag).abandoned = nexus.task(tag).phase != Phase.IDLE;
        }
        final int count = waiting.size();
        for (int i = 0; i < count; i++) {
            final ScsiTask task = waiting.removeFirst();
            if (task.abandoned) {
                task.phase = Phase.IDLE;
                unit.counters.aborted++;
                task.abort();
            } else {
                waiting.addLast(task);
            }
        }
    }
}
