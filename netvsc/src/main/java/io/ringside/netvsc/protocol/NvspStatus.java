package io.ringside.netvsc.protocol;

/**
 * How an NVSP message is answered: numbers with names, since a peer may write anything.
 *
 * <p>Source: {@code NVSP_STAT_*}, hyperv_net.h.
 */
public final class NvspStatus {
    public static final int NONE = 0;
    public static final int SUCCESS = 1;
    public static final int FAIL = 2;
    public static final int PROTOCOL_TOO_NEW = 3;
    public static final int PROTOCOL_TOO_OLD = 4;
    public static final int INVALID_RNDIS_PACKET = 5;
    public static final int BUSY = 6;
    public static final int PROTOCOL_UNSUPPORTED = 7;

    private NvspStatus() {}

    /** The name of a status, or its number in brackets. */
    public static String name(final int status) {
        return switch (status) {
            case NONE -> "None";
            case SUCCESS -> "Success";
            case FAIL -> "Fail";
            case PROTOCOL_TOO_NEW -> "ProtocolTooNew";
            case PROTOCOL_TOO_OLD -> "ProtocolTooOld";
            case INVALID_RNDIS_PACKET -> "InvalidRndisPacket";
            case BUSY -> "Busy";
            case PROTOCOL_UNSUPPORTED -> "ProtocolUnsupported";
            default -> "[" + Integer.toUnsignedString(status) + "]";
        };
    }
}
