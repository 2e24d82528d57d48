package io.ringside.vmbus.protocol;

/**
 * What the host tells about one channel.
 *
 * @param deviceType which class of device, see {@link DeviceType}
 * @param instance which device
 * @param flags bits of {@code chn_flags}, of which the constants here are known
 * @param mmioMegabytes memory-mapped I/O space that the device wants
 * @param userData whatever the device says of itself
 * @param subChannelIndex 0 for the primary channel of a device
 * @param relid the channel's number, unique while it is offered: 1 to 2047
 * @param monitorId 0 to 127, or {@link #NO_MONITOR} if each signal is a hypercall
 * @param dedicatedInterrupt whether a signal names this channel alone
 * @param connectionId what the guest signals
 */
public record Offer(
        Guid deviceType,
        Guid instance,
        int flags,
        int mmioMegabytes,
        UserData userData,
        int subChannelIndex,
        int relid,
        int monitorId,
        boolean dedicatedInterrupt,
        int connectionId) {
    /** No monitor is allocated. */
    public static final int NO_MONITOR = -1;

    /** The device is listed for user space. */
    public static final int ENUMERATE_DEVICE_INTERFACE = 0x1;

    /** The first 4 bytes of the user data are a pipe mode. */
    public static final int NAMED_PIPE_MODE = 0x10;

    /** The guest offers it to itself. */
    public static final int LOOPBACK = 0x100;

    /** The host offers it. */
    public static final int PARENT = 0x200;

    /** The guest should signal by monitor page. */
    public static final int REQUEST_MONITORED_NOTIFICATION = 0x400;

    /** One end of an hvsock connection. */
    public static final int TLNPI_PROVIDER = 0x2000;

    /** Whether signals go by the monitor page. */
    public boolean isMonitored() {
        return monitorId != NO_MONITOR;
    }

    /** Whether this and another offer are channels of one device. */
    public boolean isSameDevice(final Offer other) {
        return deviceType.equals(other.deviceType) && instance.equals(other.instance);
    }
}
