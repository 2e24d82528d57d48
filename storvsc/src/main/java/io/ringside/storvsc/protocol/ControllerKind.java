package io.ringside.storvsc.protocol;

import io.ringside.vmbus.protocol.DeviceType;
import io.ringside.vmbus.protocol.Guid;
import org.jspecify.annotations.Nullable;

/**
 * The classes of devices that speak this protocol, and what each changes in it.
 *
 * <p>Source: the device table and the limits of storvsc_drv.c.
 */
public enum ControllerKind {
    /** A SCSI controller. */
    SCSI(DeviceType.SCSI, 2),
    /** One disk of an emulated IDE controller, by a shorter way: one unit, one channel. */
    IDE(DeviceType.IDE, 1),
    /** A fibre channel adapter, which has names. */
    FIBRE_CHANNEL(DeviceType.FIBRE_CHANNEL, 128);

    /** Most bytes of data in one request of a fibre channel adapter. */
    public static final int FIBRE_CHANNEL_TRANSFER_BYTES = 1 << 19;

    private static final ControllerKind[] KINDS = values();
    private static final int IDE_TARGET_SHIFT = 4 * Byte.SIZE;
    private static final int IDE_TARGET_MASK = 0xffff;

    private final Guid deviceType;
    private final int targets;

    ControllerKind(final Guid deviceType, final int targets) {
        this.deviceType = deviceType;
        this.targets = targets;
    }

    /** The kind of a class of devices; null for none of these. */
    public static @Nullable ControllerKind of(final Guid deviceType) {
        for (final ControllerKind kind : KINDS) {
            if (kind.deviceType.equals(deviceType)) {
                return kind;
            }
        }
        return null;
    }

    /** The class that it is offered as. */
    public Guid deviceType() {
        return deviceType;
    }

    /** How many targets it has at most. */
    public int targets() {
        return targets;
    }

    /**
     * The number of the first target: 0, but of an IDE disk bytes 4 and 5 of its instance. A
     * request has the low 8 bits of it.
     */
    public int firstTarget(final Guid instance) {
        return this == IDE ? (int) (instance.first() >>> IDE_TARGET_SHIFT) & IDE_TARGET_MASK : 0;
    }
}
