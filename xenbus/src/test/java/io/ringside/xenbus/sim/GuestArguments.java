package io.ringside.xenbus.sim;

import io.ringside.hypervisor.GuestMemory;
import org.agrona.concurrent.UnsafeBuffer;

/** Two neighbouring frames of a domain, in which a test writes arguments over the end of a page. */
final class GuestArguments {
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private final long address;

    GuestArguments(final TestDomain domain) {
        final int first = domain.frames().allocate(2);
        // Seven bytes of the first page: no argument is so short that it does not go over its end.
        address = ((long) first + 1 << GuestMemory.PAGE_SHIFT) - 7;
        domain.domain().memory().wrap(view, address, GuestMemory.PAGE_BYTES);
    }

    /** Where the arguments are, for the guest. */
    UnsafeBuffer view() {
        return view;
    }

    /** Where the arguments are, for the hypervisor. */
    long address() {
        return address;
    }
}
