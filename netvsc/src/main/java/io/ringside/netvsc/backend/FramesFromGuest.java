package io.ringside.netvsc.backend;

import io.ringside.netvsc.protocol.NvspMessage;
import io.ringside.netvsc.protocol.NvspStatus;
import io.ringside.ringbuf.vmbus.IncomingRing;
import io.ringside.ringbuf.vmbus.PacketType;
import org.jspecify.annotations.Nullable;

/**
 * The frames that a guest sends by one channel: finds their bytes, and sends them or lets them wait
 * for the port, in their order.
 *
 * <p>Peer's faults: an NVSP status for the packet, which is counted. Threads: one.
 */
final class FramesFromGuest {
    /** The answer is for later: the packet waits. */
    static final int LATER = -1;

    private final Netvsp device;
    private final NetvspCounters counters;
    private final TransmitPath path;
    private final GatheredBytes bytes;
    private final ParkedPackets parked;

    FramesFromGuest(final Netvsp device) {
        this.device = device;
        this.counters = device.counters();
        this.path = device.transmitPath();
        this.bytes = device.gatheredBytes();
        this.parked = new ParkedPackets(device.options().heldFrames());
    }

    /** Forgets what waits. */
    void clear() {
        parked.clear();
    }

    /** Whether a packet waits for the port. */
    boolean isWaiting() {
        return !parked.isEmpty();
    }

    /** Sends the frames of the packet that a ring took last; an NVSP status, or {@link #LATER}. */
    int send(final NvspMessage message, final IncomingRing ring) {
        final NetvspRefusal fault = device.isReady() ? gather(message, ring) : NetvspRefusal.STATE;
        if (fault != null) {
            counters.refused(fault);
            return NvspStatus.FAIL;
        }
        if (parked.isEmpty() && path.send(bytes, 0, 0)) {
            return path.status();
        }
        final boolean begun = parked.isEmpty();
        if (parked.add(ring, message, begun ? path.position() : 0, begun ? path.messages() : 0)) {
            return LATER;
        }
        counters.framesRefusedByPort++;
        return NvspStatus.FAIL;
    }

    /** Finds the bytes of a packet; null if they are there. */
    @Nullable NetvspRefusal gather(final NvspMessage message, final IncomingRing ring) {
        bytes.reset();
        if (!addSection(message.section(), message.sectionBytes())) {
            return NetvspRefusal.SECTION;
        }
        return ring.type() != PacketType.GPA_DIRECT || bytes.addPages(ring)
                ? null
                : NetvspRefusal.PAGES;
    }

    private boolean addSection(final int section, final long sectionBytes) {
        if (section == NvspMessage.NO_SECTION) {
            return true;
        }
        final SendBuffer sections = device.handshake().sendBuffer();
        final int at = sections == null ? -1 : sections.offsetOf(section, sectionBytes);
        if (sections == null || at < 0) {
            return false;
        }
        bytes.add(sections.buffer(), at, (int) sectionBytes);
        return true;
    }

    /** Sends the packet that has waited the longest; an NVSP status, or {@link #LATER}. */
    int sendWaiting() {
        bytes.reset();
        if (!device.isReady()
                || !addSection(parked.section(), parked.sectionBytes())
                || !parked.addPagesTo(bytes)) {
            counters.refused(NetvspRefusal.STATE); // What it came with is gone.
            return NvspStatus.FAIL;
        }
        if (path.send(bytes, parked.position(), parked.messages())) {
            return path.status();
        }
        parked.keep(path.position(), path.messages());
        return LATER;
    }

    /** Whether the packet that has waited the longest is to be answered. */
    boolean isAnswerWanted() {
        return parked.isCompletionRequested();
    }

    /** The transaction id of the packet that has waited the longest. */
    long waitingId() {
        return parked.transactionId();
    }

    /** The packet that has waited the longest is answered. */
    void waitingDone() {
        parked.remove();
    }

    /** How many frames the work was worth, since the last call. */
    int takeEffort() {
        return path.takeEffort();
    }
}
