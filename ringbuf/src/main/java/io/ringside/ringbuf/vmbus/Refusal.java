package io.ringside.ringbuf.vmbus;

/** Which rule the peer broke. A ring keeps the first one. */
public final class Refusal {
    /** Nothing was refused. */
    public static final int NONE = 0;

    /** A write index beyond the data area, not a multiple of 8, or past what was free to write. */
    public static final int WRITE_INDEX = 1;

    /** A read index beyond the data area, not a multiple of 8, or past what was there to read. */
    public static final int READ_INDEX = 2;

    /** A packet shorter than its descriptor, longer than what is readable, or than we take. */
    public static final int PACKET_LENGTH = 3;

    /** A payload that starts inside the descriptor or behind the packet's end. */
    public static final int PAYLOAD_OFFSET = 4;

    /** A header too short for the packet's type. */
    public static final int HEADER_LENGTH = 5;

    /** More ranges than the header can hold. */
    public static final int RANGE_COUNT = 6;

    /** A range that starts outside its first page, or names more pages than the header holds. */
    public static final int RANGE = 7;

    /** What only the driver can judge: its own message inside the packet. */
    public static final int MESSAGE = 8;

    private Refusal() {}

    /** The name of a refusal, for traces and messages. */
    public static String name(final int refusal) {
        return switch (refusal) {
            case NONE -> "none";
            case WRITE_INDEX -> "write index";
            case READ_INDEX -> "read index";
            case PACKET_LENGTH -> "packet length";
            case PAYLOAD_OFFSET -> "payload offset";
            case HEADER_LENGTH -> "header length";
            case RANGE_COUNT -> "range count";
            case RANGE -> "range";
            case MESSAGE -> "message";
            default -> "refusal " + refusal;
        };
    }
}
