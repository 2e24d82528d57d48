package io.ringside.netvsc.protocol;

/**
 * How an RNDIS request is answered, or what an indication tells: numbers with names, since a peer
 * may write anything.
 *
 * <p>Source: {@code RNDIS_STATUS_*}, linux/rndis.h.
 */
public final class RndisStatus {
    public static final int SUCCESS = 0;

    // Indications.

    public static final int RESET_START = 0x4001_0004;
    public static final int RESET_END = 0x4001_0005;
    public static final int MEDIA_CONNECT = 0x4001_000B;
    public static final int MEDIA_DISCONNECT = 0x4001_000C;

    /** The speed, in units of 100 bit/s, is the buffer of the indication. */
    public static final int LINK_SPEED_CHANGE = 0x4001_0013;

    /** The guest had better ask for its addresses anew. */
    public static final int NETWORK_CHANGE = 0x4001_0018;

    // Faults.

    public static final int FAILURE = 0xC000_0001;
    public static final int RESOURCES = 0xC000_009A;
    public static final int NOT_SUPPORTED = 0xC000_00BB;
    public static final int BAD_VERSION = 0xC001_0004;
    public static final int MULTICAST_FULL = 0xC001_0009;
    public static final int INVALID_PACKET = 0xC001_000F;
    public static final int ADAPTER_NOT_READY = 0xC001_0011;
    public static final int INVALID_LENGTH = 0xC001_0014;
    public static final int INVALID_DATA = 0xC001_0015;
    public static final int BUFFER_TOO_SHORT = 0xC001_0016;
    public static final int INVALID_OID = 0xC001_0017;

    private RndisStatus() {}

    /** The name of a status, or its number in brackets. */
    public static String name(final int status) {
        return switch (status) {
            case SUCCESS -> "Success";
            case RESET_START -> "ResetStart";
            case RESET_END -> "ResetEnd";
            case MEDIA_CONNECT -> "MediaConnect";
            case MEDIA_DISCONNECT -> "MediaDisconnect";
            case LINK_SPEED_CHANGE -> "LinkSpeedChange";
            case NETWORK_CHANGE -> "NetworkChange";
            case FAILURE -> "Failure";
            case RESOURCES -> "Resources";
            case NOT_SUPPORTED -> "NotSupported";
            case BAD_VERSION -> "BadVersion";
            case MULTICAST_FULL -> "MulticastFull";
            case INVALID_PACKET -> "InvalidPacket";
            case ADAPTER_NOT_READY -> "AdapterNotReady";
            case INVALID_LENGTH -> "InvalidLength";
            case INVALID_DATA -> "InvalidData";
            case BUFFER_TOO_SHORT -> "BufferTooShort";
            case INVALID_OID -> "InvalidOid";
            default -> "[0x" + Integer.toHexString(status) + "]";
        };
    }
}
