package io.ringside.vmbus.protocol;

/**
 * What INITIATE_CONTACT carries from 5.0 on where it had the address of the interrupt page: 8
 * bytes, little-endian.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |sint|vtl |    0    |   feature flags   |
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>The feature flags are of 6.0 and zero before. Source: {@code vmbus_channel_initiate_contact},
 * linux/hyperv.h, and OpenVMM's definitions for the flags.
 */
public final class TargetInfo {
    /** The guest may choose what it signals and is signalled by. */
    public static final int GUEST_SPECIFIED_SIGNAL_PARAMETERS = 1;

    /** A channel's interrupt may be sent elsewhere. */
    public static final int CHANNEL_INTERRUPT_REDIRECTION = 2;

    /** Monitor pages may be changed later. */
    public static final int MODIFY_CONNECTION = 4;

    /** The message ends with 16 bytes that tell who the guest is. */
    public static final int CLIENT_ID = 8;

    /** Rings may lie in encrypted memory. */
    public static final int CONFIDENTIAL_CHANNELS = 16;

    /** The connection may be paused. */
    public static final int PAUSE_RESUME = 32;

    /** The host brings the monitor pages. */
    public static final int SERVER_SPECIFIED_MONITOR_PAGES = 64;

    /** Guest pages may be pinned. */
    public static final int GPA_PINNING = 128;

    private static final int VTL_SHIFT = 8;
    private static final int FEATURES_SHIFT = 32;
    private static final int U8 = 0xff;

    private TargetInfo() {}

    /** The 8 bytes. */
    public static long of(final int sint, final int vtl, final int features) {
        return (sint & U8) | ((vtl & U8) << VTL_SHIFT) | ((long) features << FEATURES_SHIFT);
    }

    /** Which SINT gets the messages and events. */
    public static int sint(final long info) {
        return (int) info & U8;
    }

    /** Which virtual trust level asks. */
    public static int vtl(final long info) {
        return (int) (info >>> VTL_SHIFT) & U8;
    }

    /** Which features are asked for. */
    public static int features(final long info) {
        return (int) (info >>> FEATURES_SHIFT);
    }
}
