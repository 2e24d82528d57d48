package io.ringside.vmbus.sim;

import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.Doorbell;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Vcpu;
import io.ringside.vmbus.protocol.HvStatus;
import io.ringside.vmbus.protocol.HypercallCode;
import io.ringside.vmbus.protocol.MonitorPage;
import io.ringside.vmbus.protocol.PostMessageInput;
import io.ringside.vmbus.protocol.SignalEventInput;
import io.ringside.vmbus.protocol.SynicRegister;
import io.ringside.vmbus.synic.EventPort;
import io.ringside.vmbus.synic.MessagePort;
import io.ringside.vmbus.synic.SynIc;
import io.ringside.vmbus.synic.SynIcPorts;
import java.nio.ByteOrder;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One guest of a simulated Hyper-V, and what it and its host may ask of the hypervisor.
 *
 * <p>A hypercall is counted on the processor that makes it, a signal as a kick too; what the host
 * signals is counted on the host's processor. Accesses to registers are counted apart ({@link
 * #registerWrites}): the SynIC needs them to set up and after a message that made others wait,
 * never for data.
 *
 * <p>Threads: each processor of the guest its own; the host any. The memory must outlive the
 * partition.
 */
public final class Partition implements SynIc, SynIcPorts {
    /** The type of every message that a host posts. */
    static final int CHANNEL_MESSAGE = PostMessageInput.CHANNEL_MESSAGE;

    private static final long CONTROL_MASK = HypercallCode.CODE_MASK | HypercallCode.FAST;
    private static final int ALIGNMENT_MASK = Long.BYTES - 1;

    private final GuestMemory memory;
    private final Vcpu hostVcpu;
    private final VirtualProcessor[] processors;
    private final PostMessage[] inputs;
    private final PortTable ports = new PortTable();
    private final MonitorTriggers triggers = new MonitorTriggers();

    /**
     * A guest.
     *
     * @param memory the guest's memory
     * @param vcpus its processors, which count what they ask of the hypervisor
     * @param doorbells what wakes each of them
     * @param hostVcpu counts what its host asks of the hypervisor
     */
    public Partition(
            final GuestMemory memory,
            final List<Vcpu> vcpus,
            final List<Doorbell> doorbells,
            final Vcpu hostVcpu) {
        if (vcpus.isEmpty() || vcpus.size() != doorbells.size()) {
            throw new IllegalArgumentException(
                    "not one doorbell a processor: vcpus="
                            + vcpus.size()
                            + " doorbells="
                            + doorbells.size());
        }
        this.memory = memory;
        this.hostVcpu = hostVcpu;
        processors = new VirtualProcessor[vcpus.size()];
        inputs = new PostMessage[vcpus.size()];
        for (int i = 0; i < processors.length; i++) {
            processors[i] = new VirtualProcessor(memory, vcpus.get(i), doorbells.get(i));
            inputs[i] = new PostMessage();
        }
    }

    @Override
    public int processorCount() {
        return processors.length;
    }

    // The guest's side.

    @Override
    public long hypercall(final int processor, final long control, final long input) {
        final Vcpu vcpu = processors[processor].vcpu();
        vcpu.cross(Crossing.HYPERCALL);
        if ((control & ~CONTROL_MASK) != 0) {
            return HvStatus.INVALID_HYPERCALL_INPUT;
        }
        final boolean fast = (control & HypercallCode.FAST) != 0;
        return switch ((int) (control & HypercallCode.CODE_MASK)) {
            case HypercallCode.POST_MESSAGE ->
                    fast ? HvStatus.INVALID_HYPERCALL_INPUT : postMessage(inputs[processor], input);
            case HypercallCode.SIGNAL_EVENT -> {
                vcpu.cross(Crossing.KICK);
                yield fast ? signal(input) : signalAt(inputs[processor], input);
            }
            default -> HvStatus.INVALID_HYPERCALL_CODE;
        };
    }

    private int postMessage(final PostMessage message, final long input) {
        final int readable = message.read(memory, input, PostMessageInput.BYTES);
        if (readable != HvStatus.SUCCESS) {
            return readable;
        }
        final PostMessageInput head = message.head;
        if (head.payloadBytes() > PostMessageInput.MAX_PAYLOAD_BYTES
                || head.reserved() != 0
                || head.messageType() <= 0) {
            return HvStatus.INVALID_PARAMETER;
        }
        return ports.post(
                head.connectionId(),
                head.messageType(),
                message.copy,
                PostMessageInput.PAYLOAD_OFFSET,
                (int) head.payloadBytes());
    }

