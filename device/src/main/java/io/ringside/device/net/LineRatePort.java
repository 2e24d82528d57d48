package io.ringside.device.net;

import io.ringside.device.host.Packet;
import io.ringside.device.traffic.FrameChecker;
import io.ringside.device.traffic.FrameGenerator;
import io.ringside.device.traffic.LineRate;
import java.nio.ByteBuffer;
import java.util.function.LongSupplier;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A wire that is full: it offers frames at its rate, whoever takes them, and checks what is sent.
 *
 * <pre>
 *   generator --&gt; | wire, by the clock | --&gt; shelf --&gt; take --&gt; backend --&gt; send --&gt; checker
 *                                        |
 *                                        +-- no room: dropped, counted, and lost to the guest
 * </pre>
 *
 * <p>The offer is an open loop: a frame is on the shelf once its last bit has come, and one that
 * finds the shelf full is gone. It carries the time of its last bit, so that what it waits on the
 * shelf is part of its latency. With {@link LineRate#UNLIMITED} there is always a next frame, none
 * is dropped, and its time is when it is taken.
 *
 * <p>Time goes on in {@link #take} and in {@link #tick}: one of them must be called often enough
 * that the shelf covers the pause. For frames sent to it the clock is read at every eighth of them.
 *
 * <p>As a card with every offload would, it takes blank checksums and uncut frames. Threads: its
 * backend's.
 */
public final class LineRatePort extends OfferingPort {
    private static final long FEMTOS_PER_NANO = 1_000_000;
    private static final long MAX_PAUSE_NANOS = 1_000_000_000_000L;
    private static final int FRAMES_PER_READING = 8;

    private final FrameGenerator generator;
    private final FrameChecker checker;
    private final LineRate rate;
    private final LongSupplier clock;
    private final UnsafeBuffer gathered;
    private final long roundFemtos;
    private long unspentFemtos;
    private long offeredInVain;
    private long sendNanos;
    private int untilReading;

    /**
     * Makes a port that offers nothing yet.
     *
     * @param slots most frames that wait or are lent
     * @param maxFrameBytes most bytes of a frame in either direction
     * @param generator what it offers
     * @param rate how fast
     * @param checker what looks at the frames sent to it
     * @param clock nanoseconds that do not go back; the generator at the other end uses the same
     */
    public LineRatePort(
            final int slots,
            final int maxFrameBytes,
            final FrameGenerator generator,
            final LineRate rate,
            final FrameChecker checker,
            final LongSupplier clock) {
        super(new PacketShelf(slots, maxFrameBytes), clock);
        if (generator.traffic().mix().maxFrameBytes() > maxFrameBytes) {
            throw new IllegalArgumentException("frames too long: maxFrameBytes=" + maxFrameBytes);
        }
        this.generator = generator;
        this.checker = checker;
        this.rate = rate;
        this.clock = clock;
        this.gathered = new UnsafeBuffer(ByteBuffer.allocateDirect(maxFrameBytes));
        for (int slot = 0; slot < slots; slot++) {
            generator.traffic().prepare(shelf.memory(), shelf.offset(slot));
        }
        long femtos = 0;
        for (final int lengthBytes : generator.traffic().mix().cycle()) {
            femtos += rate.femtosOf(lengthBytes) * generator.traffic().flows();
        }
        this.roundFemtos = femtos;
    }

    @Override
    void started(final long now) {
        unspentFemtos = 0;
    }

    @Override
    void offer(final long before, final long now, final int wanted) {
        if (rate.isUnlimited()) {
            while (shelf.waiting() < wanted && !shelf.isFull()) {
                offerFrame(now);
            }
        } else {
            final long pauseNanos = Math.clamp(now - before, 0, MAX_PAUSE_NANOS);
            unspentFemtos += pauseNanos * FEMTOS_PER_NANO;
            offerWhatHasCome(now);
        }
    }

    private void offerFrame(final long sentNanos) {
        final int slot = shelf.claim();
        final int lengthBytes =
                generator.write(
                        shelf.memory(), shelf.offset(slot), sentNanos, shelf.metadata(slot));
        shelf.publish(slot, lengthBytes);
    }

    private void offerWhatHasCome(final long now) {
        long femtos = rate.femtosOf(generator.nextBytes());
        while (unspentFemtos >= femtos && !shelf.isFull()) {
            unspentFemtos -= femtos;
            offerFrame(now - unspentFemtos / FEMTOS_PER_NANO);
            femtos = rate.femtosOf(generator.nextBytes());
        }
        if (unspentFemtos >= femtos) {
            dropWhatHasCome();
        }
    }

    /** Whole rounds in one go, so that the longest pause costs no more than one round. */
    private void dropWhatHasCome() {
        final long before = generator.frames();
        final long rounds = unspentFemtos / roundFemtos;
        generator.skipRounds(rounds);
        unspentFemtos -= rounds * roundFemtos;
        long femtos = rate.femtosOf(generator.nextBytes());
        while (unspentFemtos >= femtos) {
            unspentFemtos -= femtos;
            generator.skip();
            femtos = rate.femtosOf(generator.nextBytes());
        }
        final long frames = generator.frames() - before;
        offeredInVain += frames;
        drop(frames);
    }

    /** Always true: whatever comes is looked at and gone. */
    @Override
    public boolean send(final Packet packet) {
        final int lengthBytes = packet.totalBytes();
        if (!mayLeave(lengthBytes, 1)) {
            return true;
        }
        if (untilReading == 0) {
            sendNanos = clock.getAsLong();
            untilReading = FRAMES_PER_READING;
        }
        untilReading--;
        final UnsafeBuffer frame;
        if (packet.segmentCount() == 1) {
            frame = packet.segment(0);
        } else {
            packet.copyTo(gathered, 0);
            frame = gathered;
        }
        checker.check(frame, 0, lengthBytes, packet.metadata(), sendNanos);
        return true;
    }

    /** How many frames have come down the wire, dropped ones among them. */
    public long offered() {
        return generator.frames();
    }

    /** How many of them found the shelf full. */
    public long offeredInVain() {
        return offeredInVain;
    }

    /** What has looked at the frames sent to it. */
    public FrameChecker checker() {
        return checker;
    }
}
