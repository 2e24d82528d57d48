package io.ringside.xenbus.sim;

import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Vcpu;
import io.ringside.xenbus.grant.GrantMapBatch;
import io.ringside.xenbus.grant.GrantMapper;
import io.ringside.xenbus.grant.GrantOperations;
import io.ringside.xenbus.protocol.DomainId;
import io.ringside.xenbus.protocol.GnttabStatus;
import io.ringside.xenbus.protocol.XenErrno;

/**
 * The seldom grant operations of one domain.
 *
 * <p>A simulated domain has all the memory that it may have, so that a transfer finds no room in
 * it: the answer is Xen's for that, and the entry that waits is left alone. Caches are coherent: a
 * flush that is allowed has nothing to do.
 *
 * <p>Threads: one (the domain's).
 */
public final class DomainGrantOperations implements GrantOperations {
    private static final int CACHE_CLEAN = 1;
    private static final int CACHE_INVALIDATE = 2;
    private static final int CACHE_SOURCE_GRANT = 1 << 31;

    private final Domain self;
    private final SimulatedXen xen;
    private final Vcpu vcpu;
    private final GuestMemory memory;
    private final GrantMapper mapper;

    DomainGrantOperations(
            final Domain self,
            final SimulatedXen xen,
            final Vcpu vcpu,
            final GuestMemory memory,
            final GrantMapper mapper) {
        this.self = self;
        this.xen = xen;
        this.vcpu = vcpu;
        this.memory = memory;
        this.mapper = mapper;
    }

    @Override
    public int transfer(final int frame, final int domain, final int reference) {
        vcpu.cross(Crossing.HYPERCALL);
        return transferUncounted(frame, domain);
    }

    /** The same as a part of a hypercall that is counted already; any entry is left alone. */
    int transferUncounted(final long frame, final int domain) {
        if (!isFrame(frame)) {
            return GnttabStatus.BAD_PAGE;
        }
        if (domain == self.id() || domain == DomainId.SELF || xen.domain(domain) == null) {
            return GnttabStatus.BAD_DOMAIN;
        }
        return GnttabStatus.GENERAL_ERROR;
    }

    @Override
    public void unmapAndReplace(final GrantMapBatch batch, final long newAddress) {
        if (newAddress == 0) {
            mapper.unmap(batch);
            return;
        }
        vcpu.cross(Crossing.HYPERCALL);
        for (int i = 0; i < batch.count(); i++) {
            if (batch.handle(i) != GrantMapBatch.NO_HANDLE) {
                batch.result(i, GnttabStatus.GENERAL_ERROR, batch.handle(i));
            }
        }
    }

    @Override
    public int cacheFlush(
            final long frame, final int offsetBytes, final int lengthBytes, final int operation) {
        vcpu.cross(Crossing.HYPERCALL);
        return cacheFlushUncounted(frame, offsetBytes, lengthBytes, operation);
    }

    /** The same as a part of a hypercall that is counted already. */
    int cacheFlushUncounted(
            final long frame, final int offsetBytes, final int lengthBytes, final int operation) {
        if (offsetBytes < 0
                || offsetBytes >= GuestMemory.PAGE_BYTES
                || lengthBytes < 0
                || lengthBytes > GuestMemory.PAGE_BYTES - offsetBytes) {
            return -XenErrno.EINVAL;
        }
        if ((operation & CACHE_SOURCE_GRANT) != 0) {
            return -XenErrno.EOPNOTSUPP;
        }
        if ((operation & ~(CACHE_CLEAN | CACHE_INVALIDATE)) != 0) {
            return -XenErrno.EINVAL;
        }
        if (lengthBytes == 0 || operation == 0) {
            return 0;
        }
        if (!isFrame(frame)) {
            return -XenErrno.EPERM;
        }
        return operation == CACHE_INVALIDATE ? -XenErrno.EOPNOTSUPP : 0;
    }

    @Override
    public int version(final int domain) {
        vcpu.cross(Crossing.HYPERCALL);
        return versionUncounted(domain);
    }

    /** The same as a part of a hypercall that is counted already. */
    int versionUncounted(final int domain) {
        final ActiveGrants grants = xen.activeGrants(self.id());
        final int answer = checkSelf(domain);
        return answer == 0 && grants != null ? grants.version() : answer;
    }

    /**
     * 0 if a number names the caller; {@code -EPERM} for another domain, {@code -ESRCH} if none.
     */
    int checkSelf(final int domain) {
        if (domain == DomainId.SELF || domain == self.id()) {
            return 0;
        }
        return xen.domain(domain) == null ? -XenErrno.ESRCH : -XenErrno.EPERM;
    }

    private boolean isFrame(final long frame) {
        return frame >= 0 && frame < memory.frameCount();
    }
}
