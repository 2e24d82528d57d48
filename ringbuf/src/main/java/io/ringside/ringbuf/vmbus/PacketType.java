package io.ringside.ringbuf.vmbus;

/**
 * The types of packet, as they stand in a descriptor.
 *
 * <p>A peer may send any other number: name it, count it, answer as the driver's protocol says.
 * Source: {@code enum vmbus_packet_type}, linux/hyperv.h.
 */
public final class PacketType {
    public static final int INVALID = 0;
    public static final int SYNCH = 1;
    public static final int ADD_TRANSFER_PAGE_SET = 2;
    public static final int REMOVE_TRANSFER_PAGE_SET = 3;
    public static final int ESTABLISH_GPADL = 4;
    public static final int TEARDOWN_GPADL = 5;

    /** The payload follows the descriptor. */
    public static final int IN_BAND = 6;

    /** The data lies in a buffer set up before; a {@link TransferPageHeader} says where. */
    public static final int TRANSFER_PAGES = 7;

    public static final int GPADL = 8;

    /** The data lies in pages of the guest; a {@link GpaDirectHeader} lists them. */
    public static final int GPA_DIRECT = 9;

    public static final int CANCEL_REQUEST = 10;

    /** The answer to the packet whose transaction id it repeats. */
    public static final int COMPLETION = 11;

    public static final int ADDITIONAL_PACKET = 12;
    public static final int ADDITIONAL_DATA = 13;

    private static final int ONE_WORD = Long.BYTES;
    private static final int TWO_WORDS = 2 * Long.BYTES;

    private PacketType() {}

    /** The least a packet of this type has between descriptor and payload, in bytes. */
    public static int leastHeaderBytes(final int type) {
        return switch (type) {
            case ADD_TRANSFER_PAGE_SET,
                    REMOVE_TRANSFER_PAGE_SET,
                    ESTABLISH_GPADL,
                    TEARDOWN_GPADL,
                    TRANSFER_PAGES,
                    GPADL,
                    GPA_DIRECT ->
                    ONE_WORD;
            case ADDITIONAL_DATA -> TWO_WORDS;
            default -> 0;
        };
    }

    /** Whether the header of this type counts ranges, in its bytes 4 to 7. */
    public static boolean hasRanges(final int type) {
        return type == TRANSFER_PAGES || type == GPA_DIRECT || type == ESTABLISH_GPADL;
    }

    /** The name of a type, for traces and messages. */
    public static String name(final int type) {
        return switch (type) {
            case INVALID -> "invalid";
            case SYNCH -> "synch";
            case ADD_TRANSFER_PAGE_SET -> "add transfer page set";
            case REMOVE_TRANSFER_PAGE_SET -> "remove transfer page set";
            case ESTABLISH_GPADL -> "establish gpadl";
            case TEARDOWN_GPADL -> "teardown gpadl";
            case IN_BAND -> "in-band";
            case TRANSFER_PAGES -> "transfer pages";
            case GPADL -> "gpadl";
            case GPA_DIRECT -> "gpa direct";
            case CANCEL_REQUEST -> "cancel request";
            case COMPLETION -> "completion";
            case ADDITIONAL_PACKET -> "additional packet";
            case ADDITIONAL_DATA -> "additional data";
            default -> "type " + type;
        };
    }
}
