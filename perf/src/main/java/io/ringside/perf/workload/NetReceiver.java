package io.ringside.perf.workload;

import io.ringside.device.guest.NetCompletions;
import io.ringside.device.guest.NetDevice;
import io.ringside.device.guest.NetFrame;
import io.ringside.hypervisor.Clock;
import io.ringside.hypervisor.GuestMemory;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Takes what a network card receives, checks it and gives it back at once.
 *
 * <p>When the wire has stopped it waits until all frames have arrived, or until none has for {@link
 * #QUIET_NANOS}.
 *
 * <p>Threads: the frontend's. Allocates nothing while it runs.
 */
public final class NetReceiver implements Workload, NetCompletions {
    private static final long QUIET_NANOS = 50_000_000;
    private static final long SETTLE_NANOS = 100_000;

    private final NetDevice card;
    private final Wire wire;
    private final FrameArrivals arrivals;
    private final Clock clock;
    private final Alarm alarm;
    private final Runnable wake;
    private final GuestMemory guest;
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private int givenBack;
    private long lastArrived;
    private long quietSinceNanos;
    private boolean begun;
    private volatile boolean done;

    /**
     * A receiver by a card that is ready.
     *
     * @param wire where the frames come from
     */
    public NetReceiver(
            final NetDevice card,
            final Wire wire,
            final FrameArrivals arrivals,
            final Clock clock,
            final GuestMemory guest) {
        this(card, wire, arrivals, clock, guest, Alarm.NONE, () -> {});
    }

    /**
     * The same that sleeps while it waits for the last frames.
     *
     * @param alarm wakes it
     * @param wake wakes its half
     */
    public NetReceiver(
            final NetDevice card,
            final Wire wire,
            final FrameArrivals arrivals,
            final Clock clock,
            final GuestMemory guest,
            final Alarm alarm,
            final Runnable wake) {
        this.alarm = alarm;
        this.wake = wake;
        this.card = card;
        this.wire = wire;
        this.arrivals = arrivals;
        this.clock = clock;
        this.guest = guest;
        card.completionsTo(this);
    }

    @Override
    public void stop() {
        wire.stop();
    }

    @Override
    public boolean isDone() {
        return done;
    }

    @Override
    public int doWork() {
        if (!begun) {
            begun = true;
            wire.begin();
        }
        int work = givenBack;
        if (givenBack > 0) {
            givenBack = 0;
            card.commit();
        }
        if (!done && wire.isOver()) {
            final long now = clock.nanoTime();
            settle(now);
            // Where no clock wakes it, it stays awake until it is done.
            work += done || !alarm.at(now + SETTLE_NANOS, wake) ? 1 : 0;
        }
        return work;
    }

    private void settle(final long now) {
        final long arrived = arrivals.arrived();
        if (arrived != lastArrived || quietSinceNanos == 0) {
            lastArrived = arrived;
            quietSinceNanos = now;
        }
        done = arrived >= wire.handedOver() || now - quietSinceNanos > QUIET_NANOS;
    }

    @Override
    public void received(final int queue, final NetFrame frame) {
        arrivals.begin();
        for (int i = 0; i < frame.segmentCount(); i++) {
            guest.wrap(view, frame.segmentAddress(i), frame.segmentBytes(i));
            arrivals.piece(view, 0, frame.segmentBytes(i));
        }
        arrivals.end(frame.metadata());
        card.giveBack(frame);
        givenBack++;
    }

    @Override
    public void transmitted(final NetFrame frame) {
        throw new IllegalStateException("nothing was sent: tag=" + frame.tag());
    }

    @Override
    public void linkChanged() {
        // Frames that are lost for it are counted where they are missed.
    }

    @Override
    public long finished() {
        return arrivals.arrived();
    }

    @Override
    public String roleName() {
        return "net-receiver";
    }
}
