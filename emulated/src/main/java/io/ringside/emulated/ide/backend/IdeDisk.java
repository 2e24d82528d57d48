package io.ringside.emulated.ide.backend;

import io.ringside.device.host.BlockStore;
import io.ringside.emulated.ide.protocol.AtaCommand;
import io.ringside.emulated.ide.protocol.AtaRegisters;
import io.ringside.emulated.ide.protocol.BusMasterRegisters;
import io.ringside.emulated.ide.protocol.IdePorts;
import io.ringside.emulated.trap.InterruptController;
import io.ringside.emulated.trap.PortDevice;
import io.ringside.emulated.trap.PortIo;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Trace;
import io.ringside.hypervisor.Vcpu;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One IDE channel with one disk: device 0, and no device 1.
 *
 * <p>The model lives in the exit: the vCPU's thread runs it with every register access. {@link
 * #doWork}, on the same thread, polls the store and ends what it has answered: it opens the data
 * port for the next block, or raises the interrupt. While the store works the drive is busy.
 *
 * <p>What a guest gets wrong is answered as a drive would (an error bit, an aborted command, a
 * write that is not taken) and counted here; it is never an exception. A reset does not pull memory
 * from under the store: the drive stays busy until the store has answered.
 *
 * <p>Traces, when on: the name of each command, with the sector that the task file names and the
 * sector count register.
 *
 * <p>Threads: the vCPU's. Allocates nothing after construction, but for INITIALIZE PARAMETERS and
 * IDENTIFY.
 */
public final class IdeDisk implements PortDevice, Agent {
    private static final String NAME = "ide-disk";
    private static final int OPEN_BUS = 0xFF;

    private final IdePorts ports;
    private final Trace trace;
    private final BusMaster engine = new BusMaster();
    private final TaskFileRegisters registers = new TaskFileRegisters();
    private final DriveStatus drive;
    private final Medium medium;
    private final CommandSet commands;
    private boolean highOrder;
    private boolean inReset;
    private boolean leavesReset;
    private long ignoredWrites;

    /**
     * Makes a disk; {@link #attachTo} puts it behind its ports.
     *
     * @param ports where the channel is
     * @param identity what the disk is sold as
     * @param store the medium; its size must not change
     * @param memory what the bus master reads and writes
     * @param vcpu counts the bytes that the model copies
     * @param interrupts takes the line of {@code ports}
     * @param trace where commands are told
     */
    public IdeDisk(
            final IdePorts ports,
            final DriveIdentity identity,
            final BlockStore store,
            final GuestMemory memory,
            final Vcpu vcpu,
            final InterruptController interrupts,
            final Trace trace) {
        this.ports = ports;
        this.trace = trace;
        this.drive = new DriveStatus(interrupts, ports.irq(), engine);
        this.medium = new Medium(store);
        this.commands = new CommandSet(identity, registers, drive, engine, medium, vcpu, memory);
    }

    /** Takes the channel's ports. */
    public void attachTo(final PortIo io) {
        io.register(ports.commandBlock(), IdePorts.COMMAND_BLOCK_PORTS, this);
        io.register(ports.control(), 1, this);
        io.register(ports.busMaster(), IdePorts.BUS_MASTER_PORTS, this);
    }

    @Override
    public String roleName() {
        return NAME;
    }

    /** Takes at most one answer of the store, and goes on with the command that it belongs to. */
    @Override
    public int doWork() {
        final int work = medium.doWork();
        if (leavesReset) {
            endReset();
        }
        return work;
    }

    /** Whether the store holds nothing of this disk's: guest memory is not being touched. */
    public boolean isQuiet() {
        return !medium.isBusy();
    }

    /** Commands that ended with an error for which the guest is to blame. */
    public long refusedCommands() {
        return drive.refusedCommands();
    }

    /** Descriptor tables that were bad, and transfers against the engine's direction. */
    public long refusedTables() {
        return commands.dma().refusedTables();
    }

    /** Writes to the command block that came while the drive could not take them. */
    public long ignoredWrites() {
        return ignoredWrites;
    }

    @Override
    public int in(final int port, final int widthBytes) {
        if (port == ports.commandBlock() && widthBytes > 1) {
            final int low = commands.pio().readWord();
            return widthBytes == Short.BYTES ? low : low | commands.pio().readWord() << Short.SIZE;
        }
        int value = 0;
        for (int i = 0; i < widthBytes; i++) {
            value |= readByte(port + i) << (i * Byte.SIZE);
        }
        return value;
    }

