package io.ringside.storvsc.backend.scsi;

import io.ringside.device.host.BlockStore;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.storvsc.protocol.scsi.AdditionalSense;
import io.ringside.storvsc.protocol.scsi.Cdb;
import io.ringside.storvsc.protocol.scsi.SenseKey;
import org.jspecify.annotations.Nullable;

/**
 * One SCSI unit over a store: a disk, or a drive with a disc.
 *
 * <p>Commands come through a {@link ScsiTarget}, one {@link Nexus} for each controller that has the
 * unit. {@link #start} ends those that need no medium at once; the others end within {@link #poll},
 * in the order in which the store finishes them.
 *
 * <p>Errors: nothing that a command says is an exception; it ends with a condition. The store is
 * closed by its owner. Threads: one, for all controllers that have the unit.
 */
public final class LogicalUnit {
    private final UnitState unit;
    private final MediumJobs jobs;
    private final Reservations reservations;
    private final BlockCommands blocks;
    private final PrimaryCommands primary;
    private final ReservationCommands reservationCommands;
    private final SupportedCommands supported;
    private final DiscCommands disc;

    /**
     * Makes a unit.
     *
     * @param identity what it is
     * @param store its medium; a drive may have none
     * @param maxTransferBytes most bytes of one read or write, a multiple of 4096
     */
    public LogicalUnit(
            final UnitIdentity identity,
            final @Nullable BlockStore store,
            final int maxTransferBytes) {
        if (identity.isDisk() && store == null) {
            throw new IllegalArgumentException("a disk needs a store: " + identity);
        }
        if (maxTransferBytes < GuestMemory.PAGE_BYTES
                || maxTransferBytes % GuestMemory.PAGE_BYTES != 0) {
            throw new IllegalArgumentException(
                    "transfer out of range: maxTransferBytes=" + maxTransferBytes);
        }
        this.unit = new UnitState(identity, store, maxTransferBytes);
        this.jobs = new MediumJobs(unit);
        this.reservations = new Reservations(unit);
        this.blocks = new BlockCommands(unit, jobs);
        this.primary = new PrimaryCommands(unit);
        this.reservationCommands = new ReservationCommands(unit, reservations, jobs);
        this.supported = new SupportedCommands(unit);
        this.disc = new DiscCommands(unit);
    }

    /** What it is. */
    public UnitIdentity identity() {
        return unit.identity;
    }

    /** What it has done so far. */
    public UnitCounters counters() {
        return unit.counters;
    }

    // Initiators.

    Nexus attach(final ScsiTarget target, final TaskOwner owner, final GuestMemory memory) {
        for (int index = 0; index < UnitState.MAX_NEXUSES; index++) {
            if (unit.nexuses[index] == null) {
                final int maxPieces = unit.maxTransferBytes / GuestMemory.PAGE_BYTES + 2;
                final Nexus nexus = new Nexus(target, owner, memory, index, maxPieces);
                unit.nexuses[index] = nexus;
                return nexus;
            }
        }
        throw new IllegalStateException("too many controllers: serial=" + unit.identity.serial());
    }

    /** Ends what an initiator has in flight; it takes no more. */
    void leave(final Nexus nexus) {
        abandon(nexus);
        reservations.forget(nexus);
    }

    /** Ends what an initiator has in flight, and lets it hold nothing. */
    void abandon(final Nexus nexus) {
        jobs.abandon(nexus);
        nexus.preventsRemoval(false);
    }

    /** Forgets an initiator that has nothing in flight. */
    void detach(final Nexus nexus) {
        if (nexus.inFlight() != 0) {
            throw new IllegalStateException("in flight: commands=" + nexus.inFlight());
        }
        unit.nexuses[nexus.index()] = null;
    }

    // Commands.

