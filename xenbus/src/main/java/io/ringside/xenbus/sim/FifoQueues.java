package io.ringside.xenbus.sim;

import io.ringside.xenbus.protocol.FifoControlBlock;
import io.ringside.xenbus.protocol.FifoEventWord;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The queues of one processor, and its half of them: takes words out, the most urgent queue first.
 *
 * <p>A queue begins at the head that the hypervisor wrote, and then follows the links; taking a
 * word out clears its link, so that no chain is walked twice. A port that was handled in this round
 * and comes again ends its queue for the round: what stands behind it came later still. A port that
 * has moved to another processor meanwhile is put into that one's queue.
 *
 * <p>Threads: one (the processor's).
 */
final class FifoQueues {
    private final int processor;
    private final FifoWords words;
    private final FifoControlBlock control;
    private final FifoSender sender;
    private final PortProcessors processors;
    private final PortHandlers handlers;
    private final Upcall upcall;

    private final int[] heads = new int[FifoControlBlock.QUEUES];
    private int[] rounds = new int[0];
    private int round;
    private int unfinished;
    private int ran;

    FifoQueues(
            final int processor,
            final UnsafeBuffer controlBlock,
            final FifoWords words,
            final FifoSender sender,
            final PortProcessors processors,
            final PortHandlers handlers,
            final Upcall upcall) {
        this.processor = processor;
        this.words = words;
        this.control = new FifoControlBlock(controlBlock);
        this.sender = sender;
        this.processors = processors;
        this.handlers = handlers;
        this.upcall = upcall;
        sender.place(processor, control);
    }

    /** Runs the handlers of ports that have an event, once each; answers how many. */
    int dispatch() {
        round++;
        ran = 0;
        final int count = words.count();
        if (rounds.length < count) {
            rounds = Arrays.copyOf(rounds, count);
        }
        int ready = unfinished | control.takeReadyVolatile();
        unfinished = 0;
        for (int taken = count; ready != 0 && taken > 0; taken--) {
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
        if (port >= rounds.length || rounds[port] == round) {
            unfinished |= 1 << queue;
            return true;
        }
        final int word =
                words.changeVolatile(port, FifoEventWord.LINKED | FifoEventWord.LINK_MASK, 0);
        heads[queue] = word == -1 ? 0 : word & FifoEventWord.LINK_MASK;
        // The link is out before we look for the event: who sets it later links the word again.
        if (processors.of(port) != processor) {
            sender.relink(port);
        } else {
            handle(port);
        }
        return heads[queue] == 0;
    }

    private void handle(final int port) {
        final Runnable handler = handlers.get(port);
        if (handler != null && takePending(port)) {
            rounds[port] = round;
            handler.run();
            ran++;
        }
    }

    private boolean takePending(final int port) {
        if ((words.wordVolatile(port) & FifoEventWord.MASKED) != 0) {
            return false;
        }
        final int before = words.changeVolatile(port, FifoEventWord.PENDING, 0);
        return before != -1 && (before & FifoEventWord.PENDING) != 0;
    }
}
