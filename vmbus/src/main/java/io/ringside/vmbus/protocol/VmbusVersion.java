package io.ringside.vmbus.protocol;

/**
 * The published versions of the protocol: {@code major << 16 | minor}, and what each one changed.
 *
 * <p>Source: linux/hyperv.h, and OpenVMM for 6.0.
 */
public final class VmbusVersion {
    /** Windows Server 2008: no interrupt of a channel's own. */
    public static final int V0_13 = 13;

    /** Windows 7. */
    public static final int V1_1 = 1 << 16 | 1;

    /** Windows 8: event flags by channel, and a processor of its own for each. */
    public static final int V2_4 = 2 << 16 | 4;

    /** Windows 8.1: unload and reconnect. */
    public static final int V3_0 = 3 << 16;

    /** Windows 10: sockets. */
    public static final int V4_0 = 4 << 16;

    /** Windows 10: the processor of a channel can be changed. */
    public static final int V4_1 = 4 << 16 | 1;

    /** Windows 10: messages go where the host says; no interrupt page. */
    public static final int V5_0 = 5 << 16;

    public static final int V5_1 = 5 << 16 | 1;
    public static final int V5_2 = 5 << 16 | 2;

    /** A change of the processor is answered. */
    public static final int V5_3 = 5 << 16 | 3;

    /** Feature flags. */
    public static final int V6_0 = 6 << 16;

    /** The newest that we speak. */
    public static final int NEWEST = V6_0;

    private static final int[] ALL = {
        V0_13, V1_1, V2_4, V3_0, V4_0, V4_1, V5_0, V5_1, V5_2, V5_3, V6_0
    };

    private VmbusVersion() {}

    /** How many there are, numbered from 0 for the oldest. */
    public static int count() {
        return ALL.length;
    }

    /** One of them, from the oldest to the newest. */
    public static int at(final int index) {
        return ALL[index];
    }

    /** Whether a number, as a peer sent it, is one of them. */
    public static boolean isPublished(final int version) {
        return indexOf(version) >= 0;
    }

    /** The next older one, or 0 if there is none. */
    public static int before(final int version) {
        final int index = indexOf(version);
        return index > 0 ? ALL[index - 1] : 0;
    }

    private static int indexOf(final int version) {
        for (int i = 0; i < ALL.length; i++) {
            if (ALL[i] == version) {
                return i;
            }
        }
        return -1;
    }

    /** Whether an offer tells which connection to signal; before, all share one. */
    public static boolean hasDedicatedInterrupts(final int version) {
        return version >= V1_1;
    }

    /** Whether the host signals a channel by its own event flag, rather than the interrupt page. */
    public static boolean hasChannelEventFlags(final int version) {
        return version >= V2_4;
    }

    /** Whether OPENCHANNEL names a processor. */
    public static boolean hasTargetVp(final int version) {
        return version >= V2_4;
    }

    /** Whether UNLOAD exists. */
    public static boolean hasUnload(final int version) {
        return version >= V3_0;
    }

    /** Whether TL_CONNECT_REQUEST exists. */
    public static boolean hasSockets(final int version) {
        return version >= V4_0;
    }

    /** Whether MODIFYCHANNEL exists. */
    public static boolean hasModifyChannel(final int version) {
        return version >= V4_1;
    }

    /** Whether MODIFYCHANNEL is answered. */
    public static boolean hasModifyResponse(final int version) {
        return version >= V5_3;
    }

    /** Whether the host says where messages go, and INITIATE_CONTACT has {@link TargetInfo}. */
    public static boolean hasMessageConnection(final int version) {
        return version >= V5_0;
    }

    /** Whether {@link TargetInfo} has feature flags. */
    public static boolean hasFeatures(final int version) {
        return version >= V6_0;
    }

    /** For traces and messages, for example {@code 5.3}. */
    public static String name(final int version) {
        return (version >>> 16) + "." + (version & 0xffff);
    }
}
