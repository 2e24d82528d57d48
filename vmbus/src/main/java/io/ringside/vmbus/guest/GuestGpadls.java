package io.ringside.vmbus.guest;

import io.ringside.hypervisor.GuestMemory;
import io.ringside.vmbus.protocol.ChannelMessage.GpadlBody;
import io.ringside.vmbus.protocol.ChannelMessage.GpadlCreated;
import io.ringside.vmbus.protocol.ChannelMessage.GpadlHeader;
import io.ringside.vmbus.protocol.ChannelMessage.GpadlTeardown;
import io.ringside.vmbus.protocol.ControlRefusal;
import io.ringside.vmbus.protocol.MessageWriter;
import io.ringside.vmbus.protocol.PageNumbers;
import io.ringside.vmbus.protocol.ReplyStatus;
import org.agrona.collections.Int2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The lists of pages that a guest shares with its host, by their numbers. Threads: the client's.
 */
final class GuestGpadls {
    /** The number that Linux gives to its first list. */
    static final int FIRST_HANDLE = 0xe_1e10;

    private static final int RANGE_BYTES = 8;
    private static final int MOST_PAGES = (0xffff - RANGE_BYTES) / Long.BYTES;

    private final GuestLink link;
    private final Int2ObjectHashMap<GuestGpadl> gpadls = new Int2ObjectHashMap<>();
    private int nextHandle = FIRST_HANDLE;

    GuestGpadls(final GuestLink link) {
        this.link = link;
    }

    /** Tells the host of whole pages, in as many messages as it takes. */
    GuestGpadl share(final int relid, final int[] frames) {
        if (frames.length == 0 || frames.length > MOST_PAGES) {
            throw new IllegalArgumentException(
                    "page count out of range: pages=" + frames.length + " most=" + MOST_PAGES);
        }
        final int handle = freeHandle();
        final GuestGpadl gpadl = new GuestGpadl(relid, handle, frames);
        gpadls.put(handle, gpadl);
        final PageNumbers pages = PageNumbers.of(frames);
        int told = Math.min(frames.length, MessageWriter.HEADER_PAGES);
        link.send(
                new GpadlHeader(
                        relid,
                        handle,
                        RANGE_BYTES + frames.length * Long.BYTES,
                        1,
                        frames.length * GuestMemory.PAGE_BYTES,
                        0,
                        pages.part(0, told)));
        int number = 1;
        while (told < frames.length) {
            final int next = Math.min(frames.length, told + MessageWriter.BODY_PAGES);
            link.send(new GpadlBody(number, handle, pages.part(told, next)));
            told = next;
            number++;
        }
        return gpadl;
    }

    private int freeHandle() {
        while (nextHandle == 0 || gpadls.containsKey(nextHandle)) {
            nextHandle++;
        }
        return nextHandle++;
    }

    /** Asks for a list back. */
    void unshare(final GuestGpadl gpadl) {
        if (!gpadl.isCreated()) {
            throw new IllegalStateException(
                    "not created: gpadl=" + gpadl.handle() + " state=" + gpadl.state());
        }
        gpadl.enter(GuestGpadl.State.TEARING_DOWN);
        link.send(new GpadlTeardown(gpadl.relid(), gpadl.handle()));
    }

    @Nullable GuestGpadl find(final int handle) {
        return gpadls.get(handle);
    }

    /** The host has taken a list, or not: a {@link ControlRefusal}. */
    int created(final GpadlCreated message) {
        final GuestGpadl gpadl = gpadls.get(message.gpadl());
        if (gpadl == null || gpadl.relid() != message.relid()) {
            return ControlRefusal.UNKNOWN_GPADL;
        }
        if (gpadl.state() != GuestGpadl.State.CREATING) {
            return ControlRefusal.GPADL_STATE;
        }
        if (message.status() == ReplyStatus.SUCCESS) {
            gpadl.enter(GuestGpadl.State.CREATED);
        } else {
            gpadls.remove(gpadl.handle());
            gpadl.refuse();
        }
        return ControlRefusal.NONE;
    }

    /** The host has let go of a list: a {@link ControlRefusal}. */
    int torndown(final int handle) {
        final GuestGpadl gpadl = gpadls.get(handle);
        if (gpadl == null) {
            return ControlRefusal.UNKNOWN_GPADL;
        }
        if (gpadl.state() != GuestGpadl.State.TEARING_DOWN) {
            return ControlRefusal.GPADL_STATE;
        }
        gpadls.remove(handle);
        gpadl.enter(GuestGpadl.State.GONE);
        return ControlRefusal.NONE;
    }

    /** The host has let go of every list of a channel. */
    void forget(final int relid) {
        gpadls.values()
                .removeIf(gpadl -> {
                    final boolean gone = gpadl.relid() == relid;
                    if (gone) {
                        gpadl.enter(GuestGpadl.State.GONE);
                    }
                    return gone;
                });
    }

    /** The host has let go of every list. */
    void forgetAll() {
        for (final GuestGpadl gpadl : gpadls.values()) {
            gpadl.enter(GuestGpadl.State.GONE);
        }
        gpadls.clear();
    }

    int count() {
        return gpadls.size();
    }
}
