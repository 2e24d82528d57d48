package io.ringside.netvsc.frontend;

import io.ringside.hypervisor.GuestMemory;
import io.ringside.vmbus.guest.GuestChannel;
import io.ringside.vmbus.guest.GuestGpadl;
import org.jspecify.annotations.Nullable;

/**
 * A buffer that is shared with the host by a GPADL: from when it is told of to when it has let go.
 *
 * <p>Threads: one.
 */
final class SharedBuffer {
    private final PageBlock block;
    private @Nullable GuestGpadl gpadl;
    private boolean isAskedBack;
    private int lengthBytes;

    SharedBuffer(final PageBlock block) {
        this.block = block;
    }

    PageBlock block() {
        return block;
    }

    /** Bytes that are shared. */
    int lengthBytes() {
        return lengthBytes;
    }

    /** Tells the host of it, up to so many bytes. */
    void share(final GuestChannel channel, final int mostBytes) {
        final int[] pages = block.pages(mostBytes);
        lengthBytes = pages.length * GuestMemory.PAGE_BYTES;
        gpadl = channel.share(pages);
    }

    boolean isShared() {
        return gpadl != null && gpadl.isCreated();
    }

    boolean isRefused() {
        return gpadl != null && gpadl.isRefused();
    }

    /** The host's name for it. */
    int handle() {
        return gpadl == null ? 0 : gpadl.handle();
    }

    /** Asks for it back as soon as that can be; whether the host uses it no more. */
    boolean takeBack(final GuestChannel channel) {
        final GuestGpadl shared = gpadl;
        if (shared == null || shared.isGone()) {
            return true;
        }
        if (shared.isCreated() && !isAskedBack) {
            isAskedBack = true;
            channel.unshare(shared);
        }
        return false;
    }
}
