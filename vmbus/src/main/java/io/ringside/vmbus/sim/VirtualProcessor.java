package io.ringside.vmbus.sim;

import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.Doorbell;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Vcpu;
import io.ringside.vmbus.protocol.EventFlags;
import io.ringside.vmbus.protocol.SynicMessage;
import io.ringside.vmbus.protocol.SynicRegister;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One processor of a guest: its SynIC registers, the pages that they place, and its interrupt.
 *
 * <p>A page is placed anew by an immutable pair of views, so that a host's thread that signals
 * while the guest moves the page uses one place or the other. Memory must outlive the partition.
 *
 * <p>Threads: the processor's own for registers and {@link #takeInterrupt}; any for {@link #post}
 * and {@link #signal}. Posting and the end of a message lock briefly.
 */
final class VirtualProcessor {
    private static final int QUEUE_CAPACITY = 64;
    private static final long PAGE_MASK = -GuestMemory.PAGE_BYTES;
    private static final long SYNIC_VERSION = 1;

    private final GuestMemory memory;
    private final Vcpu vcpu;
    private final Doorbell doorbell;
    private final AtomicBoolean interrupt = new AtomicBoolean();
    private final MessageQueue[] queues = new MessageQueue[SynicRegister.SINT_COUNT];
    private final AtomicLongArray sints = new AtomicLongArray(SynicRegister.SINT_COUNT);

    private volatile long control;
    private volatile long messagePageRegister;
    private volatile long eventPageRegister;
    private volatile SynicMessage @Nullable [] slots;
    private volatile EventFlags @Nullable [] flags;
    private long registerWrites;

    VirtualProcessor(final GuestMemory memory, final Vcpu vcpu, final Doorbell doorbell) {
        this.memory = memory;
        this.vcpu = vcpu;
        this.doorbell = doorbell;
        for (int sint = 0; sint < SynicRegister.SINT_COUNT; sint++) {
            queues[sint] = new MessageQueue(QUEUE_CAPACITY);
            sints.set(sint, SynicRegister.SINT_MASKED);
        }
    }

    Vcpu vcpu() {
        return vcpu;
    }

    long registerWrites() {
        return registerWrites;
    }

    long read(final int register) {
        return switch (register) {
            case SynicRegister.CONTROL -> control;
            case SynicRegister.VERSION -> SYNIC_VERSION;
            case SynicRegister.EVENT_PAGE -> eventPageRegister;
            case SynicRegister.MESSAGE_PAGE -> messagePageRegister;
            default -> {
                final int sint = register - SynicRegister.SINT0;
                yield sint >= 0 && sint < SynicRegister.SINT_COUNT ? sints.get(sint) : 0;
            }
        };
    }

    boolean write(final int register, final long value) {
        registerWrites++;
        return switch (register) {
            case SynicRegister.CONTROL -> {
                control = value;
                yield true;
            }
            case SynicRegister.EVENT_PAGE -> placeEvents(value);
            case SynicRegister.MESSAGE_PAGE -> placeMessages(value);
            case SynicRegister.END_OF_MESSAGE -> {
                endOfMessage();
                yield true;
            }
            default -> writeSint(register - SynicRegister.SINT0, value);
        };
    }

    private boolean placeEvents(final long value) {
        if ((value & SynicRegister.ENABLE) == 0) {
            flags = null;
            eventPageRegister = value;
            return true;
        }
        final UnsafeBuffer page = page(value);
        if (page == null) {
            return false;
        }
        final EventFlags[] rows = new EventFlags[SynicRegister.SINT_COUNT];
        for (int sint = 0; sint < rows.length; sint++) {
            rows[sint] = new EventFlags().wrap(page, sint * EventFlags.BYTES);
        }
        flags = rows;
        eventPageRegister = value;
        return true;
    }

    private boolean placeMessages(final long value) {
        if ((value & SynicRegister.ENABLE) == 0) {
            slots = null;
            messagePageRegister = value;
            return true;
        }
        final UnsafeBuffer page = page(value);
        if (page == null) {
            return false;
        }
        final SynicMessage[] rows = new SynicMessage[SynicRegister.SINT_COUNT];
        for (int sint = 0; sint < rows.length; sint++) {
            rows[sint] = new SynicMessage().wrap(page, sint);
        }
        slots = rows;
        messagePageRegister = value;
        return true;
    }

    private @Nullable UnsafeBuffer page(final long value) {
        final long address = value & PAGE_MASK;
        if (!memory.contains(address, GuestMemory.PAGE_BYTES)) {
            return null;
        }
        final UnsafeBuffer page = new UnsafeBuffer(0, 0);
        memory.wrap(page, address, GuestMemory.PAGE_BYTES);
        return page;
    }

    private boolean writeSint(final int sint, final long value) {
        if (sint < 0 || sint >= SynicRegister.SINT_COUNT) {
            return false;
        }
        if ((value & SynicRegister.SINT_MASKED) == 0
                && (value & SynicRegister.SINT_VECTOR_MASK) < SynicRegister.FIRST_VECTOR) {
            return false;
        }
        sints.set(sint, value);
        return true;
    }

    private boolean isMasked(final int sint) {
        return (control & SynicRegister.ENABLE) == 0
                || (sints.get(sint) & SynicRegister.SINT_MASKED) != 0;
    }

    /** Delivers a message, or has it wait; false if it can do neither. */
    boolean post(
            final int sint,
            final int port,
            final DirectBuffer payload,
            final int offset,
            final int length) {
        final MessageQueue queue = queues[sint];
        synchronized (queue) {
            if (slots == null || isMasked(sint) || !queue.put(port, payload, offset, length)) {
                return false;
            }
            deliver(sint);
        }
        return true;
    }

    private void endOfMessage() {
        for (int sint = 0; sint < SynicRegister.SINT_COUNT; sint++) {
            synchronized (queues[sint]) {
                deliver(sint);
            }
        }
    }

    /** Moves the oldest message into its slot if that is free, or else says that one waits. */
    private void deliver(final int sint) {
        final MessageQueue queue = queues[sint];
        final SynicMessage[] placed = slots;
        if (placed == null || queue.count() == 0) {
            return;
        }
        final SynicMessage slot = placed[sint];
        if (slot.typeAcquire() != SynicMessage.NONE) {
            slot.pendingVolatile();
            VarHandle.fullFence(); // It must be out before we look whether the slot is free now.
            if (slot.typeAcquire() != SynicMessage.NONE) {
                return;
            }
        }
        final boolean more = queue.count() > 1;
        slot.fill(queue.oldestSource(), more, queue.oldest(), 0, queue.oldestLength());
        slot.typeRelease(Partition.CHANNEL_MESSAGE);
        queue.drop();
        raise();
    }

    /** Sets an event flag; false if there is no page for it, or the SINT is masked. */
    boolean signal(final int sint, final int flag) {
        final EventFlags[] rows = flags;
        if (rows == null || isMasked(sint)) {
            return false;
        }
        if (rows[sint].setVolatile(flag)) {
            raise();
        }
        return true;
    }

    private void raise() {
        if (!interrupt.getAndSet(true)) {
            doorbell.ring();
        }
    }

    boolean takeInterrupt() {
        if (!interrupt.get()) {
            return false;
        }
        interrupt.set(false);
        vcpu.cross(Crossing.UPCALL);
        return true;
    }

    boolean isInterruptPending() {
        return interrupt.get();
    }

    /** How many messages wait for a slot. */
    int waitingMessages() {
        int waiting = 0;
        for (final MessageQueue queue : queues) {
            waiting += queue.count();
        }
        return waiting;
    }

    /** Forgets what waits, and the pages. */
    void reset() {
        slots = null;
        flags = null;
        for (final MessageQueue queue : queues) {
            queue.clear();
        }
    }
}
