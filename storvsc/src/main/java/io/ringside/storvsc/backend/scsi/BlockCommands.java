package io.ringside.storvsc.backend.scsi;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.ringside.storvsc.protocol.scsi.AdditionalSense;
import io.ringside.storvsc.protocol.scsi.Cdb;
import io.ringside.storvsc.protocol.scsi.ScsiOpcode;
import io.ringside.storvsc.protocol.scsi.ScsiStatus;
import io.ringside.storvsc.protocol.scsi.SenseData;
import io.ringside.storvsc.protocol.scsi.SenseKey;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Commands about the blocks of a medium: what they name is checked here, and {@link MediumJobs}
 * does the rest.
 *
 * <p>Threads: one. Source: SBC-3; what MMC-6 has of it is the same.
 */
final class BlockCommands {
    private static final int SIX = 6;
    private static final int TEN = 10;
    private static final int TWELVE = 12;
    private static final int MAX_6_LBA = 0x1f_ffff;
    private static final int MAX_6_BLOCKS = 256;
    private static final int COMPARE_SHIFT = 1;
    private static final int COMPARE_MASK = 3;
    private static final int UNMAP = 0x08;
    private static final int UNMAP_BIT = 3;
    private static final int MIN_UNMAP_LIST_BYTES = 8;
    private static final int CAPACITY_10_BYTES = 8;
    private static final int CAPACITY_16_BYTES = 32;
    private static final long MAX_U32 = 0xffff_ffffL;
    private static final int LISTS_MASK = 0x18;
    private static final int DEFECT_FORMAT_MASK = 0x07;

    private final UnitState unit;
    private final MediumJobs jobs;

    BlockCommands(final UnitState unit, final MediumJobs jobs) {
        this.unit = unit;
        this.jobs = jobs;
    }

    void read(final ScsiTask task) {
        if (takeTransfer(task, task.inBytes())) {
            jobs.run(task, MediumJobs.Phase.READ);
        }
    }

    void write(final ScsiTask task) {
        if (isWritable(task) && takeTransfer(task, task.outBytes())) {
            jobs.run(task, MediumJobs.Phase.WRITE);
        }
    }

    /** As a write; {@link MediumJobs} reads again by itself. */
    void writeAndVerify(final ScsiTask task) {
        task.compare = comparison(task);
        if (task.compare > MediumSteps.COMPARE_ALL) {
            task.invalidField(1, 2);
            return;
        }
        write(task);
    }

    void verify(final ScsiTask task) {
        task.compare = comparison(task);
        if (task.compare == 2) {
            task.invalidField(1, 2);
            return;
        }
        takeRange(task);
        final int needed =
                switch (task.compare) {
                    case MediumSteps.COMPARE_ALL -> bytes(task.blocks);
                    case MediumSteps.COMPARE_ONE -> task.blocks == 0 ? 0 : unit.blockBytes();
                    default -> 0;
                };
        if (task.compare == MediumSteps.COMPARE_ALL && isTooLong(task)) {
            task.invalidField(lengthField(task.cdb()), SenseData.WHOLE_BYTE);
        } else if (isOnMedium(task) && hasRoom(task, task.outBytes(), needed)) {
            runUnlessEmpty(task, MediumJobs.Phase.VERIFY);
        }
    }

    private static int comparison(final ScsiTask task) {
        return task.cdb().u8(1) >> COMPARE_SHIFT & COMPARE_MASK;
    }

    void writeSame(final ScsiTask task) {
        takeRange(task);
        final int lengthField = lengthField(task.cdb());
        final boolean unmaps = task.cdb().has(1, UNMAP);
        task.forcesUnitAccess = false; // The bit means something else here.
        if (!isWritable(task)) {
            return;
        }
        if (unmaps && !unit.identity.isThin()) {
            task.invalidField(1, UNMAP_BIT);
        } else if (task.blocks == 0 || task.blocks > InquiryData.MAX_WRITE_SAME_BLOCKS) {
            task.invalidField(lengthField, SenseData.WHOLE_BYTE);
        } else if (isOnMedium(task) && hasRoom(task, task.outBytes(), unit.blockBytes())) {
            jobs.run(task, unmaps ? MediumJobs.Phase.DISCARD : MediumJobs.Phase.FILL);
        }
    }

    void unmap(final ScsiTask task) {
        final int listBytes = task.cdb().u16(7);
        if (!isWritable(task)) {
            return;
        }
        if (listBytes == 0) {
            task.good();
        } else if (listBytes < MIN_UNMAP_LIST_BYTES) {
            task.condition(SenseKey.ILLEGAL_REQUEST, AdditionalSense.PARAMETER_LIST_LENGTH_ERROR);
        } else if (hasRoom(task, task.outBytes(), listBytes)) {
            jobs.run(task, MediumJobs.Phase.UNMAP);
        }
    }

    void compareAndWrite(final ScsiTask task) {
        final Cdb cdb = task.cdb();
        task.lba = cdb.u64(2);
        task.blocks = cdb.u8(13);
        task.forcesUnitAccess = cdb.has(1, Cdb.FORCE_UNIT_ACCESS);
        if (!isWritable(task)) {
            return;
        }
        if (task.blocks > InquiryData.maxCompareBlocks(unit.blockBytes())) {
            task.invalidField(13, SenseData.WHOLE_BYTE);
        } else if (isOnMedium(task) && hasRoom(task, task.outBytes(), 2 * bytes(task.blocks))) {
            runUnlessEmpty(task, MediumJobs.Phase.COMPARE);
        }
    }

