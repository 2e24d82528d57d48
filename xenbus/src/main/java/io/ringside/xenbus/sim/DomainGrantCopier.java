package io.ringside.xenbus.sim;

import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Vcpu;
import io.ringside.xenbus.grant.GrantCopier;
import io.ringside.xenbus.grant.GrantCopyBatch;
import io.ringside.xenbus.protocol.GnttabStatus;

/**
 * The grant copies of one domain.
 *
 * <p>Both pages are in use, and so cannot be taken back, as long as a copy goes on, and no longer.
 *
 * <p>Threads: one (the copying domain's).
 */
public final class DomainGrantCopier implements GrantCopier {
    private final Vcpu vcpu;
    private final CopyEnd source;
    private final CopyEnd destination;

    DomainGrantCopier(
            final int domain, final SimulatedXen xen, final Vcpu vcpu, final GuestMemory memory) {
        this.vcpu = vcpu;
        source = new CopyEnd(domain, xen, memory);
        destination = new CopyEnd(domain, xen, memory);
    }

    @Override
    public void copy(final GrantCopyBatch batch) {
        vcpu.cross(Crossing.HYPERCALL);
        int copied = 0;
        long bytes = 0;
        for (int i = 0; i < batch.count(); i++) {
            if (batch.status(i) != GnttabStatus.OKAY) {
                continue;
            }
            final int status = copyOne(batch, i);
            batch.result(i, status);
            if (status == GnttabStatus.OKAY) {
                copied++;
                bytes += batch.lengthBytes(i);
            }
        }
        if (copied != 0) {
            vcpu.cross(Crossing.GRANT_COPY, copied);
            vcpu.copied(bytes);
        }
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

    private static boolean isInPage(final int offset, final int length) {
        return offset >= 0
                && length >= 0
                && offset <= GuestMemory.PAGE_BYTES
                && length <= GuestMemory.PAGE_BYTES - offset;
    }
}
