package io.ringside.storvsc.backend.scsi;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.ringside.storvsc.protocol.scsi.AdditionalSense;
import io.ringside.storvsc.protocol.scsi.Cdb;
import io.ringside.storvsc.protocol.scsi.SenseData;
import io.ringside.storvsc.protocol.scsi.SenseKey;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Commands that any kind of unit has.
 *
 * <p>Threads: one. Source: SPC-4.
 */
final class PrimaryCommands {
    private static final int VITAL_PRODUCT_DATA = 0x01;
    private static final int DESCRIPTOR_FORMAT = 0x01;
    private static final int SELF_TEST = 0x04;
    private static final int PAGE_FORMAT_BIT = 4;
    private static final int PAGE_FORMAT = 0x10;
    private static final int SAVE_PAGES_BIT = 0;
    private static final int SAVE_PAGES = 0x01;
    private static final int NO_DESCRIPTORS = 0x08;
    private static final int LONG_DESCRIPTORS = 0x10;
    private static final int SAVED = 3;
    private static final int PAGE_MASK = 0x3f;
    private static final int ALL_SUBPAGES = 0xff;
    private static final int SHORT_HEADER_BYTES = 4;
    private static final int LONG_HEADER_BYTES = 8;
    private static final int WRITE_PROTECTED = 0x80;
    private static final int CAN_FORCE_UNIT_ACCESS = 0x10;
    private static final int EXCEPTIONS_LOG = 0x2f;
    private static final int REMOVAL_MASK = 0x03;
    private static final int TASK_MANAGEMENT_BYTES = 4;
    private static final int UNIT_RESET = 0x08;

    private final UnitState unit;
    private final InquiryData inquiry;
    private final SenseData pending = new SenseData();

    PrimaryCommands(final UnitState unit) {
        this.unit = unit;
        this.inquiry = new InquiryData(unit);
    }

    void inquiry(final ScsiTask task) {
        final Cdb cdb = task.cdb();
        final int page = cdb.u8(2);
        final int lengthBytes;
        if (cdb.has(1, VITAL_PRODUCT_DATA)) {
            lengthBytes = inquiry.putPage(unit.scratch, page);
        } else {
            lengthBytes = page == 0 ? inquiry.putStandard(unit.scratch) : 0;
        }
        if (lengthBytes == 0) {
            task.invalidField(2, SenseData.WHOLE_BYTE);
        } else {
            task.answer(unit.scratch, lengthBytes, cdb.u16(3));
        }
    }

    /** Tells a condition that waits, and forgets it; else what keeps the unit from being ready. */
    void requestSense(final ScsiTask task) {
        final Nexus nexus = task.nexus();
        if (nexus.hasAttention()) {
            pending.set(SenseKey.UNIT_ATTENTION, nexus.takeAttention());
        } else if (!unit.isLoaded()) {
            pending.set(SenseKey.NOT_READY, AdditionalSense.MEDIUM_NOT_PRESENT_TRAY_OPEN);
        } else if (unit.isStopped()) {
            pending.set(SenseKey.NOT_READY, AdditionalSense.INITIALIZING_COMMAND_REQUIRED);
        } else {
            pending.set(SenseKey.NO_SENSE, AdditionalSense.NONE);
        }
        final int lengthBytes =
                task.cdb().has(1, DESCRIPTOR_FORMAT)
                        ? pending.putDescriptors(unit.scratch, 0)
                        : pending.putFixed(unit.scratch, 0);
        task.answer(unit.scratch, lengthBytes, task.cdb().u8(4));
    }

    /** The test of oneself always ends well, and there is no other. */
    void sendDiagnostic(final ScsiTask task) {
        if (task.cdb().has(1, SELF_TEST)) {
            task.good();
        } else {
            task.invalidField(1, 2);
        }
    }

    void preventRemoval(final ScsiTask task) {
        final int prevent = task.cdb().u8(4) & REMOVAL_MASK;
        if (prevent > 1) {
            task.invalidField(4, 1);
            return;
        }
        task.nexus().preventsRemoval(prevent == 1);
        task.good();
    }

    // Mode pages.

    void modeSense(final ScsiTask task, final boolean isLong) {
        final Cdb cdb = task.cdb();
        final int control = cdb.u8(2) >> 6;
        final int page = cdb.u8(2) & PAGE_MASK;
        final int subpage = cdb.u8(3);
        if (control == SAVED) {
            task.condition(SenseKey.ILLEGAL_REQUEST, AdditionalSense.SAVING_NOT_SUPPORTED);
            return;
        }
        if (subpage != 0 && subpage != ALL_SUBPAGES) {
            task.invalidField(3, SenseData.WHOLE_BYTE);
            return;
        }
        final UnsafeBuffer scratch = unit.scratch;
        final int headerBytes = isLong ? LONG_HEADER_BYTES : SHORT_HEADER_BYTES;
        scratch.setMemory(0, headerBytes, (byte) 0);
        int at = headerBytes;
        final boolean isLongDescriptor = isLong && cdb.has(1, LONG_DESCRIPTORS);
        if (unit.identity.isDisk() && !cdb.has(1, NO_DESCRIPTORS)) {
            at += unit.modes.putDescriptor(scratch, at, isLongDescriptor);
        }
        final int descriptorBytes = at - headerBytes;
        final int pageBytes = unit.modes.put(scratch, at, page, control);
        if (pageBytes == 0) {
            task.invalidField(2, 5);
            return;
        }
        at += pageBytes;
        final int specific =
                unit.identity.isDisk()
                        ? CAN_FORCE_UNIT_ACCESS | (unit.isReadOnly() ? WRITE_PROTECTED : 0)
                        : 0;
        if (isLong) {
            scratch.putShort(0, (short) (at - 2), BIG_ENDIAN);
            scratch.putByte(3, (byte) specific);
            scratch.putByte(4, (byte) (isLongDescriptor ? 1 : 0));
            scratch.putShort(6, (short) descriptorBytes, BIG_ENDIAN);
        } else {
            scratch.putByte(0, (byte) (at - 1));
            scratch.putByte(2, (byte) specific);
            scratch.putByte(3, (byte) descriptorBytes);
        }
        task.answer(scratch, at, isLong ? cdb.u16(7) : cdb.u8(4));
    }

