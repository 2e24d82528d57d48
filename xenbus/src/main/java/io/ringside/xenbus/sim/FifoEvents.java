package io.ringside.xenbus.sim;

import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.Vcpu;
import io.ringside.xenbus.protocol.FifoEventWord;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * FIFO events: one word a port, and queues of their own for each processor.
 *
 * <p>A processor whose control block is not placed hears nothing; its ports' events are kept.
 *
 * <p>Threads: as {@link EventAbi} says.
 */
final class FifoEvents implements EventAbi {
    private static final int UNMASK_TRIES = 1000;

    private final FifoWords words = new FifoWords();
    private final FifoSender sender;
    private final Upcall[] upcalls;
    private final PortProcessors processors;
    private final PortHandlers handlers;
    private final @Nullable FifoQueues[] queues;

    FifoEvents(
            final Upcall[] upcalls, final PortProcessors processors, final PortHandlers handlers) {
        this.sender = new FifoSender(words, processors, upcalls);
        this.upcalls = upcalls;
        this.processors = processors;
        this.handlers = handlers;
        queues = new FifoQueues[processors.count()];
    }

    /** Places the control block of a processor; false if it has one. */
    boolean place(final int processor, final UnsafeBuffer controlBlock) {
        if (queues[processor] != null) {
            return false;
        }
        queues[processor] =
                new FifoQueues(
                        processor,
                        controlBlock,
                        words,
                        sender,
                        processors,
                        handlers,
                        upcalls[processor]);
        for (int port = 1; port < words.count(); port++) {
            if (processors.of(port) == processor) {
                sender.relink(port);
            }
        }
        return true;
    }

    /** Adds a page of words; false if the array is whole. */
    boolean addPage(final UnsafeBuffer page) {
        if (!words.add(page)) {
            return false;
        }
        sender.pageAdded();
        return true;
    }

    /** Marks what stands marked in the form that the domain had before. */
    void takeOver(final TwoLevelEvents before, final PortTable ports) {
        for (int port = 1; port < before.ports(); port++) {
            if (ports.get(port) != null && before.isPending(port)) {
                setPending(port);
            }
        }
    }

    /** Whether a port has a word. */
    boolean hasWord(final int port) {
        return words.has(port);
    }

    /** Which queue a port's next event joins. */
    void priority(final int port, final int priority) {
        sender.priority(port, priority);
    }

    /** The domain has gone back to the other form. */
    void retire() {
        sender.retire();
    }

    @Override
    public int ports() {
        return FifoEventWord.PORTS;
    }

    @Override
    public void setPending(final int port) {
        sender.setPending(port);
    }

    @Override
    public void clearPending(final int port) {
        sender.clearEarly(port);
        words.changeVolatile(port, FifoEventWord.PENDING, 0);
    }

    @Override
    public boolean isPending(final int port) {
        return sender.isEarly(port) || (words.wordVolatile(port) & FifoEventWord.PENDING) != 0;
    }

    @Override
    public void mask(final int port) {
        words.changeVolatile(port, 0, FifoEventWord.MASKED);
    }

    /** Without an event the domain does it alone; with one it asks, so that the word is linked. */
    @Override
    public void unmask(final int port, final Vcpu vcpu) {
        for (int tries = 0; tries < UNMASK_TRIES; tries++) {
            final int word = words.wordVolatile(port);
            if ((word & FifoEventWord.MASKED) == 0) {
                return;
            }
            if ((word & FifoEventWord.PENDING) != 0) {
                break;
            }
            if ((word & FifoEventWord.BUSY) == 0
                    && words.compareAndSetVolatile(port, word, word & ~FifoEventWord.MASKED)) {
                return;
            }
        }
        vcpu.cross(Crossing.HYPERCALL);
        unmaskByHypervisor(port);
    }

    @Override
    public void unmaskByHypervisor(final int port) {
        sender.unmask(port);
    }

    @Override
    public boolean isMasked(final int port) {
        return (words.wordVolatile(port) & FifoEventWord.MASKED) != 0;
    }

    /** A word that is linked is passed on by the processor that finds it in its queue. */
    @Override
    public void moved(final int port) {
        sender.relink(port);
    }

    @Override
    public int dispatch(final int processor) {
        final FifoQueues own = queues[processor];
        return own == null ? 0 : own.dispatch();
    }
}
