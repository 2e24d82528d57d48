package io.ringside.emulated.trap;

import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.Doorbell;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Vcpu;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The processor's end of the page by which exits go to a device model in another thread.
 *
 * <p>The processor writes its request, notifies the model, and waits until the answer is there: for
 * as long as that takes it does nothing else. Each request is one {@link Crossing#KICK} beside the
 * exit, and what the model counts to answer it. None of these is charged by itself: the exit is
 * charged, and what it costs in addition to hand it over (see {@link Vcpu#handOver}).
 *
 * <p>While the model has no thread of its own (see {@link RequestServer}), whoever waits runs it. A
 * wait ends without an answer when this is {@link #close}d or the thread is interrupted; from then
 * on every access finds an empty bus: reads give all ones, writes go nowhere.
 *
 * <p>Threads: the processor's; {@link #close} any. Allocates nothing after construction.
 */
public final class RequestPage implements AutoCloseable {
    private final IoRequest request;
    private final Vcpu vcpu;
    private final Doorbell model;
    private final Doorbell own;
    private final RequestServer server;
    private final IdleStrategy waiting;
    private volatile boolean isClosed;

    /**
     * Makes the processor's end.
     *
     * @param memory the guest's memory
     * @param frame the page frame of it that is shared, which the guest uses for nothing else
     * @param vcpu counts the notifications, and is charged for them
     * @param model wakes the model
     * @param own wakes this processor
     * @param server the other end
     * @param waiting what the processor does while it waits
     */
    public RequestPage(
            final GuestMemory memory,
            final int frame,
            final Vcpu vcpu,
            final Doorbell model,
            final Doorbell own,
            final RequestServer server,
            final IdleStrategy waiting) {
        this.request = new IoRequest(view(memory, frame));
        this.vcpu = vcpu;
        this.model = model;
        this.own = own;
        this.server = server;
        this.waiting = waiting;
        request.controlRelease(0);
    }

    static UnsafeBuffer view(final GuestMemory memory, final int frame) {
        final UnsafeBuffer view = new UnsafeBuffer(0, 0);
        memory.wrap(view, (long) frame << GuestMemory.PAGE_SHIFT, IoRequest.SIZE_BYTES);
        return view;
    }

    /** One access to a port; what is written, or what was read. */
    int port(final int port, final int widthBytes, final boolean reads, final int value) {
        return (int)
                ask(IoRequest.TYPE_PORT, reads, false, port, value & 0xFFFF_FFFFL, 1, widthBytes);
    }

    /** One access to a register of 32 bits; what is written, or what was read. */
    int register(final long address, final boolean reads, final int value) {
        return (int)
                ask(
                        IoRequest.TYPE_MEMORY,
                        reads,
                        false,
                        address,
                        value & 0xFFFF_FFFFL,
                        1,
                        Integer.BYTES);
    }

    /** A string instruction: words of memory from or to one port. */
    void string(final int port, final boolean reads, final long guestAddress, final int words) {
        ask(IoRequest.TYPE_PORT, reads, true, port, guestAddress, words, Short.BYTES);
    }

    private long ask(
            final int type,
            final boolean reads,
            final boolean isPointer,
            final long address,
            final long data,
            final int count,
            final int sizeBytes) {
        if (isClosed) {
            return -1;
        }
        vcpu.handOver();
        request.fill(address, data, count, sizeBytes);
        request.controlRelease(
                IoRequest.READY << IoRequest.STATE_SHIFT
                        | type << IoRequest.TYPE_SHIFT
                        | (reads ? IoRequest.READ : 0)
                        | (isPointer ? IoRequest.POINTER : 0));
        model.ring();
        if (!isAnswered()) {
            isClosed = true; // The request stays where it is: nothing may be written over it.
            return -1;
        }
        final long answer = request.data();
        request.controlRelease(0);
        return answer;
    }

    /** Waits; false if it is to wait no longer. */
    private boolean isAnswered() {
        boolean slept = false;
        while (IoRequest.state(request.controlAcquire()) != IoRequest.ANSWERED) {
            if (isClosed || Thread.currentThread().isInterrupted()) {
                return false;
            }
            if (server.isRunByCaller()) {
                server.serve();
            } else {
                waiting.idle();
                slept = true;
            }
        }
        if (slept) {
            waiting.reset();
            own.ring(); // What rang for something else meanwhile must not be forgotten.
        }
        return true;
    }

    /** Ends the wait of whoever waits, and every later one. */
    @Override
    public void close() {
        isClosed = true;
        own.ring();
    }
}