    /** Takes a command whose bytes, data and direction are set; it may end within this call. */
    public void start(final ScsiTask task) {
        unit.counters.commands++;
        final Nexus nexus = task.nexus();
        final Cdb cdb = task.cdb();
        final ScsiCommand command = unit.find(cdb.opcode(), cdb.u8(1) & ScsiCommand.ACTION_MASK);
        final boolean quiet = command != null && command.need() == ScsiCommand.Need.QUIET;
        if (nexus.hasAttention() && !quiet) {
            refused(task, SenseKey.UNIT_ATTENTION, nexus.takeAttention());
            return;
        }
        if (command == null) {
            refuseUnknown(task);
            return;
        }
        if (cdb.length() < command.cdbBytes()) {
            unit.counters.conditions++;
            task.refuseShort();
            return;
        }
        cdb.length(command.cdbBytes()); // Whatever the transport said lies behind it.
        final int stray = command.strayBit(cdb);
        if (stray >= 0) {
            unit.counters.conditions++;
            task.invalidField(stray / Byte.SIZE, stray % Byte.SIZE);
            return;
        }
        if (reservations.conflicts(nexus, access(command, cdb))) {
            reservationCommands.conflict(task);
            return;
        }
        if (command.need() == ScsiCommand.Need.MEDIUM && !isReady(task)) {
            return;
        }
        task.command = command;
        execute(task, command);
    }

    private void refused(final ScsiTask task, final int key, final int additional) {
        unit.counters.conditions++;
        task.condition(key, additional);
    }

    private void refuseUnknown(final ScsiTask task) {
        unit.counters.conditions++;
        if (ScsiCommand.knows(task.cdb().opcode(), unit.identity.isDisk())
                && task.cdb().opcode() != ScsiCommand.UNMAP.opcode()) {
            task.invalidField(1, 4); // The service action is what is not known.
        } else {
            task.condition(SenseKey.ILLEGAL_REQUEST, AdditionalSense.INVALID_OPCODE);
        }
    }

    /** Commands with rules of their own: some forms of them go on whatever is reserved. */
    private static ScsiCommand.Access access(final ScsiCommand command, final Cdb cdb) {
        return switch (command) {
            case START_STOP_UNIT ->
                    cdb.u8(4) == 1 ? ScsiCommand.Access.ALWAYS : ScsiCommand.Access.WRITE;
            case PREVENT_ALLOW_MEDIUM_REMOVAL ->
                    cdb.u8(4) == 0 ? ScsiCommand.Access.ALWAYS : ScsiCommand.Access.WRITE;
            default ->
                    command.access() == ScsiCommand.Access.OWN
                            ? ScsiCommand.Access.ALWAYS
                            : command.access();
        };
    }

    private boolean isReady(final ScsiTask task) {
        if (!unit.isLoaded()) {
            refused(
                    task,
                    SenseKey.NOT_READY,
                    unit.isTrayOpen()
                            ? AdditionalSense.MEDIUM_NOT_PRESENT_TRAY_OPEN
                            : AdditionalSense.MEDIUM_NOT_PRESENT);
            return false;
        }
        if (unit.isStopped()) {
            refused(task, SenseKey.NOT_READY, AdditionalSense.INITIALIZING_COMMAND_REQUIRED);
            return false;
        }
        return true;
    }

