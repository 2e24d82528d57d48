package io.ringside.storvsc.backend.scsi;

import io.ringside.storvsc.protocol.scsi.Cdb;
import io.ringside.storvsc.protocol.scsi.ScsiOpcode;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Every command that some unit of ours knows: which bits of it may be set, whom a reservation keeps
 * from it, and what must be so before it can run.
 *
 * <p>The bits are those that REPORT SUPPORTED OPERATION CODES tells; a bit that is set outside of
 * them is refused, with a pointer to it. Of a service action, the bits of its number are its own.
 */
enum ScsiCommand {
    TEST_UNIT_READY("00 00 00 00 00 00", Access.ALWAYS, Unit.BOTH, Need.MEDIUM),
    REQUEST_SENSE("03 01 00 00 ff 00", Access.ALWAYS, Unit.BOTH, Need.QUIET),
    READ_6("08 1f ff ff ff 00", Access.READ, Unit.DISK, Need.MEDIUM),
    WRITE_6("0a 1f ff ff ff 00", Access.WRITE, Unit.DISK, Need.MEDIUM),
    INQUIRY("12 01 ff ff ff 00", Access.ALWAYS, Unit.BOTH, Need.QUIET),
    MODE_SELECT_6("15 11 00 00 ff 00", Access.WRITE, Unit.DISK, Need.PLAIN),
    RESERVE_6("16 00 00 00 00 00", Access.OWN, Unit.DISK, Need.PLAIN),
    RELEASE_6("17 00 00 00 00 00", Access.OWN, Unit.DISK, Need.PLAIN),
    MODE_SENSE_6("1a 08 ff ff ff 00", Access.READ, Unit.BOTH, Need.PLAIN),
    START_STOP_UNIT("1b 01 00 00 07 00", Access.OWN, Unit.BOTH, Need.PLAIN),
    SEND_DIAGNOSTIC("1d 04 00 00 00 00", Access.WRITE, Unit.DISK, Need.PLAIN),
    PREVENT_ALLOW_MEDIUM_REMOVAL("1e 00 00 00 03 00", Access.OWN, Unit.BOTH, Need.PLAIN),
    READ_CAPACITY_10("25 00 00 00 00 00 00 00 00 00", Access.ALWAYS, Unit.BOTH, Need.MEDIUM),
    READ_10("28 18 ff ff ff ff 1f ff ff 00", Access.READ, Unit.BOTH, Need.MEDIUM),
    WRITE_10("2a 18 ff ff ff ff 1f ff ff 00", Access.WRITE, Unit.DISK, Need.MEDIUM),
    WRITE_AND_VERIFY_10("2e 16 ff ff ff ff 1f ff ff 00", Access.WRITE, Unit.DISK, Need.MEDIUM),
    VERIFY_10("2f 16 ff ff ff ff 1f ff ff 00", Access.READ, Unit.BOTH, Need.MEDIUM),
    PRE_FETCH_10("34 02 ff ff ff ff 1f ff ff 00", Access.READ, Unit.DISK, Need.MEDIUM),
    SYNCHRONIZE_CACHE_10("35 02 ff ff ff ff 1f ff ff 00", Access.WRITE, Unit.BOTH, Need.MEDIUM),
    READ_DEFECT_DATA_10("37 00 1f 00 00 00 00 ff ff 00", Access.READ, Unit.DISK, Need.MEDIUM),
    WRITE_SAME_10("41 08 ff ff ff ff 1f ff ff 00", Access.WRITE, Unit.DISK, Need.MEDIUM),
    UNMAP("42 00 00 00 00 00 1f ff ff 00", Access.WRITE, Unit.DISK, Need.MEDIUM),
    READ_TOC("43 02 0f 00 00 00 ff ff ff c0", Access.READ, Unit.DISC, Need.MEDIUM),
    GET_CONFIGURATION("46 03 ff ff 00 00 00 ff ff 00", Access.ALWAYS, Unit.DISC, Need.QUIET),
    GET_EVENT_STATUS_NOTIFICATION(
            "4a 01 00 00 ff 00 00 ff ff 00", Access.ALWAYS, Unit.DISC, Need.QUIET),
    LOG_SENSE("4d 00 ff ff 00 00 00 ff ff 00", Access.ALWAYS, Unit.DISK, Need.PLAIN),
    READ_DISC_INFORMATION("51 07 00 00 00 00 00 ff ff 00", Access.READ, Unit.DISC, Need.MEDIUM),
    MODE_SELECT_10("55 11 00 00 00 00 00 ff ff 00", Access.WRITE, Unit.BOTH, Need.PLAIN),
    RESERVE_10("56 00 00 00 00 00 00 00 00 00", Access.OWN, Unit.DISK, Need.PLAIN),
    RELEASE_10("57 00 00 00 00 00 00 00 00 00", Access.OWN, Unit.DISK, Need.PLAIN),
    MODE_SENSE_10("5a 18 ff ff 00 00 00 ff ff 00", Access.READ, Unit.BOTH, Need.PLAIN),
    READ_KEYS("5e 00 00 00 00 00 00 ff ff 00", Access.OWN, Unit.DISK, Need.PLAIN),
    READ_RESERVATION("5e 01 00 00 00 00 00 ff ff 00", Access.OWN, Unit.DISK, Need.PLAIN),
    REPORT_CAPABILITIES("5e 02 00 00 00 00 00 ff ff 00", Access.OWN, Unit.DISK, Need.PLAIN),
    READ_FULL_STATUS("5e 03 00 00 00 00 00 ff ff 00", Access.OWN, Unit.DISK, Need.PLAIN),
    REGISTER("5f 00 00 00 00 ff ff ff ff 00", Access.OWN, Unit.DISK, Need.PLAIN),
    RESERVE("5f 01 ff 00 00 ff ff ff ff 00", Access.OWN, Unit.DISK, Need.PLAIN),
    RELEASE("5f 02 ff 00 00 ff ff ff ff 00", Access.OWN, Unit.DISK, Need.PLAIN),
    CLEAR("5f 03 00 00 00 ff ff ff ff 00", Access.OWN, Unit.DISK, Need.PLAIN),
    PREEMPT("5f 04 ff 00 00 ff ff ff ff 00", Access.OWN, Unit.DISK, Need.PLAIN),
    PREEMPT_AND_ABORT("5f 05 ff 00 00 ff ff ff ff 00", Access.OWN, Unit.DISK, Need.PLAIN),
    REGISTER_AND_IGNORE("5f 06 00 00 00 ff ff ff ff 00", Access.OWN, Unit.DISK, Need.PLAIN),
    READ_16("88 18 ff ff ff ff ff ff ff ff ff ff ff ff 1f 00", Access.READ, Unit.DISK, Need.MEDIUM),
    COMPARE_AND_WRITE(
            "89 18 ff ff ff ff ff ff ff ff 00 00 00 ff 1f 00",
            Access.WRITE,
            Unit.DISK,
            Need.MEDIUM),
    WRITE_16(
            "8a 18 ff ff ff ff ff ff ff ff ff ff ff ff 1f 00",
            Access.WRITE,
            Unit.DISK,
            Need.MEDIUM),
    WRITE_AND_VERIFY_16(
            "8e 16 ff ff ff ff ff ff ff ff ff ff ff ff 1f 00",
            Access.WRITE,
            Unit.DISK,
            Need.MEDIUM),
    VERIFY_16(
            "8f 16 ff ff ff ff ff ff ff ff ff ff ff ff 1f 00", Access.READ, Unit.DISK, Need.MEDIUM),
    PRE_FETCH_16(
            "90 02 ff ff ff ff ff ff ff ff ff ff ff ff 1f 00", Access.READ, Unit.DISK, Need.MEDIUM),
    SYNCHRONIZE_CACHE_16(
            "91 02 ff ff ff ff ff ff ff ff ff ff ff ff 1f 00",
            Access.WRITE,
            Unit.DISK,
            Need.MEDIUM),
    WRITE_SAME_16(
            "93 08 ff ff ff ff ff ff ff ff ff ff ff ff 1f 00",
            Access.WRITE,
            Unit.DISK,
            Need.MEDIUM),
    READ_CAPACITY_16(
            "9e 10 00 00 00 00 00 00 00 00 ff ff ff ff 00 00",
            Access.ALWAYS,
            Unit.DISK,
            Need.MEDIUM),
    REPORT_LUNS("a0 00 ff 00 00 00 ff ff ff ff 00 00", Access.ALWAYS, Unit.BOTH, Need.QUIET),
    REPORT_SUPPORTED_OPERATION_CODES(
            "a3 0c 87 ff ff ff ff ff ff ff 00 00", Access.ALWAYS, Unit.BOTH, Need.PLAIN),
    REPORT_SUPPORTED_TASK_MANAGEMENT(
            "a3 0d 00 00 00 00 ff ff ff ff 00 00", Access.ALWAYS, Unit.BOTH, Need.PLAIN),
    READ_12("a8 18 ff ff ff ff ff ff ff ff 1f 00", Access.READ, Unit.BOTH, Need.MEDIUM),
    WRITE_12("aa 18 ff ff ff ff ff ff ff ff 1f 00", Access.WRITE, Unit.DISK, Need.MEDIUM),
    WRITE_AND_VERIFY_12(
            "ae 16 ff ff ff ff ff ff ff ff 1f 00", Access.WRITE, Unit.DISK, Need.MEDIUM),
    VERIFY_12("af 16 ff ff ff ff ff ff ff ff 1f 00", Access.READ, Unit.DISK, Need.MEDIUM),
    READ_DEFECT_DATA_12("b7 1f 00 00 00 00 ff ff ff ff 00 00", Access.READ, Unit.DISK, Need.MEDIUM),
    MECHANISM_STATUS("bd 00 00 00 00 00 00 00 ff ff 00 00", Access.ALWAYS, Unit.DISC, Need.PLAIN);

