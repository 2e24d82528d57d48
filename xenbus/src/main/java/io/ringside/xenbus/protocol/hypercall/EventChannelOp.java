package io.ringside.xenbus.protocol.hypercall;

/**
 * Numbers of the operations on event channels: the first argument of {@link
 * Hypercall#EVENT_CHANNEL_OP}. The second is the address of one argument.
 *
 * <p>Source: {@code EVTCHNOP_*}, xen/event_channel.h.
 */
public final class EventChannelOp {
    /** Binds another domain's port: {@link EvtchnBindInterdomain}. */
    public static final int BIND_INTERDOMAIN = 0;

    /** Binds a virtual interrupt line: {@link EvtchnBindVirq}. */
    public static final int BIND_VIRQ = 1;

    /** Binds a physical interrupt line: {@link EvtchnBindPirq}. */
    public static final int BIND_PIRQ = 2;

    /** Closes a port: {@link EvtchnClose}. */
    public static final int CLOSE = 3;

    /** Marks the peer's port: {@link EvtchnSend}. */
    public static final int SEND = 4;

    /** Tells what a port is: {@link EvtchnStatus}. */
    public static final int STATUS = 5;

    /** Makes a port that a domain may bind: {@link EvtchnAllocUnbound}. */
    public static final int ALLOC_UNBOUND = 6;

    /** Makes a port that wakes a processor of the caller: {@link EvtchnBindIpi}. */
    public static final int BIND_IPI = 7;

    /** Moves a port to another processor: {@link EvtchnBindVcpu}. */
    public static final int BIND_VCPU = 8;

    /** Lets a port's events through: {@link EvtchnUnmask}. */
    public static final int UNMASK = 9;

    /** Closes all ports: {@link EvtchnReset}. */
    public static final int RESET = 10;

    /** Places the control block of a processor: {@link EvtchnInitControl}. */
    public static final int INIT_CONTROL = 11;

    /** Places the next page of event words: {@link EvtchnExpandArray}. */
    public static final int EXPAND_ARRAY = 12;

    /** Chooses the queue of a port: {@link EvtchnSetPriority}. */
    public static final int SET_PRIORITY = 13;

    private EventChannelOp() {}
}
