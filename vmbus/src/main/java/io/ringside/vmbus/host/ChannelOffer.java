package io.ringside.vmbus.host;

import io.ringside.vmbus.protocol.Guid;
import io.ringside.vmbus.protocol.Offer;
import io.ringside.vmbus.protocol.UserData;

/**
 * What a driver asks the host to offer.
 *
 * @param deviceType which class of device, see {@link io.ringside.vmbus.protocol.DeviceType}
 * @param instance which device
 * @param subChannelIndex 0 for the device itself
 * @param flags the bits of {@link Offer}
 * @param mmioMegabytes memory-mapped I/O space that the device wants
 * @param userData whatever the device says of itself
 * @param monitorLatency100Nanos how long a signal may wait in the monitor page, in units of 100 ns;
 *     {@link #NO_MONITOR} if each signal shall be a hypercall
 */
public record ChannelOffer(
        Guid deviceType,
        Guid instance,
        int subChannelIndex,
        int flags,
        int mmioMegabytes,
        UserData userData,
        int monitorLatency100Nanos) {
    /** Each signal is a hypercall. */
    public static final int NO_MONITOR = -1;

    private static final int U16 = 0xffff;

    /** Refuses numbers that the message cannot carry. */
    public ChannelOffer {
        if (subChannelIndex < 0
                || subChannelIndex > U16
                || (flags & ~U16) != 0
                || (mmioMegabytes & ~U16) != 0
                || monitorLatency100Nanos < NO_MONITOR
                || monitorLatency100Nanos > U16) {
            throw new IllegalArgumentException(
                    "offer out of range: subChannelIndex="
                            + subChannelIndex
                            + " flags="
                            + flags
                            + " mmioMegabytes="
                            + mmioMegabytes
                            + " monitorLatency100Nanos="
                            + monitorLatency100Nanos);
        }
    }

    /** A device whose signals are hypercalls. */
    public static ChannelOffer of(final Guid deviceType, final Guid instance) {
        return new ChannelOffer(
                deviceType, instance, 0, Offer.PARENT, 0, UserData.NONE, NO_MONITOR);
    }

    /** The same device's channel of another index. */
    public ChannelOffer subChannel(final int index) {
        return new ChannelOffer(
                deviceType,
                instance,
                index,
                flags,
                mmioMegabytes,
                userData,
                monitorLatency100Nanos);
    }

    /** The same with signals by the monitor page. */
    public ChannelOffer monitored(final int latency100Nanos) {
        return new ChannelOffer(
                deviceType,
                instance,
                subChannelIndex,
                flags | Offer.REQUEST_MONITORED_NOTIFICATION,
                mmioMegabytes,
                userData,
                latency100Nanos);
    }
}