    /** It is answered once it is done, even where the command allows to answer before. */
    void synchronizeCache(final ScsiTask task) {
        takeRange(task);
        if (isOnMedium(task)) {
            task.data().seal(0);
            jobs.run(task, MediumJobs.Phase.FLUSH);
        }
    }

    /** There is no cache of ours to fill, and so it is full. */
    void preFetch(final ScsiTask task) {
        takeRange(task);
        if (isOnMedium(task)) {
            task.end(ScsiStatus.CONDITION_MET, 0);
        }
    }

    void readCapacity10(final ScsiTask task) {
        final UnsafeBuffer scratch = unit.scratch;
        final long last = Math.min(unit.blockCount() - 1, MAX_U32);
        scratch.putInt(0, (int) last, BIG_ENDIAN);
        scratch.putInt(4, unit.blockBytes(), BIG_ENDIAN);
        task.answer(scratch, CAPACITY_10_BYTES, CAPACITY_10_BYTES);
    }

    void readCapacity16(final ScsiTask task) {
        final UnsafeBuffer scratch = unit.scratch;
        scratch.setMemory(0, CAPACITY_16_BYTES, (byte) 0);
        scratch.putLong(0, unit.blockCount() - 1, BIG_ENDIAN);
        scratch.putInt(8, unit.blockBytes(), BIG_ENDIAN);
        if (unit.identity.isThin()) {
            scratch.putByte(14, (byte) 0xc0); // Ranges can be forgotten, and read as zeros then.
        }
        task.answer(scratch, CAPACITY_16_BYTES, task.cdb().u32(10));
    }

    /** There are none: the header of an empty list, in the format that was asked for. */
    void readDefectData(final ScsiTask task, final boolean isLong) {
        final UnsafeBuffer scratch = unit.scratch;
        final int headerBytes = isLong ? 8 : 4;
        final int asked = task.cdb().u8(isLong ? 1 : 2);
        scratch.setMemory(0, headerBytes, (byte) 0);
        scratch.putByte(1, (byte) (asked & (LISTS_MASK | DEFECT_FORMAT_MASK)));
        task.answer(scratch, headerBytes, isLong ? task.cdb().u32(6) : task.cdb().u16(7));
    }

    // What a command names.

    /** Takes the range of a read or write and checks all about it; false if the task has ended. */
    private boolean takeTransfer(final ScsiTask task, final int roomBytes) {
        takeRange(task);
        if (isTooLong(task)) {
            task.invalidField(lengthField(task.cdb()), SenseData.WHOLE_BYTE);
            return false;
        }
        if (!isOnMedium(task) || !hasRoom(task, roomBytes, bytes(task.blocks))) {
            return false;
        }
        if (task.blocks == 0) {
            task.good();
            return false;
        }
        return true;
    }

    private boolean isTooLong(final ScsiTask task) {
        return task.blocks > unit.maxTransferBlocks();
    }

    private void takeRange(final ScsiTask task) {
        final Cdb cdb = task.cdb();
        switch (cdb.length()) {
            case SIX -> {
                task.lba = cdb.u32(0) & MAX_6_LBA;
                task.blocks = cdb.u8(4) == 0 ? MAX_6_BLOCKS : cdb.u8(4);
            }
            case TEN -> {
                task.lba = cdb.u32(2);
                task.blocks = cdb.u16(7);
            }
            case TWELVE -> {
                task.lba = cdb.u32(2);
                task.blocks = cdb.u32(6);
            }
            default -> {
                task.lba = cdb.u64(2);
                task.blocks = cdb.u32(10);
            }
        }
        task.forcesUnitAccess = cdb.length() != SIX && cdb.has(1, Cdb.FORCE_UNIT_ACCESS);
    }

    private static int lengthField(final Cdb cdb) {
        return switch (cdb.length()) {
            case SIX -> 4;
            case TEN -> 7;
            case TWELVE -> 6;
            default -> cdb.opcode() == ScsiOpcode.COMPARE_AND_WRITE ? 13 : 10;
        };
    }

    private boolean isOnMedium(final ScsiTask task) {
        if (unit.contains(task.lba, task.blocks)) {
            return true;
        }
        task.condition(SenseKey.ILLEGAL_REQUEST, AdditionalSense.LBA_OUT_OF_RANGE, task.lba);
        return false;
    }

    private boolean isWritable(final ScsiTask task) {
        if (!unit.isReadOnly()) {
            return true;
        }
        task.condition(SenseKey.DATA_PROTECT, AdditionalSense.WRITE_PROTECTED);
        return false;
    }

    /** Whether there is as much data as needed; cuts the list to it. */
    private static boolean hasRoom(
            final ScsiTask task, final int roomBytes, final int neededBytes) {
        if (roomBytes < neededBytes) {
            task.tooLittleRoom(lengthField(task.cdb()));
            return false;
        }
        task.data().seal(neededBytes);
        return true;
    }

    private void runUnlessEmpty(final ScsiTask task, final MediumJobs.Phase first) {
        if (task.blocks == 0) {
            task.good();
        } else {
            jobs.run(task, first);
        }
    }

    private int bytes(final long blocks) {
        return (int) blocks * unit.blockBytes();
    }
}
