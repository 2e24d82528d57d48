package io.ringside.storvsc.backend.scsi;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.ringside.hypervisor.GuestMemory;
import io.ringside.storvsc.protocol.scsi.AdditionalSense;
import io.ringside.storvsc.protocol.scsi.Cdb;
import io.ringside.storvsc.protocol.scsi.ScsiOpcode;
import io.ringside.storvsc.protocol.scsi.SenseData;
import io.ringside.storvsc.protocol.scsi.SenseKey;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The units behind one address of a controller, by their numbers.
 *
 * <p>Units come and go while commands flow. One that goes ends its commands first: until then it
 * can be polled and not be reached. Threads: one.
 */
public final class ScsiTarget {
    /** Numbers of units go from 0 up to this, without it. */
    public static final int MAX_UNITS = 256;

    private static final int HEADER_BYTES = 8;
    private static final int NO_UNIT_PIECES = 16;
    private static final int ONLY_WELL_KNOWN = 1;
    private static final int ALL = 2;

    private final GuestMemory memory;
    private final TaskOwner owner;
    private final @Nullable LogicalUnit[] units = new LogicalUnit[MAX_UNITS];
    private final @Nullable Nexus[] nexuses = new Nexus[MAX_UNITS];
    private final boolean[] leaving = new boolean[MAX_UNITS];
    private final Nexus noUnit;
    private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[HEADER_BYTES * (MAX_UNITS + 1)]);
    private final SenseData noUnitSense = new SenseData();
    private int highest;

    /**
     * A target without units.
     *
     * @param memory of the guest that uses it
     * @param owner where commands that have ended go
     */
    public ScsiTarget(final GuestMemory memory, final TaskOwner owner) {
        this.memory = memory;
        this.owner = owner;
        this.noUnit = new Nexus(this, owner, memory, 0, NO_UNIT_PIECES);
        this.noUnitSense.set(SenseKey.ILLEGAL_REQUEST, AdditionalSense.LUN_NOT_SUPPORTED);
    }

    /** Adds a unit; the other units tell that there is a new one. */
    public void add(final int lun, final LogicalUnit unit) {
        if (lun < 0 || lun >= MAX_UNITS || units[lun] != null) {
            throw new IllegalArgumentException("number is taken, or none: lun=" + lun);
        }
        tellInventory();
        units[lun] = unit;
        nexuses[lun] = unit.attach(this, owner, memory);
        highest = Math.max(highest, lun);
    }

    /** Takes a unit away; false if there is none. Its commands end first. */
    public boolean remove(final int lun) {
        final LogicalUnit unit = unit(lun);
        final Nexus nexus = nexus(lun);
        if (unit == null || nexus == null) {
            return false;
        }
        leaving[lun] = true;
        unit.leave(nexus);
        letGo(lun);
        tellInventory();
        return true;
    }

    private void tellInventory() {
        for (int lun = 0; lun <= highest; lun++) {
            final Nexus nexus = nexus(lun);
            if (nexus != null) {
                nexus.attend(AdditionalSense.INVENTORY_CHANGED);
            }
        }
    }

    private void letGo(final int lun) {
        final LogicalUnit unit = units[lun];
        final Nexus nexus = nexuses[lun];
        if (unit != null && nexus != null && leaving[lun] && nexus.inFlight() == 0) {
            unit.detach(nexus);
            units[lun] = null;
            nexuses[lun] = null;
            leaving[lun] = false;
        }
    }

    /** The unit of a number; null for none. */
    public @Nullable LogicalUnit unit(final int lun) {
        return lun < 0 || lun >= MAX_UNITS || leaving[lun] ? null : units[lun];
    }

    /** This controller at the unit of a number; null for none. */
    public @Nullable Nexus nexus(final int lun) {
        return lun < 0 || lun >= MAX_UNITS || leaving[lun] ? null : nexuses[lun];
    }

    /** Whether a number is free: none has it, nor one that goes. */
    public boolean isFree(final int lun) {
        return lun >= 0 && lun < MAX_UNITS && units[lun] == null;
    }

    /** Whether there is any unit. */
    public boolean isEmpty() {
        for (int lun = 0; lun <= highest; lun++) {
            if (unit(lun) != null) {
                return false;
            }
        }
        return true;
    }

    /** Goes on with every unit; at most so many commands of each, and returns how many. */
    public int poll(final int limit) {
        int count = 0;
        for (int lun = 0; lun <= highest; lun++) {
            final LogicalUnit unit = units[lun];
            if (unit != null) {
                count += unit.poll(limit);
                if (leaving[lun]) {
                    letGo(lun);
                }
            }
        }
        return count;
    }

    /** Resets every unit, as a reset of the bus does. */
    public void reset() {
        for (int lun = 0; lun <= highest; lun++) {
            final LogicalUnit unit = unit(lun);
            if (unit != null) {
                unit.reset(AdditionalSense.BUS_RESET);
            }
        }
    }

    /** How many commands are in its units. */
    public int inFlight() {
        int count = 0;
        for (int lun = 0; lun <= highest; lun++) {
            final Nexus nexus = nexuses[lun];
            count += nexus == null ? 0 : nexus.inFlight();
        }
        return count;
    }

    /** Ends every command that came from this controller. */
    public void abandonAll() {
        for (int lun = 0; lun <= highest; lun++) {
            final LogicalUnit unit = units[lun];
            final Nexus nexus = nexuses[lun];
            if (unit != null && nexus != null) {
                unit.abandon(nexus);
            }
        }
    }

    // What can be asked where no unit is.

    /** A task for a number that no unit has; null if there is none now. */
    public @Nullable ScsiTask takeForNoUnit() {
        return noUnit.take();
    }

    /** Whether a command has an answer where no unit is. */
    public static boolean isForNoUnit(final ScsiTask task) {
        return switch (task.cdb().opcode()) {
            case ScsiOpcode.INQUIRY, ScsiOpcode.REPORT_LUNS, ScsiOpcode.REQUEST_SENSE -> true;
            default -> false;
        };
    }

    /** Answers such a command within this call. */
    public void startForNoUnit(final ScsiTask task) {
        final Cdb cdb = task.cdb();
        switch (cdb.opcode()) {
            case ScsiOpcode.INQUIRY -> {
                if (cdb.u8(1) == 0 && cdb.u8(2) == 0) {
                    task.answer(scratch, InquiryData.putNoUnit(scratch), cdb.u16(3));
                } else {
                    task.invalidField(1, 0);
                }
            }
            case ScsiOpcode.REPORT_LUNS -> reportLuns(task, scratch);
            default -> task.answer(scratch, noUnitSense.putFixed(scratch, 0), cdb.u8(4));
        }
    }

    /** Answers REPORT LUNS: 8 bytes of header, 8 bytes for each unit. */
    void reportLuns(final ScsiTask task, final UnsafeBuffer answer) {
        final int report = task.cdb().u8(2);
        if (report > ALL) {
            task.invalidField(2, SenseData.WHOLE_BYTE);
            return;
        }
        if (task.cdb().u32(6) < 2 * HEADER_BYTES) {
            task.invalidField(6, SenseData.WHOLE_BYTE);
            return;
        }
        int at = HEADER_BYTES;
        if (report != ONLY_WELL_KNOWN) {
            for (int lun = 0; lun <= highest; lun++) {
                if (unit(lun) != null) {
                    answer.putLong(at, 0, BIG_ENDIAN);
                    answer.putByte(at + 1, (byte) lun);
                    at += Long.BYTES;
                }
            }
        }
        answer.putLong(0, (long) (at - HEADER_BYTES) << 32, BIG_ENDIAN);
        task.answer(answer, at, task.cdb().u32(6));
    }
}
