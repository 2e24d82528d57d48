package io.ringside.storvsc.frontend;

import io.ringside.device.guest.BlockRequest;
import io.ringside.device.guest.BlockStatus;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Trace;
import io.ringside.storvsc.protocol.VstorOperation;
import io.ringside.storvsc.protocol.VstorPacket;
import io.ringside.storvsc.protocol.WorldWideNames;
import io.ringside.vmbus.guest.GuestChannel;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.Agent;
import org.jspecify.annotations.Nullable;

/**
 * The guest's half of a Hyper-V SCSI controller, IDE disk or fibre channel adapter: finds its
 * units, and serves each as a {@link StorvscDisk}.
 *
 * <p>Data is named by the pages that it lies in; no byte of it is copied. Requests are spread over
 * all channels that the host gives, each of which interrupts a processor of its own.
 *
 * <p>Whoever runs this agent also runs the bus client, on the same thread.
 *
 * <p>Errors: an answer that cannot be is counted and dropped. A refused hand-shake or a ring that
 * cannot be closes the controller: all that is in flight ends as {@link BlockStatus#ERROR} once the
 * host can use its pages no more, and {@link #counters} says why. Threads: one.
 */
public final class Storvsc implements Agent {
    private static final String WHO = "storvsc";

    // 1. Shared with the peer: the channels, the first of which carries the hand-shake.

    private final ControllerChannels channels;

    // 2. Ours alone.

    private final GuestMemory memory;
    private final FrameAllocator frames;
    private final StorvscOptions options;
    private final Trace trace;
    private final StorvscCounters counters = new StorvscCounters();
    private final RequestTable requests;
    private final Handshake handshake;
    private final UnitProbe probe;
    private final ArrayList<StorvscDisk> disks = new ArrayList<>();
    private @Nullable PendingRequest step; // the message of the hand-shake that is to be answered
    private @Nullable PendingRequest reset; // the message that is to be answered
    private boolean scanDue;
    private boolean holdsFrames = true;

    /**
     * A frontend that opens its channel with the first {@link #doWork}.
     *
     * @param channel the first channel of the controller, as it was offered
     * @param memory the guest's memory
     * @param frames a few are taken, for what units say of themselves and for discards, and given
     *     back when the host has let go of a closed controller
     * @param trace is told of each {@code request} (transaction id, opcode) and {@code answer}
     *     (transaction id, status)
     */
    public Storvsc(
            final GuestChannel channel,
            final GuestMemory memory,
            final FrameAllocator frames,
            final StorvscOptions options,
            final Trace trace) {
        this.channels = new ControllerChannels(channel, this, options);
        this.memory = memory;
        this.frames = frames;
        this.options = options;
        this.trace = trace;
        this.handshake = new Handshake(this, options, channels.kind());
        this.requests = new RequestTable(options.queueDepth());
        this.probe = new UnitProbe(this, memory, frames, requests.slots(), channels);
    }

    @Override
    public String roleName() {
        return WHO;
    }

    /** What it has done so far. */
    public StorvscCounters counters() {
        return counters;
    }

    /** The names of a fibre channel adapter, once it has told them. */
    public WorldWideNames names() {
        return handshake.names();
    }

    /** The disks and discs that were found; each knows whether it is ready. */
    public List<StorvscDisk> disks() {
        return List.copyOf(disks);
    }

    /** The disk of an address; null if none was found. */
    public @Nullable StorvscDisk disk(final int target, final int lun) {
        for (int i = 0; i < disks.size(); i++) {
            final StorvscDisk disk = disks.get(i);
            if (disk.target() == target && disk.lun() == lun) {
                return disk;
            }
        }
        return null;
    }

    /** Whether commands flow, and no look for units is under way. */
    public boolean isSettled() {
        return handshake.isReady() && !scanDue && !probe.isActive();
    }

    /** Whether the controller is gone, or of no use. */
    public boolean isClosed() {
        return handshake.isClosed();
    }

    /** How many channels carry commands. */
    public int channelCount() {
        return channels.count();
    }

    /** Does what there is to do, a bounded part of it; 0 only if the guest may sleep now. */
    @Override
    public int doWork() {
        if (handshake.isClosed()) {
            return finish() + requests.reportEnded(counters);
        }
        int work = follow() + channels.complete(handshake.version());
        work += resend();
        if (handshake.isReady()) {
            if (scanDue && !probe.isActive()) {
                scanDue = false;
                probe.start();
            }
            work += probe.advance();
        }
        commit();
        return work + requests.reportEnded(counters);
    }

    // 3. Connect, in the protocol's order.

    private int follow() {
        return switch (channels.follow(handshake.isWaiting(), handshake.subChannels())) {
            case ControllerChannels.OPENED -> {
                handshake.opened();
                yield 1;
            }
            case ControllerChannels.GONE -> {
                shutdown();
                yield 1;
            }
            case ControllerChannels.BROKEN -> {
                refused(StorvscRefusal.RING);
                shutdown();
                yield 1;
            }
            case ControllerChannels.REFUSED -> {
                refuseHandshake();
                yield 1;
            }
            case ControllerChannels.BUSY -> 1;
            default -> 0;
        };
    }

    /** Sends the next message of the hand-shake. */
    void send(final int operation, final int argument) {
        final PendingRequest message = requests.take();
        if (message == null) {
            throw new IllegalStateException("no slot for the hand-shake: operation=" + operation);
        }
        step = message.message(operation, argument);
        requests.stageLater(message);
    }

