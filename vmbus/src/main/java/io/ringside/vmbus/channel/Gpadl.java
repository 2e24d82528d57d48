package io.ringside.vmbus.channel;

import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.Doorbell;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Vcpu;
import org.jspecify.annotations.Nullable;

/**
 * A list of pages that a guest has shared with its host, as the host holds it: every page exists.
 *
 * <p>Whoever uses the pages takes a view. A teardown that the guest asks for is answered when the
 * last view is closed, and no new one is given out from then on.
 *
 * <p>Threads: any; it locks briefly.
 */
public final class Gpadl {
    private final int relid;
    private final int handle;
    private final GuestMemory memory;
    private final int[] frames;
    private final int byteOffset;
    private final int byteCount;
    private final Vcpu vcpu;
    private final Doorbell owner;
    private int views;
    private boolean tornDown;

    /**
     * A list that was checked.
     *
     * @param relid the channel that it was made for
     * @param handle the guest's number for it
     * @param frames the pages, all of which exist in {@code memory}
     * @param byteOffset where the range starts in the first page
     * @param byteCount length of the range
     * @param vcpu counts the pages that are mapped
     * @param owner is rung when the last view of a list that is torn down is closed
     */
    public Gpadl(
            final int relid,
            final int handle,
            final GuestMemory memory,
            final int[] frames,
            final int byteOffset,
            final int byteCount,
            final Vcpu vcpu,
            final Doorbell owner) {
        this.relid = relid;
        this.handle = handle;
        this.memory = memory;
        this.frames = frames.clone();
        this.byteOffset = byteOffset;
        this.byteCount = byteCount;
        this.vcpu = vcpu;
        this.owner = owner;
    }

    /** The channel that it was made for. */
    public int relid() {
        return relid;
    }

    /** The guest's number for it. */
    public int handle() {
        return handle;
    }

    /** How many pages there are. */
    public int pageCount() {
        return frames.length;
    }

    /** The pages. */
    public int[] frames() {
        return frames.clone();
    }

    /** Whether it is whole pages, as rings need. */
    public boolean isWholePages() {
        return byteOffset == 0 && byteCount % GuestMemory.PAGE_BYTES == 0;
    }

    /** Length in bytes. */
    public int byteCount() {
        return byteCount;
    }

    /**
     * One contiguous view of the range, to be closed when done. Counted as so many pages mapped.
     * Null once the guest has asked for the teardown, or if the system has no room to map what the
     * guest has scattered.
     */
    public synchronized @Nullable GpadlView map() {
        if (tornDown) {
            return null;
        }
        try {
            final GpadlView view = new GpadlView(this, memory.map(frames), byteOffset, byteCount);
            views++;
            vcpu.cross(Crossing.PAGE_MAP, frames.length);
            return view;
        } catch (final IllegalStateException e) {
            return null;
        }
    }

    /** Counts in somebody who has the pages mapped by other means; false once torn down. */
    public synchronized boolean retain() {
        if (!tornDown) {
            views++;
            vcpu.cross(Crossing.PAGE_MAP, frames.length);
            return true;
        }
        return false;
    }

    /** Whoever has counted himself in by {@link #retain} has unmapped the pages. */
    public void release() {
        final boolean last;
        synchronized (this) {
            if (views == 0) {
                throw new IllegalStateException("not retained: handle=" + handle);
            }
            views--;
            vcpu.cross(Crossing.PAGE_UNMAP, frames.length);
            last = views == 0 && tornDown;
        }
        if (last) {
            owner.ring();
        }
    }

    /** The guest wants its pages back: whoever has a view should close it soon. */
    public synchronized void tearDown() {
        tornDown = true;
    }

    /** Whether the guest wants its pages back. */
    public synchronized boolean isTornDown() {
        return tornDown;
    }

    /** Whether anybody has the pages mapped. */
    public synchronized boolean isInUse() {
        return views != 0;
    }
}
