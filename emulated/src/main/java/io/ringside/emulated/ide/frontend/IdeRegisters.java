package io.ringside.emulated.ide.frontend;

import io.ringside.emulated.ide.protocol.AtaRegisters;
import io.ringside.emulated.ide.protocol.BusMasterRegisters;
import io.ringside.emulated.ide.protocol.IdePorts;
import io.ringside.emulated.ide.protocol.TaskFile;
import io.ringside.emulated.trap.PortIo;

/** The driver's accesses to its channel. Each line that says {@code io} is one exit. */
final class IdeRegisters {
    private final PortIo io;
    private final int command;
    private final int control;
    private final int engine;

    IdeRegisters(final PortIo io, final IdePorts ports) {
        this.io = io;
        this.command = ports.commandBlock();
        this.control = ports.control();
        this.engine = ports.busMaster();
    }

    /** The status, which lets go of the interrupt line. */
    int status() {
        return io.inb(command + AtaRegisters.STATUS);
    }

    /** The status, with no effect. */
    int alternateStatus() {
        return io.inb(control);
    }

    int error() {
        return io.inb(command + AtaRegisters.ERROR);
    }

    /** LBA mid and high: what kind of device a reset has found. */
    int signature() {
        return io.inb(command + AtaRegisters.LBA_MID)
                | io.inb(command + AtaRegisters.LBA_HIGH) << Byte.SIZE;
    }

    /** Resets the drive and leaves its interrupt off. */
    void softReset() {
        io.outb(
                control,
                AtaRegisters.CONTROL_BASE | AtaRegisters.NO_INTERRUPT | AtaRegisters.SOFT_RESET);
        io.outb(control, AtaRegisters.CONTROL_BASE | AtaRegisters.NO_INTERRUPT);
    }

    void enableInterrupt() {
        io.outb(control, AtaRegisters.CONTROL_BASE);
    }

    /** A command that moves no sectors, with up to three parameters. */
    void command(final int code, final int device, final int feature, final int count) {
        io.outb(command + AtaRegisters.FEATURE, feature);
        io.outb(command + AtaRegisters.SECTOR_COUNT, count);
        command(code, device);
    }

    /** A command without parameters. */
    void command(final int code, final int device) {
        io.outb(command + AtaRegisters.DEVICE, AtaRegisters.DEVICE_BASE | device);
        io.outb(command + AtaRegisters.COMMAND, code);
    }

    /** A command that moves sectors: the older copies first, where it uses them. */
    void command(final TaskFile task) {
        if (task.isExtended()) {
            taskFile(
                    task.sectorCount() >>> Byte.SIZE,
                    task.lbaLow() >>> Byte.SIZE,
                    task.lbaMid() >>> Byte.SIZE,
                    task.lbaHigh() >>> Byte.SIZE);
        }
        taskFile(task.sectorCount(), task.lbaLow(), task.lbaMid(), task.lbaHigh());
        command(task.command(), task.device());
    }

    private void taskFile(final int count, final int lbaLow, final int lbaMid, final int lbaHigh) {
        io.outb(command + AtaRegisters.FEATURE, 0);
        io.outb(command + AtaRegisters.SECTOR_COUNT, count);
        io.outb(command + AtaRegisters.LBA_LOW, lbaLow);
        io.outb(command + AtaRegisters.LBA_MID, lbaMid);
        io.outb(command + AtaRegisters.LBA_HIGH, lbaHigh);
    }

    void readData(final long guestAddress, final int lengthBytes) {
        io.insw(command + AtaRegisters.DATA, guestAddress, lengthBytes / Short.BYTES);
    }

    void writeData(final long guestAddress, final int lengthBytes) {
        io.outsw(command + AtaRegisters.DATA, guestAddress, lengthBytes / Short.BYTES);
    }

    /** Gives the engine its table and its direction; it does not run yet. */
    void prepareEngine(final long tableAddress, final boolean towardsMemory) {
        io.outl(engine + BusMasterRegisters.TABLE, tableAddress);
        final int old = io.inb(engine + BusMasterRegisters.COMMAND);
        final int idle = old & ~(BusMasterRegisters.START | BusMasterRegisters.TO_MEMORY);
        io.outb(
                engine + BusMasterRegisters.COMMAND,
                idle | (towardsMemory ? BusMasterRegisters.TO_MEMORY : 0));
    }

    void startEngine() {
        final int old = io.inb(engine + BusMasterRegisters.COMMAND);
        io.outb(engine + BusMasterRegisters.COMMAND, old | BusMasterRegisters.START);
    }

    void stopEngine() {
        final int old = io.inb(engine + BusMasterRegisters.COMMAND);
        io.outb(engine + BusMasterRegisters.COMMAND, old & ~BusMasterRegisters.START);
    }

    int engineStatus() {
        return io.inb(engine + BusMasterRegisters.STATUS);
    }

    /** Clears the bits that a status has shown: written back, a bit of 1 clears itself. */
    void acknowledgeEngine(final int status) {
        io.outb(engine + BusMasterRegisters.STATUS, status);
    }
}
