package io.ringside.xenbus.sim;

import io.ringside.xenbus.protocol.FifoControlBlock;
import io.ringside.xenbus.protocol.FifoEventWord;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The hypervisor's half of FIFO events: sets pending, and links a word that is in no queue to the
 * tail of its own.
 *
 * <p>A send to a port that is pending, masked or linked already takes no lock. Linking does, one
 * for each receiving domain and for a few instructions: were the tail exchanged without it, a word
 * could leave its queue and come back between the exchange and the link, and the queue would close
 * upon itself. Tails are the hypervisor's own; links and heads are written, never followed.
 *
 * <p>Threads: any.
 */
final class FifoSender {
    private static final int LINK_TRIES = 5;

    private final FifoWords words;
    private final FifoControlBlock control;
    private final Upcall upcall;

    private final byte[] priorities = new byte[FifoEventWord.PORTS];
    private final byte[] lastQueues = new byte[FifoEventWord.PORTS];
    private final int[] tails = new int[FifoControlBlock.QUEUES];
    private final AtomicLongArray early = new AtomicLongArray(FifoEventWord.PORTS / Long.SIZE);
    private boolean retired;

    FifoSender(final FifoWords words, final FifoControlBlock control, final Upcall upcall) {
        this.words = words;
        this.control = control;
        this.upcall = upcall;
        Arrays.fill(priorities, (byte) FifoControlBlock.PRIORITY_DEFAULT);
        Arrays.fill(lastQueues, (byte) FifoControlBlock.PRIORITY_DEFAULT);
    }

    /** Marks a port; one that has no word yet is remembered until it has. */
    void setPending(final int port) {
        if (!words.has(port)) {
            early.getAndAccumulate(port / Long.SIZE, 1L << port, (old, bit) -> old | bit);
            // The event must be remembered before we see whether the word has come meanwhile.
            if (!words.has(port)) {
                return;
            }
            clearEarly(port);
        }
        final int before = words.changeVolatile(port, 0, FifoEventWord.PENDING);
        if ((before & (FifoEventWord.MASKED | FifoEventWord.LINKED)) == 0 && link(port)) {
            upcall.raise();
        }
    }

    /** Whether an event came before the port had a word. */
    boolean isEarly(final int port) {
        return (early.get(port / Long.SIZE) & 1L << port) != 0;
    }

    /** Forgets an event that came before the port had a word. */
    void clearEarly(final int port) {
        early.getAndAccumulate(port / Long.SIZE, ~(1L << port), (old, mask) -> old & mask);
    }

    /** Delivers what came before a page of words was there. */
    void pageAdded() {
        final int end = words.count();
        for (int port = end - FifoEventWord.WORDS_PER_PAGE; port < end; port++) {
            if (port != 0 && isEarly(port)) {
                clearEarly(port);
                setPending(port);
            }
        }
    }

    /** {@code EVTCHNOP_unmask}: lets events through, the one that was kept back as well. */
    void unmask(final int port) {
        final int before = words.changeVolatile(port, FifoEventWord.MASKED, 0);
        if ((before & FifoEventWord.PENDING) != 0
                && (before & FifoEventWord.LINKED) == 0
                && link(port)) {
            upcall.raise();
        }
    }

    /** Which queue the port's next event joins. */
    synchronized void priority(final int port, final int priority) {
        priorities[port] = (byte) priority;
    }

    /** The domain has gone back to the other form: its frames are not linked any more. */
    synchronized void retire() {
        retired = true;
    }

    /** Puts a word into its queue; true if that queue was empty, and the domain must hear. */
    private synchronized boolean link(final int port) {
        if (retired) {
            return false;
        }
        final int before = words.changeVolatile(port, 0, FifoEventWord.LINKED);
        if ((before & FifoEventWord.LINKED) != 0) {
            return false;
        }
        final int queue = priorities[port];
        final int last = lastQueues[port];
        if (last != queue) {
            if (tails[last] == port) {
                // It has left that queue, which is empty then: nothing may be linked to it there.
                tails[last] = 0;
            }
            lastQueues[port] = (byte) queue;
        }
        final int tail = tails[queue];
        // A tail that is this port was taken out before, and looks linked by our own doing.
        final boolean linked = tail != 0 && tail != port && setLink(tail, port);
        tails[queue] = port;
        if (linked) {
            return false;
        }
        control.headRelease(queue, port);
        return control.setReadyVolatile(queue);
    }

    /** Links a word behind the tail; false if the tail is in no queue any more. */
    private boolean setLink(final int tail, final int port) {
        int busy = 0;
        for (int tries = 0; tries < LINK_TRIES; tries++) {
            final int word = words.wordVolatile(tail);
            if ((word & FifoEventWord.LINKED) == 0) {
                if (busy != 0) {
                    words.changeVolatile(tail, FifoEventWord.BUSY, 0);
                }
                return false;
            }
            final int linked = (word & ~(FifoEventWord.LINK_MASK | FifoEventWord.BUSY)) | port;
            if (words.compareAndSetVolatile(tail, word, linked)) {
                return true;
            }
            if (busy == 0) {
                busy = FifoEventWord.BUSY;
                words.changeVolatile(tail, 0, busy);
            }
        }
        // The domain changes a word it was asked to leave alone: its own event is lost.
        words.changeVolatile(tail, FifoEventWord.BUSY, 0);
        return true;
    }
}
