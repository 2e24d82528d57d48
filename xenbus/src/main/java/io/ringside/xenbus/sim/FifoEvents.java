package io.ringside.xenbus.sim;

import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.Vcpu;
import io.ringside.xenbus.protocol.FifoControlBlock;
import io.ringside.xenbus.protocol.FifoEventWord;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * FIFO events, with the domain's half: takes words out of the queues, the most urgent queue first.
 *
 * <p>A queue begins at the head that the hypervisor wrote, and then follows the links; taking a
 * word out clears its link, so that no chain is walked twice. A port that was handled in this round
 * and comes again ends its queue for the round: what stands behind it came later still.
 *
 * <p>Threads: as {@link EventAbi} says.
 */
final class FifoEvents implements EventAbi {
    private static final int UNMASK_TRIES = 1000;

    private final FifoWords words = new FifoWords();
    private final FifoControlBlock control;
    private final FifoSender sender;
    private final Upcall upcall;
    private final PortHandlers handlers;
    private final Vcpu vcpu;

    private final int[] heads = new int[FifoControlBlock.QUEUES];
    private int[] rounds = new int[0];
    private int round;
    private int unfinished;
    private int ran;

    FifoEvents(
            final UnsafeBuffer controlBlock,
            final Upcall upcall,
            final PortHandlers handlers,
            final Vcpu vcpu) {
        this.control = new FifoControlBlock(controlBlock);
        this.sender = new FifoSender(words, control, upcall);
        this.upcall = upcall;
        this.handlers = handlers;
        this.vcpu = vcpu;
    }

    /** Adds a page of words; false if the array is whole. */
    boolean addPage(final UnsafeBuffer page) {
        rounds = Arrays.copyOf(rounds, words.count() + FifoEventWord.WORDS_PER_PAGE);
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
    public void unmask(final int port) {
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
        sender.unmask(port);
    }

    @Override
    public boolean isMasked(final int port) {
        return (words.wordVolatile(port) & FifoEventWord.MASKED) != 0;
    }

    @Override
    public int dispatch() {
        round++;
        ran = 0;
        int ready = unfinished | control.takeReadyVolatile();
        unfinished = 0;
        for (int taken = words.count(); ready != 0 && taken > 0; taken--) {
            final int queue = Integer.numberOfTrailingZeros(ready);
            if (takeOne(queue)) {
                ready &= ~(1 << queue);
            }
            ready |= control.takeReadyVolatile() & ~unfinished;
        }
        unfinished |= ready;
        if (unfinished != 0) {
            upcall.remind();
        }
        return ran;
    }

    /** Takes the first word out of a queue and runs its handler; true if that ends the queue. */
    private boolean takeOne(final int queue) {
        final int port = heads[queue] != 0 ? heads[queue] : control.headAcquire(queue);
        if (!words.has(port)) {
            heads[queue] = 0;
            return true;
        }
        if (rounds[port] == round) {
            unfinished |= 1 << queue;
            return true;
        }
        final int word =
                words.changeVolatile(port, FifoEventWord.LINKED | FifoEventWord.LINK_MASK, 0);
        heads[queue] = word == -1 ? 0 : word & FifoEventWord.LINK_MASK;
        final Runnable handler = handlers.get(port);
        // The link is out before we look for the event: who sets it later links the word again.
        if (handler != null && takePending(port)) {
            rounds[port] = round;
            handler.run();
            ran++;
        }
        return heads[queue] == 0;
    }

    private boolean takePending(final int port) {
        if ((words.wordVolatile(port) & FifoEventWord.MASKED) != 0) {
            return false;
        }
        final int before = words.changeVolatile(port, FifoEventWord.PENDING, 0);
        return before != -1 && (before & FifoEventWord.PENDING) != 0;
    }
}