    /** Commands flow from now on, and the first thing to know is which units there are. */
    void ready() {
        counters.connections++;
        scanDue = true;
    }

    void refuseHandshake() {
        refused(StorvscRefusal.HANDSHAKE);
        shutdown();
    }

    // 4. Submit, then complete.

    boolean isReady() {
        return handshake.isReady();
    }

    int maxTransferBytes() {
        return handshake.maxTransferBytes();
    }

    StorvscOptions options() {
        return options;
    }

    GuestMemory memory() {
        return memory;
    }

    /** A free slot; null if there is none. */
    @Nullable PendingRequest take() {
        return requests.take();
    }

    /** Gives a slot back that was never sent, or whose answer is dealt with. */
    void release(final PendingRequest pending) {
        requests.release(pending);
    }

    /** Sends a command by one of the channels in turn; false if that has no room. */
    boolean send(final PendingRequest pending) {
        final long id = requests.id(pending);
        if (!channels.stage(pending, id, handshake.version())) {
            return false;
        }
        requests.sent(pending);
        if (trace.isOn()) {
            trace.event(WHO, "request", id, pending.cdb.opcode());
        }
        return true;
    }

    /** Tries once more what had no room, or what a unit sent back. */
    private int resend() {
        int count = 0;
        PendingRequest pending = requests.nextToStage();
        while (pending != null && channels.count() != 0) {
            if (!send(pending)) {
                return count;
            }
            requests.staged();
            count++;
            pending = requests.nextToStage();
        }
        return count;
    }

    /** Makes everything that was sent visible. */
    void commit() {
        channels.commit();
    }

    /** An answer: the number is the host's word. */
    void answered(final int queue, final long id, final VstorPacket packet) {
        final PendingRequest pending = requests.find(id);
        if (pending == null || pending.queue != queue || requests.isHere(pending)) {
            refused(StorvscRefusal.ID);
            return;
        }
        if (packet.operation() != VstorOperation.COMPLETE_IO) {
            refused(StorvscRefusal.PACKET);
            return;
        }
        counters.answers++;
        final int status = packet.status();
        if (trace.isOn()) {
            trace.event(WHO, "answer", id, status);
        }
        if (pending == reset) {
            reset = null;
            requests.release(pending);
            return;
        }
        if (pending == step) {
            step = null;
            requests.release(pending);
            handshake.answered(packet, status);
            return;
        }
        if (!requests.take(pending, packet)) {
            refused(StorvscRefusal.TRANSFER);
        }
        scanDue |= RequestTable.tellsOfUnits(pending);
        if (requests.isToTryAgain(pending)) {
            counters.retries++;
            requests.again(pending);
            return;
        }
        requests.unpark();
        final StorvscDisk disk = pending.disk;
        if (disk == null) {
            probe.answered(pending);
        } else if (disk.answered(pending)) {
            requests.stageLater(pending);
        }
    }

    /** Something that the host tells unasked. */
    void told(final int operation) {
        switch (operation) {
            case VstorOperation.ENUMERATE_BUS, VstorOperation.REMOVE_DEVICE -> {
                counters.notices++;
                scanDue = true; // However often: one look that starts after the last of them.
            }
            case VstorOperation.EVENT_NOTIFICATION -> counters.notices++;
            default -> refused(StorvscRefusal.PACKET);
        }
    }

    void refused(final StorvscRefusal reason) {
        counters.refused(reason);
    }

    /** Ends a request of a caller with the next work. */
    void endLater(final StorvscDisk disk, final BlockRequest request, final BlockStatus status) {
        requests.endLater(disk, request, status);
    }

    /** The units that were found: those of them that are new get a disk, others lose theirs. */
    void found(final List<StorvscDisk> now) {
        for (int i = 0; i < disks.size(); i++) {
            if (!now.contains(disks.get(i))) {
                disks.get(i).vanish();
            }
        }
        disks.clear();
        disks.addAll(now);
        counters.scans++;
    }

    // 5. Tear down, in reverse.

    /**
     * Ends every command with a reset of the bus, unless one is on its way; they end as errors, one
     * by one.
     */
    public void reset() {
        if (handshake.isReady() && reset == null) {
            final PendingRequest message = requests.take();
            if (message != null) {
                counters.resets++;
                reset = message.message(VstorOperation.RESET_BUS, 0);
                requests.stageLater(message);
            }
        }
    }

    /**
     * Time goes on. Whoever runs this agent calls it at an even pace, on its thread: once a second
     * for the time limit that Linux has. A command that takes longer than {@link
     * StorvscOptions#timeoutTicks} has the bus reset, and again for as long as it does not end.
     */
    public void tick() {
        if (requests.tick(options.timeoutTicks())) {
            reset();
        }
    }

    /**
     * Closes the channels. What is in flight ends as failed within later work, when the host has
     * let go of it.
     */
    public void shutdown() {
        if (handshake.isClosed()) {
            return;
        }
        handshake.closed();
        channels.close();
        step = null;
        reset = null;
        requests.failUnsent();
        for (int i = 0; i < disks.size(); i++) {
            disks.get(i).vanish();
        }
        probe.stop();
        finish();
    }

    /** Gives back what the host had in hand, once it has let go of every channel. */
    private int finish() {
        final int count = channels.finish();
        if (holdsFrames && channels.isGone()) {
            holdsFrames = false;
            requests.failAll();
            probe.free(frames);
        }
        return count;
    }

    /** Closes the channels. Nobody will wait for the host: everything ends here. */
    @Override
    public void onClose() {
        shutdown();
        requests.failAll();
        requests.reportEnded(counters);
    }
}
