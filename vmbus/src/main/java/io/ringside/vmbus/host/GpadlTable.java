package io.ringside.vmbus.host;

import io.ringside.hypervisor.Doorbell;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Vcpu;
import io.ringside.ringbuf.vmbus.GpaDirectHeader;
import io.ringside.vmbus.channel.Gpadl;
import io.ringside.vmbus.protocol.ChannelMessage.GpadlBody;
import io.ringside.vmbus.protocol.ChannelMessage.GpadlHeader;
import io.ringside.vmbus.protocol.ControlRefusal;
import io.ringside.vmbus.protocol.PageNumbers;
import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.Int2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The lists of pages of one guest: unfinished ones, finished ones, and those that are torn down but
 * still mapped.
 *
 * <p>Every number is checked before anything is kept of it: the length of the list against the
 * pages that its range touches, each page against the guest's memory, and what all lists hold
 * together against the limits. A list that a fragment does not fit is dropped as a whole.
 *
 * <p>Threads: the server's; {@link #find} any.
 */
final class GpadlTable {
    private static final int RANGE_BYTES = 8;
    private static final long U32 = 0xffff_ffffL;

    private final GuestMemory memory;
    private final ServerOptions options;
    private final Vcpu vcpu;
    private final Doorbell server;
    private final Int2ObjectHashMap<Unfinished> unfinished = new Int2ObjectHashMap<>();
    private final Int2ObjectHashMap<Gpadl> finished = new Int2ObjectHashMap<>();
    private final List<Gpadl> silent = new ArrayList<>();
    private int pages;

    GpadlTable(
            final GuestMemory memory,
            final ServerOptions options,
            final Vcpu vcpu,
            final Doorbell server) {
        this.memory = memory;
        this.options = options;
        this.vcpu = vcpu;
        this.server = server;
    }

    /** Begins a list: a {@link ControlRefusal}. */
    int begin(final GpadlHeader header) {
        final int handle = header.gpadl();
        if (handle == 0 || unfinished.containsKey(handle) || find(handle) != null) {
            return ControlRefusal.GPADL_STATE;
        }
        final int pageBytes = header.rangeBytes() - RANGE_BYTES;
        final long byteCount = header.byteCount() & U32;
        final long byteOffset = header.byteOffset() & U32;
        if (header.rangeCount() != 1
                || byteOffset >= GuestMemory.PAGE_BYTES
                || byteCount == 0
                || pageBytes < 0
                || pageBytes % Long.BYTES != 0
                || GpaDirectHeader.pages(byteCount, byteOffset) != pageBytes / Long.BYTES) {
            return ControlRefusal.GPADL_SHAPE;
        }
        final int count = pageBytes / Long.BYTES;
        if (count > options.gpadlPages() - pages
                || finishedCount() + unfinished.size() >= options.gpadls()) {
            return ControlRefusal.LIMIT;
        }
        final Unfinished list =
                new Unfinished(header.relid(), count, (int) byteOffset, (int) byteCount);
        final int refusal = list.add(header.pages(), memory.frameCount());
        if (refusal == ControlRefusal.NONE) {
            unfinished.put(handle, list);
            pages += count;
        }
        return refusal;
    }

    /** Goes on with a list: a {@link ControlRefusal}; refused, the whole list is dropped. */
    int goOn(final GpadlBody body) {
        final Unfinished list = unfinished.get(body.gpadl());
        if (list == null) {
            return ControlRefusal.UNKNOWN_GPADL;
        }
        int refusal = ControlRefusal.GPADL_FRAGMENT;
        if (list.isNext(body.number()) && body.pages().count() > 0) {
            refusal = list.add(body.pages(), memory.frameCount());
        }
        if (refusal != ControlRefusal.NONE) {
            drop(body.gpadl());
        }
        return refusal;
    }

    /** The channel that a list was begun for; 0 if there is no such unfinished list. */
    int unfinishedRelid(final int handle) {
        final Unfinished list = unfinished.get(handle);
        return list == null ? 0 : list.relid;
    }

