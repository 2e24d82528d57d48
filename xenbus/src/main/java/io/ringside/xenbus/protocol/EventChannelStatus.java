package io.ringside.xenbus.protocol;

/**
 * What {@code EVTCHNOP_status} says of a port: numbers with names.
 *
 * <p>Source: {@code EVTCHNSTAT_*}, xen/event_channel.h.
 */
public final class EventChannelStatus {
    /** Not in use. */
    public static final int CLOSED = 0;

    /** Waits for its remote domain to bind. */
    public static final int UNBOUND = 1;

    /** Bound to a port of another domain. */
    public static final int INTERDOMAIN = 2;

    /** Bound to a physical interrupt line. */
    public static final int PIRQ = 3;

    /** Bound to a virtual interrupt line. */
    public static final int VIRQ = 4;

    /** Bound to another processor of the same domain. */
    public static final int IPI = 5;

    private static final String[] NAMES = {
        "closed", "unbound", "interdomain", "pirq", "virq", "ipi"
    };

    private EventChannelStatus() {}

    /** The name of a status, or its number in brackets. */
    public static String name(final int status) {
        return status >= 0 && status < NAMES.length ? NAMES[status] : "[" + status + "]";
    }
}
