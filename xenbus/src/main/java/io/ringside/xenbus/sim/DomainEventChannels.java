package io.ringside.xenbus.sim;

import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.Doorbell;
import io.ringside.hypervisor.Vcpu;
import io.ringside.xenbus.event.EventChannels;
import io.ringside.xenbus.protocol.EventChannelStatus;
import io.ringside.xenbus.protocol.SharedInfo;
import io.ringside.xenbus.protocol.XenErrno;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The event channels of one domain, two-level: bits in the page it shares with the hypervisor.
 *
 * <p>A sender marks, in this order and each step only if it was the first to: the port, its word,
 * the processor; then it rings the domain's doorbell. The domain clears them in the opposite order
 * before it looks at what the event was about, so that whatever comes later marks them again.
 *
 * <p>A port is masked until it has a handler, so that an event which comes before is kept. A close
 * that crosses a send of the peer may leave one event on the port's next user: a handler looks for
 * work and finds none.
 *
 * <p>Threads: the domain's own, and any sender's in {@link #deliver}. Binding and closing change
 * both ends under the hypervisor's lock; sending and dispatching take no lock.
 */
public final class DomainEventChannels implements EventChannels {
    private static final int VCPU = 0;

    /** What a port is; null is closed. */
    private sealed interface Port {
        /** Waits for a domain to bind it. */
        record Unbound(int remoteDomain) implements Port {}

        /** Bound to a port of another domain. */
        record Interdomain(DomainEventChannels remote, int remotePort) implements Port {}
    }

    private final int domain;
    private final SimulatedXen xen;
    private final Vcpu vcpu;
    private final Doorbell doorbell;
    private final SharedInfo shared;

    private final AtomicReferenceArray<@Nullable Port> ports =
            new AtomicReferenceArray<>(SharedInfo.PORTS);
    private final @Nullable Runnable[] handlers = new Runnable[SharedInfo.PORTS];

    DomainEventChannels(
            final int domain,
            final SimulatedXen xen,
            final Vcpu vcpu,
            final Doorbell doorbell,
            final SharedInfo shared) {
        this.domain = domain;
        this.xen = xen;
        this.vcpu = vcpu;
        this.doorbell = doorbell;
        this.shared = shared;
        for (int port = 0; port < SharedInfo.PORTS; port++) {
            shared.setMaskVolatile(port);
        }
    }

    @Override
    public int allocUnbound(final int remoteDomain) {
        vcpu.cross(Crossing.HYPERCALL);
        synchronized (xen.eventLock()) {
            final int port = freePort();
            if (port > 0) {
                ports.setRelease(port, new Port.Unbound(remoteDomain));
            }
            return port;
        }
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
            if (!peer.isReservedFor(domain, remotePort)) {
                return -XenErrno.EINVAL;
            }
            port = freePort();
            if (port < 0) {
                return port;
            }
            ports.setRelease(port, new Port.Interdomain(peer, remotePort));
            peer.ports.setRelease(remotePort, new Port.Interdomain(this, port));
        }
        // What the peer sent before it was bound went nowhere: the handler must look once.
        deliver(port);
        return port;
    }

    @Override
    public int send(final int port) {
        vcpu.cross(Crossing.HYPERCALL);
        final Port state = isPort(port) ? ports.getAcquire(port) : null;
        if (state instanceof Port.Interdomain bound) {
            vcpu.cross(Crossing.KICK);
            bound.remote().deliver(bound.remotePort());
            return 0;
        }
        return state == null ? -XenErrno.EINVAL : 0;
    }

    @Override
    public int close(final int port) {
        vcpu.cross(Crossing.HYPERCALL);
        return closePort(port);
    }

    @Override
    public int status(final int port) {
        vcpu.cross(Crossing.HYPERCALL);
        if (!isPort(port)) {
            return -XenErrno.EINVAL;
        }
        final Port state = ports.getAcquire(port);
        if (state == null) {
            return EventChannelStatus.CLOSED;
        }
        return switch (state) {
            case Port.Unbound unbound -> EventChannelStatus.UNBOUND;
            case Port.Interdomain bound -> EventChannelStatus.INTERDOMAIN;
        };
    }

    @Override
    public void handler(final int port, final Runnable handler) {
        handlers[openPort(port)] = handler;
        // Masked first, so that unmasking finds an event that came while there was no handler.
        shared.setMaskVolatile(port);
        unmask(port);
    }

    @Override
    public void mask(final int port) {
        shared.setMaskVolatile(openPort(port));
    }

    @Override
    public void unmask(final int port) {
        if (shared.clearMaskVolatile(openPort(port)) && shared.isPendingVolatile(port)) {
            markProcessor(port);
        }
    }

    @Override
    public boolean isUpcallPending() {
        return shared.isUpcallVolatile(VCPU);
    }

    @Override
    public int dispatch() {
        if (!shared.isUpcallVolatile(VCPU)) {
            return 0;
        }
        shared.takeUpcallVolatile(VCPU);
        vcpu.cross(Crossing.INTERRUPT);
        int ran = 0;
        long words = shared.takeSelectorVolatile(VCPU);
        while (words != 0) {
            ran += dispatchWord(Long.numberOfTrailingZeros(words));
            words &= words - 1;
        }
        return ran;
    }

    @Override
    public int openPorts() {
        int open = 0;
        for (int port = 1; port < SharedInfo.PORTS; port++) {
            if (ports.getAcquire(port) != null) {
                open++;
            }
        }
        return open;
    }

    /** Closes every port: the domain is gone. */
    void close() {
        for (int port = 1; port < SharedInfo.PORTS; port++) {
            if (ports.getAcquire(port) != null) {
                closePort(port);
            }
        }
    }

    /** Marks one of this domain's ports, on the sender's thread. */
    private void deliver(final int port) {
        if (shared.setPendingVolatile(port) && !shared.isMaskedVolatile(port)) {
            markProcessor(port);
        }
    }

    private void markProcessor(final int port) {
        if (shared.setSelectorVolatile(VCPU, port >>> SharedInfo.PORTS_PER_WORD_SHIFT)
                && shared.setUpcallVolatile(VCPU)
                && !shared.isUpcallMaskedVolatile(VCPU)) {
            doorbell.ring();
        }
    }

    /** Runs the handlers of the ports that are ready now; handlers may change what comes after. */
    private int dispatchWord(final int word) {
        int ran = 0;
        long ready = shared.readyWordVolatile(word);
        while (ready != 0) {
            final int port =
                    (word << SharedInfo.PORTS_PER_WORD_SHIFT) + Long.numberOfTrailingZeros(ready);
            ready &= ready - 1;
            final Runnable handler = handlers[port];
            if (handler != null
                    && !shared.isMaskedVolatile(port)
                    && shared.clearPendingVolatile(port)) {
                handler.run();
                ran++;
            }
        }
        return ran;
    }

    private int closePort(final int port) {
        if (!isPort(port)) {
            return -XenErrno.EINVAL;
        }
        synchronized (xen.eventLock()) {
            final Port state = ports.getAcquire(port);
            if (state == null) {
                return -XenErrno.EINVAL;
            }
            if (state instanceof Port.Interdomain bound) {
                bound.remote().ports.setRelease(bound.remotePort(), new Port.Unbound(domain));
            }
            ports.setRelease(port, null);
            handlers[port] = null;
            shared.setMaskVolatile(port);
            shared.clearPendingVolatile(port);
            return 0;
        }
    }

    private boolean isReservedFor(final int binder, final int port) {
        return isPort(port)
                && ports.getAcquire(port) instanceof Port.Unbound unbound
                && unbound.remoteDomain() == binder;
    }

    private int freePort() {
        for (int port = 1; port < SharedInfo.PORTS; port++) {
            if (ports.getAcquire(port) == null) {
                shared.clearPendingVolatile(port);
                return port;
            }
        }
        return -XenErrno.ENOSPC;
    }

    private int openPort(final int port) {
        if (!isPort(port) || ports.getAcquire(port) == null) {
            throw new IllegalArgumentException("port is not open: port=" + port);
        }
        return port;
    }

    private static boolean isPort(final int port) {
        return port > 0 && port < SharedInfo.PORTS;
    }
}
