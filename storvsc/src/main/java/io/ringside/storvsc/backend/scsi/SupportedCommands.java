package io.ringside.storvsc.backend.scsi;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.ringside.storvsc.protocol.scsi.Cdb;
import io.ringside.storvsc.protocol.scsi.ScsiOpcode;
import io.ringside.storvsc.protocol.scsi.SenseData;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * REPORT SUPPORTED OPERATION CODES: all commands, or one with the bits of it that may be set.
 *
 * <p>Threads: one. Source: SPC-4 6.35.
 */
final class SupportedCommands {
    private static final ScsiCommand[] COMMANDS = ScsiCommand.values();
    private static final int WITH_TIMES = 0x80;
    private static final int HOW_MASK = 0x07;
    private static final int ALL = 0;
    private static final int BY_OPCODE = 1;
    private static final int BY_SERVICE_ACTION = 2;
    private static final int EITHER = 3;
    private static final int NOT_SUPPORTED = 1;
    private static final int SUPPORTED = 3;
    private static final int HAS_SERVICE_ACTION = 1;
    private static final int HAS_TIMES = 2;
    private static final int ONE_HAS_TIMES = 0x80;
    private static final int DESCRIPTOR_BYTES = 8;
    private static final int TIMES_BYTES = 12;

    private final UnitState unit;

    SupportedCommands(final UnitState unit) {
        this.unit = unit;
    }

    void report(final ScsiTask task) {
        final Cdb cdb = task.cdb();
        final int how = cdb.u8(2) & HOW_MASK;
        final boolean withTimes = cdb.has(2, WITH_TIMES);
        if (how > EITHER) {
            task.invalidField(2, 2);
        } else if (how == ALL) {
            task.answer(unit.scratch, putAll(withTimes), cdb.u32(6));
        } else {
            reportOne(task, how, withTimes);
        }
    }

    private int putAll(final boolean withTimes) {
        final UnsafeBuffer answer = unit.scratch;
        int at = 4;
        for (final ScsiCommand command : COMMANDS) {
            if (unit.find(command.opcode(), command.serviceAction()) != command) {
                continue;
            }
            answer.setMemory(at, DESCRIPTOR_BYTES, (byte) 0);
            answer.putByte(at, (byte) command.opcode());
            answer.putShort(at + 2, (short) command.serviceAction(), BIG_ENDIAN);
            answer.putByte(
                    at + 5,
                    (byte)
                            ((command.hasServiceAction() ? HAS_SERVICE_ACTION : 0)
                                    | (withTimes ? HAS_TIMES : 0)));
            answer.putShort(at + 6, (short) command.cdbBytes(), BIG_ENDIAN);
            at += DESCRIPTOR_BYTES;
            at += withTimes ? putTimes(answer, at) : 0;
        }
        answer.putInt(0, at - 4, BIG_ENDIAN);
        return at;
    }

    private void reportOne(final ScsiTask task, final int how, final boolean withTimes) {
        final Cdb cdb = task.cdb();
        final int opcode = cdb.u8(3);
        final int serviceAction = cdb.u16(4);
        final boolean hasActions = ScsiOpcode.hasServiceActions(opcode);
        final boolean known = ScsiCommand.knows(opcode, unit.identity.isDisk());
        if (how == BY_OPCODE && known && hasActions) {
            task.invalidField(2, 2);
            return;
        }
        if (how == BY_SERVICE_ACTION && known && !hasActions) {
            task.invalidField(4, SenseData.WHOLE_BYTE);
            return;
        }
        final boolean sound = hasActions || how != EITHER || serviceAction == 0;
        task.answer(
                unit.scratch,
                putOne(sound ? unit.find(opcode, serviceAction) : null, withTimes),
                cdb.u32(6));
    }

    private int putOne(final @Nullable ScsiCommand command, final boolean withTimes) {
        final UnsafeBuffer answer = unit.scratch;
        answer.setMemory(0, 4, (byte) 0);
        if (command == null) {
            answer.putByte(1, (byte) NOT_SUPPORTED);
            return 4;
        }
        answer.putByte(1, (byte) (SUPPORTED | (withTimes ? ONE_HAS_TIMES : 0)));
        answer.putShort(2, (short) command.cdbBytes(), BIG_ENDIAN);
        int at = 4;
        for (int i = 0; i < command.cdbBytes(); i++) {
            answer.putByte(at + i, command.usage(i));
        }
        at += command.cdbBytes();
        return withTimes ? at + putTimes(answer, at) : at;
    }

    /** No command has a time of its own. */
    private static int putTimes(final UnsafeBuffer answer, final int offset) {
        answer.setMemory(offset, TIMES_BYTES, (byte) 0);
        answer.putShort(offset, (short) (TIMES_BYTES - 2), BIG_ENDIAN);
        return TIMES_BYTES;
    }
}
