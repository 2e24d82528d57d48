package io.ringside.xenbus.sim.store.ring;

import io.ringside.hypervisor.GuestMemory;
import io.ringside.xenbus.protocol.GrantEntry;
import io.ringside.xenbus.protocol.StoreRingPage;
import io.ringside.xenbus.sim.Domain;
import io.ringside.xenbus.sim.DomainGrantTable;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a domain is built with to speak with the store: a zeroed page, lent by reserved entry 1 of
 * its grant table, and a port that waits for the store's domain.
 *
 * <p>Errors: a table of version 2 is our own fault; a domain begins with version 1, and reserved
 * entries stay when it changes. Threads: one (the domain's).
 */
public final class GuestStorePage {
    private final int frame;
    private final int port;
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);

    /**
     * Makes the page and the port of a domain; both are the domain's own from then on.
     *
     * @param storeDomain where the store's daemon runs
     */
    public GuestStorePage(final Domain domain, final int storeDomain) {
        final DomainGrantTable table = domain.grantTable();
        if (table.version() != 1) {
            throw new IllegalStateException("not at the beginning: version=" + table.version());
        }
        frame = domain.frames().allocate();
        wrap(domain, view, frame);
        view.setMemory(0, GuestMemory.PAGE_BYTES, (byte) 0);
        final UnsafeBuffer entries = new UnsafeBuffer(0, 0);
        wrap(domain, entries, table.tableFrame(0));
        final GrantEntry entry = new GrantEntry().wrap(entries, GrantEntry.STORE_REFERENCE);
        entry.frame(frame);
        entry.headerRelease(GrantEntry.header(GrantEntry.PERMIT_ACCESS, storeDomain));
        port = domain.eventChannels().allocUnbound(storeDomain);
        new StoreRingPage(view).eventPort(port);
    }

    /** The frame of the page, as {@code XS_INTRODUCE} wants it. */
    public int frame() {
        return frame;
    }

    /** The domain's own port, as {@code XS_INTRODUCE} wants it; negative if it has none left. */
    public int port() {
        return port;
    }

    /** The page as the domain sees it. */
    public UnsafeBuffer view() {
        return view;
    }

    private static void wrap(final Domain domain, final UnsafeBuffer view, final int frame) {
        domain.memory().wrap(view, (long) frame << GuestMemory.PAGE_SHIFT, GuestMemory.PAGE_BYTES);
    }
}