    private int signalAt(final PostMessage message, final long input) {
        final int readable = message.read(memory, input, SignalEventInput.BYTES);
        return readable == HvStatus.SUCCESS
                ? signal(message.copy.getLong(0, ByteOrder.LITTLE_ENDIAN))
                : readable;
    }

    private int signal(final long input) {
        if (SignalEventInput.reserved(input) != 0) {
            return HvStatus.INVALID_PARAMETER;
        }
        return ports.signal(SignalEventInput.connectionId(input), SignalEventInput.flag(input));
    }

    @Override
    public long readRegister(final int processor, final int register) {
        return processors[processor].read(register);
    }

    @Override
    public boolean writeRegister(final int processor, final int register, final long value) {
        return processors[processor].write(register, value);
    }

    @Override
    public boolean takeInterrupt(final int processor) {
        return processors[processor].takeInterrupt();
    }

    @Override
    public boolean isInterruptPending(final int processor) {
        return processors[processor].isInterruptPending();
    }

    // The host's side.

    @Override
    public MessagePort openMessagePort(
            final int connectionId, final int capacity, final Doorbell doorbell) {
        return ports.openMessages(connectionId, capacity, doorbell);
    }

    @Override
    public EventPort openEventPort(final int connectionId, final Doorbell doorbell) {
        return ports.openEvents(connectionId, doorbell);
    }

    @Override
    public boolean postMessage(
            final int processor,
            final int sint,
            final int port,
            final DirectBuffer payload,
            final int offset,
            final int payloadBytes) {
        checkTarget(processor, sint);
        return processors[processor].post(sint, port, payload, offset, payloadBytes);
    }

    @Override
    public boolean signalEvent(final int processor, final int sint, final int flag) {
        checkTarget(processor, sint);
        hostVcpu.cross(Crossing.HYPERCALL);
        hostVcpu.cross(Crossing.KICK);
        return processors[processor].signal(sint, flag);
    }

    private void checkTarget(final int processor, final int sint) {
        if (processor < 0
                || processor >= processors.length
                || sint < 0
                || sint >= SynicRegister.SINT_COUNT) {
            throw new IllegalArgumentException(
                    "no such target: processor=" + processor + " sint=" + sint);
        }
    }

    @Override
    public void monitor(final @Nullable MonitorPage page) {
        triggers.place(page);
    }

    @Override
    public int allocateMonitor(final int connectionId, final int latency100Nanos) {
        return triggers.allocate(connectionId, latency100Nanos);
    }

    @Override
    public void freeMonitor(final int trigger) {
        triggers.free(trigger);
    }

    // The hypervisor's own.

    /**
     * Looks at the triggers that are due.
     *
     * @param nowNanos a time that never goes back
     * @return how many were set
     */
    int pollMonitors(final long nowNanos) {
        return triggers.poll(nowNanos, ports);
    }

    /** How many connections lead to a port. */
    public int openPorts() {
        return ports.count();
    }

    /** How many triggers are allocated. */
    public int allocatedMonitors() {
        return triggers.count();
    }

    /** How many messages wait for a slot of the guest's. */
    public int waitingMessages() {
        int waiting = 0;
        for (final VirtualProcessor processor : processors) {
            waiting += processor.waitingMessages();
        }
        return waiting;
    }

    /** How often the guest wrote a register. */
    public long registerWrites() {
        long writes = 0;
        for (final VirtualProcessor processor : processors) {
            writes += processor.registerWrites();
        }
        return writes;
    }

    /** Ends the guest: its pages are not written any more. */
    public void destroy() {
        triggers.place(null);
        for (final VirtualProcessor processor : processors) {
            processor.reset();
        }
    }

    /** The input of a hypercall, copied out of the guest's hands. */
    private static final class PostMessage {
        private final UnsafeBuffer copy = new UnsafeBuffer(new byte[PostMessageInput.BYTES]);
        private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
        private final PostMessageInput head = new PostMessageInput().wrap(copy, 0);

        /** Copies so many bytes from a guest address: an {@link HvStatus}. */
        private int read(final GuestMemory memory, final long address, final int bytes) {
            if ((address & ALIGNMENT_MASK) != 0
                    || (address & (GuestMemory.PAGE_BYTES - 1)) > GuestMemory.PAGE_BYTES - bytes) {
                return HvStatus.INVALID_ALIGNMENT;
            }
            if (!memory.contains(address, bytes)) {
                return HvStatus.INVALID_HYPERCALL_INPUT;
            }
            memory.wrap(view, address, bytes);
            copy.putBytes(0, view, 0, bytes);
            return HvStatus.SUCCESS;
        }
    }
}
