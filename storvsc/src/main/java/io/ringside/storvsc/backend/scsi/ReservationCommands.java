package io.ringside.storvsc.backend.scsi;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.ringside.storvsc.protocol.scsi.AdditionalSense;
import io.ringside.storvsc.protocol.scsi.Cdb;
import io.ringside.storvsc.protocol.scsi.ScsiStatus;
import io.ringside.storvsc.protocol.scsi.SenseKey;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * RESERVE, RELEASE, PERSISTENT RESERVE IN and OUT. The parameters of OUT are 24 bytes:
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |           the initiator's key         |
 *       +----+----+----+----+----+----+----+----+
 *    8  |   its new key, or the one to preempt  |
 *       +----+----+----+----+----+----+----+----+
 *   16  |         0         |flag|      0       |
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>Threads: one. Source: SPC-4 6.15 and 6.16.
 */
final class ReservationCommands {
    private static final int LIST_BYTES = 24;
    private static final int ACTION_KEY_OFFSET = 8;
    private static final int FLAGS_OFFSET = 20;
    private static final int KNOWN_FLAGS = 0x0d;
    private static final int HEADER_BYTES = 8;
    private static final int TYPE_MASK = 0x0f;
    private static final int SCOPE_SHIFT = 4;
    private static final int RESERVATION_BYTES = 16;
    private static final int STATUS_BYTES = 48;
    private static final int TRANSPORT_BYTES = 24;
    private static final int SAS = 0x06;

    /** Types 1, 3, 5, 6, 7 in the first byte, 8 in the second. */
    private static final int TYPES = 0xea01;

    private final UnitState unit;
    private final Reservations reservations;
    private final MediumJobs jobs;
    private final boolean[] preempted = new boolean[UnitState.MAX_NEXUSES];

    ReservationCommands(
            final UnitState unit, final Reservations reservations, final MediumJobs jobs) {
        this.unit = unit;
        this.reservations = reservations;
        this.jobs = jobs;
    }

    void reserve(final ScsiTask task) {
        endBy(task, reservations.reserve(task.nexus()));
    }

    void release(final ScsiTask task) {
        endBy(task, reservations.release(task.nexus()));
    }

    private void endBy(final ScsiTask task, final boolean agreed) {
        if (agreed) {
            task.good();
        } else {
            conflict(task);
        }
    }

    void conflict(final ScsiTask task) {
        unit.counters.conflicts++;
        task.end(ScsiStatus.RESERVATION_CONFLICT, 0);
    }

    // PERSISTENT RESERVE IN.

    void in(final ScsiTask task, final ScsiCommand command) {
        if (reservations.isReservedByAnother(task.nexus())) {
            conflict(task);
            return;
        }
        final UnsafeBuffer answer = unit.scratch;
        final int bodyBytes =
                switch (command) {
                    case READ_KEYS -> putKeys(answer);
                    case READ_RESERVATION -> putReservation(answer);
                    default -> putFullStatus(answer);
                };
        answer.putInt(0, reservations.generation(), BIG_ENDIAN);
        answer.putInt(4, bodyBytes, BIG_ENDIAN);
        task.answer(answer, HEADER_BYTES + bodyBytes, task.cdb().u16(7));
    }

    /** Nothing survives a power loss, and registrations are of one port only. */
    void capabilities(final ScsiTask task) {
        final UnsafeBuffer answer = unit.scratch;
        answer.setMemory(0, HEADER_BYTES, (byte) 0);
        answer.putShort(0, (short) HEADER_BYTES, BIG_ENDIAN);
        answer.putByte(3, (byte) 0x80); // The mask of types is valid.
        answer.putShort(4, (short) TYPES, BIG_ENDIAN);
        task.answer(answer, HEADER_BYTES, task.cdb().u16(7));
    }

    private int putKeys(final UnsafeBuffer answer) {
        int at = HEADER_BYTES;
        for (int i = 0; i < UnitState.MAX_NEXUSES; i++) {
            if (reservations.key(i) != 0) {
                answer.putLong(at, reservations.key(i), BIG_ENDIAN);
                at += Long.BYTES;
            }
        }
        return at - HEADER_BYTES;
    }

    private int putReservation(final UnsafeBuffer answer) {
        if (reservations.type() == 0) {
            return 0;
        }
        answer.setMemory(HEADER_BYTES, RESERVATION_BYTES, (byte) 0);
        answer.putLong(HEADER_BYTES, reservations.holderKey(), BIG_ENDIAN);
        answer.putByte(HEADER_BYTES + 13, (byte) reservations.type());
        return RESERVATION_BYTES;
    }

