package io.ringside.xenbus.sim;

import io.ringside.hypervisor.GuestMemory;
import io.ringside.ringbuf.memory.ShortCopy;
import io.ringside.xenbus.grant.GrantCopyBatch;
import io.ringside.xenbus.protocol.DomainId;
import io.ringside.xenbus.protocol.GnttabStatus;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The copies of a batch that follow one another between the caller's own frames and the pages of
 * one lender: the lender is looked up and locked once for all of them, and an entry that several in
 * a row use is taken into use once.
 *
 * <p>What is not so simple is left to the caller: copies between two grants or two frames, a lender
 * that does not exist, and transitive entries. Whatever is copied here has the same status as if it
 * were copied alone.
 *
 * <p>Threads: one (the copying domain's).
 */
final class CopyRun {
    private static final int NO_LENDER = -1;
    private static final int NO_FRAME = -1;
    private static final int TRANSITIVE = 1;

    private final Domain self;
    private final SimulatedXen xen;
    private final GuestMemory memory;

    private final GrantSpan span = new GrantSpan();
    private final UnsafeBuffer lentPage = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer ownPage = new UnsafeBuffer(0, 0);
    private boolean lent;
    private int lentReference;
    private boolean lentForReading;
    private int ownFrame = NO_FRAME;
    private int copied;
    private long copiedBytes;

    CopyRun(final Domain self, final SimulatedXen xen, final GuestMemory memory) {
        this.self = self;
        this.xen = xen;
        this.memory = memory;
    }

    /** How many copies were done since {@link #reset}. */
    int copied() {
        return copied;
    }

    /** How many bytes were copied since {@link #reset}. */
    long copiedBytes() {
        return copiedBytes;
    }

    /** Begins to count anew. */
    void reset() {
        copied = 0;
        copiedBytes = 0;
    }

    /**
     * Does the copies from {@code first} on, and sets their statuses.
     *
     * @return the first one that was not looked at; {@code first} itself if it is none for a run
     */
    int copy(final GrantCopyBatch batch, final int first) {
        final int lender = lender(batch, first);
        final ActiveGrants grants =
                lender == NO_LENDER
                        ? null
                        : xen.activeGrants(lender == DomainId.SELF ? self.id() : lender);
        if (grants == null) {
            return first;
        }
        synchronized (grants) {
            try {
                return copyLocked(grants, batch, first, lender);
            } finally {
                letGo(grants);
                lentPage.wrap(0, 0);
                ownPage.wrap(0, 0);
                ownFrame = NO_FRAME;
            }
        }
    }

    /** Whose pages a copy uses, if it is one between a page of somebody's and a frame. */
    private static int lender(final GrantCopyBatch batch, final int index) {
        final boolean reads = batch.sourceIsGrant(index);
        if (reads == batch.destinationIsGrant(index)) {
            return NO_LENDER;
        }
        return reads ? batch.sourceDomain(index) : batch.destinationDomain(index);
    }

    private int copyLocked(
            final ActiveGrants grants,
            final GrantCopyBatch batch,
            final int first,
            final int lender) {
        final int count = batch.count();
        int at = first;
        while (at < count && lender(batch, at) == lender) {
            if (batch.status(at) == GnttabStatus.OKAY) {
                final int status =
                        batch.sourceIsGrant(at) ? in(grants, batch, at) : out(grants, batch, at);
                if (status == TRANSITIVE) {
                    return at;
                }
                batch.result(at, status);
            }
            at++;
        }
        return at;
    }

    private int in(final ActiveGrants grants, final GrantCopyBatch batch, final int index) {
        final int length = batch.lengthBytes(index);
        final int from = batch.sourceOffset(index);
        final int to = batch.destinationOffset(index);
        if (!DomainGrantCopier.isInPage(from, length) || !DomainGrantCopier.isInPage(to, length)) {
            return GnttabStatus.BAD_COPY_ARG;
        }
        int status = lend(grants, batch.source(index), true, from, length);
        if (status == GnttabStatus.OKAY) {
            status = own(batch.destinationDomain(index), batch.destination(index));
        }
        if (status == GnttabStatus.OKAY) {
            copy(ownPage, to, lentPage, from, length);
        }
        return status;
    }

    private int out(final ActiveGrants grants, final GrantCopyBatch batch, final int index) {
        final int length = batch.lengthBytes(index);
        final int from = batch.sourceOffset(index);
        final int to = batch.destinationOffset(index);
        if (!DomainGrantCopier.isInPage(from, length) || !DomainGrantCopier.isInPage(to, length)) {
            return GnttabStatus.BAD_COPY_ARG;
        }
        int status = own(batch.sourceDomain(index), batch.source(index));
        if (status == GnttabStatus.OKAY) {
            status = lend(grants, batch.destination(index), false, to, length);
        }
        if (status == GnttabStatus.OKAY) {
            copy(lentPage, to, ownPage, from, length);
        }
        return status;
    }

    private void copy(
            final UnsafeBuffer target,
            final int to,
            final UnsafeBuffer source,
            final int from,
            final int length) {
        ShortCopy.copy(source, from, target, to, length);
        copied++;
        copiedBytes += length;
    }

    /** Lays the view over one of our own frames; answers with a {@code GNTST_} code. */
    private int own(final int domain, final int frame) {
        if (domain != DomainId.SELF && domain != self.id()) {
            return GnttabStatus.PERMISSION_DENIED;
        }
        if (frame < 0 || frame >= memory.frameCount()) {
            return GnttabStatus.BAD_PAGE;
        }
        if (frame != ownFrame) {
            memory.wrap(ownPage, (long) frame << GuestMemory.PAGE_SHIFT, GuestMemory.PAGE_BYTES);
            ownFrame = frame;
        }
        return GnttabStatus.OKAY;
    }

    /**
     * Takes an entry into use, unless the copy before used it in the same way; answers with a
     * {@code GNTST_} code, or {@link #TRANSITIVE} and holds nothing.
     */
    private int lend(
            final ActiveGrants grants,
            final int reference,
            final boolean forReading,
            final int offset,
            final int length) {
        if (!lent || reference != lentReference || forReading != lentForReading) {
            letGo(grants);
            final int status = grants.beginCopy(reference, self.id(), forReading, span);
            if (status != GnttabStatus.OKAY) {
                return status;
            }
            lent = true;
            lentReference = reference;
            lentForReading = forReading;
            if (span.transitive) {
                letGo(grants);
                return TRANSITIVE;
            }
            grants.memory()
                    .wrap(lentPage, span.number << GuestMemory.PAGE_SHIFT, GuestMemory.PAGE_BYTES);
        }
        return offset < span.start || offset + length > span.end
                ? GnttabStatus.GENERAL_ERROR
                : GnttabStatus.OKAY;
    }

    private void letGo(final ActiveGrants grants) {
        if (lent) {
            lent = false;
            grants.endCopy(lentReference, lentForReading);
        }
    }
}
