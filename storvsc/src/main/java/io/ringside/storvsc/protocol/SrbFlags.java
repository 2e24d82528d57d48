package io.ringside.storvsc.protocol;

/**
 * Flags of a SCSI request; only versions from 5.1 on carry them.
 *
 * <p>Source: {@code SRB_FLAGS_*}, storvsc_drv.c.
 */
public final class SrbFlags {
    /** The unit may reorder this command with others. */
    public static final int QUEUE_ACTION_ENABLE = 0x02;

    /** Sense data is not wanted. */
    public static final int DISABLE_AUTOSENSE = 0x20;

    /** No negotiation of a synchronous transfer: always set. */
    public static final int DISABLE_SYNCH_TRANSFER = 0x08;

    /** The unit's data goes to the guest. */
    public static final int DATA_IN = 0x40;

    /** The guest's data goes to the unit. */
    public static final int DATA_OUT = 0x80;

    /** An error does not stop what is queued behind. */
    public static final int NO_QUEUE_FREEZE = 0x100;

    private SrbFlags() {}
}
