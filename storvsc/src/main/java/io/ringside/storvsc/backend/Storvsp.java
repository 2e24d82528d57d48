package io.ringside.storvsc.backend;

import io.ringside.hypervisor.Doorbell;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Trace;
import io.ringside.storvsc.backend.scsi.LogicalUnit;
import io.ringside.storvsc.backend.scsi.Nexus;
import io.ringside.storvsc.backend.scsi.ScsiTarget;
import io.ringside.storvsc.backend.scsi.ScsiTask;
import io.ringside.storvsc.protocol.ControllerKind;
import io.ringside.storvsc.protocol.NtStatus;
import io.ringside.storvsc.protocol.ScsiRequest;
import io.ringside.storvsc.protocol.SrbStatus;
import io.ringside.storvsc.protocol.VstorOperation;
import io.ringside.storvsc.protocol.VstorPacket;
import io.ringside.storvsc.protocol.scsi.ScsiStatus;
import io.ringside.vmbus.channel.Channel;
import io.ringside.vmbus.host.ChannelOffer;
import io.ringside.vmbus.host.VmbusServer;
import io.ringside.vmbus.protocol.Guid;
import java.util.ArrayList;
import org.agrona.concurrent.Agent;
import org.jspecify.annotations.Nullable;

/**
 * The host's half of a Hyper-V SCSI controller: two targets of up to 256 units each; or of an IDE
 * disk, or a fibre channel adapter: see {@link ControllerKind}.
 *
 * <p>Each unit has room of its own for commands, and each command goes to its unit at once: one
 * that is slow keeps none of the others from being served. A unit that has as many commands as it
 * takes says so, and the guest tries again.
 *
 * <p>Errors: nothing that a guest does is an exception. A packet that is not sound is answered with
 * an error where an answer was asked for, and {@link #counters} says why. Threads: one, that of the
 * bus server, whose agent runs beside this one. A store that finishes requests on threads of its
 * own wakes it by the same doorbell.
 */
public final class Storvsp implements Agent {
    private static final String WHO = "storvsp";
    private static final int COMPLETIONS_PER_WORK = 64;

    // 1. Shared with the peer: the channels, the first of which carries the hand-shake.

    private final ArrayList<StorvspQueue> queues = new ArrayList<>();

    // 2. Ours alone.

    private final VmbusServer server;
    private final ChannelOffer offer;
    private final Doorbell doorbell;
    private final StorvspOptions options;
    private final Trace trace;
    private final StorvspCounters counters = new StorvspCounters();
    private final ControllerTargets targets;
    private final RequestIntake intake;
    private final ScsiRequest request = new ScsiRequest();
    private final Handshake handshake;
    private final UnitNotices notices = new UnitNotices();

    /**
     * A controller that is offered to the guest at once.
     *
     * @param server the bus
     * @param memory the guest's memory
     * @param instance which device it is
     * @param doorbell wakes the thread that runs this agent
     * @param trace is told of each {@code request} (transaction id, opcode) and {@code answer}
     *     (transaction id, status)
     */
    public Storvsp(
            final VmbusServer server,
            final GuestMemory memory,
            final Guid instance,
            final StorvspOptions options,
            final Doorbell doorbell,
            final Trace trace) {
        this.server = server;
        this.offer = ChannelOffer.of(options.kind().deviceType(), instance);
        this.targets =
                new ControllerTargets(
                        options.kind(), options.kind().firstTarget(instance), memory, this::ended);
        this.doorbell = doorbell;
        this.options = options;
        this.trace = trace;
        this.handshake = new Handshake(options);
        this.intake = new RequestIntake(options.maxTransferBytes());
        queues.add(new StorvspQueue(server.offer(offer, doorbell), this, 0, counters));
    }

    @Override
    public String roleName() {
        return WHO;
    }

    /** What it has done so far. */
    public StorvspCounters counters() {
        return counters;
    }

    /** Does what there is to do, a bounded part of it; 0 only if the host may sleep now. */
    @Override
    public int doWork() {
        int work = 0;
        for (int i = 0; i < queues.size(); i++) {
            work += queues.get(i).follow();
        }
        while (queues.size() > 1 && queues.getLast().isGone()) {
            queues.removeLast();
        }
        for (int i = 0; i < queues.size(); i++) {
            work += queues.get(i).serve();
        }
        final int ended = targets.poll(COMPLETIONS_PER_WORK);
        if (ended > 0) {
            for (int i = 0; i < queues.size(); i++) {
                work += queues.get(i).serve(); // So that what has ended goes out now.
            }
        }
        final int told = notices.tell(queues.getFirst());
        counters.notices += told;
        return work + ended + told;
    }

