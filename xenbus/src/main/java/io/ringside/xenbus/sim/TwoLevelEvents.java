package io.ringside.xenbus.sim;

import io.ringside.hypervisor.Vcpu;
import io.ringside.xenbus.protocol.SharedInfo;

/**
 * Two-level events: bits in the page that the domain shares with the hypervisor.
 *
 * <p>A sender marks, in this order and each step only if it was the first to: the port, its word,
 * the processor; then it rings the domain's doorbell. The domain clears them in the opposite order
 * before it looks at what the event was about, so that whatever comes later marks them again.
 *
 * <p>A word of bits may hold ports of several processors: each takes its own.
 *
 * <p>Threads: as {@link EventAbi} says; no locks.
 */
final class TwoLevelEvents implements EventAbi {
    private final SharedInfo shared;
    private final Upcall[] upcalls;
    private final PortProcessors processors;
    private final PortHandlers handlers;

    TwoLevelEvents(
            final SharedInfo shared,
            final Upcall[] upcalls,
            final PortProcessors processors,
            final PortHandlers handlers) {
        this.shared = shared;
        this.upcalls = upcalls;
        this.processors = processors;
        this.handlers = handlers;
    }

    /** Keeps the events of every port back: none has a handler. */
    void maskAll() {
        for (int port = 0; port < SharedInfo.PORTS; port++) {
            shared.setMaskVolatile(port);
        }
    }

    @Override
    public int ports() {
        return SharedInfo.PORTS;
    }

    @Override
    public void setPending(final int port) {
        if (port < SharedInfo.PORTS
                && shared.setPendingVolatile(port)
                && !shared.isMaskedVolatile(port)) {
            markWord(port);
        }
    }

    @Override
    public void clearPending(final int port) {
        shared.clearPendingVolatile(port);
    }

    @Override
    public boolean isPending(final int port) {
        return shared.isPendingVolatile(port);
    }

    @Override
    public void mask(final int port) {
        shared.setMaskVolatile(port);
    }

    @Override
    public void unmask(final int port, final Vcpu vcpu) {
        unmaskByHypervisor(port);
    }

    @Override
    public void unmaskByHypervisor(final int port) {
        if (shared.clearMaskVolatile(port) && shared.isPendingVolatile(port)) {
            markWord(port);
        }
    }

    @Override
    public boolean isMasked(final int port) {
        return port >= SharedInfo.PORTS || shared.isMaskedVolatile(port);
    }

    @Override
    public void moved(final int port) {
        if (shared.isPendingVolatile(port) && !shared.isMaskedVolatile(port)) {
            markWord(port);
        }
    }

    @Override
    public int dispatch(final int processor) {
        int ran = 0;
        long words = shared.takeSelectorVolatile(processor);
        while (words != 0) {
            ran += dispatchWord(processor, Long.numberOfTrailingZeros(words));
            words &= words - 1;
        }
        return ran;
    }

    /** Runs the handlers of the ports that are ready now; handlers may change what comes after. */
    private int dispatchWord(final int processor, final int word) {
        int ran = 0;
        long ready = shared.readyWordVolatile(word);
        while (ready != 0) {
            final int port =
                    (word << SharedInfo.PORTS_PER_WORD_SHIFT) + Long.numberOfTrailingZeros(ready);
            ready &= ready - 1;
            final Runnable handler = handlers.get(port);
            if (handler != null
                    && processors.of(port) == processor
                    && !shared.isMaskedVolatile(port)
                    && shared.clearPendingVolatile(port)) {
                handler.run();
                ran++;
            }
        }
        return ran;
    }

    private void markWord(final int port) {
        final int processor = processors.of(port);
        if (shared.setSelectorVolatile(processor, port >>> SharedInfo.PORTS_PER_WORD_SHIFT)) {
            upcalls[processor].raise();
        }
    }
}