    /** What a reservation of somebody else makes of a command. */
    enum Access {
        /** Goes on whatever is reserved. */
        ALWAYS,
        /** Reads: conflicts with an exclusive reservation. */
        READ,
        /** Changes something: conflicts with any reservation. */
        WRITE,
        /** Has rules of its own. */
        OWN
    }

    /** Which units know a command. */
    enum Unit {
        /** Disks. */
        DISK,
        /** Drives with discs. */
        DISC,
        /** Both. */
        BOTH
    }

    /** What must be so before a command runs. */
    enum Need {
        /** No condition waits to be told. */
        PLAIN,
        /** As plain, and the medium is there and runs. */
        MEDIUM,
        /** Nothing. */
        QUIET
    }

    private static final int NO_ACTION = -1;
    static final int ACTION_MASK = 0x1f; // The service action, in the second byte.
    private static final ScsiCommand[][] BY_OPCODE = byOpcode();

    private final int opcode;
    private final int serviceAction;

    @SuppressWarnings("ImmutableEnumChecker") // Never given out, never written to.
    private final byte[] usage;

    private final Access access;
    private final Unit unit;
    private final Need need;

    ScsiCommand(final String usage, final Access access, final Unit unit, final Need need) {
        this.usage = HexFormat.ofDelimiter(" ").parseHex(usage);
        this.opcode = this.usage[0] & 0xff;
        this.serviceAction = ScsiOpcode.hasServiceActions(opcode) ? this.usage[1] : NO_ACTION;
        this.access = access;
        this.unit = unit;
        this.need = need;
    }

