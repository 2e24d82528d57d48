package io.ringside.storvsc.backend.scsi;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.ringside.device.host.StoreRequest;
import io.ringside.storvsc.protocol.scsi.AdditionalSense;
import io.ringside.storvsc.protocol.scsi.SenseData;
import io.ringside.storvsc.protocol.scsi.SenseKey;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** What each {@link MediumJobs.Phase} asks of the store, and what comes after it. Threads: one. */
final class MediumSteps {
    /** Compare with nothing: it is enough that the medium can be read. */
    static final int COMPARE_NOTHING = 0;

    /** Compare each block with its own. */
    static final int COMPARE_ALL = 1;

    /** Compare each block with the same one. */
    static final int COMPARE_ONE = 3;

    // The parameters of UNMAP: two lengths, then ranges of an address and a count each.
    private static final int RANGES_LENGTH_OFFSET = 2;
    private static final int RANGES_OFFSET = 8;
    private static final int RANGE_BYTES = 16;

    private static final long U32 = 0xffff_ffffL;

    private final UnitState unit;
    private final MediumJobs jobs;
    private final int bounceBlocks;

    MediumSteps(final UnitState unit, final MediumJobs jobs) {
        this.unit = unit;
        this.jobs = jobs;
        this.bounceBlocks = MediumJobs.BOUNCE_BYTES / unit.blockBytes();
    }

    boolean needsBounce(final ScsiTask task) {
        return switch (task.phase) {
            case IDLE, FLUSH -> false;
            case READ, WRITE -> !task.data().isSectorwise() || verifies(task);
            case VERIFY, FILL, DISCARD, UNMAP, COMPARE, EXCHANGE -> true;
        };
    }

    private static boolean verifies(final ScsiTask task) {
        final ScsiCommand command = task.command;
        return command == ScsiCommand.WRITE_AND_VERIFY_10
                || command == ScsiCommand.WRITE_AND_VERIFY_12
                || command == ScsiCommand.WRITE_AND_VERIFY_16;
    }

    /** The first request of a task. */
    void start(final ScsiTask task) {
        switch (task.phase) {
            case IDLE -> throw new IllegalStateException("nothing to start: tag=" + task.tag());
            case READ, WRITE, VERIFY -> step(task);
            case FLUSH -> flush(task);
            case FILL -> {
                replicate(task);
                step(task);
            }
            case DISCARD -> discardOrFill(task);
            case UNMAP -> {
                if (takeRanges(task)) {
                    unmapNext(task);
                }
            }
            case COMPARE, EXCHANGE -> exchange(task, StoreRequest.Operation.READ);
        }
    }

    /** The store has answered: what comes next. */
    void next(final ScsiTask task, final StoreRequest.Status status) {
        final MediumJobs.Phase phase = task.phase;
        if (status == StoreRequest.Status.UNSUPPORTED
                && (phase == MediumJobs.Phase.DISCARD || phase == MediumJobs.Phase.UNMAP)) {
            if (phase == MediumJobs.Phase.UNMAP) {
                unmapNext(task); // A range that stays as it was is allowed to.
            } else {
                task.phase = MediumJobs.Phase.FILL;
                bounce(task).setMemory(0, MediumJobs.BOUNCE_BYTES, (byte) 0);
                step(task);
            }
            return;
        }
        if (status != StoreRequest.Status.OK) {
            jobs.failed(
                    task,
                    status,
                    phase == MediumJobs.Phase.READ
                            || phase == MediumJobs.Phase.VERIFY
                            || phase == MediumJobs.Phase.COMPARE);
            return;
        }
        switch (phase) {
            case IDLE -> throw new IllegalStateException("nothing ran: tag=" + task.tag());
            case READ -> haveRead(task);
            case WRITE, FILL -> haveWritten(task);
            case FLUSH -> haveFlushed(task);
            case VERIFY -> haveReadAgain(task);
            case DISCARD -> {
                unit.counters.discards++;
                written(task, 0);
            }
            case UNMAP -> {
                unit.counters.discards++;
                unmapNext(task);
            }
            case COMPARE -> haveReadToCompare(task);
            case EXCHANGE -> {
                unit.counters.bytesWritten += bytes(task.blocks);
                written(task, 2 * bytes(task.blocks));
            }
        }
    }

    // Read, write, verify, fill: as one request where the guest's pages allow, else step by step.

