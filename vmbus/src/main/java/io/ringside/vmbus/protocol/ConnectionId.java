package io.ringside.vmbus.protocol;

/** Well-known connections of a guest. Source: drivers/hv of Linux, as the wire facts record it. */
public final class ConnectionId {
    /** Messages before 5.0. */
    public static final int MESSAGE = 1;

    /** Events before channels had connections of their own. */
    public static final int EVENT = 2;

    /** Monitored events. */
    public static final int MONITOR = 3;

    /** INITIATE_CONTACT of 5.0 and newer. */
    public static final int MESSAGE_5 = 4;

    /** The bits that a connection id has. */
    public static final int MASK = 0xff_ffff;

    private ConnectionId() {}
}
