package io.ringside.ringbuf.vmbus;

/** What a ring answers on the data path. Every answer but {@link #OK} is negative. */
public final class RingStatus {
    /** Done. */
    public static final int OK = 0;

    /** There is no packet (or no range) to read now. */
    public static final int EMPTY = -1;

    /** There is no room now. */
    public static final int NO_ROOM = -2;

    /** There is no room now, and this consumer tells nobody when there is: poll. */
    public static final int NO_ROOM_NO_SIGNAL = -3;

    /** The packet would not fit the ring even if that were empty. */
    public static final int TOO_LARGE = -4;

    /** The peer did what cannot be; the ring is of no more use. */
    public static final int BROKEN = -5;

    private RingStatus() {}

    /** The name of a status, for traces and messages. */
    public static String name(final int status) {
        return switch (status) {
            case OK -> "ok";
            case EMPTY -> "empty";
            case NO_ROOM -> "no room";
            case NO_ROOM_NO_SIGNAL -> "no room, no signal";
            case TOO_LARGE -> "too large";
            case BROKEN -> "broken";
            default -> "status " + status;
        };
    }
}
