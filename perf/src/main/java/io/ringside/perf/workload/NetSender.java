package io.ringside.perf.workload;

import io.ringside.device.frame.FlowHash;
import io.ringside.device.frame.FrameMetadata;
import io.ringside.device.frame.HashType;
import io.ringside.device.frame.Toeplitz;
import io.ringside.device.guest.NetCompletions;
import io.ringside.device.guest.NetDevice;
import io.ringside.device.guest.NetFrame;
import io.ringside.device.guest.NetLimits;
import io.ringside.device.guest.NetStatus;
import io.ringside.hypervisor.Clock;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Sends the frames of a schedule by a network card.
 *
 * <p>A frame that the card has no room for waits, and everything behind it. When the last one is
 * submitted it waits until all have arrived, or until none has for {@link #QUIET_NANOS}.
 *
 * <p>Threads: the frontend's. Allocates nothing while it runs.
 */
public final class NetSender implements Workload, NetCompletions {
    private static final String KEY = "any forty bytes will do to tell flows ap";
    private static final int BURST = 64;
    private static final int MOST_A_QUEUE = 512;
    private static final int LEAST_SLOT_BYTES = 256;
    private static final long QUIET_NANOS = 50_000_000;
    private static final long SETTLE_NANOS = 100_000;

    private final NetDevice card;
    private final FrameSchedule schedule;
    private final FrameArrivals arrivals;
    private final Clock clock;
    private final Alarm alarm;
    private final Runnable wake;
    private final int queues;
    private final NetFrame[] frames;
    private final long[] addresses;
    private final UnsafeBuffer[] memory;
    private final int[] idle;
    private final FlowHash hash;
    private final FrameMetadata hashed = new FrameMetadata();
    private int idleCount;
    private int mostAtOnce = BURST;
    private int prepared = -1; // filled, but the card had no room for it
    private int queue; // of the prepared one
    private long completed;
    private long errors;
    private long lastArrived;
    private long quietSinceNanos;
    private volatile boolean stopRequested;
    private volatile boolean done;

    /**
     * A sender by a card that is ready.
     *
     * @param arrivals where the frames arrive
     */
    public NetSender(
            final NetDevice card,
            final FrameSchedule schedule,
            final FrameArrivals arrivals,
            final Clock clock,
            final GuestMemory guest,
            final FrameAllocator allocator) {
        this(card, schedule, arrivals, clock, guest, allocator, Alarm.NONE, () -> {});
    }

    /**
     * The same that sleeps while no frame is due.
     *
     * @param alarm wakes it
     * @param wake wakes its half
     */
    public NetSender(
            final NetDevice card,
            final FrameSchedule schedule,
            final FrameArrivals arrivals,
            final Clock clock,
            final GuestMemory guest,
            final FrameAllocator allocator,
            final Alarm alarm,
            final Runnable wake) {
        this.alarm = alarm;
        this.wake = wake;
        this.card = card;
        this.schedule = schedule;
        this.arrivals = arrivals;
        this.clock = clock;
        final NetLimits limits = card.limits();
        this.queues = limits.queues();
        final int count = queues * Math.min(limits.transmitDepth(), MOST_A_QUEUE);
        frames = new NetFrame[count];
        addresses = new long[count];
        memory = new UnsafeBuffer[count];
        idle = new int[count];
        final int slotBytes =
                Math.max(
                        LEAST_SLOT_BYTES,
                        Integer.highestOneBit(2 * schedule.stream().maxFrameBytes() - 1));
        final int pages = (slotBytes + GuestMemory.PAGE_BYTES - 1) / GuestMemory.PAGE_BYTES;
        final int slotsAPage = Math.max(1, GuestMemory.PAGE_BYTES / slotBytes);
        long page = 0;
        for (int i = 0; i < count; i++) {
            if (i % slotsAPage == 0) {
                page = (long) allocator.allocate(pages) << GuestMemory.PAGE_SHIFT;
            }
            frames[i] = new NetFrame(limits.maxSegments());
            frames[i].tag(i);
            addresses[i] = page + (long) (i % slotsAPage) * slotBytes;
            memory[i] = new UnsafeBuffer(0, 0);
            guest.wrap(memory[i], addresses[i], slotBytes);
            schedule.prepare(memory[i], 0);
            idle[idleCount++] = i;
        }
        final Toeplitz toeplitz = new Toeplitz();
        toeplitz.key(new UnsafeBuffer(KEY.getBytes(StandardCharsets.US_ASCII)), 0, KEY.length());
        hash = new FlowHash(toeplitz);
        hash.enable(EnumSet.of(HashType.IPV4, HashType.TCP_IPV4, HashType.IPV6, HashType.TCP_IPV6));
        card.completionsTo(this);
    }

    /**
     * Has at most so many frames submitted before the card is told, as a socket tells it of each.
     */
    public void mostAtOnce(final int frames) {
        mostAtOnce = Math.clamp(frames, 1, BURST);
    }

    @Override
    public void stop() {
        stopRequested = true;
    }

    @Override
    public boolean isDone() {
        return done;
    }

    @Override
    public int doWork() {
        if (done) {
            return 0;
        }
        final long now = clock.nanoTime();
        final boolean last = stopRequested || schedule.isOver();
        if (last && prepared < 0) {
            settle(now);
            return done || !alarm.at(now + SETTLE_NANOS, wake) ? 1 : 0;
        }
        int count = 0;
        while (count < mostAtOnce && (prepared >= 0 || !last && isDue(now)) && submitNext(now)) {
            count++;
        }
        if (count > 0) {
            card.commit();
        }
        // A greedy sender that finds no room sleeps until there is; few clocks wake anybody.
        return schedule.isGreedy() || alarm.at(schedule.nextDueNanos(), wake) ? count : count + 1;
    }

    private boolean isDue(final long now) {
        return !schedule.isOver() && schedule.isDue(now);
    }

    private boolean submitNext(final long now) {
        if (prepared < 0) {
            if (idleCount == 0) {
                return false;
            }
            prepare(now);
        }
        if (!card.submit(queue, frames[prepared])) {
            return false;
        }
        prepared = -1;
        return true;
    }

    private void prepare(final long now) {
        prepared = idle[--idleCount];
        final NetFrame frame = frames[prepared].reset();
        final int length = schedule.write(memory[prepared], 0, now, frame.metadata());
        queue = queues == 1 ? 0 : queueOf(memory[prepared], length);
        final long address = addresses[prepared];
        for (int at = 0; at < length; at += GuestMemory.PAGE_BYTES) {
            frame.addSegment(address + at, Math.min(GuestMemory.PAGE_BYTES, length - at));
        }
    }

    /** One flow stays with one queue, as an operating system would have it. */
    private int queueOf(final UnsafeBuffer frame, final int lengthBytes) {
        hash.hash(frame, 0, lengthBytes, hashed);
        return Integer.remainderUnsigned(hashed.hash(), queues);
    }

    private void settle(final long now) {
        final long arrived = arrivals.arrived();
        if (arrived != lastArrived || quietSinceNanos == 0) {
            lastArrived = arrived;
            quietSinceNanos = now;
        }
        final boolean all = arrived >= schedule.number() && completed >= schedule.number();
        if (all || now - quietSinceNanos > QUIET_NANOS) {
            done = true;
        }
    }

    @Override
    public void transmitted(final NetFrame frame) {
        completed++;
        if (frame.status() != NetStatus.OK) {
            errors++;
        }
        idle[idleCount++] = frame.tag();
    }

    @Override
    public void received(final int fromQueue, final NetFrame frame) {
        card.giveBack(frame);
    }

    @Override
    public void linkChanged() {
        // Frames that are lost for it are counted where they are missed.
    }

    @Override
    public long finished() {
        return arrivals.arrived();
    }

    /** How many frames the device said that it could not send; read it once {@link #isDone}. */
    public long errors() {
        return errors;
    }

    @Override
    public String roleName() {
        return "net-sender";
    }
}
