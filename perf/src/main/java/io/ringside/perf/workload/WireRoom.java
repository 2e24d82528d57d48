package io.ringside.perf.workload;

import io.ringside.hypervisor.Clock;

/**
 * The room between backends and a wire of a given rate, from which frames leave one after the
 * other. Several backends may share it.
 *
 * <p>Threads: one. Allocates nothing.
 */
public final class WireRoom {
    private final double nanosPerByte;
    private final Clock clock;
    private final long mostBytes;
    private double roomBytes;
    private long roomNanos;

    /**
     * The room before an idle wire.
     *
     * @param nanosPerByte nanoseconds that a byte takes; 0 for a wire that is never busy
     * @param mostBytes how much may wait there; at least one frame
     * @param freeBytes how much of that is free to begin with
     */
    public WireRoom(
            final double nanosPerByte,
            final long mostBytes,
            final long freeBytes,
            final Clock clock) {
        this.mostBytes = mostBytes;
        roomBytes = freeBytes;
        this.nanosPerByte = nanosPerByte;
        this.clock = clock;
        roomNanos = clock.nanoTime();
    }

    /** Takes the room that a frame needs; the clock is read only when there is too little. */
    boolean take(final int wireBytes) {
        if (nanosPerByte == 0) {
            return true;
        }
        if (roomBytes < wireBytes) {
            final long now = clock.nanoTime();
            roomBytes = Math.min(mostBytes, roomBytes + (now - roomNanos) / nanosPerByte);
            roomNanos = now;
            if (roomBytes < wireBytes) {
                return false;
            }
        }
        roomBytes -= wireBytes;
        return true;
    }

    /** When there will be the room that was not there, if nobody else takes it. */
    long roomAtNanos(final int wireBytes) {
        return roomNanos + (long) Math.ceil((wireBytes - roomBytes) * nanosPerByte);
    }
}
