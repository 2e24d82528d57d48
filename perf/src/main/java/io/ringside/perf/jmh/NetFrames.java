package io.ringside.perf.jmh;

import io.ringside.device.guest.NetCompletions;
import io.ringside.device.guest.NetDevice;
import io.ringside.device.guest.NetFrame;
import io.ringside.device.guest.NetStatus;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.perf.scenario.Halves;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A guest's end of a flood of frames, with next to no work of its own: it numbers what it sends,
 * and checks the numbers of what it receives.
 *
 * <p>Threads: the frontend's. Allocates nothing once it is made.
 */
final class NetFrames implements NetCompletions {
    private static final int MOST_FRAMES = 256;
    private static final int BURST = 64;
    private static final int LEAST_SLOT_BYTES = 128;

    private final NetDevice card;
    private final GuestMemory guest;
    private final int frameBytes;
    private final NetFrame[] frames;
    private final UnsafeBuffer[] memory;
    private final int[] idle;
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private int idleCount;
    private long toSend;
    private long number;
    private long received;
    private int givenBack;

    /** Frames by a card that is ready, of so many bytes. */
    NetFrames(final NetDevice card, final Halves halves, final int frameBytes) {
        this.card = card;
        this.guest = halves.guestMemory();
        this.frameBytes = frameBytes;
        final int count = Math.min(MOST_FRAMES, card.limits().transmitDepth());
        frames = new NetFrame[count];
        memory = new UnsafeBuffer[count];
        idle = new int[count];
        final int slotBytes = Math.max(LEAST_SLOT_BYTES, Integer.highestOneBit(2 * frameBytes - 1));
        final int slotsAPage = GuestMemory.PAGE_BYTES / slotBytes;
        long page = 0;
        for (int i = 0; i < count; i++) {
            if (i % slotsAPage == 0) {
                page = (long) halves.guestFrames().allocate(1) << GuestMemory.PAGE_SHIFT;
            }
            final long address = page + (long) (i % slotsAPage) * slotBytes;
            memory[i] = new UnsafeBuffer(0, 0);
            guest.wrap(memory[i], address, frameBytes);
            BenchPort.writeHeaders(memory[i], 0, frameBytes);
            frames[i] = new NetFrame(1).reset().addSegment(address, frameBytes);
            frames[i].tag(i);
            idle[idleCount++] = i;
        }
        card.completionsTo(this);
    }

    /** So many further frames are to be sent. */
    void add(final long count) {
        toSend += count;
    }

    /** Sends what there is room for; returns how many, all made visible at once. */
    int send() {
        int count = 0;
        while (count < BURST && idleCount > 0 && toSend > 0) {
            final int index = idle[idleCount - 1];
            BenchPort.stamp(memory[index], 0, frameBytes, number);
            if (!card.submit(0, frames[index])) {
                break;
            }
            idleCount--;
            toSend--;
            number++;
            count++;
        }
        if (count > 0 || givenBack > 0) {
            givenBack = 0;
            card.commit();
        }
        return count;
    }

    /** How many frames were given to the card. */
    long sent() {
        return number;
    }

    /** Whether every frame that was given to the card is ours again. */
    boolean isSettled() {
        return idleCount == frames.length;
    }

    /** How many frames have come. */
    long received() {
        return received;
    }

    @Override
    public void transmitted(final NetFrame frame) {
        if (frame.status() != NetStatus.OK) {
            throw new IllegalStateException("not sent: status=" + frame.status());
        }
        idle[idleCount++] = frame.tag();
    }

    @Override
    public void received(final int queue, final NetFrame frame) {
        if (frame.totalBytes() != frameBytes
                || number(frame, BenchPort.NUMBER_OFFSET) != received
                || number(frame, frameBytes - Long.BYTES) != received) {
            throw new IllegalStateException(
                    "wrong frame: expected="
                            + received
                            + " totalBytes="
                            + frame.totalBytes()
                            + " segments="
                            + frame.segmentCount());
        }
        received++;
        card.giveBack(frame);
        givenBack++;
    }

    /** Eight bytes, which may be divided among pieces. */
    private long number(final NetFrame frame, final int offsetBytes) {
        int segment = 0;
        int at = offsetBytes;
        while (at >= frame.segmentBytes(segment)) {
            at -= frame.segmentBytes(segment++);
        }
        if (frame.segmentBytes(segment) - at >= Long.BYTES) {
            guest.wrap(view, frame.segmentAddress(segment) + at, Long.BYTES);
            return view.getLong(0);
        }
        long gathered = 0; // In the order of memory: the lowest byte first.
        for (int i = 0; i < Long.SIZE; i += Byte.SIZE) {
            while (at == frame.segmentBytes(segment)) {
                at = 0;
                segment++;
            }
            guest.wrap(view, frame.segmentAddress(segment) + at++, 1);
            gathered |= (view.getByte(0) & 0xFFL) << i;
        }
        return gathered;
    }

    @Override
    public void linkChanged() {
        // It stays up.
    }
}
