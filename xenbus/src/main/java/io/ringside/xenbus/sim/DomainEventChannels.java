package io.ringside.xenbus.sim;

import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.Vcpu;
import io.ringside.xenbus.event.EventChannelControl;
import io.ringside.xenbus.protocol.EventChannelStatus;
import io.ringside.xenbus.protocol.XenErrno;
import org.jspecify.annotations.Nullable;

/**
 * The event channels of one domain, as one of its processors uses them.
 *
 * <p>Ports are the domain's: whichever processor asks, a port is the same. But a port that is
 * opened here is heard of here, and only here: this processor's doorbell rings, and its {@link
 * #dispatch} runs the handler. So a driver that is given the channels of a processor is served
 * there, without knowing of others; {@link #bindProcessor} moves a single port.
 *
 * <p>Threads: the processor's own. A port is closed, and gets its handler, on the thread of the
 * processor that hears of it, or while that one is quiet.
 */
public final class DomainEventChannels implements EventChannelControl {
    private final DomainPorts ports;
    private final int processor;
    private final Vcpu vcpu;
    private final Upcall upcall;

    DomainEventChannels(
            final DomainPorts ports, final int processor, final Vcpu vcpu, final Upcall upcall) {
        this.ports = ports;
        this.processor = processor;
        this.vcpu = vcpu;
        this.upcall = upcall;
    }

    @Override
    public int allocUnbound(final int remoteDomain) {
        vcpu.cross(Crossing.HYPERCALL);
        return ports.open(new EventPort.Unbound(remoteDomain), processor, vcpu);
    }

    @Override
    public int bindInterdomain(final int remoteDomain, final int remotePort) {
        vcpu.cross(Crossing.HYPERCALL);
        return ports.bind(remoteDomain, remotePort, processor, vcpu);
    }

    @Override
    public int bindVirq(final int virq, final int onProcessor) {
        vcpu.cross(Crossing.HYPERCALL);
        return ports.bindVirq(virq, onProcessor, vcpu);
    }

    /** What the hypervisor does when a virtual line is raised; nothing where it is not bound. */
    public void raiseVirq(final int virq) {
        ports.raiseVirq(virq, processor);
    }

    @Override
    public int bindIpi(final int onProcessor) {
        vcpu.cross(Crossing.HYPERCALL);
        return ports.hasProcessor(onProcessor)
                ? ports.open(new EventPort.Interprocessor(), onProcessor, vcpu)
                : -XenErrno.ENOENT;
    }

    @Override
    public int bindPirq(final int pirq, final int flags) {
        vcpu.cross(Crossing.HYPERCALL);
        return pirq < 0 ? -XenErrno.EINVAL : -XenErrno.EPERM;
    }

    @Override
    public int bindProcessor(final int port, final int toProcessor) {
        vcpu.cross(Crossing.HYPERCALL);
        return ports.move(port, toProcessor);
    }

    @Override
    public int close(final int port) {
        vcpu.cross(Crossing.HYPERCALL);
        return ports.close(port);
    }

    @Override
    public int reset() {
        vcpu.cross(Crossing.HYPERCALL);
        ports.reset();
        return 0;
    }

    @Override
    public int send(final int port) {
        vcpu.cross(Crossing.HYPERCALL);
        final EventPort state = ports.get(port);
        if (state instanceof EventPort.Interdomain bound) {
            vcpu.cross(Crossing.KICK);
            bound.remote().deliver(bound.remotePort());
            return 0;
        }
        if (state instanceof EventPort.Interprocessor) {
            vcpu.cross(Crossing.KICK);
            ports.deliver(port);
            return 0;
        }
        return state instanceof EventPort.Unbound ? 0 : -XenErrno.EINVAL;
    }

    @Override
    public int status(final int port) {
        vcpu.cross(Crossing.HYPERCALL);
        if (port <= 0 || port >= ports.limit()) {
            return -XenErrno.EINVAL;
        }
        final EventPort state = ports.get(port);
        return state == null ? EventChannelStatus.CLOSED : state.status();
    }

    @Override
    public void handler(final int port, final Runnable handler) {
        ports.handler(port, handler, vcpu);
    }

    @Override
    public void mask(final int port) {
        ports.mask(port);
    }

    @Override
    public void unmask(final int port) {
        ports.unmask(port, vcpu);
    }

    /** {@code EVTCHNOP_unmask}; {@code -EINVAL} for no such port, and nothing for a closed one. */
    int unmaskByHypercall(final int port) {
        final int status = status(port);
        if (status > EventChannelStatus.CLOSED) {
            ports.unmaskByHypervisor(port);
        }
        return Math.min(status, 0);
    }

    @Override
    public boolean isUpcallPending() {
        return upcall.isPending();
    }

    @Override
    public int dispatch() {
        if (!upcall.take()) {
            return 0;
        }
        vcpu.cross(Crossing.UPCALL);
        return ports.dispatch(processor);
    }

    @Override
    public int openPorts() {
        return ports.openCount();
    }

    @Override
    public int setPriority(final int port, final int priority) {
        vcpu.cross(Crossing.HYPERCALL);
        return ports.priority(port, priority);
    }

    @Override
    public int initControl(final long frame, final int offsetBytes, final int onProcessor) {
        vcpu.cross(Crossing.HYPERCALL);
        return ports.initControl(frame, offsetBytes, onProcessor);
    }

    @Override
    public int expandArray(final long frame) {
        vcpu.cross(Crossing.HYPERCALL);
        return ports.expandArray(frame);
    }

    @Override
    public int useFifo() {
        return ports.useFifo(vcpu);
    }

    /** What a port is, or null for a closed one. Safe for any number. */
    @Nullable EventPort port(final int port) {
        return ports.get(port);
    }

    /** The processor that hears of a port. Safe for any port that is open. */
    int processorOf(final int port) {
        return ports.processorOf(port);
    }
}