    // 3. Connect, in the protocol's order.

    void opened(final StorvspQueue queue) {
        if (queue.index() == 0) {
            handshake.opened();
        }
    }

    /** One packet of a channel, of 12 bytes or more. */
    void packet(
            final StorvspQueue queue,
            final Channel rings,
            final VstorPacket packet,
            final int payloadBytes) {
        final int operation = packet.operation();
        switch (operation) {
            case VstorOperation.EXECUTE_SRB -> execute(queue, rings, packet, payloadBytes);
            case VstorOperation.RESET_LUN, VstorOperation.RESET_ADAPTER, VstorOperation.RESET_BUS ->
                    reset(queue, rings, packet, payloadBytes);
            case VstorOperation.BEGIN_INITIALIZATION,
                    VstorOperation.QUERY_PROTOCOL_VERSION,
                    VstorOperation.QUERY_PROPERTIES,
                    VstorOperation.END_INITIALIZATION,
                    VstorOperation.CREATE_SUB_CHANNELS,
                    VstorOperation.FCHBA_DATA -> {
                if (operation == VstorOperation.FCHBA_DATA
                        && options.kind() != ControllerKind.FIBRE_CHANNEL) {
                    refuse(queue, rings, StorvspRefusal.OPERATION, NtStatus.INVALID_DEVICE_REQUEST);
                } else if (queue.index() == 0) {
                    step(queue, rings, packet);
                } else {
                    refuse(queue, rings, StorvspRefusal.STATE, NtStatus.INVALID_DEVICE_STATE);
                }
            }
            default ->
                    refuse(queue, rings, StorvspRefusal.OPERATION, NtStatus.INVALID_DEVICE_REQUEST);
        }
    }

    private void refuse(
            final StorvspQueue queue,
            final Channel rings,
            final StorvspRefusal reason,
            final int status) {
        counters.refused(reason);
        queue.answerPacket(rings, status);
    }

    private void step(final StorvspQueue queue, final Channel rings, final VstorPacket packet) {
        int status = handshake.step(packet);
        if (status == NtStatus.SUCCESS
                && packet.operation() == VstorOperation.CREATE_SUB_CHANNELS) {
            status = createSubChannels(packet.subChannelCount());
        }
        if (status == NtStatus.SUCCESS) {
            queue.answerPacket(rings, status);
        } else {
            refuse(queue, rings, Handshake.reason(status), status);
        }
    }

    /** Offers more channels; once, while those before are gone. */
    private int createSubChannels(final int count) {
        if (count == 0 || count > options.maxSubChannels() || count > server.freeChannelCount()) {
            return NtStatus.INVALID_PARAMETER;
        }
        if (queues.size() > 1 || server.hasSubChannels(offer)) {
            return NtStatus.INVALID_DEVICE_STATE;
        }
        for (int index = 1; index <= count; index++) {
            queues.add(
                    new StorvspQueue(
                            server.offer(offer.subChannel(index), doorbell),
                            this,
                            index,
                            counters));
        }
        return NtStatus.SUCCESS;
    }

    Handshake handshake() {
        return handshake;
    }

    StorvspOptions options() {
        return options;
    }

    // 4. Take, then answer.

    private void execute(
            final StorvspQueue queue,
            final Channel rings,
            final VstorPacket packet,
            final int payloadBytes) {
        if (!handshake.isReady()) {
            refuse(queue, rings, StorvspRefusal.STATE, NtStatus.INVALID_DEVICE_STATE);
            return;
        }
        if (payloadBytes < handshake.packetBytes()) {
            refuse(queue, rings, StorvspRefusal.PACKET_LENGTH, NtStatus.INVALID_PARAMETER);
            return;
        }
        packet.request(request);
        if (!RequestIntake.isSound(request)) {
            end(queue, rings, StorvspRefusal.REQUEST, SrbStatus.INVALID_REQUEST, ScsiStatus.GOOD);
            return;
        }
        final ScsiTarget target = targets.of(request);
        final Nexus nexus = target == null ? null : target.nexus(request.lun());
        if (target == null || (nexus == null && target.isEmpty())) {
            end(queue, rings, StorvspRefusal.UNIT, SrbStatus.INVALID_LUN, ScsiStatus.GOOD);
            return;
        }
        final ScsiTask task = nexus == null ? target.takeForNoUnit() : nexus.take();
        if (task == null) {
            end(
                    queue,
                    rings,
                    StorvspRefusal.TASK_SET_FULL,
                    SrbStatus.BUSY,
                    ScsiStatus.TASK_SET_FULL);
            return;
        }
        if (!intake.fill(task, request, rings.incoming())) {
            task.release();
            end(queue, rings, StorvspRefusal.DATA, SrbStatus.INVALID_REQUEST, ScsiStatus.GOOD);
            return;
        }
        task.from(rings.incoming().transactionId(), queue.index());
        task.carried().putBytes(0, queue.copy(), 0, VstorPacket.BYTES);
        if (trace.isOn()) {
            trace.event(WHO, "request", task.transactionId(), task.cdb().opcode());
        }
        start(queue, rings, target, nexus, task);
    }

