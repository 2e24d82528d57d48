package io.ringside.netvsc.frontend;

import io.ringside.device.guest.NetFrame;

/**
 * The frames of one queue that are lent to the workload, each with the packet that it came in.
 *
 * <p>Most frames are one message; a few have room for the pieces of a coalesced one.
 *
 * <pre>
 *   tag of a frame   | queue        | number         |
 *                    |31          16|15             0|
 * </pre>
 *
 * <p>Allocated once. Errors: a frame given back that was not lent is the workload's fault and
 * throws. Threads: one.
 */
final class LentFrames {
    /** There is no free one. */
    static final int NONE = Slots.NONE;

    private static final int QUEUE_SHIFT = 16;
    private static final int NUMBER_MASK = (1 << QUEUE_SHIFT) - 1;

    private final NetFrame[] frames;
    private final int[] packetOf;
    private final boolean[] lent;
    private final Slots whole;
    private final Slots joined;
    private int lentCount;

    /**
     * The frames of a queue.
     *
     * @param queue its number
     * @param depth how many may be lent that are one message
     * @param pieces most pieces of memory of each
     * @param joinedDepth how many may be lent that were coalesced
     * @param joinedPieces most pieces of memory of each
     */
    LentFrames(
            final int queue,
            final int depth,
            final int pieces,
            final int joinedDepth,
            final int joinedPieces) {
        final int count = depth + joinedDepth;
        this.frames = new NetFrame[count];
        this.packetOf = new int[count];
        this.lent = new boolean[count];
        this.whole = new Slots(depth, 1);
        this.joined = new Slots(joinedDepth, 1);
        for (int i = 0; i < count; i++) {
            frames[i] = new NetFrame(i < depth ? pieces : joinedPieces);
            frames[i].tag(queue << QUEUE_SHIFT | i);
        }
    }

    /** The queue that a frame with such a tag came by. */
    static int queueOf(final int tag) {
        return tag >>> QUEUE_SHIFT;
    }

    NetFrame frame(final int number) {
        return frames[number];
    }

    /** A frame for one message, or {@link #NONE}. */
    int takeWhole() {
        return whole.take();
    }

    boolean hasWhole() {
        return whole.freeCount() != 0;
    }

    /** A frame for the pieces of a coalesced one, or {@link #NONE}. */
    int takeJoined() {
        final int free = joined.take();
        return free == Slots.NONE ? NONE : whole.count() + free;
    }

    /** It goes to the workload. */
    void lend(final int number, final int packet) {
        packetOf[number] = packet;
        lent[number] = true;
        lentCount++;
    }

    /** It was not lent after all. */
    void putBack(final int number) {
        if (number < whole.count()) {
            whole.giveBack(number);
        } else {
            joined.giveBack(number - whole.count());
        }
    }

    /** It is back; the packet that it came in. */
    int takeBack(final NetFrame frame) {
        final int number = frame.tag() & NUMBER_MASK;
        if (number >= frames.length || frames[number] != frame || !lent[number]) {
            throw new IllegalArgumentException("not lent: tag=" + frame.tag());
        }
        lent[number] = false;
        lentCount--;
        putBack(number);
        return packetOf[number];
    }

    /** How many the workload holds. */
    int lentCount() {
        return lentCount;
    }
}
