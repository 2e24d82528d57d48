package io.ringside.vmbus.guest;

import io.ringside.hypervisor.GuestMemory;
import io.ringside.vmbus.protocol.EventFlags;
import io.ringside.vmbus.protocol.HvStatus;
import io.ringside.vmbus.protocol.HypercallCode;
import io.ringside.vmbus.protocol.PostMessageInput;
import io.ringside.vmbus.protocol.SignalEventInput;
import io.ringside.vmbus.protocol.SynicMessage;
import io.ringside.vmbus.protocol.SynicRegister;
import io.ringside.vmbus.synic.SynIc;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The guest's use of its SynIC: one page of messages and one of event flags for each processor, and
 * the page of hypercall inputs.
 *
 * <p>Threads: the client's for messages; each processor's own for its events. Handlers are set by
 * the client and run by the processor that is signalled.
 */
final class GuestSynIc {
    /** No message waits. */
    static final int NONE = -1;

    private static final int VECTOR = 0xf3;
    private static final int MESSAGE_PROCESSOR = 0;

    private final SynIc synIc;
    private final GuestPages pages;
    private final int[] frames;
    private final SynicMessage slot = new SynicMessage();
    private final EventFlags[] flags;
    private final UnsafeBuffer inputPage = new UnsafeBuffer(0, 0);
    private final PostMessageInput input = new PostMessageInput();
    private final AtomicReferenceArray<Runnable> handlers =
            new AtomicReferenceArray<>(EventFlags.COUNT);
    private final long inputAddress;
    private final AtomicLong strayEvents = new AtomicLong();

    GuestSynIc(final SynIc synIc, final GuestPages pages) {
        this.synIc = synIc;
        this.pages = pages;
        final int processors = synIc.processorCount();
        frames = pages.allocate(2 * processors + 1);
        flags = new EventFlags[processors];
        for (final int frame : frames) {
            wrap(inputPage, frame);
            inputPage.setMemory(0, GuestMemory.PAGE_BYTES, (byte) 0);
        }
        final UnsafeBuffer page = new UnsafeBuffer(0, 0);
        for (int processor = 0; processor < processors; processor++) {
            wrap(page, eventFrame(processor));
            flags[processor] =
                    new EventFlags().wrap(page, SynicRegister.VMBUS_SINT * EventFlags.BYTES);
            enable(processor);
        }
        wrap(page, messageFrame(MESSAGE_PROCESSOR));
        slot.wrap(page, SynicRegister.VMBUS_SINT);
        inputAddress = address(frames[2 * processors]);
        input.wrap(inputPage, 0);
    }

    private int messageFrame(final int processor) {
        return frames[2 * processor];
    }

    private int eventFrame(final int processor) {
        return frames[2 * processor + 1];
    }

    private void enable(final int processor) {
        synIc.writeRegister(
                processor,
                SynicRegister.MESSAGE_PAGE,
                address(messageFrame(processor)) | SynicRegister.ENABLE);
        synIc.writeRegister(
                processor,
                SynicRegister.EVENT_PAGE,
                address(eventFrame(processor)) | SynicRegister.ENABLE);
        synIc.writeRegister(processor, SynicRegister.SINT0 + SynicRegister.VMBUS_SINT, VECTOR);
        synIc.writeRegister(processor, SynicRegister.CONTROL, SynicRegister.ENABLE);
    }

    int processorCount() {
        return flags.length;
    }

    /** Posts a message; answers with a {@link HvStatus}. The payload is written by the caller. */
    int post(final int connectionId, final int payloadBytes) {
        input.put(connectionId, payloadBytes);
        return (int)
                (synIc.hypercall(MESSAGE_PROCESSOR, HypercallCode.POST_MESSAGE, inputAddress)
                        & HypercallCode.CODE_MASK);
    }

    /** Where the payload of the next {@link #post} goes: at {@link #payloadOffset}. */
    UnsafeBuffer payload() {
        return inputPage;
    }

    int payloadOffset() {
        return PostMessageInput.PAYLOAD_OFFSET;
    }

    /** Signals a connection: a {@link HvStatus}. */
    int signal(final int processor, final int connectionId) {
        return (int)
                (synIc.hypercall(
                                processor,
                                HypercallCode.SIGNAL_EVENT | HypercallCode.FAST,
                                SignalEventInput.of(connectionId, 0))
                        & HypercallCode.CODE_MASK);
    }

    boolean takeInterrupt(final int processor) {
        return synIc.takeInterrupt(processor);
    }

    /**
     * Copies the message that is there, and lets the next one come: its length, or {@link #NONE}.
     */
    int takeMessage(final MutableDirectBuffer target) {
        if (slot.typeAcquire() == SynicMessage.NONE) {
            return NONE;
        }
        final int length = slot.copyPayload(target, 0);
        slot.typeRelease(SynicMessage.NONE);
        VarHandle.fullFence(); // The slot must be free before we look whether a message waits.
        if (slot.isPendingVolatile()) {
            synIc.writeRegister(MESSAGE_PROCESSOR, SynicRegister.END_OF_MESSAGE, 0);
        }
        return length;
    }

    void handler(final int relid, final Runnable handler) {
        handlers.set(relid, handler);
    }

    void forget(final int relid) {
        handlers.set(relid, null);
    }

    /** Runs the handlers of the channels whose event flags are set; how many there were. */
    int dispatch(final int processor) {
        return run(flags[processor]);
    }

    /** The same for the guest's half of an interrupt page. */
    int run(final EventFlags row) {
        int ran = 0;
        for (int word = 0; word < EventFlags.WORDS; word++) {
            long bits = row.takeWordVolatile(word);
            while (bits != 0) {
                final int relid = word * Long.SIZE + Long.numberOfTrailingZeros(bits);
                bits &= bits - 1;
                final Runnable handler = handlers.get(relid);
                if (handler != null) {
                    handler.run();
                    ran++;
                } else {
                    strayEvents.incrementAndGet();
                }
            }
        }
        return ran;
    }

    /** Events of channels without a handler. */
    long strayEvents() {
        return strayEvents.get();
    }

    /** Turns the SynIC off and gives its pages back. */
    void close() {
        for (int processor = 0; processor < flags.length; processor++) {
            synIc.writeRegister(processor, SynicRegister.CONTROL, 0);
            synIc.writeRegister(processor, SynicRegister.MESSAGE_PAGE, 0);
            synIc.writeRegister(processor, SynicRegister.EVENT_PAGE, 0);
        }
        pages.free(frames);
    }

    private void wrap(final UnsafeBuffer view, final int frame) {
        pages.memory().wrap(view, address(frame), GuestMemory.PAGE_BYTES);
    }

    private static long address(final int frame) {
        return (long) frame << GuestMemory.PAGE_SHIFT;
    }
}
