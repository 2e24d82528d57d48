package io.ringside.xenbus.sim;

import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Vcpu;
import io.ringside.xenbus.grant.GrantCopier;
import io.ringside.xenbus.grant.GrantCopyBatch;
import io.ringside.xenbus.protocol.GnttabStatus;
import io.ringside.xenbus.protocol.hypercall.GnttabCopy;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The grant copies of one domain.
 *
 * <p>Both pages are in use, and so cannot be taken back, as long as a copy goes on, and no longer.
 *
 * <p>Threads: one (the copying domain's).
 */
public final class DomainGrantCopier implements GrantCopier {
    private static final int STAGED = 64;
    private static final int NO_FRAME = -1;

    private final Vcpu vcpu;
    private final CopyEnd source;
    private final CopyEnd destination;
    private final CopyRun run;
    private final GrantCopyBatch staged = new GrantCopyBatch(STAGED);
    private final GnttabCopy operation = new GnttabCopy();

    DomainGrantCopier(
            final Domain domain,
            final SimulatedXen xen,
            final Vcpu vcpu,
            final GuestMemory memory) {
        this.vcpu = vcpu;
        source = new CopyEnd(domain, xen, memory);
        destination = new CopyEnd(domain, xen, memory);
        run = new CopyRun(domain, xen, memory);
    }

    @Override
    public void copy(final GrantCopyBatch batch) {
        vcpu.cross(Crossing.HYPERCALL);
        copyAll(batch);
    }

    private void copyAll(final GrantCopyBatch batch) {
        run.reset();
        int copied = 0;
        long bytes = 0;
        int next = 0;
        while (next < batch.count()) {
            final int first = next;
            next = run.copy(batch, first);
            if (next != first) {
                continue;
            }
            if (batch.status(next) == GnttabStatus.OKAY) {
                final int status = copyOne(batch, next);
                batch.result(next, status);
                if (status == GnttabStatus.OKAY) {
                    copied++;
                    bytes += batch.lengthBytes(next);
                }
            }
            next++;
        }
        copied += run.copied();
        if (copied != 0) {
            vcpu.cross(Crossing.GRANT_COPY, copied);
            vcpu.copied(bytes + run.copiedBytes());
        }
    }

    /**
     * {@code GNTTABOP_copy} with its operations as bytes: each is read once into private memory,
     * and gets its status.
     *
     * @param from32Bits the operations are those of a 32-bit caller
     */
    public void copy(final UnsafeBuffer operations, final int count, final boolean from32Bits) {
        vcpu.cross(Crossing.HYPERCALL);
        copyUncounted(operations, count, from32Bits);
    }

    /** The same as a part of a hypercall that is counted already. */
    void copyUncounted(final UnsafeBuffer operations, final int count, final boolean from32Bits) {
        for (int first = 0; first < count; first += STAGED) {
            staged.reset();
            for (int i = first; i < Math.min(count, first + STAGED); i++) {
                stage(operation.wrap(operations, i, from32Bits));
            }
            copyAll(staged);
            for (int i = 0; i < staged.count(); i++) {
                operation.wrap(operations, first + i, from32Bits).status(staged.status(i));
            }
        }
    }

    private void stage(final GnttabCopy copy) {
        final int flags = copy.flags();
        final boolean fromGrant = (flags & GrantCopyBatch.SOURCE_GRANT) != 0;
        final boolean toGrant = (flags & GrantCopyBatch.DESTINATION_GRANT) != 0;
        final int source = fromGrant ? copy.sourceReference() : frame(copy.sourceFrame());
        final int target = toGrant ? copy.destinationReference() : frame(copy.destinationFrame());
        staged.from(copy.sourceDomain(), source, copy.sourceOffset());
        staged.to(copy.destinationDomain(), target, copy.destinationOffset());
        staged.add(flags, copy.lengthBytes());
    }

    private static int frame(final long number) {
        return number >= 0 && number <= Integer.MAX_VALUE ? (int) number : NO_FRAME;
    }

    private int copyOne(final GrantCopyBatch batch, final int index) {
        final int length = batch.lengthBytes(index);
        if (!isInPage(batch.sourceOffset(index), length)
                || !isInPage(batch.destinationOffset(index), length)) {
            return GnttabStatus.BAD_COPY_ARG;
        }
        int status = openSource(batch, index, length);
        if (status == GnttabStatus.OKAY) {
            status = openDestination(batch, index, length);
        }
        if (status == GnttabStatus.OKAY) {
            destination
                    .page()
                    .putBytes(
                            batch.destinationOffset(index),
                            source.page(),
                            batch.sourceOffset(index),
                            length);
        }
        destination.close();
        source.close();
        return status;
    }

    private int openSource(final GrantCopyBatch batch, final int index, final int length) {
        if (!batch.sourceIsGrant(index)) {
            return source.openFrame(batch.sourceDomain(index), batch.source(index));
        }
        return source.openGrant(
                batch.sourceDomain(index),
                batch.source(index),
                batch.sourceOffset(index),
                length,
                true);
    }

    private int openDestination(final GrantCopyBatch batch, final int index, final int length) {
        if (!batch.destinationIsGrant(index)) {
            return destination.openFrame(batch.destinationDomain(index), batch.destination(index));
        }
        return destination.openGrant(
                batch.destinationDomain(index),
                batch.destination(index),
                batch.destinationOffset(index),
                length,
                false);
    }

    /** Whether a range lies within one page. Safe for any pair of numbers. */
    static boolean isInPage(final int offset, final int length) {
        return offset >= 0
                && length >= 0
                && offset <= GuestMemory.PAGE_BYTES
                && length <= GuestMemory.PAGE_BYTES - offset;
    }
}
