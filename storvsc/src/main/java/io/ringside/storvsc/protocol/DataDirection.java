package io.ringside.storvsc.protocol;

/**
 * Which way the data of a SCSI request goes: numbers with names, since a peer may write anything.
 *
 * <p>Source: {@code enum storvsc_request_type}, storvsc_drv.c.
 */
public final class DataDirection {
    /** From the guest to the unit. */
    public static final int TO_UNIT = 0;

    /** From the unit to the guest. */
    public static final int TO_GUEST = 1;

    /** There is no data. */
    public static final int NONE = 2;

    private DataDirection() {}
}