    private static ScsiCommand[][] byOpcode() {
        final ScsiCommand[][] table = new ScsiCommand[256][0];
        for (final ScsiCommand command : values()) {
            final ScsiCommand[] before = table[command.opcode];
            final ScsiCommand[] now = new ScsiCommand[before.length + 1];
            System.arraycopy(before, 0, now, 0, before.length);
            now[before.length] = command;
            table[command.opcode] = now;
        }
        return table;
    }

    /** The command of an opcode, and of a service action where it has some; null for none. */
    static @Nullable ScsiCommand find(
            final int opcode, final int serviceAction, final boolean disk) {
        for (final ScsiCommand candidate : BY_OPCODE[opcode]) {
            if (candidate.isOf(disk)
                    && (candidate.serviceAction == NO_ACTION
                            || candidate.serviceAction == serviceAction)) {
                return candidate;
            }
        }
        return null;
    }

    /** Whether an opcode is known, with some service action if it has those. */
    static boolean knows(final int opcode, final boolean disk) {
        for (final ScsiCommand candidate : BY_OPCODE[opcode]) {
            if (candidate.isOf(disk)) {
                return true;
            }
        }
        return false;
    }

    boolean isOf(final boolean disk) {
        return unit == Unit.BOTH || disk == (unit == Unit.DISK);
    }

    /** Where a command has a bit that must not be set: {@code byte * 8 + bit}; -1 for nowhere. */
    int strayBit(final Cdb cdb) {
        for (int at = 1; at < usage.length; at++) {
            int allowed = usage[at];
            if (at == 1 && serviceAction != NO_ACTION) {
                allowed |= ACTION_MASK;
            }
            final int stray = cdb.u8(at) & ~allowed;
            if (stray != 0) {
                return at * Byte.SIZE + 31 - Integer.numberOfLeadingZeros(stray);
            }
        }
        return -1;
    }

    int opcode() {
        return opcode;
    }

    boolean hasServiceAction() {
        return serviceAction != NO_ACTION;
    }

    /** The service action; 0 where there is none. */
    int serviceAction() {
        return hasServiceAction() ? serviceAction : 0;
    }

    int cdbBytes() {
        return usage.length;
    }

    /** One byte of what REPORT SUPPORTED OPERATION CODES tells of the bits. */
    byte usage(final int offset) {
        return usage[offset];
    }

    Access access() {
        return access;
    }

    Need need() {
        return need;
    }
}
