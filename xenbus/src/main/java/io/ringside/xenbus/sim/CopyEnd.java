package io.ringside.xenbus.sim;

import io.ringside.hypervisor.GuestMemory;
import io.ringside.xenbus.protocol.DomainId;
import io.ringside.xenbus.protocol.GnttabStatus;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One end of a copy: the page, held while the copy goes on.
 *
 * <p>A transitive entry is followed once: what it stands for must lend a page itself, and be
 * another domain's. No two domains' locks are held together.
 *
 * <p>Threads: one (the copying domain's).
 */
final class CopyEnd {
    private final Domain self;
    private final SimulatedXen xen;
    private final GuestMemory memory;

    private final UnsafeBuffer page = new UnsafeBuffer(0, 0);
    private final GrantSpan span = new GrantSpan();
    private @Nullable ActiveGrants lender;
    private int reference;
    private @Nullable ActiveGrants target;
    private int targetReference;
    private boolean readOnly;

    CopyEnd(final Domain self, final SimulatedXen xen, final GuestMemory memory) {
        this.self = self;
        this.xen = xen;
        this.memory = memory;
    }

    /** The page; empty unless the end is open. */
    UnsafeBuffer page() {
        return page;
    }

    /** Opens a frame of the copying domain itself; answers with a {@code GNTST_} code. */
    int openFrame(final int domain, final int frame) {
        if (domain != DomainId.SELF && domain != self.id()) {
            return GnttabStatus.PERMISSION_DENIED;
        }
        if (frame < 0 || frame >= memory.frameCount()) {
            return GnttabStatus.BAD_PAGE;
        }
        memory.wrap(page, (long) frame << GuestMemory.PAGE_SHIFT, GuestMemory.PAGE_BYTES);
        return GnttabStatus.OKAY;
    }

    /**
     * Opens a range of what a domain granted; answers with a {@code GNTST_} code. Whatever it
     * answers, {@link #close} lets go of what is held.
     */
    int openGrant(
            final int domain,
            final int grantReference,
            final int offset,
            final int lengthBytes,
            final boolean forReading) {
        readOnly = forReading;
        final int granting = domain == DomainId.SELF ? self.id() : domain;
        final ActiveGrants first = xen.activeGrants(granting);
        if (first == null) {
            return GnttabStatus.BAD_DOMAIN;
        }
        int status = pin(first, grantReference, self.id());
        if (status != GnttabStatus.OKAY) {
            return status;
        }
        lender = first;
        reference = grantReference;
        ActiveGrants owner = first;
        if (span.transitive) {
            final ActiveGrants second = xen.activeGrants(span.start);
            if (second == null) {
                return GnttabStatus.BAD_DOMAIN;
            }
            if (second == first) {
                return GnttabStatus.GENERAL_ERROR;
            }
            final int next = (int) span.number;
            status = pin(second, next, granting);
            if (status != GnttabStatus.OKAY) {
                return status;
            }
            target = second;
            targetReference = next;
            owner = second;
            if (span.transitive) {
                return GnttabStatus.GENERAL_ERROR;
            }
        }
        if (offset < span.start || offset + lengthBytes > span.end) {
            return GnttabStatus.GENERAL_ERROR;
        }
        owner.memory().wrap(page, span.number << GuestMemory.PAGE_SHIFT, GuestMemory.PAGE_BYTES);
        return GnttabStatus.OKAY;
    }

    /** Lets go of all that was opened. */
    void close() {
        page.wrap(0, 0);
        target = unpin(target, targetReference);
        lender = unpin(lender, reference);
    }

    private int pin(final ActiveGrants grants, final int number, final int user) {
        synchronized (grants) {
            final int status = grants.pin(number, user, readOnly, true);
            if (status == GnttabStatus.OKAY) {
                grants.span(number, span);
            }
            return status;
        }
    }

    private @Nullable ActiveGrants unpin(final @Nullable ActiveGrants grants, final int number) {
        if (grants != null) {
            synchronized (grants) {
                grants.unpin(number, readOnly);
            }
        }
        return null;
    }
}