    private void execute(final ScsiTask task, final ScsiCommand command) {
        switch (command) {
            case READ_6, READ_10, READ_12, READ_16 -> blocks.read(task);
            case WRITE_6, WRITE_10, WRITE_12, WRITE_16 -> blocks.write(task);
            case WRITE_AND_VERIFY_10, WRITE_AND_VERIFY_12, WRITE_AND_VERIFY_16 ->
                    blocks.writeAndVerify(task);
            case VERIFY_10, VERIFY_12, VERIFY_16 -> blocks.verify(task);
            case SYNCHRONIZE_CACHE_10, SYNCHRONIZE_CACHE_16 -> blocks.synchronizeCache(task);
            case WRITE_SAME_10, WRITE_SAME_16 -> blocks.writeSame(task);
            case UNMAP -> blocks.unmap(task);
            case COMPARE_AND_WRITE -> blocks.compareAndWrite(task);
            case PRE_FETCH_10, PRE_FETCH_16 -> blocks.preFetch(task);
            case READ_CAPACITY_10 -> blocks.readCapacity10(task);
            case READ_CAPACITY_16 -> blocks.readCapacity16(task);
            case READ_DEFECT_DATA_10 -> blocks.readDefectData(task, false);
            case READ_DEFECT_DATA_12 -> blocks.readDefectData(task, true);
            case TEST_UNIT_READY -> task.good();
            case REQUEST_SENSE -> primary.requestSense(task);
            case INQUIRY -> primary.inquiry(task);
            case MODE_SELECT_6 -> primary.modeSelect(task, false);
            case MODE_SELECT_10 -> primary.modeSelect(task, true);
            case MODE_SENSE_6 -> primary.modeSense(task, false);
            case MODE_SENSE_10 -> primary.modeSense(task, true);
            case SEND_DIAGNOSTIC -> primary.sendDiagnostic(task);
            case PREVENT_ALLOW_MEDIUM_REMOVAL -> primary.preventRemoval(task);
            case LOG_SENSE -> primary.logSense(task);
            case REPORT_SUPPORTED_TASK_MANAGEMENT -> primary.reportTaskManagement(task);
            case REPORT_SUPPORTED_OPERATION_CODES -> supported.report(task);
            case REPORT_LUNS -> {
                task.nexus().forget(AdditionalSense.INVENTORY_CHANGED);
                task.nexus().target().reportLuns(task, unit.scratch);
            }
            case RESERVE_6, RESERVE_10 -> reservationCommands.reserve(task);
            case RELEASE_6, RELEASE_10 -> reservationCommands.release(task);
            case READ_KEYS, READ_RESERVATION, READ_FULL_STATUS ->
                    reservationCommands.in(task, command);
            case REPORT_CAPABILITIES -> reservationCommands.capabilities(task);
            case REGISTER,
                    RESERVE,
                    RELEASE,
                    CLEAR,
                    PREEMPT,
                    PREEMPT_AND_ABORT,
                    REGISTER_AND_IGNORE ->
                    reservationCommands.out(task, command);
            case START_STOP_UNIT -> disc.startStop(task);
            case READ_TOC -> disc.readToc(task);
            case GET_CONFIGURATION -> disc.getConfiguration(task);
            case GET_EVENT_STATUS_NOTIFICATION -> disc.getEventStatus(task);
            case READ_DISC_INFORMATION -> disc.readDiscInformation(task);
            case MECHANISM_STATUS -> disc.mechanismStatus(task);
        }
    }

    /** Goes on with what the store has finished; at most so many, and returns how many. */
    public int poll(final int limit) {
        return jobs.poll(limit) + jobs.startWaiting();
    }

    // What happens to a unit from outside.

    /** Ends every command, the old reservation, and what was set; initiators are told. */
    public void reset() {
        reset(AdditionalSense.UNIT_RESET);
    }

    void reset(final int attention) {
        jobs.abandonAll();
        reservations.reset();
        unit.modes.reset();
        unit.stopped(false);
        for (final Nexus nexus : unit.nexuses) {
            if (nexus != null) {
                nexus.preventsRemoval(false);
                nexus.attend(attention);
            }
        }
    }

    /** Looks how large the medium is now, and tells initiators if that is new. */
    public void measure() {
        if (unit.measure()) {
            unit.attendAll(AdditionalSense.CAPACITY_CHANGED, null);
        }
    }

    /**
     * Puts another disc into a drive, or takes it out.
     *
     * @return false if commands are in flight that use the one before, or it is held in: later
     */
    public boolean changeMedium(final @Nullable BlockStore store) {
        if (unit.identity.isDisk()) {
            throw new IllegalStateException("not a drive: " + unit.identity);
        }
        if (!jobs.isIdle() || unit.isRemovalPrevented()) {
            return false;
        }
        unit.load(store);
        if (store == null) {
            disc.tell(DiscCommands.MEDIUM_REMOVED);
        } else {
            unit.attendAll(AdditionalSense.MEDIUM_MAY_HAVE_CHANGED, null);
            disc.tell(DiscCommands.NEW_MEDIUM);
        }
        return true;
    }
}
