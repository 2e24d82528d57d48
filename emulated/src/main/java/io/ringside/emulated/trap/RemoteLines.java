package io.ringside.emulated.trap;

import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.Doorbell;
import io.ringside.hypervisor.Vcpu;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Interrupt lines that a device model in another thread drives: the processor follows them when it
 * looks at its controllers.
 *
 * <p>A line's word counts how often it fell, and says in its lowest bit whether it is high; so a
 * line that fell and rose between two looks is seen to have done so. The model tells the hypervisor
 * each change by one {@link Crossing#HYPERCALL}, and a rise wakes the processor.
 *
 * <p>Threads: {@link #set} is the model's, {@link #follow} the processor's.
 */
final class RemoteLines {
    private static final int LINES = 2 * InterruptController.CHIP_LINES;
    private static final int HIGH = 1;
    private static final int FALL = 2;

    private final Vcpu host;
    private final Doorbell processor;
    private final AtomicIntegerArray words = new AtomicIntegerArray(LINES);
    private final AtomicInteger changes = new AtomicInteger();
    private final int[] seen = new int[LINES];
    private int seenChanges;

    RemoteLines(final Vcpu host, final Doorbell processor) {
        this.host = host;
        this.processor = processor;
    }

    void set(final int line, final boolean high) {
        final int word = words.getPlain(line);
        if (((word & HIGH) != 0) == high) {
            return;
        }
        words.setRelease(line, high ? word | HIGH : (word & ~HIGH) + FALL);
        changes.setRelease(changes.getPlain() + 1);
        host.cross(Crossing.HYPERCALL);
        if (high) {
            processor.ring();
        }
    }

    void follow(final InterruptController controllers) {
        final int now = changes.getAcquire();
        if (now == seenChanges) {
            return;
        }
        seenChanges = now;
        for (int line = 0; line < LINES; line++) {
            final int word = words.getAcquire(line);
            if (word != seen[line]) {
                if (word >>> 1 != seen[line] >>> 1) {
                    controllers.drive(line, false);
                }
                if ((word & HIGH) != 0) {
                    controllers.drive(line, true);
                }
                seen[line] = word;
            }
        }
    }
}
