package io.ringside.xenbus.sim;

import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Vcpu;
import io.ringside.xenbus.protocol.FifoControlBlock;
import io.ringside.xenbus.protocol.FifoEventWord;
import io.ringside.xenbus.protocol.SharedInfo;
import io.ringside.xenbus.protocol.XenErrno;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What the ports of one domain are, over one of two forms of their events.
 *
 * <p>A port is masked until it has a handler, so that an event which comes before is kept. A close
 * that crosses a send of the peer may leave one event on the port's next user: a handler looks for
 * work and finds none.
 *
 * <p>Threads: each processor's of the domain, and any sender's in {@link #deliver}. Binding and
 * closing change both ends under the hypervisor's lock; sending and dispatching do not take it. The
 * form is changed, and the domain suspended, while all processors but one are quiet.
 */
final class DomainPorts {
    private final Domain domain;
    private final SimulatedXen xen;
    private final SharedInfo shared;
    private final FifoFrames fifoFrames;
    private final Upcall[] upcalls;
    private final PortProcessors processors;
    private final PortHandlers handlers = new PortHandlers();

    private final VirqPorts virqPorts;
    private final PortTable ports = new PortTable();
    private final TwoLevelEvents twoLevel;
    private volatile EventAbi abi;
    private volatile boolean placesWords;

    DomainPorts(
            final Domain domain,
            final SimulatedXen xen,
            final SharedInfo shared,
            final Upcall[] upcalls,
            final FifoFrames fifoFrames) {
        this.domain = domain;
        this.xen = xen;
        this.shared = shared;
        this.upcalls = upcalls;
        this.fifoFrames = fifoFrames;
        processors = new PortProcessors(upcalls.length);
        virqPorts = new VirqPorts(upcalls.length);
        twoLevel = new TwoLevelEvents(shared, upcalls, processors, handlers);
        abi = twoLevel;
        twoLevel.maskAll();
    }

    /** The number of the domain whose ports these are. */
    int domainId() {
        return domain.id();
    }

    /** What a port is, or null for a closed one. Safe for any number. */
    @Nullable EventPort get(final int port) {
        return ports.get(port);
    }

    /** One more than the highest port of the form in use. */
    int limit() {
        return abi.ports();
    }

    /** How many ports are not closed. */
    int openCount() {
        return ports.openCount();
    }

    /** Whether there is a processor of a number. Safe for any number. */
    boolean hasProcessor(final int processor) {
        return processors.has(processor);
    }

    /** The processor that hears of a port. */
    int processorOf(final int port) {
        return processors.of(port);
    }

    // ---- opening and closing

    /** A free port that is now what it is said to be, or a negative errno. */
    int open(final EventPort state, final int processor, final Vcpu vcpu) {
        final int port;
        synchronized (xen.eventLock()) {
            port = take(state, processor);
        }
        return port < 0 ? port : withWord(port, vcpu);
    }

    int bind(final int remoteDomain, final int remotePort, final int processor, final Vcpu vcpu) {
        final Domain remote = xen.domain(remoteDomain);
        if (remote == null) {
            return -XenErrno.ESRCH;
        }
        final int port;
        synchronized (xen.eventLock()) {
            final DomainPorts peer = remote.ports();
            if (!peer.ports.isReservedFor(domain.id(), remotePort)) {
                return -XenErrno.EINVAL;
            }
            port = take(new EventPort.Interdomain(peer, remotePort), processor);
            if (port < 0) {
                return port;
            }
            peer.ports.change(remotePort, new EventPort.Interdomain(this, port));
        }
        // What the peer sent before it was bound went nowhere: the handler must look once.
        deliver(port);
        return withWord(port, vcpu);
    }

    int bindVirq(final int virq, final int processor, final Vcpu vcpu) {
        final int refusal = virqPorts.check(virq, processor);
        if (refusal != 0) {
            return refusal;
        }
        final int port = open(new EventPort.VirtualLine(virq, processor), processor, vcpu);
        if (port > 0) {
            virqPorts.set(virq, processor, port);
        }
        return port;
    }

    void raiseVirq(final int virq, final int processor) {
        final int port = virqPorts.get(virq, processor);
        if (port != 0) {
            deliver(port);
        }
    }

    /** Has another processor hear of a port; an event that it was not told of it hears of now. */
    int move(final int port, final int processor) {
        if (!processors.has(processor)) {
            return -XenErrno.ENOENT;
        }
        final EventPort state = ports.get(port);
        if (state == null || !state.isMovable()) {
            return -XenErrno.EINVAL;
        }
        processors.set(port, processor);
        abi.moved(port);
        return 0;
    }

    int close(final int port) {
        synchronized (xen.eventLock()) {
            if (ports.get(port) == null) {
                return -XenErrno.EINVAL;
            }
            unbind(port);
            ports.close(port);
            return 0;
        }
    }

    /** Closes every port: the domain is gone, or begins again. */
    void closeAll() {
        for (int port = ports.nextOpen(0); port != 0; port = ports.nextOpen(port)) {
            close(port);
        }
    }

    /** The caller holds the lock of the hypervisor's event channels. */
    private void unbind(final int port) {
        final EventPort state = ports.get(port);
        if (state instanceof EventPort.Interdomain bound) {
            bound.remote().ports.change(bound.remotePort(), new EventPort.Unbound(domain.id()));
        } else if (state instanceof EventPort.VirtualLine line) {
            virqPorts.set(line.virq(), line.processor(), 0);
        }
        handlers.set(port, null);
        abi.mask(port);
        abi.clearPending(port);
    }

    /** A free port, or {@code -ENOSPC}. The caller holds the lock. */
    private int take(final EventPort state, final int processor) {
        final int port = ports.lowestFree();
        if (port == 0) {
            return -XenErrno.ENOSPC;
        }
        abi.clearPending(port);
        processors.set(port, processor);
        if (abi instanceof FifoEvents fifo) {
            fifo.priority(port, FifoControlBlock.PRIORITY_DEFAULT);
        }
        ports.open(port, state);
        return port;
    }

    /** What the domain does for a new port: sees to it that the port has an event word. */
    private int withWord(final int port, final Vcpu vcpu) {
        if (expandTo(port, vcpu)) {
            return port;
        }
        close(port);
        return -XenErrno.ENOSPC;
    }

    // ---- events

    /** Marks one of this domain's ports, on the sender's thread. */
    void deliver(final int port) {
        final EventAbi now = abi;
        now.setPending(port);
        // If the form changed meanwhile the event may stand in the old one: once more is no harm.
        final EventAbi later = abi;
        if (later != now) {
            later.setPending(port);
        }
    }

    void handler(final int port, final Runnable handler, final Vcpu vcpu) {
        handlers.set(ports.checkedOpen(port), handler);
        // Masked first, so that unmasking finds an event that came while there was no handler.
        abi.mask(port);
        abi.unmask(port, vcpu);
    }

    void mask(final int port) {
        abi.mask(ports.checkedOpen(port));
    }

    void unmask(final int port, final Vcpu vcpu) {
        abi.unmask(ports.checkedOpen(port), vcpu);
    }

    void unmaskByHypervisor(final int port) {
        abi.unmaskByHypervisor(port);
    }

    int dispatch(final int processor) {
        return abi.dispatch(processor);
    }

    // ---- the form of events

    boolean isFifo() {
        return abi instanceof FifoEvents;
    }

    int priority(final int port, final int priority) {
        if (!(abi instanceof FifoEvents fifo)) {
            return -XenErrno.ENOSYS;
        }
        if (priority < 0 || priority > FifoControlBlock.PRIORITY_MIN || ports.get(port) == null) {
            return -XenErrno.EINVAL;
        }
        fifo.priority(port, priority);
        return 0;
    }

    int initControl(final long frame, final int offsetBytes, final int processor) {
        if (!processors.has(processor)) {
            return -XenErrno.ENOENT;
        }
        final UnsafeBuffer block = fifoFrames.controlBlock(frame, offsetBytes);
        if (block == null) {
            return -XenErrno.EINVAL;
        }
        if (abi instanceof FifoEvents fifo) {
            return fifo.place(processor, block) ? 0 : -XenErrno.EINVAL;
        }
        final FifoEvents fifo = new FifoEvents(upcalls, processors, handlers);
        fifo.place(processor, block);
        synchronized (xen.eventLock()) {
            ports.resize(FifoEventWord.PORTS);
            abi = fifo;
        }
        // The new form must be out before we look for events that came in the old one.
        fifo.takeOver(twoLevel, ports);
        return 0;
    }

    int expandArray(final long frame) {
        if (!(abi instanceof FifoEvents fifo)) {
            return -XenErrno.EOPNOTSUPP;
        }
        final UnsafeBuffer page = new UnsafeBuffer(0, 0);
        if (!fifoFrames.wrap(page, frame, 0, GuestMemory.PAGE_BYTES)) {
            return -XenErrno.EINVAL;
        }
        return fifo.addPage(page) ? 0 : -XenErrno.ENOSPC;
    }

    int useFifo(final Vcpu vcpu) {
        final int last = ports.highestOpen();
        if (!fifoFrames.hasRoomFor(processors.count() + FifoEventWord.pagesFor(last))) {
            return -XenErrno.ENOSPC;
        }
        for (int processor = 0; processor < processors.count(); processor++) {
            vcpu.cross(Crossing.HYPERCALL);
            final int answer = initControl(fifoFrames.nextControl(), 0, processor);
            if (answer != 0) {
                fifoFrames.putBack(1);
                return answer;
            }
        }
        placesWords = true;
        if (!expandTo(last, vcpu)) {
            return -XenErrno.ENOSPC;
        }
        for (int port = ports.nextOpen(0); port != 0; port = ports.nextOpen(port)) {
            if (!twoLevel.isMasked(port)) {
                abi.unmask(port, vcpu);
            }
        }
        return 0;
    }

    private boolean expandTo(final int port, final Vcpu vcpu) {
        while (placesWords && abi instanceof FifoEvents fifo && !fifo.hasWord(port)) {
            vcpu.cross(Crossing.HYPERCALL);
            synchronized (fifoFrames) {
                if (!fifo.hasWord(port)) {
                    final int frame = fifoFrames.nextWords();
                    if (frame == FifoFrames.NO_FRAME || expandArray(frame) != 0) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    void reset() {
        closeAll();
        if (leaveFifo()) {
            synchronized (xen.eventLock()) {
                ports.resize(SharedInfo.PORTS);
            }
        }
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
        placesWords = false;
        return true;
    }

    // ---- suspend

    /** Every open port is lost, and bound to nothing. */
    void suspend() {
        synchronized (xen.eventLock()) {
            for (int port = ports.nextOpen(0); port != 0; port = ports.nextOpen(port)) {
                unbind(port);
                ports.change(port, new EventPort.Lost());
            }
        }
    }

    /**
     * Begins again with all ports masked, and with FIFO if the domain had chosen it by {@link
     * #useFifo}; a guest that has placed words of its own places them again.
     */
    void resume(final Vcpu vcpu) {
        final boolean placedWords = placesWords;
        if (leaveFifo() && !placedWords) {
            synchronized (xen.eventLock()) {
                ports.resize(SharedInfo.PORTS);
            }
        }
        shared.clear();
        twoLevel.maskAll();
        if (placedWords && useFifo(vcpu) != 0) {
            throw new IllegalStateException("no frames for event words: " + domain);
        }
    }
}