    @Override
    public void inWords(final int port, final UnsafeBuffer memory) {
        if (port == ports.commandBlock()) {
            commands.pio().read(memory);
        } else {
            PortDevice.super.inWords(port, memory);
        }
    }

    private int readByte(final int port) {
        if (port == ports.control()) {
            return drive.readAlternate();
        }
        final int engineOffset = port - ports.busMaster();
        if (engineOffset >= 0 && engineOffset < IdePorts.BUS_MASTER_PORTS) {
            return engine.read(engineOffset);
        }
        return switch (port - ports.commandBlock()) {
            case AtaRegisters.STATUS -> drive.read();
            case AtaRegisters.ERROR -> drive.isBusy() ? drive.readAlternate() : drive.error();
            case AtaRegisters.SECTOR_COUNT,
                    AtaRegisters.LBA_LOW,
                    AtaRegisters.LBA_MID,
                    AtaRegisters.LBA_HIGH,
                    AtaRegisters.DEVICE ->
                    drive.isBusy()
                            ? drive.readAlternate()
                            : registers.read(port - ports.commandBlock(), highOrder);
            default -> OPEN_BUS;
        };
    }

    @Override
    public void out(final int port, final int widthBytes, final int value) {
        if (port == ports.commandBlock() && widthBytes > 1) {
            commands.pio().writeWord(value & 0xFFFF);
            if (widthBytes > Short.BYTES) {
                commands.pio().writeWord(value >>> Short.SIZE);
            }
            return;
        }
        for (int i = 0; i < widthBytes; i++) {
            writeByte(port + i, value >>> (i * Byte.SIZE) & 0xFF);
        }
    }

    @Override
    public void outWords(final int port, final UnsafeBuffer memory) {
        if (port == ports.commandBlock()) {
            commands.pio().write(memory);
        } else {
            PortDevice.super.outWords(port, memory);
        }
    }

    private void writeByte(final int port, final int value) {
        final int engineOffset = port - ports.busMaster();
        if (port == ports.control()) {
            writeControl(value);
        } else if (engineOffset >= 0 && engineOffset < IdePorts.BUS_MASTER_PORTS) {
            writeEngine(engineOffset, value);
        } else {
            writeTaskFile(port - ports.commandBlock(), value);
        }
    }

    private void writeEngine(final int offset, final int value) {
        final boolean wasStarted = engine.isStarted();
        engine.write(offset, value);
        if (offset != BusMasterRegisters.COMMAND || engine.isStarted() == wasStarted) {
            return;
        }
        if (wasStarted) {
            commands.dma().engineStopped();
        } else {
            commands.dma().engineStarted();
        }
    }

    private void writeTaskFile(final int register, final int value) {
        highOrder = false;
        if (drive.isOccupied() || register < AtaRegisters.FEATURE) {
            ignoredWrites++;
        } else if (register == AtaRegisters.COMMAND) {
            writeCommand(value);
        } else if (register < AtaRegisters.COMMAND) {
            registers.write(register, value);
            if (register == AtaRegisters.DEVICE) {
                drive.select((value & AtaRegisters.DEVICE_ONE) == 0);
            }
        }
    }

    private void writeCommand(final int code) {
        if (!drive.isSelected() && code != AtaCommand.DIAGNOSE) {
            ignoredWrites++; // Device 1 is not there to hear it.
            return;
        }
        if (trace.isOn()) {
            trace.event(
                    NAME,
                    AtaCommand.name(code),
                    commands.firstSector(code),
                    registers.countRegister());
        }
        drive.clearInterrupt();
        commands.execute(code);
    }

    private void writeControl(final int value) {
        highOrder = (value & AtaRegisters.HIGH_ORDER) != 0;
        drive.interruptOff((value & AtaRegisters.NO_INTERRUPT) != 0);
        final boolean resets = (value & AtaRegisters.SOFT_RESET) != 0;
        if (resets && !inReset) {
            commands.cancel();
            drive.busy();
            drive.clearInterrupt();
            leavesReset = false;
        } else if (!resets && inReset) {
            leavesReset = true;
            endReset();
        }
        inReset = resets;
    }

    private void endReset() {
        if (medium.isBusy()) {
            return; // The store still has memory in its hands.
        }
        leavesReset = false;
        registers.sign();
        drive.select(true);
        drive.passedDiagnostic();
    }
}
