package io.ringside.netvsc;

import io.ringside.device.guest.NetCompletions;
import io.ringside.device.guest.NetFrame;
import io.ringside.device.guest.NetStatus;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.netvsc.frontend.Netvsc;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;

/** One guest that sends streams to others, and checks those that it receives. */
final class StreamingGuest implements NetCompletions {
    private static final int SLOTS = 16;
    private static final int SLOT_PAGES = 17;
    private static final int SLOT_BYTES = SLOT_PAGES * GuestMemory.PAGE_BYTES;
    private static final int MOST_SEGMENTS = 40;

    final int number;
    private final GuestMemory memory;
    private final Netvsc card;
    private final TcpStreams streams;
    private final SplittableRandom random;
    private final String description;
    private final long firstSlot;
    private final ArrayDeque<Integer> free = new ArrayDeque<>();
    private final List<NetFrame> held = new ArrayList<>();
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer whole = new UnsafeBuffer(new byte[1 << 17]);
    boolean checks = true;
    int failed;
    int received;

    /**
     * One that has a card.
     *
     * @param firstFrame the first of 272 frames of its memory for what it sends
     */
    StreamingGuest(
            final int number,
            final GuestMemory memory,
            final int firstFrame,
            final Netvsc card,
            final TcpStreams streams,
            final SplittableRandom random,
            final String description) {
        this.number = number;
        this.memory = memory;
        this.card = card;
        this.streams = streams;
        this.random = random;
        this.description = description;
        this.firstSlot = (long) firstFrame << GuestMemory.PAGE_SHIFT;
        for (int i = 0; i < SLOTS; i++) {
            free.add(i);
        }
        card.completionsTo(this);
    }

    /** Frames of memory that it needs. */
    static int frames() {
        return SLOTS * SLOT_PAGES;
    }

    /** Sends one frame to somebody; false if there is no room for it. */
    boolean send(final int to) {
        if (free.isEmpty() || !card.isReady()) {
            return false;
        }
        final boolean sums = card.limits().checksumIpv4() && random.nextInt(3) != 0;
        final boolean large = sums && card.limits().segmentsTcpIpv4() && random.nextInt(3) == 0;
        final int mostBytes = card.mtuBytes() - 40;
        final int payloadBytes =
                large
                        ? random.nextInt(mostBytes, 60_000)
                        : random.nextInt(random.nextBoolean() ? 100 : mostBytes) + 1;
        final int slot = free.remove();
        final long address = firstSlot + (long) slot * SLOT_BYTES;
        final int shift = random.nextInt(1500);
        memory.wrap(view, address + shift, TcpStreams.HEADER_BYTES + payloadBytes);
        final NetFrame frame = new NetFrame(MOST_SEGMENTS);
        frame.tag(slot);
        addSegments(frame, address + shift, TcpStreams.HEADER_BYTES + payloadBytes);
        if (frame.segmentCount() > card.limits().maxSegments()) {
            free.add(slot);
            return false;
        }
        streams.put(view, number, to, payloadBytes);
        if (sums) {
            streams.leave(view, frame.metadata(), payloadBytes, large ? mostBytes : 0);
        }
        if (!card.submit(queueOf(to), frame)) {
            throw new AssertionError(description + " no room: free=" + free.size());
        }
        return true;
    }

    /** One stream keeps to one queue, or its frames could overtake each other. */
    private int queueOf(final int to) {
        return to % card.limits().queues();
    }

    private static void addSegments(final NetFrame frame, final long address, final int bytes) {
        int left = bytes;
        long at = address;
        while (left > 0) {
            final int inPage = (int) (at & GuestMemory.PAGE_BYTES - 1);
            final int length = Math.min(left, GuestMemory.PAGE_BYTES - inPage);
            frame.addSegment(at, length);
            at += length;
            left -= length;
        }
    }

    /** Gives back some of what it holds, in any order; all of it if asked to. */
    void giveBack(final boolean all) {
        while (!held.isEmpty() && (all || random.nextInt(4) != 0)) {
            Collections.swap(held, random.nextInt(held.size()), held.size() - 1);
            card.giveBack(held.removeLast());
        }
        card.commit();
    }

    /** From now on frames may be missing from the streams that it receives. */
    void mayLose() {
        streams.mayLose();
    }

    int held() {
        return held.size();
    }

    @Override
    public void transmitted(final NetFrame frame) {
        free.add(frame.tag());
        if (frame.status() != NetStatus.OK) {
            failed++;
        }
    }

    @Override
    public void received(final int queue, final NetFrame frame) {
        int at = 0;
        for (int i = 0; i < frame.segmentCount(); i++) {
            memory.wrap(view, frame.segmentAddress(i), frame.segmentBytes(i));
            whole.putBytes(at, view, 0, frame.segmentBytes(i));
            at += frame.segmentBytes(i);
        }
        received++;
        if (checks) {
            streams.arrived(whole, at, frame.metadata(), number, description);
        }
        held.add(frame);
    }

    @Override
    public void linkChanged() {
        // Nothing depends on it.
    }
}
