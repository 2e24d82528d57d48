package io.ringside.xen.netfront.backend;

import io.ringside.device.host.PacketPort;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Trace;
import io.ringside.ringbuf.xen.BackRing;
import io.ringside.xen.netfront.protocol.ExtraInfo;
import io.ringside.xen.netfront.protocol.NetifLimits;
import io.ringside.xen.netfront.protocol.NetifStatus;
import io.ringside.xen.netfront.protocol.Wakeups;
import io.ringside.xenbus.grant.GrantCopyBatch;
import io.ringside.xenbus.protocol.GnttabStatus;
import org.jspecify.annotations.Nullable;

/**
 * The ring on which a frontend sends: its packets are taken, copied to memory of our own, handed to
 * the network and answered.
 *
 * <pre>
 *   slots --take--> packets --one hypercall--> bytes in a row --send--> network
 *                      |                                          |
 *                      +--------------- answers ------------------+
 * </pre>
 *
 * <p>One pass takes a bounded number of packets, and the next one begins when the network has taken
 * all of them. A packet for which there is no credit waits, and everything behind it.
 *
 * <p>Threads: one, the backend's.
 */
final class TransmitRing {
    /** Page frames for the bytes of one pass. */
    static final int FRAMES = 48;

    private static final int PACKETS = 64;
    private static final int COPIES = 256;
    private static final int ALIGNMENT = 64;
    private static final int MAX_COPIES_OF_PACKET = 2 * TakenPacket.MAX_PIECES;
    private static final int STAGE_BYTES =
            (FRAMES << GuestMemory.PAGE_SHIFT) - NetifLimits.MAX_PACKET_BYTES;
    private static final String WHO = "netback";

    private final VifState vif;
    private final NetbackCounters counters;
    private final Trace trace;
    private final boolean isArmed;
    private final BackRing ring;
    private final TransmitSlots slots;
    private final HostPages pages;
    private final StaticGrants grants;
    private final TransmitOutput output;
    private final GrantCopyBatch batch = new GrantCopyBatch(COPIES);
    private final TakenPacket[] packets = new TakenPacket[PACKETS];

    private int taken; // packets of this pass
    private int sent; // of these, those that are done
    private TakenPacket parked = new TakenPacket();
    private boolean isParked; // there is no credit for it
    private int stagedBytes;
    private boolean awake = true; // what was published before we listened is looked for once
    private boolean notified;
    private @Nullable NetbackRefusal fault;

    TransmitRing(
            final VifState vif,
            final BackRing ring,
            final HostPages pages,
            final StaticGrants grants) {
        this.vif = vif;
        this.counters = vif.counters;
        this.trace = vif.services.trace();
        this.isArmed = vif.services.wakeups() == Wakeups.ARMED;
        this.ring = ring;
        this.pages = pages;
        this.grants = grants;
        this.slots = new TransmitSlots(ring, vif.options.offers(), counters);
        final PacketPort port = vif.services.port();
        this.output = new TransmitOutput(port, pages.bytes());
        for (int i = 0; i < PACKETS; i++) {
            packets[i] = new TakenPacket();
        }
    }

    /** The frontend has notified; answers whether there is anything to take. */
    boolean notified() {
        notified = true;
        return ring.requests() != 0;
    }

    /** Takes, sends and answers packets, a bounded number; answers how many were moved on. */
    int work() {
        if (fault != null) {
            return 0;
        }
        int work = sent < taken ? send() : 0;
        if (sent < taken) {
            return work;
        }
        awake |= notified;
        notified = false;
        // A frontend that is held back wakes us no more: it is served when something else does.
        if (isArmed && !awake && !isParked && !vif.budget.isHeld()) {
            return work;
        }
        work += takePass();
        if (taken != 0 && fault == null) {
            vif.budget.tick();
            copy();
            send();
        }
        if (isArmed && fault == null && sent == taken && !isParked) {
            awake = ring.finalCheckForRequests();
            work += awake && work == 0 ? 1 : 0;
        }
        return work;
    }

    private int takePass() {
        taken = 0;
        sent = 0;
        stagedBytes = 0;
        batch.reset();
        int work = 0;
        while (taken < PACKETS
                && stagedBytes <= STAGE_BYTES
                && batch.count() <= COPIES - MAX_COPIES_OF_PACKET
                && (isParked || ring.requests() != 0)) {
            if (isParked) {
                swapParked();
            } else {
                fault = slots.take(packets[taken]);
                work++;
            }
            if (fault != null || !admit(packets[taken])) {
                break;
            }
            taken++;
        }
        if (ring.isBroken()) {
            fault = NetbackRefusal.RING_INDEX;
        }
        return work;
    }

