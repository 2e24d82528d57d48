package io.ringside.perf.workload;

import io.ringside.device.host.Packet;
import io.ringside.device.host.PacketArrivals;
import io.ringside.device.host.PacketPort;
import io.ringside.hypervisor.Clock;
import io.ringside.perf.scenario.NetRigs;
import java.nio.ByteBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The network of a measurement: what is sent to it is checked, and what it brings is the frames of
 * a schedule.
 *
 * <p>A frame that is sent while {@value #BUFFERED_FRAMES} short ones are on their way out has to
 * wait, as before a network card whose ring is full. A frame that is due and that nobody takes
 * waits behind others; when {@value #BUFFERED_FRAMES} wait, the oldest is dropped.
 *
 * <p>Threads: that of the backend, or of the guest whose exits run it; {@link #begin} and {@link
 * #stop} any; {@link #isOver}, {@link #handedOver} and {@link #dropped} any, and they lag.
 * Allocates nothing while it runs.
 */
public final class Wire implements PacketPort, Agent {
    /** So many frames fit between a backend and the wire. */
    public static final int BUFFERED_FRAMES = 4096;

    private static final int MAX_FRAME_BYTES = NetRigs.MTU_BYTES + 18; // And a VLAN tag.
    private static final int SLOTS = 512;
    private static final int GREEDY_SLOTS = 64; // So few that any backend has room for them.
    private static final int LEAST_WIRE_BYTES = 84;
    private static final long BUFFERED_BYTES = (long) BUFFERED_FRAMES * LEAST_WIRE_BYTES;

    private final Clock clock;
    private final double nanosPerByte;
    private final @Nullable FrameSchedule outgoing;
    private final @Nullable FrameArrivals incoming;

    private final Packet[] packets = new Packet[SLOTS];
    private final UnsafeBuffer slots;
    private final int slotBytes;
    private final int[] idle = new int[SLOTS];
    private final boolean[] lent = new boolean[SLOTS];
    private int idleCount;

    private double roomBytes = BUFFERED_BYTES;
    private long roomNanos;
    private boolean linkUp = true;
    private volatile long dropped;
    private volatile long handedOver;
    private volatile boolean stopRequested;
    private volatile boolean over;
    private volatile boolean begun;
    private Runnable wake = () -> {};

    private Wire(
            final double nanosPerByte,
            final @Nullable FrameSchedule outgoing,
            final @Nullable FrameArrivals incoming,
            final Clock clock) {
        this.nanosPerByte = nanosPerByte;
        this.outgoing = outgoing;
        this.incoming = incoming;
        this.clock = clock;
        slotBytes =
                outgoing == null
                        ? 1
                        : Integer.highestOneBit(2 * outgoing.stream().maxFrameBytes() - 1);
        slots = new UnsafeBuffer(ByteBuffer.allocateDirect(SLOTS * slotBytes));
        for (int i = 0; i < SLOTS; i++) {
            packets[i] = new Packet(1, i);
            idle[idleCount++] = i;
            if (outgoing != null) {
                outgoing.prepare(slots, i * slotBytes);
            }
        }
        roomNanos = clock.nanoTime();
    }

    /**
     * A wire that a guest sends to.
     *
     * @param nanosPerByte nanoseconds that a byte takes; 0 for a wire that is never busy
     */
    public static Wire sink(
            final double nanosPerByte, final FrameArrivals arrivals, final Clock clock) {
        return new Wire(nanosPerByte, null, arrivals, clock);
    }

    /** A wire that brings a guest the frames of a schedule. */
    public static Wire source(final FrameSchedule schedule, final Clock clock) {
        return new Wire(0, schedule, null, clock);
    }

    /** Brings frames from now on; any thread, once. */
    void begin() {
        begun = true;
        wake.run();
    }

    /** Brings nothing further; any thread. */
    public void stop() {
        stopRequested = true;
    }

    /** Whether it brings nothing further. */
    boolean isOver() {
        return over;
    }

    /** How many frames a backend has taken. */
    public long handedOver() {
        return handedOver;
    }

    @Override
    public boolean isLinkUp() {
        return linkUp;
    }

    @Override
    public int maxFrameBytes() {
        return MAX_FRAME_BYTES;
    }

    @Override
    public boolean takesBlankChecksums() {
        return false;
    }

    @Override
    public boolean takesUncutFrames() {
        return false;
    }

    @Override
    public boolean send(final Packet packet) {
        final FrameArrivals arrivals = incoming;
        final int lengthBytes = packet.totalBytes();
        if (arrivals == null || !linkUp || lengthBytes == 0 || lengthBytes > MAX_FRAME_BYTES) {
            dropped = dropped + 1;
            return true;
        }
        if (nanosPerByte > 0 && !hasRoom(FrameStream.wireBytes(lengthBytes))) {
            return false;
        }
        arrivals.begin();
        for (int i = 0; i < packet.segmentCount(); i++) {
            final UnsafeBuffer segment = packet.segment(i);
            arrivals.piece(segment, 0, segment.capacity());
        }
        arrivals.end(packet.metadata());
        return true;
    }

    /** Takes the room that a frame needs; the clock is read only when there is too little. */
    private boolean hasRoom(final int wireBytes) {
        if (roomBytes < wireBytes) {
            final long now = clock.nanoTime();
            roomBytes = Math.min(BUFFERED_BYTES, roomBytes + (now - roomNanos) / nanosPerByte);
            roomNanos = now;
            if (roomBytes < wireBytes) {
                return false;
            }
        }
        roomBytes -= wireBytes;
        return true;
    }

    @Override
    public int take(final PacketArrivals arrivals, final int limit) {
        final FrameSchedule schedule = outgoing;
        if (schedule == null || !begun || over || limit <= 0) {
            return 0;
        }
        final long now = clock.nanoTime();
        if (stopRequested || schedule.isOver()) {
            over = true;
            return 0;
        }
        if (!schedule.isDue(now)) {
            return 0;
        }
        dropOverdue(schedule, now);
        int count = 0;
        final int kept = schedule.isGreedy() ? SLOTS - GREEDY_SLOTS : 0;
        while (count < limit && idleCount > kept && schedule.isDue(now)) {
            final int slot = idle[--idleCount];
            final int at = slot * slotBytes;
            lent[slot] = true;
            final Packet packet = packets[slot].reset();
            final int frameBytes = schedule.write(slots, at, now, packet.metadata());
            packet.add(slots, at, frameBytes);
            count++;
            arrivals.arrived(packet);
        }
        if (count > 0) {
            handedOver = handedOver + count;
        }
        return count;
    }

    /** Frames that come as fast as they are taken wait; others come when they are due. */
    @Override
    public boolean holdsBack() {
        return outgoing != null && outgoing.isGreedy();
    }

    private void dropOverdue(final FrameSchedule schedule, final long now) {
        long tooMany = schedule.backlog(now) - BUFFERED_FRAMES;
        while (tooMany > 0 && schedule.isDue(now)) {
            schedule.drop();
            dropped = dropped + 1;
            tooMany--;
        }
    }

    @Override
    public void giveBack(final Packet packet) {
        final int slot = packet.tag();
        if (slot < 0 || slot >= SLOTS || packets[slot] != packet || !lent[slot]) {
            throw new IllegalArgumentException("not lent by this wire: tag=" + slot);
        }
        lent[slot] = false;
        idle[idleCount++] = slot;
    }

    @Override
    public long dropped() {
        return dropped;
    }

    @Override
    public void wakeWith(final Runnable newWake) {
        wake = newWake; // For the beginning: while frames are due by time, doWork keeps it awake.
    }

    /** Keeps the backend's thread awake while frames are still to come by time. */
    @Override
    public int doWork() {
        if (outgoing == null || over) {
            return 0;
        }
        if (stopRequested || outgoing.isOver()) {
            over = true;
        }
        return outgoing.isGreedy() ? 0 : 1;
    }

    @Override
    public String roleName() {
        return "wire";
    }

    @Override
    public void close() {
        linkUp = false;
    }
}