    private void step(final ScsiTask task) {
        final boolean reading =
                task.phase == MediumJobs.Phase.READ || task.phase == MediumJobs.Phase.VERIFY;
        final StoreRequest request =
                task.store.reset(
                        reading ? StoreRequest.Operation.READ : StoreRequest.Operation.WRITE,
                        sector(task.lba + task.blocksDone));
        final boolean isTransfer =
                task.phase == MediumJobs.Phase.READ || task.phase == MediumJobs.Phase.WRITE;
        if (isTransfer && task.data().isSectorwise()) {
            task.stepBlocks = (int) task.blocks;
            task.data().fill(request, bytes(task.blocks));
        } else {
            task.stepBlocks = (int) Math.min(bounceBlocks, task.blocks - task.blocksDone);
            final int stepBytes = bytes(task.stepBlocks);
            if (task.phase == MediumJobs.Phase.WRITE) {
                task.data().copyOut(bytes(task.blocksDone), bounce(task), 0, stepBytes);
                unit.counters.bytesBounced += stepBytes;
            }
            request.nextSegment().wrap(bounce(task), 0, stepBytes);
            request.added();
        }
        jobs.submit(request);
    }

    private void haveRead(final ScsiTask task) {
        final int stepBytes = bytes(task.stepBlocks);
        if (!task.data().isSectorwise()) {
            task.data().copyIn(bytes(task.blocksDone), bounce(task), 0, stepBytes);
            unit.counters.bytesBounced += stepBytes;
        }
        unit.counters.bytesRead += stepBytes;
        task.blocksDone += task.stepBlocks;
        if (task.blocksDone < task.blocks) {
            step(task);
        } else {
            jobs.good(task, bytes(task.blocks));
        }
    }

    private void haveWritten(final ScsiTask task) {
        unit.counters.bytesWritten += bytes(task.stepBlocks);
        task.blocksDone += task.stepBlocks;
        if (task.blocksDone < task.blocks) {
            step(task);
        } else {
            written(task, transferred(task));
        }
    }

    /** Everything is written: it may have to be on stable storage, too. */
    private void written(final ScsiTask task, final int transferredBytes) {
        if (task.forcesUnitAccess || verifies(task) || !unit.modes.isWriteCacheEnabled()) {
            task.phase = MediumJobs.Phase.FLUSH;
            flush(task);
        } else {
            jobs.good(task, transferredBytes);
        }
    }

    private void flush(final ScsiTask task) {
        jobs.submit(task.store.reset(StoreRequest.Operation.FLUSH, 0));
    }

    private void haveFlushed(final ScsiTask task) {
        unit.counters.flushes++;
        if (verifies(task)) {
            task.phase = MediumJobs.Phase.VERIFY;
            task.blocksDone = 0;
            step(task);
        } else {
            jobs.good(task, transferred(task));
        }
    }

    private void haveReadAgain(final ScsiTask task) {
        for (int block = 0; block < compared(task); block++) {
            final int at = task.compare == COMPARE_ONE ? 0 : bytes(task.blocksDone + block);
            final int equal =
                    task.data().equalBytes(at, bounce(task), bytes(block), unit.blockBytes());
            if (equal < unit.blockBytes()) {
                jobs.finish(task);
                task.condition(SenseKey.MISCOMPARE, AdditionalSense.MISCOMPARE_DURING_VERIFY);
                return;
            }
        }
        task.blocksDone += task.stepBlocks;
        if (task.blocksDone < task.blocks) {
            step(task);
        } else {
            jobs.good(task, transferred(task));
        }
    }

    private static int compared(final ScsiTask task) {
        return task.compare == COMPARE_NOTHING ? 0 : task.stepBlocks;
    }

    /** How much of the guest's data a command used; the list was cut to that before it ran. */
    private static int transferred(final ScsiTask task) {
        return task.data().totalBytes();
    }

    private void replicate(final ScsiTask task) {
        final UnsafeBuffer bounce = bounce(task);
        final int blockBytes = unit.blockBytes();
        task.data().copyOut(0, bounce, 0, blockBytes);
        for (int at = blockBytes; at < MediumJobs.BOUNCE_BYTES; at += blockBytes) {
            bounce.putBytes(at, bounce, 0, blockBytes);
        }
    }

    // Discards.

    private void discard(final ScsiTask task, final long lba, final long blocks) {
        jobs.submit(task.store.resetToDiscard(sector(lba), blocks * (long) unit.sectorsPerBlock()));
    }