    /** Lets a packet into the pass, or answers false: it has to wait for credit. */
    private boolean admit(final TakenPacket packet) {
        final boolean isSent = packet.refusal() == null && packet.multicastType() == ExtraInfo.NONE;
        if (isSent && !vif.credit.take(packet.totalBytes(), vif.nowNanos)) {
            counters.creditWaits += isParked ? 0 : 1;
            swapParked();
            isParked = true;
            return false;
        }
        isParked = false;
        if (isSent) {
            stage(packet);
        }
        return true;
    }

    private void swapParked() {
        final TakenPacket other = packets[taken];
        packets[taken] = parked;
        parked = other;
    }

    /** Adds the copies of a packet, which is then in one piece, whatever its pieces were. */
    private void stage(final TakenPacket packet) {
        packet.stagedAt = stagedBytes;
        packet.firstCopy = batch.count();
        int to = stagedBytes;
        for (int piece = 0; piece < packet.pieces(); piece++) {
            final int lengthBytes = packet.length(piece);
            if (lengthBytes != 0
                    && !grants.copyIn(
                            packet.reference(piece),
                            packet.offset(piece),
                            pages.bytes(),
                            to,
                            lengthBytes)) {
                addCopies(packet.reference(piece), packet.offset(piece), to, lengthBytes);
            }
            to += lengthBytes;
        }
        packet.copies = batch.count() - packet.firstCopy;
        stagedBytes = to + ALIGNMENT - 1 & -ALIGNMENT;
    }

    private void addCopies(
            final int reference, final int offset, final int to, final int lengthBytes) {
        final int at = to & GuestMemory.PAGE_BYTES - 1;
        final int count = Math.min(lengthBytes, GuestMemory.PAGE_BYTES - at);
        batch.addIn(vif.frontendDomain, reference, offset, pages.frame(to), at, count);
        if (count < lengthBytes) {
            batch.addIn(
                    vif.frontendDomain,
                    reference,
                    offset + count,
                    pages.frame(to + count),
                    0,
                    lengthBytes - count);
        }
    }

    private void copy() {
        if (batch.count() != 0) {
            vif.services.copier().copy(batch);
        }
    }

    /** Sends what the network takes, and answers it; answers how many packets that were. */
    private int send() {
        final int before = sent;
        while (sent < taken) {
            final TakenPacket packet = packets[sent];
            if (!finish(packet)) {
                counters.transmitWaits++;
                break;
            }
            sent++;
        }
        return sent - before;
    }

    /** Does what a packet asks for, and answers it; false if it has to wait. */
    private boolean finish(final TakenPacket packet) {
        NetbackRefusal refusal = packet.refusal();
        if (refusal == null && packet.multicastType() != ExtraInfo.NONE) {
            refusal = changeMulticasts(packet) ? null : NetbackRefusal.MULTICAST;
        } else if (refusal == null && !isCopied(packet)) {
            refusal = NetbackRefusal.COPY;
        } else if (refusal == null) {
            switch (output.send(packet)) {
                case WAITS -> {
                    return false;
                }
                case REFUSED -> refusal = output.refusal();
                case SENT -> {
                    counters.transmitPackets++;
                    counters.transmitBytes += packet.totalBytes();
                }
            }
        }
        if (refusal != null) {
            counters.refused(refusal);
            counters.transmitErrors++;
        }
        slots.answer(packet, refusal == null ? NetifStatus.OKAY : NetifStatus.ERROR);
        if (trace.isOn()) {
            trace.event(WHO, "transmit", packet.totalBytes(), packet.dataSlots());
        }
        return true;
    }

    private boolean changeMulticasts(final TakenPacket packet) {
        if (packet.multicastType() == ExtraInfo.MULTICAST_DELETE) {
            vif.multicasts.remove(packet.multicastAddress());
            return true;
        }
        return vif.multicasts.add(packet.multicastAddress());
    }

    private boolean isCopied(final TakenPacket packet) {
        for (int i = packet.firstCopy; i < packet.firstCopy + packet.copies; i++) {
            if (batch.status(i) != GnttabStatus.OKAY) {
                return false;
            }
        }
        return true;
    }

    /** Why the connection must end, or null. */
    @Nullable NetbackRefusal fault() {
        return fault;
    }
}
