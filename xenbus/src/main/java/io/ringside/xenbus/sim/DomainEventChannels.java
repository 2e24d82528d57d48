package io.ringside.xenbus.sim;

import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Vcpu;
import io.ringside.xenbus.event.EventChannelControl;
import io.ringside.xenbus.protocol.EventChannelStatus;
import io.ringside.xenbus.protocol.FifoControlBlock;
import io.ringside.xenbus.protocol.FifoEventWord;
import io.ringside.xenbus.protocol.SharedInfo;
import io.ringside.xenbus.protocol.XenErrno;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The event channels of one domain: what its ports are, over one of two forms of their events.
 *
 * <p>A port is masked until it has a handler, so that an event which comes before is kept. A close
 * that crosses a send of the peer may leave one event on the port's next user: a handler looks for
 * work and finds none. A domain has one processor, number 0.
 *
 * <p>Threads: the domain's own, and any sender's in {@link #deliver}. Binding and closing change
 * both ends under the hypervisor's lock; sending and dispatching do not take it.
 */
public final class DomainEventChannels implements EventChannelControl {
    private final Domain domain;
    private final SimulatedXen xen;
    private final Vcpu vcpu;
    private final SharedInfo shared;
    private final FifoFrames fifoFrames;
    private final Upcall upcall;
    private final PortHandlers handlers = new PortHandlers();

    private final VirqPorts virqPorts = new VirqPorts(1);
    private final PortTable ports = new PortTable();
    private final TwoLevelEvents twoLevel;
    private volatile EventAbi abi;

    DomainEventChannels(
            final Domain domain,
            final SimulatedXen xen,
            final Vcpu vcpu,
            final Upcall upcall,
            final SharedInfo shared,
            final FifoFrames fifoFrames) {
        this.domain = domain;
        this.xen = xen;
        this.vcpu = vcpu;
        this.upcall = upcall;
        this.shared = shared;
        this.fifoFrames = fifoFrames;
        twoLevel = new TwoLevelEvents(shared, upcall, handlers);
        abi = twoLevel;
        twoLevel.maskAll();
    }

    @Override
    public int allocUnbound(final int remoteDomain) {
        vcpu.cross(Crossing.HYPERCALL);
        return open(new EventPort.Unbound(remoteDomain));
    }

    @Override
    public int bindInterdomain(final int remoteDomain, final int remotePort) {
        vcpu.cross(Crossing.HYPERCALL);
        final Domain remote = xen.domain(remoteDomain);
        if (remote == null) {
            return -XenErrno.ESRCH;
        }
        final int port;
        synchronized (xen.eventLock()) {
            final DomainEventChannels peer = remote.eventChannels();
            if (!peer.isReservedFor(domain.id(), remotePort)) {
                return -XenErrno.EINVAL;
            }
            port = take(new EventPort.Interdomain(peer, remotePort));
            if (port < 0) {
                return port;
            }
            peer.ports.change(remotePort, new EventPort.Interdomain(this, port));
        }
        // What the peer sent before it was bound went nowhere: the handler must look once.
        deliver(port);
        return withWord(port);
    }

    @Override
    public int bindVirq(final int virq, final int processor) {
        vcpu.cross(Crossing.HYPERCALL);
        final int refusal = virqPorts.check(virq, processor);
        if (refusal != 0) {
            return refusal;
        }
        final int port = open(new EventPort.VirtualLine(virq));
        if (port > 0) {
            virqPorts.set(virq, processor, port);
        }
        return port;
    }

    /** What the hypervisor does when a virtual line is raised; nothing where it is not bound. */
    public void raiseVirq(final int virq) {
        final int port = virqPorts.get(virq, 0);
        if (port != 0) {
            deliver(port);
        }
    }

    @Override
    public int bindIpi(final int processor) {
        vcpu.cross(Crossing.HYPERCALL);
        return processor != 0 ? -XenErrno.ENOENT : open(new EventPort.Interprocessor());
    }

    @Override
    public int bindPirq(final int pirq, final int flags) {
        vcpu.cross(Crossing.HYPERCALL);
        return pirq < 0 ? -XenErrno.EINVAL : -XenErrno.EPERM;
    }

    @Override
    public int bindProcessor(final int port, final int processor) {
        vcpu.cross(Crossing.HYPERCALL);
        if (processor != 0) {
            return -XenErrno.ENOENT;
        }
        final EventPort state = ports.get(port);
        return state != null && state.isMovable() ? 0 : -XenErrno.EINVAL;
    }

    @Override
    public int close(final int port) {
        vcpu.cross(Crossing.HYPERCALL);
        return closePort(port);
    }

    @Override
    public int reset() {
        vcpu.cross(Crossing.HYPERCALL);
        close();
        if (leaveFifo()) {
            synchronized (xen.eventLock()) {
                ports.resize(SharedInfo.PORTS);
            }
        }
        return 0;
    }

    /** Goes back to the two-level form, every port masked; true if it was the other. */
    private boolean leaveFifo() {
        if (!(abi instanceof FifoEvents fifo)) {
            return false;
        }
        twoLevel.maskAll();
        abi = twoLevel;
        fifo.retire();
        fifoFrames.reset();
        return true;
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
            deliver(port);
            return 0;
        }
        return state instanceof EventPort.Unbound ? 0 : -XenErrno.EINVAL;
    }

    @Override
    public int status(final int port) {
        vcpu.cross(Crossing.HYPERCALL);
        if (port <= 0 || port >= abi.ports()) {
            return -XenErrno.EINVAL;
        }
        final EventPort state = ports.get(port);
        return state == null ? EventChannelStatus.CLOSED : state.status();
    }

    @Override
    public void handler(final int port, final Runnable handler) {
        handlers.set(ports.checkOpen(port), handler);
        // Masked first, so that unmasking finds an event that came while there was no handler.
        abi.mask(port);
        abi.unmask(port);
    }

    @Override
    public void mask(final int port) {
        abi.mask(ports.checkOpen(port));
    }

    @Override
    public void unmask(final int port) {
        abi.unmask(ports.checkOpen(port));
    }

    @Override
    public boolean isUpcallPending() {
        return shared.isUpcallVolatile(0);
    }

    @Override
    public int dispatch() {
        if (!shared.isUpcallVolatile(0)) {
            return 0;
        }
        shared.takeUpcallVolatile(0);
        vcpu.cross(Crossing.INTERRUPT);
        return abi.dispatch();
    }

    @Override
    public int openPorts() {
        return ports.openCount();
    }

    @Override
    public int setPriority(final int port, final int priority) {
        vcpu.cross(Crossing.HYPERCALL);
        if (!(abi instanceof FifoEvents fifo)) {
            return -XenErrno.ENOSYS;
        }
        if (priority < 0 || priority > FifoControlBlock.PRIORITY_MIN || ports.get(port) == null) {
            return -XenErrno.EINVAL;
        }
        fifo.priority(port, priority);
        return 0;
    }

    @Override
    public int initControl(final long frame, final int offsetBytes, final int processor) {
        vcpu.cross(Crossing.HYPERCALL);
        if (processor != 0) {
            return -XenErrno.ENOENT;
        }
        final UnsafeBuffer block = new UnsafeBuffer(0, 0);
        if (abi instanceof FifoEvents || !fifoFrames.wrapControl(block, frame, offsetBytes)) {
            return -XenErrno.EINVAL;
        }
        final FifoEvents fifo = new FifoEvents(block, upcall, handlers, vcpu);
        synchronized (xen.eventLock()) {
            ports.resize(FifoEventWord.PORTS);
            abi = fifo;
        }
        // The new form must be out before we look for events that came in the old one.
        fifo.takeOver(twoLevel, ports);
        return 0;
    }

    @Override
    public int expandArray(final long frame) {
        vcpu.cross(Crossing.HYPERCALL);
        if (!(abi instanceof FifoEvents fifo)) {
            return -XenErrno.EOPNOTSUPP;
        }
        final UnsafeBuffer page = new UnsafeBuffer(0, 0);
        if (!fifoFrames.wrap(page, frame, 0, GuestMemory.PAGE_BYTES)) {
            return -XenErrno.EINVAL;
        }
        return fifo.addPage(page) ? 0 : -XenErrno.ENOSPC;
    }

    @Override
    public int useFifo() {
        final int last = ports.highestOpen();
        if (!fifoFrames.hasRoomFor(1 + FifoEventWord.pagesFor(last))) {
            return -XenErrno.ENOSPC;
        }
        final int answer = initControl(fifoFrames.nextControl(), 0, 0);
        if (answer != 0) {
            fifoFrames.putBack();
            return answer;
        }
        if (!expandTo(last)) {
            return -XenErrno.ENOSPC;
        }
        for (int port = ports.nextOpen(0); port != 0; port = ports.nextOpen(port)) {
            if (!twoLevel.isMasked(port)) {
                abi.unmask(port);
            }
        }
        return 0;
    }

    /** Closes every port: the domain is gone, or begins again. */
    void close() {
        for (int port = ports.nextOpen(0); port != 0; port = ports.nextOpen(port)) {
            closePort(port);
        }
    }

    /** Every open port is lost, and bound to nothing: the domain is suspended. */
    void suspend() {
        synchronized (xen.eventLock()) {
            for (int port = ports.nextOpen(0); port != 0; port = ports.nextOpen(port)) {
                unbind(port);
                ports.change(port, new EventPort.Lost());
            }
        }
    }

    /** Begins again with all ports masked, in the form that the domain had chosen. */
    void resume() {
        final boolean wasFifo = leaveFifo();
        shared.clear();
        twoLevel.maskAll();
        if (wasFifo && useFifo() != 0) {
            throw new IllegalStateException("no frames for event words: " + domain);
        }
    }

    /** Marks one of this domain's ports, on the sender's thread. */
    private void deliver(final int port) {
        final EventAbi now = abi;
        now.setPending(port);
        // If the form changed meanwhile the event may stand in the old one: once more is no harm.
        final EventAbi later = abi;
        if (later != now) {
            later.setPending(port);
        }
    }

    private int open(final EventPort state) {
        final int port;
        synchronized (xen.eventLock()) {
            port = take(state);
        }
        return port < 0 ? port : withWord(port);
    }

    /** A free port that is now what it is said to be, or {@code -ENOSPC}. */
    private int take(final EventPort state) {
        final int port = ports.lowestFree();
        if (port == 0) {
            return -XenErrno.ENOSPC;
        }
        abi.clearPending(port);
        if (abi instanceof FifoEvents fifo) {
            fifo.priority(port, FifoControlBlock.PRIORITY_DEFAULT);
        }
        ports.open(port, state);
        return port;
    }

    /** What the domain does for a new port: sees to it that the port has an event word. */
    private int withWord(final int port) {
        if (expandTo(port)) {
            return port;
        }
        closePort(port);
        return -XenErrno.ENOSPC;
    }

    private boolean expandTo(final int port) {
        while (abi instanceof FifoEvents fifo && !fifo.hasWord(port)) {
            final int frame = fifoFrames.nextWords();
            if (frame == FifoFrames.NO_FRAME || expandArray(frame) != 0) {
                return false;
            }
        }
        return true;
    }

    private int closePort(final int port) {
        synchronized (xen.eventLock()) {
            if (ports.get(port) == null) {
                return -XenErrno.EINVAL;
            }
            unbind(port);
            ports.close(port);
            return 0;
        }
    }

    /** The caller holds the lock of the hypervisor's event channels. */
    private void unbind(final int port) {
        final EventPort state = ports.get(port);
        if (state instanceof EventPort.Interdomain bound) {
            bound.remote().ports.change(bound.remotePort(), new EventPort.Unbound(domain.id()));
        } else if (state instanceof EventPort.VirtualLine line) {
            virqPorts.set(line.virq(), 0, 0);
        }
        handlers.set(port, null);
        abi.mask(port);
        abi.clearPending(port);
    }

    private boolean isReservedFor(final int binder, final int port) {
        return ports.get(port) instanceof EventPort.Unbound(int expected) && expected == binder;
    }
}
