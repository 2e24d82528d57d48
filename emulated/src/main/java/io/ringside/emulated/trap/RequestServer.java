package io.ringside.emulated.trap;

import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.Doorbell;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Vcpu;
import java.util.concurrent.atomic.AtomicBoolean;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The model's end of the page by which exits come to another thread: what a device model's process
 * does.
 *
 * <p>Each turn serves the request that stands in the page, if there is one, and lets the model
 * work. A request is copied once and then checked: the guest may have written anything there. One
 * that makes no sense is answered as an empty bus would, and counted.
 *
 * <p>To serve a request counts, on the host's processor, one {@link Crossing#UPCALL} (the event
 * that tells of it), and for the answer one {@link Crossing#HYPERCALL} and the {@link
 * Crossing#KICK} that it carries. They cost nothing beside the exit, which the processor that waits
 * has been charged for, hand-over included.
 *
 * <p>Threads: that of whoever steps it, one at a time; a second one that comes meanwhile does
 * nothing. A processor that waits may step it while no other thread has: before threads are started
 * and after they have ended. Allocates nothing.
 */
public final class RequestServer implements Agent {
    private static final int MAX_COUNT = 1 << 16;

    private final IoRequest request;
    private final PortIo ports;
    private final Mmio registers;
    private final GuestMemory memory;
    private final Vcpu vcpu;
    private final Doorbell processor;
    private final Agent model;
    private final UnsafeBuffer piece = new UnsafeBuffer(0, 0);
    private final AtomicBoolean isBeingRun = new AtomicBoolean();
    private volatile @Nullable Thread runner;
    private long refused;

    /**
     * Makes the model's end.
     *
     * @param memory the guest's memory
     * @param frame the page frame of it that is shared
     * @param ports the processor's ports, of which the models behind them are asked
     * @param registers the same of its registers
     * @param vcpu the host's, which counts
     * @param processor wakes the processor that waits
     * @param model works between requests
     */
    public RequestServer(
            final GuestMemory memory,
            final int frame,
            final PortIo ports,
            final Mmio registers,
            final Vcpu vcpu,
            final Doorbell processor,
            final Agent model) {
        this.request = new IoRequest(RequestPage.view(memory, frame));
        this.ports = ports;
        this.registers = registers;
        this.memory = memory;
        this.vcpu = vcpu;
        this.processor = processor;
        this.model = model;
    }

    /** Requests that made no sense. */
    public long refused() {
        return refused;
    }

    /** Whether nobody else runs this: whoever waits for an answer has to. */
    boolean isRunByCaller() {
        final Thread last = runner;
        return last == null || last.equals(Thread.currentThread());
    }

    @Override
    public String roleName() {
        return model.roleName();
    }

    /** Serves the request that stands there, if there is one, and lets the model work. */
    @Override
    public int doWork() throws Exception {
        runner = Thread.currentThread();
        if (!isBeingRun.compareAndSet(false, true)) {
            return 0;
        }
        try {
            return serveNext() + model.doWork();
        } finally {
            isBeingRun.set(false);
        }
    }

    /** Only serves: for a processor that waits. */
    void serve() {
        if (isBeingRun.compareAndSet(false, true)) {
            try {
                serveNext();
            } finally {
                isBeingRun.set(false);
            }
        }
    }

    private int serveNext() {
        final int control = request.controlAcquire();
        if (IoRequest.state(control) != IoRequest.READY) {
            return 0;
        }
        vcpu.crossUncharged(Crossing.UPCALL);
        request.controlRelease(withState(control, IoRequest.IN_PROCESS));
        request.data(answer(control));
        request.controlRelease(withState(control, IoRequest.ANSWERED));
        vcpu.crossUncharged(Crossing.HYPERCALL);
        vcpu.crossUncharged(Crossing.KICK);
        processor.ring();
        return 1;
    }

    private static int withState(final int control, final int state) {
        return control & ~IoRequest.STATE_MASK | state << IoRequest.STATE_SHIFT;
    }

    private long answer(final int control) {
        final long address = request.address();
        final long data = request.data();
        final int count = request.count();
        final int sizeBytes = request.sizeBytes();
        final boolean reads = (control & IoRequest.READ) != 0;
        final boolean isOne =
                count == 1 && (control & (IoRequest.POINTER | IoRequest.DOWNWARDS)) == 0;
        if (IoRequest.type(control) == IoRequest.TYPE_MEMORY) {
            if (isOne && sizeBytes == Integer.BYTES && (address & 3) == 0) {
                return registers.serve(address, reads, (int) data);
            }
        } else if (IoRequest.type(control) == IoRequest.TYPE_PORT && PortIo.exists(address)) {
            if (isOne && (sizeBytes == 1 || sizeBytes == 2 || sizeBytes == 4)) {
                return ports.serve((int) address, sizeBytes, reads, (int) data);
            }
            if ((control & IoRequest.POINTER) != 0
                    && (control & IoRequest.DOWNWARDS) == 0
                    && sizeBytes == Short.BYTES
                    && count > 0
                    && count <= MAX_COUNT
                    && memory.contains(data, (long) count * Short.BYTES)) {
                memory.wrap(piece, data, count * Short.BYTES);
                ports.serve((int) address, reads, piece);
                return data;
            }
        }
        refused++;
        return -1;
    }
}
