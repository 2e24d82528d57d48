package io.ringside.vmbus.protocol;

/** Why a message of the control plane was refused; {@link #NONE} if it was not. */
public final class ControlRefusal {
    public static final int NONE = 0;

    /** Fewer bytes, or other ones, than its type has. */
    public static final int MALFORMED = 1;

    /** A message that we do not speak, or that only the other end may send. */
    public static final int UNSUPPORTED = 2;

    /** Legal, but not now: the connection is not there, or not that far. */
    public static final int CONNECTION_STATE = 3;

    /** The version in use does not have the message, or the version itself is not spoken. */
    public static final int VERSION = 4;

    /** No such channel. */
    public static final int UNKNOWN_CHANNEL = 5;

    /** The channel is not in a state for it. */
    public static final int CHANNEL_STATE = 6;

    /** No such list of pages, or another channel's. */
    public static final int UNKNOWN_GPADL = 7;

    /** The list of pages is not in a state for it, or its number is in use. */
    public static final int GPADL_STATE = 8;

    /** A list of pages whose lengths, offset or numbers cannot be. */
    public static final int GPADL_SHAPE = 9;

    /** A fragment out of order, or with more pages than are left. */
    public static final int GPADL_FRAGMENT = 10;

    /** More than one peer may have. */
    public static final int LIMIT = 11;

    /** A parameter that cannot be. */
    public static final int PARAMETER = 12;

    /** How many reasons there are, {@link #NONE} among them. */
    public static final int COUNT = 13;

    private ControlRefusal() {}

    /** The name of a reason, for traces and messages. */
    public static String name(final int refusal) {
        return switch (refusal) {
            case NONE -> "none";
            case MALFORMED -> "malformed";
            case UNSUPPORTED -> "unsupported";
            case CONNECTION_STATE -> "connection state";
            case VERSION -> "version";
            case UNKNOWN_CHANNEL -> "unknown channel";
            case CHANNEL_STATE -> "channel state";
            case UNKNOWN_GPADL -> "unknown gpadl";
            case GPADL_STATE -> "gpadl state";
            case GPADL_SHAPE -> "gpadl shape";
            case GPADL_FRAGMENT -> "gpadl fragment";
            case LIMIT -> "limit";
            case PARAMETER -> "parameter";
            default -> "refusal " + refusal;
        };
    }
}