    void modeSelect(final ScsiTask task, final boolean isLong) {
        final Cdb cdb = task.cdb();
        final int listBytes = isLong ? cdb.u16(7) : cdb.u8(4);
        if (!cdb.has(1, PAGE_FORMAT)) {
            task.invalidField(1, PAGE_FORMAT_BIT);
        } else if (cdb.has(1, SAVE_PAGES)) {
            task.invalidField(1, SAVE_PAGES_BIT);
        } else if (listBytes == 0) {
            task.good();
        } else if (listBytes > UnitState.SCRATCH_BYTES) {
            task.invalidField(isLong ? 7 : 4, SenseData.WHOLE_BYTE);
        } else if (listBytes < (isLong ? LONG_HEADER_BYTES : SHORT_HEADER_BYTES)) {
            task.condition(SenseKey.ILLEGAL_REQUEST, AdditionalSense.PARAMETER_LIST_LENGTH_ERROR);
        } else if (task.fetch(unit.scratch, listBytes, isLong ? 7 : 4)) {
            setModes(task, isLong, listBytes);
        }
    }

    private void setModes(final ScsiTask task, final boolean isLong, final int listBytes) {
        final UnsafeBuffer list = unit.scratch;
        final int headerBytes = isLong ? LONG_HEADER_BYTES : SHORT_HEADER_BYTES;
        final int descriptorBytes =
                isLong ? list.getShort(6, BIG_ENDIAN) & 0xffff : list.getByte(3) & 0xff;
        final boolean isLongDescriptor = isLong && (list.getByte(4) & 1) != 0;
        if (descriptorBytes > listBytes - headerBytes) {
            task.condition(SenseKey.ILLEGAL_REQUEST, AdditionalSense.PARAMETER_LIST_LENGTH_ERROR);
            return;
        }
        if (!unit.modes.isDescriptor(list, headerBytes, descriptorBytes, isLongDescriptor)) {
            task.invalidParameter(isLong ? 6 : 3, SenseData.WHOLE_BYTE);
            return;
        }
        final int pagesOffset = headerBytes + descriptorBytes;
        final int fault = unit.modes.fault(list, pagesOffset, listBytes);
        if (fault == -2) {
            task.condition(SenseKey.ILLEGAL_REQUEST, AdditionalSense.PARAMETER_LIST_LENGTH_ERROR);
        } else if (fault >= 0) {
            task.invalidParameter(fault / 16, fault % 16);
        } else {
            if (unit.modes.set(list, pagesOffset, listBytes)) {
                unit.attendAll(AdditionalSense.MODE_PARAMETERS_CHANGED, task.nexus());
            }
            task.good();
        }
    }

    /** Which log pages there are, or the one that foretells failures: it foretells none. */
    void logSense(final ScsiTask task) {
        final Cdb cdb = task.cdb();
        final UnsafeBuffer scratch = unit.scratch;
        final int page = cdb.u8(2) & PAGE_MASK;
        final int control = cdb.u8(2) >> 6;
        if (cdb.u8(3) != 0) {
            task.invalidField(3, SenseData.WHOLE_BYTE);
            return;
        }
        if (control > 1) {
            task.invalidField(2, 7);
            return;
        }
        scratch.setMemory(0, 16, (byte) 0);
        scratch.putByte(0, (byte) page);
        if (page == 0) {
            scratch.putByte(3, (byte) 2);
            scratch.putByte(5, (byte) EXCEPTIONS_LOG);
            task.answer(scratch, 6, cdb.u16(7));
        } else if (page == EXCEPTIONS_LOG) {
            scratch.putByte(3, (byte) 8);
            scratch.putByte(6, (byte) 0x03); // a list in binary
            scratch.putByte(7, (byte) 4);
            task.answer(scratch, 12, cdb.u16(7));
        } else {
            task.invalidField(2, 5);
        }
    }

    void reportTaskManagement(final ScsiTask task) {
        final UnsafeBuffer scratch = unit.scratch;
        scratch.setMemory(0, TASK_MANAGEMENT_BYTES, (byte) 0);
        scratch.putByte(0, (byte) UNIT_RESET);
        task.answer(scratch, TASK_MANAGEMENT_BYTES, task.cdb().u32(6));
    }
}
