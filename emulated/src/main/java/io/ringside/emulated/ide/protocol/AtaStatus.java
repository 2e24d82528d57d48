package io.ringside.emulated.ide.protocol;

/**
 * Bits of the status register, and of the error register that explains its {@link #ERROR} bit.
 *
 * <p>While {@link #BUSY} is set no other bit means anything. Source: linux/ata.h.
 */
public final class AtaStatus {
    /** The device has the task file; everything else is undefined. */
    public static final int BUSY = 0x80;

    /** The device takes commands. */
    public static final int READY = 0x40;

    /** A fault that is the device's own, for example a write that does not reach the medium. */
    public static final int DEVICE_FAULT = 0x20;

    /** The seek is done; always set when ready, since nothing moves here. */
    public static final int SEEK_COMPLETE = 0x10;

    /** The data port waits for the host, in either direction. */
    public static final int DATA_REQUEST = 0x08;

    /** The error register says more. */
    public static final int ERROR = 0x01;

    /** Error register: the medium could not be read. */
    public static final int UNCORRECTABLE = 0x40;

    /** Error register: no such sector. */
    public static final int ID_NOT_FOUND = 0x10;

    /** Error register: the command, or a parameter of it, is not supported. */
    public static final int ABORTED = 0x04;

    /** What is read where there is no channel: no drive has all bits set. */
    public static final int EMPTY_BUS = 0xFF;

    private AtaStatus() {}

    /** Whether a command with this status failed. */
    public static boolean isFailure(final int status) {
        return (status & BUSY) == 0 && (status & (ERROR | DEVICE_FAULT)) != 0;
    }

    /** Whether the data port waits: the bit alone says nothing while the device is busy. */
    public static boolean isDataRequested(final int status) {
        return (status & (BUSY | DATA_REQUEST)) == DATA_REQUEST;
    }

    /** Whether the device still holds on to the command, or to the data port. */
    public static boolean isOccupied(final int status) {
        return (status & (BUSY | DATA_REQUEST)) != 0;
    }
}
