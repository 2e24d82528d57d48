package io.ringside.xenbus.sim;

import io.ringside.xenbus.protocol.FifoControlBlock;
import io.ringside.xenbus.protocol.FifoEventWord;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

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
    private static final int NOBODY = -1;

    private final FifoWords words;
    private final @Nullable FifoControlBlock[] controls;
    private final PortProcessors processors;
    private final Upcall[] upcalls;

    private final byte[] priorities = new byte[FifoEventWord.PORTS];
    private final short[] lastQueues = new short[FifoEventWord.PORTS];
    private final int[] tails;
    private final AtomicLongArray early = new AtomicLongArray(FifoEventWord.PORTS / Long.SIZE);
    private boolean retired;

    FifoSender(final FifoWords words, final PortProcessors processors, final Upcall[] upcalls) {
        this.words = words;
        this.processors = processors;
        this.upcalls = upcalls;
        controls = new FifoControlBlock[processors.count()];
        tails = new int[processors.count() * FifoControlBlock.QUEUES];
        Arrays.fill(priorities, (byte) FifoControlBlock.PRIORITY_DEFAULT);
        Arrays.fill(lastQueues, (short) FifoControlBlock.PRIORITY_DEFAULT);
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
        if ((before & (FifoEventWord.MASKED | FifoEventWord.LINKED)) == 0) {
            raise(link(port));
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
        if ((before & FifoEventWord.PENDING) != 0 && (before & FifoEventWord.LINKED) == 0) {
            raise(link(port));
        }
    }

    /** Puts a word that has an event into its queue, if it stands in none and is not masked. */
    void relink(final int port) {
        final int word = words.wordVolatile(port);
        final int of = FifoEventWord.PENDING | FifoEventWord.MASKED | FifoEventWord.LINKED;
        if ((word & of) == FifoEventWord.PENDING) {
            raise(link(port));
        }
    }

    private void raise(final int processor) {
        if (processor != NOBODY) {
            upcalls[processor].raise();
        }
    }

    /** Places the queues of a processor; until then its ports are in none. */
    synchronized void place(final int processor, final FifoControlBlock control) {
        controls[processor] = control;
    }

    /** Which queue the port's next event joins. */
    synchronized void priority(final int port, final int priority) {
        priorities[port] = (byte) priority;
    }

    /** The domain has gone back to the other form: its frames are not linked any more. */
    synchronized void retire() {
        retired = true;
    }

    /** Puts a word into its queue; the processor that must hear, if that queue was empty. */
    private synchronized int link(final int port) {
        final int processor = processors.of(port);
        final FifoControlBlock control = controls[processor];
        if (retired || control == null) {
            return NOBODY;
        }
        final int before = words.changeVolatile(port, 0, FifoEventWord.LINKED);
        if ((before & FifoEventWord.LINKED) != 0) {
            return NOBODY;
        }
        final int priority = priorities[port];
        final int queue = processor * FifoControlBlock.QUEUES + priority;
        final int last = lastQueues[port];
        if (last != queue) {
            if (tails[last] == port) {
                // It has left that queue, which is empty then: nothing may be linked to it there.
                tails[last] = 0;
            }
            lastQueues[port] = (short) queue;
        }
        final int tail = tails[queue];
        // A tail that is this port was taken out before, and looks linked by our own doing.
        final boolean linked = tail != 0 && tail != port && setLink(tail, port);
        tails[queue] = port;
        if (linked) {
            return NOBODY;
        }
        control.headRelease(priority, port);
        return control.setReadyVolatile(priority) ? processor : NOBODY;
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
