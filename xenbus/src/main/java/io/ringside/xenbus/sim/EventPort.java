package io.ringside.xenbus.sim;

import io.ringside.xenbus.protocol.EventChannelStatus;
import io.ringside.xenbus.protocol.Virq;

/** What a port is; none is closed. */
sealed interface EventPort {
    /** Waits for a domain to bind it. */
    record Unbound(int remoteDomain) implements EventPort {}

    /** Bound to a port of another domain. */
    record Interdomain(DomainPorts remote, int remotePort) implements EventPort {}

    /** Bound to a virtual interrupt line. */
    record VirtualLine(int virq, int processor) implements EventPort {}

    /** Bound to its own domain. */
    record Interprocessor() implements EventPort {}

    /** Was open when its domain was suspended: nothing until its owner closes it. */
    record Lost() implements EventPort {}

    /** What {@code EVTCHNOP_status} says of it. */
    default int status() {
        return switch (this) {
            case Unbound unbound -> EventChannelStatus.UNBOUND;
            case Interdomain bound -> EventChannelStatus.INTERDOMAIN;
            case VirtualLine line -> EventChannelStatus.VIRQ;
            case Interprocessor self -> EventChannelStatus.IPI;
            case Lost lost -> EventChannelStatus.CLOSED;
        };
    }

    /** Whether {@code EVTCHNOP_bind_vcpu} may name another processor for it. */
    default boolean isMovable() {
        return switch (this) {
            case Unbound unbound -> true;
            case Interdomain bound -> true;
            case VirtualLine line -> Virq.isGlobal(line.virq());
            case Interprocessor self -> false;
            case Lost lost -> false;
        };
    }
}
