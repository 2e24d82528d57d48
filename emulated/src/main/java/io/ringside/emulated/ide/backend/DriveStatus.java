package io.ringside.emulated.ide.backend;

import io.ringside.emulated.ide.protocol.AtaRegisters;
import io.ringside.emulated.ide.protocol.AtaStatus;
import io.ringside.emulated.trap.InterruptController;

/**
 * The status and error registers of the drive, and its interrupt.
 *
 * <p>The line is high while an interrupt is pending, the guest has not switched it off, and the
 * drive is selected. Reading the status, writing a command, or a reset ends the pending interrupt.
 */
final class DriveStatus {
    private static final int IDLE = AtaStatus.READY | AtaStatus.SEEK_COMPLETE;

    private final InterruptController interrupts;
    private final int irq;
    private final BusMaster engine;
    private int status = IDLE;
    private int error = AtaRegisters.DIAGNOSTIC_PASSED;
    private boolean interruptPending;
    private boolean interruptOff;
    private boolean selected = true;
    private boolean lineHigh;
    private long refusedCommands;

    DriveStatus(final InterruptController interrupts, final int irq, final BusMaster engine) {
        this.interrupts = interrupts;
        this.irq = irq;
        this.engine = engine;
    }

    /** The status register; an absent device 1 has none. Lets go of the interrupt. */
    int read() {
        if (!selected) {
            return 0;
        }
        clearInterrupt();
        return status;
    }

    /** The status register, without side effects. */
    int readAlternate() {
        return selected ? status : 0;
    }

    int error() {
        return error;
    }

    /** Whether the drive has the task file or the data port waits: writes are not taken. */
    boolean isOccupied() {
        return AtaStatus.isOccupied(status);
    }

    boolean isBusy() {
        return (status & AtaStatus.BUSY) != 0;
    }

    boolean isSelected() {
        return selected;
    }

    /** Commands that ended with an error that was the guest's fault. */
    long refusedCommands() {
        return refusedCommands;
    }

    void select(final boolean isDeviceZero) {
        selected = isDeviceZero;
        driveLine();
    }

    void interruptOff(final boolean isOff) {
        interruptOff = isOff;
        driveLine();
    }

    void clearInterrupt() {
        interruptPending = false;
        driveLine();
    }

    /** The drive works; the guest has to wait. */
    void busy() {
        status = AtaStatus.BUSY;
    }

    /** The data port is open. */
    void data(final boolean withInterrupt) {
        status = IDLE | AtaStatus.DATA_REQUEST;
        error = 0;
        if (withInterrupt) {
            interrupt();
        }
    }

    /** The guest has fetched the last word: done, and it knows. */
    void doneSilently() {
        status = IDLE;
        error = 0;
    }

    void done() {
        doneSilently();
        interrupt();
    }

    /** The end of a reset or of a diagnostic: all is well. */
    void passedDiagnostic() {
        status = IDLE;
        error = AtaRegisters.DIAGNOSTIC_PASSED;
    }

    /** The guest asked for what there is not: {@code errorBits} say what. */
    void refuse(final int errorBits) {
        refusedCommands++;
        fail(0, errorBits);
    }

    /** A write to a drive that takes none. */
    void refuseWrite() {
        refusedCommands++;
        fail(AtaStatus.DEVICE_FAULT, AtaStatus.ABORTED);
    }

    /** The medium could not be read. */
    void readFailed() {
        fail(0, AtaStatus.UNCORRECTABLE);
    }

    /** The medium took no write or no flush. */
    void writeFailed() {
        fail(AtaStatus.DEVICE_FAULT, AtaStatus.ABORTED);
    }

    /** The host has not taken or given the data that the command was about. */
    void abandoned() {
        fail(0, AtaStatus.ABORTED);
    }

    private void fail(final int statusBits, final int errorBits) {
        status = IDLE | AtaStatus.ERROR | statusBits;
        error = errorBits;
        interrupt();
    }

    void interrupt() {
        interruptPending = true;
        driveLine();
    }

    private void driveLine() {
        final boolean high = interruptPending && !interruptOff && selected;
        if (high != lineHigh) {
            lineHigh = high;
            if (high) {
                engine.interruptRose();
            }
            interrupts.setLine(irq, high);
        }
    }
}
