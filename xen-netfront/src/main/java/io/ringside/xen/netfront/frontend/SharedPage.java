package io.ringside.xen.netfront.frontend;

import io.ringside.hypervisor.GuestMemory;
import io.ringside.ringbuf.memory.PageView;
import io.ringside.xenbus.grant.GrantQuarantine;
import io.ringside.xenbus.grant.GrantTable;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One page of our own that the backend may read and write for a while: a ring, or what a control
 * request names.
 *
 * <p>Threads: one.
 */
final class SharedPage {
    private final NetfrontServices services;
    private final int frame;
    private final PageView view;
    private final int reference;

    /** Takes a page, zeroes and grants it; {@link #isGranted} says whether there was a grant. */
    SharedPage(final NetfrontServices services, final int backendDomain) {
        this.services = services;
        frame = services.frames().allocate();
        view = services.memory().map(frame);
        view.buffer().setMemory(0, GuestMemory.PAGE_BYTES, (byte) 0);
        reference = services.grants().grantAccess(backendDomain, frame, false);
    }

    boolean isGranted() {
        return reference != GrantTable.NO_REFERENCE;
    }

    int reference() {
        return reference;
    }

    UnsafeBuffer buffer() {
        return view.buffer();
    }

    /** Takes it back; if the backend has it mapped it goes to its quarantine. */
    void close(final GrantQuarantine quarantine) {
        view.close();
        if (isGranted()) {
            quarantine.release(reference, frame);
        } else {
            services.frames().free(frame);
        }
    }
}
