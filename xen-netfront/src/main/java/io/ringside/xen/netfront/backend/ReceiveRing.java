package io.ringside.xen.netfront.backend;

import io.ringside.device.frame.FrameMetadata;
import io.ringside.device.host.Packet;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Trace;
import io.ringside.ringbuf.xen.BackRing;
import io.ringside.xen.netfront.protocol.NetifLimits;
import io.ringside.xen.netfront.protocol.Wakeups;

/**
 * The ring on which a frontend receives: packets wait in a backlog until it has offered enough
 * pages, are copied there, and the pages given back to it full.
 *
 * <pre>
 *   network --take--> backlog --bytes in a row--> one hypercall --> answers
 *                        |
 *                        +--> dropped: it waited too long, or the queue is given up
 * </pre>
 *
 * <p>A queue is given up when for a long time there were fewer pages than the packet at its head
 * needs, and taken up again when there are as many: one page now and then does not keep a backlog
 * alive. Time is what is told.
 *
 * <p>Threads: one, the backend's.
 */
final class ReceiveRing {
    /** Page frames for the bytes of one pass. */
    static final int FRAMES = 48;

    private static final int PACKETS = 64;
    private static final int STAGE_BYTES =
            (FRAMES << GuestMemory.PAGE_SHIFT)
                    - (NetifLimits.MAX_PACKET_BYTES + 1)
                    - GuestMemory.PAGE_BYTES;

    private final VifState vif;
    private final NetbackCounters counters;
    private final boolean isArmed;
    private final BackRing ring;
    private final PostedPages posted;
    private final ReceiveBacklog backlog;
    private final ReceiveSlots slots;
    private final ReceiveWriter writer;
    private final long drainNanos;
    private final Trace trace;

    private boolean isShort; // the head found too few pages
    private long shortSinceNanos;
    private boolean stalled;
    private int slotsWanted; // to be taken up again

    ReceiveRing(
            final VifState vif,
            final BackRing ring,
            final HostPages pages,
            final StaticGrants grants) {
        this.vif = vif;
        this.counters = vif.counters;
        this.trace = vif.services.trace();
        this.isArmed = vif.services.wakeups() == Wakeups.ARMED;
        this.ring = ring;
        final NetbackOptions.Backlog bounds = vif.options.backlog();
        drainNanos = vif.keys.rxNotify() ? bounds.drainNanos() : bounds.drainWithoutNotifyNanos();
        posted = new PostedPages(ring);
        backlog = new ReceiveBacklog(vif.services.port(), bounds);
        slots = new ReceiveSlots(vif, ring, posted, grants, pages);
        writer = new ReceiveWriter(vif, slots, pages.bytes());
    }

    /** Whether the frontend has offered pages that nobody has seen. */
    boolean notified() {
        return ring.requests() != 0;
    }

    /** How many more packets can wait, if they are short enough. */
    int room() {
        return stalled ? 0 : backlog.room();
    }

    /** Takes a packet in to wait, or answers false: it is lost. */
    boolean add(final Packet packet, final FrameMetadata hash) {
        return !stalled
                && backlog.add(packet, hash, writer.slotsNeeded(packet, hash), vif.nowNanos);
    }

    /** Gives packets to the frontend, a bounded number; answers how many. */
    int work() {
        if (!stalled && backlog.count() == 0) {
            return 0;
        }
        posted.takeAll();
        if (ring.isBroken() || (stalled && !takeUp())) {
            return 0;
        }
        final int written = writeSome();
        if (written != 0) {
            vif.budget.tick();
        }
        return backlog.count() != 0 && isShort && ask() && written == 0 ? 1 : written;
    }

    /** Whether the queue is served again. */
    private boolean takeUp() {
        if (posted.count() < slotsWanted) {
            ask();
            return false;
        }
        stalled = false;
        isShort = false;
        return true;
    }

    /** Asks to be notified of the next page; true if there is one already. */
    private boolean ask() {
        return isArmed && ring.finalCheckForRequests();
    }

    private int writeSome() {
        slots.reset();
        writer.reset();
        int written = 0;
        while (backlog.count() != 0 && written < PACKETS && writer.usedBytes() <= STAGE_BYTES) {
            final int needed = writer.begin(backlog);
            if (needed > slots.left()) {
                noteShortage();
                break;
            }
            isShort = false;
            if (needed == 0) {
                counters.receiveDropped++;
                backlog.dropHead();
                written++;
                continue;
            }
            final int lengthBytes = writer.write(backlog);
            counters.receivePackets++;
            counters.receiveBytes += lengthBytes;
            if (trace.isOn()) {
                trace.event("netback", "receive", lengthBytes, needed);
            }
            if (writer.isDone()) {
                backlog.dropHead();
            }
            written++;
        }
        if (slots.count() != 0) {
            slots.finish();
        }
        return written;
    }

    private void noteShortage() {
        if (!isShort) {
            isShort = true;
            shortSinceNanos = vif.nowNanos;
        }
    }

    /** Drops what has waited too long, and gives the queue up if it must. */
    void tick() {
        if (isShort && !stalled && backlog.count() != 0 && vif.keys.rxNotify()) {
            final long shortNanos = vif.nowNanos - shortSinceNanos;
            if (shortNanos >= vif.options.backlog().stallNanos()) {
                stall();
                return;
            }
        }
        while (backlog.count() != 0 && vif.nowNanos - backlog.headSinceNanos() >= drainNanos) {
            writer.abandon();
            backlog.dropHead();
            counters.expired++;
            counters.receiveDropped++;
        }
    }

    private void stall() {
        stalled = true;
        counters.stalls++;
        slotsWanted = Math.clamp(writer.begin(backlog), 1, NetifLimits.RX_SLOTS);
        dropAll();
        ask();
    }

    private void dropAll() {
        writer.abandon();
        counters.receiveDropped += backlog.dropAll();
    }

    /** What is received is to be moved otherwise from now on: the head is looked at once more. */
    void headroomChanged() {
        if (backlog.count() != 0 && writer.isInTheMidst()) {
            backlog.dropHead();
            counters.receiveDropped++;
        }
        writer.abandon();
    }

    /** Whether the queue is given up. */
    boolean isStalled() {
        return stalled;
    }

    /** Whether the frontend published an index that cannot be. */
    boolean isBroken() {
        return ring.isBroken();
    }

    /** Gives all packets back to the network. */
    void close() {
        dropAll();
    }
}
