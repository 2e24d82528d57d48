package io.ringside.perf.trace;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.ringside.hypervisor.Doorbell;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.perf.trace.TraceEvent.Carrier;
import io.ringside.perf.trace.TraceEvent.Sender;
import io.ringside.vmbus.protocol.ChannelMessage;
import io.ringside.vmbus.protocol.HvStatus;
import io.ringside.vmbus.protocol.HypercallCode;
import io.ringside.vmbus.protocol.MessageReader;
import io.ringside.vmbus.protocol.MonitorPage;
import io.ringside.vmbus.protocol.PostMessageInput;
import io.ringside.vmbus.protocol.SignalEventInput;
import io.ringside.vmbus.synic.EventPort;
import io.ringside.vmbus.synic.MessagePort;
import io.ringside.vmbus.synic.SynIc;
import io.ringside.vmbus.synic.SynIcPorts;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a guest, its host and their hypervisor, hands every call on, and tells what
 * passes: messages and signals as they are made, packets as they are found in the rings.
 *
 * <p>It reads the bytes that the hypervisor is given, not what an end meant by them. Call {@link
 * #look} after each turn of an end. Threads: one, that of both ends.
 */
public final class BusTap implements SynIc, SynIcPorts, AutoCloseable {
    private final SynIc guestSide;
    private final SynIcPorts hostSide;
    private final GuestMemory memory;
    private final TraceRecorder recorder;
    private final ChannelRings rings;
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer input = new UnsafeBuffer(new byte[PostMessageInput.BYTES]);

    /**
     * Over a hypervisor.
     *
     * @param guestSide what the guest asks
     * @param hostSide what the host asks
     * @param memory the guest's
     * @param listener is told of each event
     */
    public BusTap(
            final SynIc guestSide,
            final SynIcPorts hostSide,
            final GuestMemory memory,
            final Consumer<TraceEvent> listener) {
        this(guestSide, hostSide, memory, listener, VstorDecoder::new);
    }

    BusTap(
            final SynIc guestSide,
            final SynIcPorts hostSide,
            final GuestMemory memory,
            final Consumer<TraceEvent> listener,
            final Supplier<PacketDecoder> decoders) {
        this.guestSide = guestSide;
        this.hostSide = hostSide;
        this.memory = memory;
        this.recorder = new TraceRecorder(listener);
        this.rings = new ChannelRings(memory, decoders, recorder);
    }

    /** Tells of the packets that were published since the last look. */
    public void look() {
        rings.look();
    }

    @Override
    public int processorCount() {
        return guestSide.processorCount();
    }

    // The guest's side.

    @Override
    public long hypercall(final int processor, final long control, final long inputOrAddress) {
        look(); // What the guest published came before what it asks now.
        final int code = (int) (control & HypercallCode.CODE_MASK);
        final boolean fast = (control & HypercallCode.FAST) != 0;
        final int inputBytes =
                fast || code == HypercallCode.SIGNAL_EVENT
                        ? SignalEventInput.BYTES
                        : PostMessageInput.BYTES;
        final boolean readable = !fast && copyInput(inputOrAddress, inputBytes);
        final long result = guestSide.hypercall(processor, control, inputOrAddress);
        final int status = (int) (result & HypercallCode.CODE_MASK);
        if (code == HypercallCode.POST_MESSAGE && readable) {
            posted(status);
        } else if (code == HypercallCode.SIGNAL_EVENT && (fast || readable)) {
            signalled(fast ? inputOrAddress : input.getLong(0, LITTLE_ENDIAN), status);
        }
        return result;
    }

    private boolean copyInput(final long address, final int inputBytes) {
        if (!memory.contains(address, inputBytes)) {
            return false;
        }
        memory.wrap(view, address, inputBytes);
        input.putBytes(0, view, 0, inputBytes);
        return true;
    }

    private void posted(final int status) {
        final PostMessageInput head = new PostMessageInput().wrap(input, 0);
        if (head.payloadBytes() > PostMessageInput.MAX_PAYLOAD_BYTES) {
            return; // The hypervisor has refused it.
        }
        final FieldList fields = new FieldList().in("hv_input_post_message");
        fields.number("connectionid", head.connectionId(), "where it goes")
                .number("message_type", head.messageType(), "of VMBus")
                .number("payload_size", head.payloadBytes());
        addFailure(fields, status);
        message(
                Sender.GUEST,
                fields,
                input,
                PostMessageInput.PAYLOAD_OFFSET,
                (int) head.payloadBytes(),
                status == HvStatus.SUCCESS);
    }

    private void signalled(final long word, final int status) {
        final FieldList fields =
                new FieldList()
                        .in("hypercall")
                        .number("connection_id", SignalEventInput.connectionId(word))
                        .number("flag_number", SignalEventInput.flag(word));
        addFailure(fields, status);
        recorder.signal(
                Sender.GUEST,
                new Decoded(
                        "HvSignalEvent",
                        fields,
                        "The host may be asleep: one hypercall wakes it for this channel."));
    }

    private static void addFailure(final FieldList fields, final int status) {
        if (status != HvStatus.SUCCESS) {
            fields.number("hypercall_status", status, "refused by the hypervisor");
        }
    }

    private void message(
            final Sender sender,
            final FieldList fields,
            final DirectBuffer payload,
            final int offset,
            final int payloadBytes,
            final boolean taken) {
        final ChannelMessage message = MessageReader.read(payload, offset, payloadBytes);
        final Decoded decoded = MessageDecoder.decode(message, fields);
        recorder.event(sender, Carrier.MESSAGE, decoded, payload, offset, payloadBytes);
        if (taken) {
            rings.follow(message);
        }
    }

    @Override
    public long readRegister(final int processor, final int register) {
        return guestSide.readRegister(processor, register);
    }

    @Override
    public boolean writeRegister(final int processor, final int register, final long value) {
        return guestSide.writeRegister(processor, register, value);
    }

    @Override
    public boolean takeInterrupt(final int processor) {
        return guestSide.takeInterrupt(processor);
    }

    @Override
    public boolean isInterruptPending(final int processor) {
        return guestSide.isInterruptPending(processor);
    }

    // The host's side.

    @Override
    public MessagePort openMessagePort(
            final int connectionId, final int capacity, final Doorbell doorbell) {
        return hostSide.openMessagePort(connectionId, capacity, doorbell);
    }

    @Override
    public EventPort openEventPort(final int connectionId, final Doorbell doorbell) {
        return hostSide.openEventPort(connectionId, doorbell);
    }

    @Override
    public boolean postMessage(
            final int processor,
            final int sint,
            final int port,
            final DirectBuffer payload,
            final int offset,
            final int payloadBytes) {
        look();
        final boolean taken =
                hostSide.postMessage(processor, sint, port, payload, offset, payloadBytes);
        if (taken) {
            final FieldList fields =
                    new FieldList()
                            .in("interrupt")
                            .number("vp", processor, "the processor that is interrupted")
                            .number("sint", sint);
            message(Sender.HOST, fields, payload, offset, payloadBytes, true);
        }
        return taken;
    }

    @Override
    public boolean signalEvent(final int processor, final int sint, final int flag) {
        look();
        final boolean taken = hostSide.signalEvent(processor, sint, flag);
        if (taken) {
            recorder.signal(
                    Sender.HOST,
                    new Decoded(
                            "event flag",
                            new FieldList()
                                    .in("interrupt")
                                    .number("vp", processor)
                                    .number("sint", sint)
                                    .number("flag", flag, "the relid of the channel"),
                            "The guest may be asleep: its event flag is set, and the processor"
                                    + " interrupted."));
        }
        return taken;
    }

    @Override
    public void monitor(final @Nullable MonitorPage page) {
        hostSide.monitor(page);
    }

    @Override
    public int allocateMonitor(final int connectionId, final int latency100Nanos) {
        return hostSide.allocateMonitor(connectionId, latency100Nanos);
    }

    @Override
    public void freeMonitor(final int trigger) {
        hostSide.freeMonitor(trigger);
    }

    @Override
    public void close() {
        rings.close();
    }
}