    /** A range that is to be filled with zeros can as well be forgotten. */
    private void discardOrFill(final ScsiTask task) {
        final UnsafeBuffer bounce = bounce(task);
        replicate(task);
        for (int at = 0; at < unit.blockBytes(); at += Long.BYTES) {
            if (bounce.getLong(at) != 0) {
                task.phase = MediumJobs.Phase.FILL;
                step(task);
                return;
            }
        }
        discard(task, task.lba, task.blocks);
    }

    /** Copies the ranges into memory of our own and checks them all, or ends the task. */
    private boolean takeRanges(final ScsiTask task) {
        final UnsafeBuffer list = bounce(task);
        final int listBytes = task.data().totalBytes();
        task.data().copyOut(0, list, 0, listBytes);
        final int dataBytes = list.getShort(0, BIG_ENDIAN) & 0xffff;
        final int rangesBytes = list.getShort(RANGES_LENGTH_OFFSET, BIG_ENDIAN) & 0xffff;
        if (dataBytes + Short.BYTES > listBytes || rangesBytes + RANGES_OFFSET > listBytes) {
            jobs.finish(task);
            task.condition(SenseKey.ILLEGAL_REQUEST, AdditionalSense.PARAMETER_LIST_LENGTH_ERROR);
            return false;
        }
        if (rangesBytes > InquiryData.MAX_UNMAP_RANGES * RANGE_BYTES) {
            jobs.finish(task);
            task.invalidParameter(RANGES_LENGTH_OFFSET, SenseData.WHOLE_BYTE);
            return false;
        }
        task.descriptorCount = rangesBytes / RANGE_BYTES; // What is left over is ignored.
        long total = 0;
        for (int i = 0; i < task.descriptorCount; i++) {
            final int at = RANGES_OFFSET + i * RANGE_BYTES;
            final long lba = list.getLong(at, BIG_ENDIAN);
            final long blocks = list.getInt(at + Long.BYTES, BIG_ENDIAN) & U32;
            total += blocks;
            if (!unit.contains(lba, blocks)) {
                jobs.finish(task);
                task.condition(SenseKey.ILLEGAL_REQUEST, AdditionalSense.LBA_OUT_OF_RANGE, lba);
                return false;
            }
            if (total > InquiryData.MAX_UNMAP_BLOCKS) {
                jobs.finish(task);
                task.invalidParameter(at + Long.BYTES, SenseData.WHOLE_BYTE);
                return false;
            }
        }
        return true;
    }

    /** The next range with blocks in it. */
    private void unmapNext(final ScsiTask task) {
        final UnsafeBuffer ranges = bounce(task);
        while (task.blocksDone < task.descriptorCount) {
            final int at = RANGES_OFFSET + (int) task.blocksDone * RANGE_BYTES;
            task.blocksDone++;
            final long blocks = ranges.getInt(at + Long.BYTES, BIG_ENDIAN) & U32;
            if (blocks != 0) {
                task.lba = ranges.getLong(at, BIG_ENDIAN);
                discard(task, task.lba, blocks);
                return;
            }
        }
        written(task, transferred(task));
    }

    // Compare and write.

    private void exchange(final ScsiTask task, final StoreRequest.Operation operation) {
        final StoreRequest request = task.store.reset(operation, sector(task.lba));
        request.nextSegment().wrap(bounce(task), 0, bytes(task.blocks));
        request.added();
        jobs.submit(request);
    }

    private void haveReadToCompare(final ScsiTask task) {
        final int lengthBytes = bytes(task.blocks);
        final int equal = task.data().equalBytes(0, bounce(task), 0, lengthBytes);
        if (equal < lengthBytes) {
            jobs.finish(task);
            task.condition(SenseKey.MISCOMPARE, AdditionalSense.MISCOMPARE_DURING_VERIFY, equal);
            return;
        }
        task.data().copyOut(lengthBytes, bounce(task), 0, lengthBytes);
        unit.counters.bytesBounced += lengthBytes;
        task.phase = MediumJobs.Phase.EXCHANGE;
        exchange(task, StoreRequest.Operation.WRITE);
    }

    private static UnsafeBuffer bounce(final ScsiTask task) {
        final @Nullable UnsafeBuffer bounce = task.bounce;
        if (bounce == null) {
            throw new IllegalStateException("no memory was taken: tag=" + task.tag());
        }
        return bounce;
    }

    private long sector(final long lba) {
        return lba * unit.sectorsPerBlock();
    }

    private int bytes(final long blocks) {
        return (int) blocks * unit.blockBytes();
    }
}