    private void start(
            final StorvspQueue queue,
            final Channel rings,
            final ScsiTarget target,
            final @Nullable Nexus nexus,
            final ScsiTask task) {
        final LogicalUnit unit = nexus == null ? null : target.unit(request.lun());
        if (unit != null) {
            queue.began();
            unit.start(task);
        } else if (ScsiTarget.isForNoUnit(task)) {
            queue.began();
            target.startForNoUnit(task);
        } else {
            task.release();
            end(queue, rings, StorvspRefusal.UNIT, SrbStatus.INVALID_LUN, ScsiStatus.GOOD);
        }
    }

    /** Answers the request that was taken last, which no unit sees. */
    private void end(
            final StorvspQueue queue,
            final Channel rings,
            final StorvspRefusal reason,
            final int srbStatus,
            final int scsiStatus) {
        counters.refused(reason);
        request.putAnswer(srbStatus, scsiStatus, 0, 0);
        queue.answerPacket(rings, NtStatus.SUCCESS);
    }

    private void ended(final ScsiTask task) {
        if (trace.isOn()) {
            trace.event(WHO, "answer", task.transactionId(), task.status());
        }
        queues.get(task.route()).answer(task);
    }

    /** Resets one unit or all. Commands in flight end as aborted, as their stores finish them. */
    private void reset(
            final StorvspQueue queue,
            final Channel rings,
            final VstorPacket packet,
            final int payloadBytes) {
        if (!handshake.isReady()) {
            refuse(queue, rings, StorvspRefusal.STATE, NtStatus.INVALID_DEVICE_STATE);
            return;
        }
        if (packet.operation() != VstorOperation.RESET_LUN) {
            targets.reset();
        } else if (payloadBytes < handshake.packetBytes()) {
            refuse(queue, rings, StorvspRefusal.PACKET_LENGTH, NtStatus.INVALID_PARAMETER);
            return;
        } else {
            packet.request(request);
            final ScsiTarget target = targets.of(request);
            final LogicalUnit unit = target == null ? null : target.unit(request.lun());
            if (unit == null) {
                refuse(queue, rings, StorvspRefusal.UNIT, NtStatus.INVALID_PARAMETER);
                return;
            }
            unit.reset();
        }
        counters.resets++;
        queue.answerPacket(rings, NtStatus.SUCCESS);
    }

    // 5. Units come and go; tear down, in reverse.

    /** Adds a unit, and tells the guest if it is there. An IDE disk is unit 0 of target 0. */
    public void add(final int target, final int lun, final LogicalUnit unit) {
        targets.at(target).add(lun, unit);
        notices.unitCame(handshake.isReady());
    }

    /** Takes a unit away, and tells the guest; false if there is none. */
    public boolean remove(final int target, final int lun) {
        final boolean removed = targets.at(target).remove(lun);
        notices.unitWent(removed && handshake.isReady());
        return removed;
    }

    /** Whether nobody uses a number, nor is a unit on its way out of it. */
    public boolean isFree(final int target, final int lun) {
        return targets.at(target).isFree(lun);
    }

    void closed(final StorvspQueue queue) {
        if (queue.index() == 0) {
            handshake.closed();
            notices.forget();
            for (int i = 1; i < queues.size(); i++) {
                queues.get(i).revoke();
            }
            targets.abandonAll();
        }
    }

    /** Whether the guest can send commands. */
    public boolean isReady() {
        return handshake.isReady();
    }

    /** How often a guest has finished the hand-shake. */
    public long connections() {
        return handshake.connections();
    }

    /** How many commands are with the units. */
    public int inFlight() {
        return targets.inFlight();
    }

    /** Takes the controller away from the guest; what is in flight ends first. */
    public void revoke() {
        for (int i = queues.size() - 1; i >= 0; i--) {
            queues.get(i).revoke();
        }
    }

    @Override
    public void onClose() {
        revoke();
        doWork();
    }
}
