package io.ringside.netvsc.protocol;

/**
 * What an {@link NvspMessage} asks for or tells: numbers with names, since a peer may write
 * anything.
 *
 * <p>Source: {@code NVSP_MSG*_TYPE_*}, hyperv_net.h.
 */
public final class NvspMessageType {
    /** Guest: offers a version. */
    public static final int INIT = 1;

    /** Host: takes it or not. */
    public static final int INIT_COMPLETE = 2;

    /** Guest, no answer: its version of NDIS. */
    public static final int SEND_NDIS_VERSION = 100;

    /** Guest: here is memory for what is received. */
    public static final int SEND_RECEIVE_BUFFER = 101;

    /** Host: how it divides that memory. */
    public static final int SEND_RECEIVE_BUFFER_COMPLETE = 102;

    /** Guest, no answer: the receive buffer goes. */
    public static final int REVOKE_RECEIVE_BUFFER = 103;

    /** Guest: here is memory for what is sent. */
    public static final int SEND_SEND_BUFFER = 104;

    /** Host: how it divides that memory. */
    public static final int SEND_SEND_BUFFER_COMPLETE = 105;

    /** Guest, no answer: the send buffer goes. */
    public static final int REVOKE_SEND_BUFFER = 106;

    /** Both: RNDIS messages. */
    public static final int SEND_RNDIS_PACKET = 107;

    /** Both: what became of RNDIS messages; their memory is the sender's again. */
    public static final int SEND_RNDIS_PACKET_COMPLETE = 108;

    /** Guest, from version 2 on, no answer: MTU and capabilities. */
    public static final int SEND_NDIS_CONFIG = 125;

    /** Host, from version 4 on, unasked: a pass-through function came or went. */
    public static final int SEND_VF_ASSOCIATION = 128;

    /** Guest, from version 4 on: which way frames go; the answer is empty. */
    public static final int SWITCH_DATA_PATH = 129;

    /** Guest, from version 5 on: asks for an object beside RNDIS. */
    public static final int OID_QUERY_EX = 131;

    /** Host: an RNDIS status, and how many bytes it has written. */
    public static final int OID_QUERY_EX_COMPLETE = 132;

    /** Both, from version 5 on: more channels. */
    public static final int SUB_CHANNEL = 133;

    /** Host, from version 5 on, unasked: the channels that what is sent is spread over. */
    public static final int SEND_INDIRECTION_TABLE = 134;

    /** Both, from version 6 on: frames without this driver ("packet direct"). */
    public static final int PD_API = 135;

    private NvspMessageType() {}

    /** Bytes of a message that mean something; those of the type alone if that is unknown. */
    public static int leastBytes(final int type) {
        final int first = NvspMessage.HEADER_BYTES;
        return switch (type) {
            case REVOKE_RECEIVE_BUFFER, REVOKE_SEND_BUFFER -> first + Short.BYTES;
            case SEND_RNDIS_PACKET_COMPLETE, SWITCH_DATA_PATH, PD_API -> first + Integer.BYTES;
            case SEND_RECEIVE_BUFFER, SEND_SEND_BUFFER -> first + Integer.BYTES + Short.BYTES;
            case INIT,
                    SEND_NDIS_VERSION,
                    SEND_SEND_BUFFER_COMPLETE,
                    SEND_VF_ASSOCIATION,
                    OID_QUERY_EX,
                    OID_QUERY_EX_COMPLETE,
                    SUB_CHANNEL,
                    SEND_INDIRECTION_TABLE ->
                    first + 2 * Integer.BYTES;
            case INIT_COMPLETE, SEND_RNDIS_PACKET -> first + 3 * Integer.BYTES;
            case SEND_NDIS_CONFIG -> first + 2 * Integer.BYTES + Long.BYTES;
            case SEND_RECEIVE_BUFFER_COMPLETE -> first + 6 * Integer.BYTES;
            default -> first;
        };
    }

    /** The name of a type, or its number in brackets. */
    public static String name(final int type) {
        return switch (type) {
            case INIT -> "Init";
            case INIT_COMPLETE -> "InitComplete";
            case SEND_NDIS_VERSION -> "SendNdisVersion";
            case SEND_RECEIVE_BUFFER -> "SendReceiveBuffer";
            case SEND_RECEIVE_BUFFER_COMPLETE -> "SendReceiveBufferComplete";
            case REVOKE_RECEIVE_BUFFER -> "RevokeReceiveBuffer";
            case SEND_SEND_BUFFER -> "SendSendBuffer";
            case SEND_SEND_BUFFER_COMPLETE -> "SendSendBufferComplete";
            case REVOKE_SEND_BUFFER -> "RevokeSendBuffer";
            case SEND_RNDIS_PACKET -> "SendRndisPacket";
            case SEND_RNDIS_PACKET_COMPLETE -> "SendRndisPacketComplete";
            case SEND_NDIS_CONFIG -> "SendNdisConfig";
            case SEND_VF_ASSOCIATION -> "SendVfAssociation";
            case SWITCH_DATA_PATH -> "SwitchDataPath";
            case OID_QUERY_EX -> "OidQueryEx";
            case OID_QUERY_EX_COMPLETE -> "OidQueryExComplete";
            case SUB_CHANNEL -> "SubChannel";
            case SEND_INDIRECTION_TABLE -> "SendIndirectionTable";
            case PD_API -> "PdApi";
            default -> "[" + Integer.toUnsignedString(type) + "]";
        };
    }
}
