package io.ringside.xenbus.protocol;

/**
 * The values of a {@code state} key: numbers with names, since a peer may write anything.
 *
 * <p>Source: {@code enum xenbus_state}, xen/io/xenbus.h.
 */
public final class XenbusState {
    /** The node is missing or unreadable. */
    public static final int UNKNOWN = 0;

    /** Created. */
    public static final int INITIALISING = 1;

    /** The backend has published its features and waits for the frontend's parameters. */
    public static final int INIT_WAIT = 2;

    /** The frontend has published its parameters. */
    public static final int INITIALISED = 3;

    /** Usable. */
    public static final int CONNECTED = 4;

    /** A graceful stop is asked for. */
    public static final int CLOSING = 5;

    /** Stopped; the rings are unmapped. */
    public static final int CLOSED = 6;

    /** A change of parameters is under way. */
    public static final int RECONFIGURING = 7;

    /** The other side took the change. */
    public static final int RECONFIGURED = 8;

    private static final String[] NAMES = {
        "Unknown",
        "Initialising",
        "InitWait",
        "Initialised",
        "Connected",
        "Closing",
        "Closed",
        "Reconfiguring",
        "Reconfigured"
    };

    private XenbusState() {}

    /** The name of a state, or its number in brackets. */
    public static String name(final int state) {
        return state >= 0 && state < NAMES.length ? NAMES[state] : "[" + state + "]";
    }
}