    /** Finishes a list if it has all its pages; null if it has not. */
    @Nullable Gpadl finish(final int handle) {
        final Unfinished list = unfinished.get(handle);
        if (list == null || list.filled < list.frames.length) {
            return null;
        }
        unfinished.remove(handle);
        final Gpadl gpadl =
                new Gpadl(
                        list.relid,
                        handle,
                        memory,
                        list.frames,
                        list.byteOffset,
                        list.byteCount,
                        vcpu,
                        server);
        synchronized (finished) {
            finished.put(handle, gpadl);
        }
        return gpadl;
    }

    private void drop(final int handle) {
        final Unfinished list = unfinished.remove(handle);
        if (list != null) {
            pages -= list.frames.length;
        }
    }

    /** A finished list, or null. */
    @Nullable Gpadl find(final int handle) {
        synchronized (finished) {
            return finished.get(handle);
        }
    }

    /** Takes a list out that nobody has mapped and the guest wants back; null if there is none. */
    @Nullable Gpadl takeUnused() {
        synchronized (finished) {
            for (final Gpadl gpadl : finished.values()) {
                if (gpadl.isTornDown() && !gpadl.isInUse()) {
                    finished.remove(gpadl.handle());
                    pages -= gpadl.pageCount();
                    return gpadl;
                }
            }
        }
        return null;
    }

    /** Takes back every list of a channel, without a word to the guest; 0 for all channels. */
    void forget(final int relid) {
        final List<Integer> handles = new ArrayList<>();
        unfinished.forEachInt((handle, list) -> {
            if (relid == 0 || list.relid == relid) {
                handles.add(handle);
            }
        });
        for (final int handle : handles) {
            drop(handle);
        }
        synchronized (finished) {
            final List<Gpadl> gone = new ArrayList<>();
            for (final Gpadl gpadl : finished.values()) {
                if (relid == 0 || gpadl.relid() == relid) {
                    gone.add(gpadl);
                }
            }
            for (final Gpadl gpadl : gone) {
                gpadl.tearDown();
                finished.remove(gpadl.handle());
                silent.add(gpadl);
            }
        }
        settle();
    }

    /** Lets go of lists that were taken back in silence and are not mapped any more. */
    int settle() {
        int settled = 0;
        for (int i = silent.size() - 1; i >= 0; i--) {
            final Gpadl gpadl = silent.get(i);
            if (!gpadl.isInUse()) {
                silent.remove(i);
                pages -= gpadl.pageCount();
                settled++;
            }
        }
        return settled;
    }

    /** Whether lists that were taken back are still mapped. */
    boolean isSettled() {
        return silent.isEmpty();
    }

    /** Whether any list of a channel is mapped. */
    boolean isInUse(final int relid) {
        synchronized (finished) {
            for (final Gpadl gpadl : finished.values()) {
                if (gpadl.relid() == relid && gpadl.isInUse()) {
                    return true;
                }
            }
        }
        return false;
    }

    int finishedCount() {
        synchronized (finished) {
            return finished.size() + silent.size();
        }
    }

    int unfinishedCount() {
        return unfinished.size();
    }

    int pages() {
        return pages;
    }

    /** A list whose last page has not come yet. */
    private static final class Unfinished {
        private final int relid;
        private final int[] frames;
        private final int byteOffset;
        private final int byteCount;
        private int filled;
        private int bodies;

        private Unfinished(
                final int relid, final int count, final int byteOffset, final int byteCount) {
            this.relid = relid;
            this.frames = new int[count];
            this.byteOffset = byteOffset;
            this.byteCount = byteCount;
        }

        /** Whether a fragment is the next: guests that do not count say 0. */
        private boolean isNext(final int number) {
            bodies++;
            return number == 0 || number == bodies;
        }

        private int add(final PageNumbers more, final int frameCount) {
            if (more.count() > frames.length - filled) {
                return ControlRefusal.GPADL_FRAGMENT;
            }
            for (int i = 0; i < more.count(); i++) {
                final long page = more.page(i);
                if (page < 0 || page >= frameCount) {
                    return ControlRefusal.GPADL_SHAPE;
                }
                frames[filled++] = (int) page;
            }
            return ControlRefusal.NONE;
        }
    }
}
