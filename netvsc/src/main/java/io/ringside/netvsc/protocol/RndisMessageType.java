package io.ringside.netvsc.protocol;

/**
 * What an RNDIS message is: numbers with names, since a peer may write anything. The answer to a
 * request has the highest bit set besides.
 *
 * <p>Source: {@code RNDIS_MSG_*}, linux/rndis.h.
 */
public final class RndisMessageType {
    /** A frame: see {@link RndisPacket}. */
    public static final int PACKET = 1;

    public static final int INITIALIZE = 2;

    /** No answer. */
    public static final int HALT = 3;

    public static final int QUERY = 4;
    public static final int SET = 5;
    public static final int RESET = 6;

    /** The host tells something unasked: see {@link RndisIndication}. */
    public static final int INDICATE_STATUS = 7;

    public static final int KEEPALIVE = 8;

    /** The bit that an answer has besides the number of its request. */
    public static final int COMPLETION = 0x8000_0000;

    public static final int INITIALIZE_COMPLETE = COMPLETION | INITIALIZE;
    public static final int QUERY_COMPLETE = COMPLETION | QUERY;
    public static final int SET_COMPLETE = COMPLETION | SET;
    public static final int RESET_COMPLETE = COMPLETION | RESET;
    public static final int KEEPALIVE_COMPLETE = COMPLETION | KEEPALIVE;

    private static final int HEADER_BYTES = 8;

    private RndisMessageType() {}

    /** Bytes that a message of a type has at least; those of the header if it is unknown. */
    public static int leastBytes(final int type) {
        return switch (type) {
            case PACKET -> HEADER_BYTES + 9 * Integer.BYTES;
            case INITIALIZE -> HEADER_BYTES + 4 * Integer.BYTES;
            case QUERY, SET -> HEADER_BYTES + 5 * Integer.BYTES;
            case HALT, RESET, KEEPALIVE -> HEADER_BYTES + Integer.BYTES;
            case INDICATE_STATUS -> HEADER_BYTES + 3 * Integer.BYTES;
            case INITIALIZE_COMPLETE -> HEADER_BYTES + 11 * Integer.BYTES;
            case QUERY_COMPLETE -> HEADER_BYTES + 4 * Integer.BYTES;
            case SET_COMPLETE, RESET_COMPLETE, KEEPALIVE_COMPLETE ->
                    HEADER_BYTES + 2 * Integer.BYTES;
            default -> HEADER_BYTES;
        };
    }

    /** The name of a type, or its number in brackets. */
    public static String name(final int type) {
        return switch (type) {
            case PACKET -> "Packet";
            case INITIALIZE -> "Initialize";
            case INITIALIZE_COMPLETE -> "InitializeComplete";
            case HALT -> "Halt";
            case QUERY -> "Query";
            case QUERY_COMPLETE -> "QueryComplete";
            case SET -> "Set";
            case SET_COMPLETE -> "SetComplete";
            case RESET -> "Reset";
            case RESET_COMPLETE -> "ResetComplete";
            case INDICATE_STATUS -> "IndicateStatus";
            case KEEPALIVE -> "Keepalive";
            case KEEPALIVE_COMPLETE -> "KeepaliveComplete";
            default -> "[0x" + Integer.toHexString(type) + "]";
        };
    }
}
