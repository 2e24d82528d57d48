package io.ringside.storvsc.protocol;

/**
 * What a packet asks for or tells: numbers with names, since a peer may write anything.
 *
 * <p>Source: {@code enum vstor_packet_operation}, storvsc_drv.c; the last is OpenVMM's.
 */
public final class VstorOperation {
    /** Host to guest: the answer to any request. */
    public static final int COMPLETE_IO = 1;

    /** Host to guest, unasked: a unit went. */
    public static final int REMOVE_DEVICE = 2;

    /** Carry out a SCSI command. */
    public static final int EXECUTE_SRB = 3;

    /** Reset one unit. */
    public static final int RESET_LUN = 4;

    /** Reset every unit of the controller. */
    public static final int RESET_ADAPTER = 5;

    /** Reset every unit of the bus. */
    public static final int RESET_BUS = 6;

    /** First message of all. */
    public static final int BEGIN_INITIALIZATION = 7;

    /** Last message before commands flow. */
    public static final int END_INITIALIZATION = 8;

    /** Offers a protocol version. */
    public static final int QUERY_PROTOCOL_VERSION = 9;

    /** Asks for {@link ChannelProperties}. */
    public static final int QUERY_PROPERTIES = 10;

    /** Host to guest, unasked: units came or went. */
    public static final int ENUMERATE_BUS = 11;

    /** Asks a fibre channel adapter for its names. */
    public static final int FCHBA_DATA = 12;

    /** Asks for more channels. */
    public static final int CREATE_SUB_CHANNELS = 13;

    /** Host to guest, unasked: something happened to a unit. Known from OpenVMM alone. */
    public static final int EVENT_NOTIFICATION = 14;

    private VstorOperation() {}

    /** The name of an operation, or its number in brackets. */
    public static String name(final int operation) {
        return switch (operation) {
            case COMPLETE_IO -> "CompleteIo";
            case REMOVE_DEVICE -> "RemoveDevice";
            case EXECUTE_SRB -> "ExecuteSrb";
            case RESET_LUN -> "ResetLun";
            case RESET_ADAPTER -> "ResetAdapter";
            case RESET_BUS -> "ResetBus";
            case BEGIN_INITIALIZATION -> "BeginInitialization";
            case END_INITIALIZATION -> "EndInitialization";
            case QUERY_PROTOCOL_VERSION -> "QueryProtocolVersion";
            case QUERY_PROPERTIES -> "QueryProperties";
            case ENUMERATE_BUS -> "EnumerateBus";
            case FCHBA_DATA -> "FibreChannelData";
            case CREATE_SUB_CHANNELS -> "CreateSubChannels";
            case EVENT_NOTIFICATION -> "EventNotification";
            default -> "[" + Integer.toUnsignedString(operation) + "]";
        };
    }
}
