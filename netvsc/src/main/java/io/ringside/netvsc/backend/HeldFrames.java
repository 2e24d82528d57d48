package io.ringside.netvsc.backend;

import io.ringside.device.host.Packet;
import org.jspecify.annotations.Nullable;

/**
 * Frames that are lent by the port and wait for room, the oldest first: so many, and no more.
 *
 * <p>Threads: one.
 */
final class HeldFrames {
    private final @Nullable Packet[] frames;
    private int first;
    private int count;

    HeldFrames(final int capacity) {
        frames = new Packet[capacity];
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Keeps a frame; false if there are too many. */
    boolean add(final Packet frame) {
        if (count == frames.length) {
            return false;
        }
        frames[(first + count) % frames.length] = frame;
        count++;
        return true;
    }

    /** The oldest; only while there is one. */
    Packet first() {
        final Packet frame = frames[first];
        if (frame == null) {
            throw new IllegalStateException("no frame is held: count=" + count);
        }
        return frame;
    }

    /** Takes the oldest out. */
    Packet remove() {
        final Packet frame = first();
        frames[first] = null;
        first = (first + 1) % frames.length;
        count--;
        return frame;
    }
}