    private int putFullStatus(final UnsafeBuffer answer) {
        int at = HEADER_BYTES;
        for (int i = 0; i < UnitState.MAX_NEXUSES; i++) {
            if (reservations.key(i) == 0) {
                continue;
            }
            answer.setMemory(at, STATUS_BYTES, (byte) 0);
            answer.putLong(at, reservations.key(i), BIG_ENDIAN);
            if (reservations.isHolder(unit.nexus(i))) {
                answer.putByte(at + 12, (byte) 1);
                answer.putByte(at + 13, (byte) reservations.type());
            }
            answer.putShort(at + 18, (short) 1, BIG_ENDIAN); // The one port that a unit has.
            answer.putInt(at + 20, TRANSPORT_BYTES, BIG_ENDIAN);
            answer.putByte(at + 24, (byte) SAS);
            answer.putLong(at + 28, 3L << 60 | i + 1, BIG_ENDIAN); // Assigned locally.
            at += STATUS_BYTES;
        }
        return at - HEADER_BYTES;
    }

    // PERSISTENT RESERVE OUT.

    void out(final ScsiTask task, final ScsiCommand command) {
        final Nexus nexus = task.nexus();
        if (reservations.isReservedByAnother(nexus)) {
            conflict(task);
            return;
        }
        if (task.cdb().u32(5) != LIST_BYTES) {
            task.condition(SenseKey.ILLEGAL_REQUEST, AdditionalSense.PARAMETER_LIST_LENGTH_ERROR);
            return;
        }
        final UnsafeBuffer list = unit.scratch;
        if (!task.fetch(list, LIST_BYTES, 5)) {
            return;
        }
        final int flags = list.getByte(FLAGS_OFFSET) & KNOWN_FLAGS;
        if (flags != 0) {
            task.invalidParameter(FLAGS_OFFSET, 31 - Integer.numberOfLeadingZeros(flags));
            return;
        }
        final long key = list.getLong(0, BIG_ENDIAN);
        final long actionKey = list.getLong(ACTION_KEY_OFFSET, BIG_ENDIAN);
        switch (command) {
            case REGISTER -> {
                final boolean knows =
                        reservations.isRegistered(nexus)
                                ? reservations.isRegistered(nexus, key)
                                : key == 0;
                register(task, knows, actionKey);
            }
            case REGISTER_AND_IGNORE -> register(task, true, actionKey);
            default -> {
                if (reservations.isRegistered(nexus, key)) {
                    act(task, command, actionKey);
                } else {
                    conflict(task);
                }
            }
        }
    }

    private void register(final ScsiTask task, final boolean allowed, final long newKey) {
        if (allowed) {
            reservations.register(task.nexus(), newKey);
        }
        endBy(task, allowed);
    }

    /** What only one who is registered can do. */
    private void act(final ScsiTask task, final ScsiCommand command, final long actionKey) {
        final Nexus nexus = task.nexus();
        if (command == ScsiCommand.CLEAR) {
            reservations.clear(nexus);
            task.good();
            return;
        }
        final Cdb cdb = task.cdb();
        final int type = cdb.u8(2) & TYPE_MASK;
        if (cdb.u8(2) >> SCOPE_SHIFT != 0) {
            task.invalidField(2, 7);
        } else if (!Reservations.isType(type)) {
            task.invalidField(2, 3);
        } else if (command == ScsiCommand.RESERVE) {
            endBy(task, reservations.reserve(nexus, type));
        } else if (command == ScsiCommand.RELEASE) {
            release(task, type);
        } else {
            preempt(task, command, actionKey, type);
        }
    }

    private void release(final ScsiTask task, final int type) {
        if (!reservations.isHolder(task.nexus())) {
            task.good();
        } else if (reservations.type() != type) {
            task.condition(SenseKey.ILLEGAL_REQUEST, AdditionalSense.INVALID_RELEASE);
        } else {
            reservations.release(task.nexus(), type);
            task.good();
        }
    }

    private void preempt(
            final ScsiTask task, final ScsiCommand command, final long key, final int type) {
        if (key == 0 && !reservations.takesReservation(0)) {
            task.invalidParameter(ACTION_KEY_OFFSET, 8);
            return;
        }
        if (!reservations.preempt(task.nexus(), key, type, preempted)) {
            conflict(task);
            return;
        }
        if (command == ScsiCommand.PREEMPT_AND_ABORT) {
            for (int i = 0; i < preempted.length; i++) {
                if (preempted[i]) {
                    jobs.abandon(unit.nexus(i));
                    unit.nexus(i).attend(AdditionalSense.COMMANDS_CLEARED);
                }
            }
        }
        task.good();
    }
}
