package io.ringside.xenbus.sim;

import io.ringside.xenbus.protocol.Virq;
import io.ringside.xenbus.protocol.XenErrno;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Which port each virtual interrupt line of a domain is bound to: one for each processor, or, where
 * the line is global, one in all.
 *
 * <p>Threads: any.
 */
final class VirqPorts {
    private final int processors;
    private final AtomicIntegerArray ports;

    VirqPorts(final int processors) {
        this.processors = processors;
        ports = new AtomicIntegerArray(Virq.COUNT * processors);
    }

    /** Whether a line may be bound on a processor: 0, or a negative errno. Safe for any numbers. */
    int check(final int virq, final int processor) {
        if (virq < 0 || virq >= Virq.COUNT || (Virq.isGlobal(virq) && processor != 0)) {
            return -XenErrno.EINVAL;
        }
        if (processor < 0 || processor >= processors) {
            return -XenErrno.ENOENT;
        }
        return get(virq, processor) != 0 ? -XenErrno.EEXIST : 0;
    }

    /** The port of a line on a processor, or 0. Safe for any numbers. */
    int get(final int virq, final int processor) {
        return virq >= 0 && virq < Virq.COUNT && processor >= 0 && processor < processors
                ? ports.get(virq * processors + processor)
                : 0;
    }

    /** Binds a line that {@link #check} has found free, or, with port 0, lets go of it. */
    void set(final int virq, final int processor, final int port) {
        ports.set(virq * processors + processor, port);
    }
}
