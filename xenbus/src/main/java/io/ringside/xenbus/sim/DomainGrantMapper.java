package io.ringside.xenbus.sim;

import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Vcpu;
import io.ringside.ringbuf.memory.PageView;
import io.ringside.xenbus.grant.GrantMapBatch;
import io.ringside.xenbus.grant.GrantMapper;
import io.ringside.xenbus.protocol.GnttabStatus;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The grant operations of one domain, and the table of its mappings.
 *
 * <p>A handle is an index into that table. Each call counts one hypercall, and one page mapped or
 * unmapped for each entry that went well; if any was unmapped, the translations are flushed once,
 * after the last.
 *
 * <p>Threads: one (the mapping domain's).
 */
public final class DomainGrantMapper implements GrantMapper {
    private static final int LIST_END = -1;

    private final Domain domain;
    private final SimulatedXen xen;
    private final Vcpu vcpu;

    private final @Nullable ActiveGrants[] owners;
    private final int[] references;
    private final int[] frames;
    private final boolean[] readOnly;
    private final int[] nextFree;
    private int firstFree;
    private int mappedCount;

    DomainGrantMapper(
            final Domain domain, final SimulatedXen xen, final Vcpu vcpu, final int handles) {
        this.domain = domain;
        this.xen = xen;
        this.vcpu = vcpu;
        owners = new ActiveGrants[handles];
        references = new int[handles];
        frames = new int[handles];
        readOnly = new boolean[handles];
        nextFree = new int[handles];
        for (int handle = 0; handle < handles; handle++) {
            nextFree[handle] = handle + 1 < handles ? handle + 1 : LIST_END;
        }
    }

    @Override
    public void map(final GrantMapBatch batch) {
        vcpu.cross(Crossing.HYPERCALL);
        final ActiveGrants grants = xen.activeGrants(batch.domain());
        int mapped = 0;
        for (int i = 0; i < batch.count(); i++) {
            if (batch.status(i) != GnttabStatus.OKAY
                    || batch.handle(i) != GrantMapBatch.NO_HANDLE) {
                continue;
            }
            final int handle = mapOne(grants, batch.reference(i), batch.readOnly(i));
            if (handle < 0) {
                batch.result(i, handle, GrantMapBatch.NO_HANDLE);
                continue;
            }
            wrap(batch.page(i), handle);
            batch.result(i, GnttabStatus.OKAY, handle);
            mapped++;
        }
        if (mapped != 0) {
            vcpu.cross(Crossing.PAGE_MAP, mapped);
        }
    }

    @Override
    public void unmap(final GrantMapBatch batch) {
        vcpu.cross(Crossing.HYPERCALL);
        int unmapped = 0;
        for (int i = 0; i < batch.count(); i++) {
            final int handle = batch.handle(i);
            if (handle == GrantMapBatch.NO_HANDLE) {
                continue;
            }
            batch.page(i).wrap(0, 0);
            final int status = unmapOne(handle);
            batch.result(i, status, GrantMapBatch.NO_HANDLE);
            if (status == GnttabStatus.OKAY) {
                unmapped++;
            }
        }
        if (unmapped != 0) {
            vcpu.cross(Crossing.PAGE_UNMAP, unmapped);
            vcpu.cross(Crossing.TLB_FLUSH);
        }
    }

    @Override
    public RingMapping mapRing(final int grantingDomain, final int... ringReferences) {
        if (ringReferences.length == 0) {
            throw new IllegalArgumentException("no pages to map: domain=" + grantingDomain);
        }
        vcpu.cross(Crossing.HYPERCALL);
        final ActiveGrants grants = xen.activeGrants(grantingDomain);
        final int[] handles = new int[ringReferences.length];
        final int[] ringFrames = new int[ringReferences.length];
        for (int i = 0; i < handles.length; i++) {
            handles[i] = mapOne(grants, ringReferences[i], false);
            if (handles[i] < 0) {
                unmapAll(handles, i);
                return new RingMapping.Refused(ringReferences[i], handles[i]);
            }
            ringFrames[i] = frames[handles[i]];
        }
        final PageView pages;
        try {
            pages = memory(handles[0]).map(ringFrames);
        } catch (final IllegalStateException outOfMappings) {
            unmapAll(handles, handles.length);
            return new RingMapping.Refused(ringReferences[0], GnttabStatus.NO_DEVICE_SPACE);
        }
        vcpu.cross(Crossing.PAGE_MAP, handles.length);
        return new RingMapping.Mapped(pages, () -> unmapRing(pages, handles));
    }

    @Override
    public int mappedCount() {
        return mappedCount;
    }

    /** Lets go of every page: the domain is gone. */
    void close() {
        for (int handle = 0; handle < owners.length; handle++) {
            if (owners[handle] != null) {
                unmapOne(handle);
            }
        }
    }

    /** Maps one page, uncounted: a handle, or a negative {@code GNTST_} code. */
    int mapOne(final int grantingDomain, final int reference, final boolean mapReadOnly) {
        return mapOne(xen.activeGrants(grantingDomain), reference, mapReadOnly);
    }

    /** Whether a handle maps a page. Safe for any number. */
    boolean isMapped(final int handle) {
        return handle >= 0 && handle < owners.length && owners[handle] != null;
    }

    /** The lender's frame that a handle maps. */
    int frame(final int handle) {
        return frames[handle];
    }

    /** Lays a view over the page that a handle maps. */
    void wrap(final UnsafeBuffer view, final int handle) {
        memory(handle)
                .wrap(
                        view,
                        (long) frames[handle] << GuestMemory.PAGE_SHIFT,
                        GuestMemory.PAGE_BYTES);
    }

    private int mapOne(
            final @Nullable ActiveGrants grants, final int reference, final boolean mapReadOnly) {
        if (grants == null) {
            return GnttabStatus.BAD_DOMAIN;
        }
        final int handle = firstFree;
        if (handle == LIST_END) {
            return GnttabStatus.NO_DEVICE_SPACE;
        }
        synchronized (grants) {
            final int status = grants.pin(reference, domain.id(), mapReadOnly, false);
            if (status != GnttabStatus.OKAY) {
                return status;
            }
            frames[handle] = grants.frame(reference);
        }
        firstFree = nextFree[handle];
        owners[handle] = grants;
        references[handle] = reference;
        readOnly[handle] = mapReadOnly;
        mappedCount++;
        return handle;
    }

    /** Gives one page back; answers with a {@code GNTST_} code. Safe for any number. */
    int unmapOne(final int handle) {
        final ActiveGrants grants = handle >= 0 && handle < owners.length ? owners[handle] : null;
        if (grants == null) {
            return GnttabStatus.BAD_HANDLE;
        }
        synchronized (grants) {
            grants.unpin(references[handle], readOnly[handle]);
        }
        owners[handle] = null;
        nextFree[handle] = firstFree;
        firstFree = handle;
        mappedCount--;
        return GnttabStatus.OKAY;
    }

    private void unmapAll(final int[] handles, final int count) {
        for (int i = 0; i < count; i++) {
            unmapOne(handles[i]);
        }
    }

    /** Gives a ring back once; after that its handles are others'. */
    private void unmapRing(final PageView pages, final int[] handles) {
        if (handles[0] == GrantMapBatch.NO_HANDLE) {
            return;
        }
        vcpu.cross(Crossing.HYPERCALL);
        pages.close();
        unmapAll(handles, handles.length);
        Arrays.fill(handles, GrantMapBatch.NO_HANDLE);
        vcpu.cross(Crossing.PAGE_UNMAP, handles.length);
        vcpu.cross(Crossing.TLB_FLUSH);
    }

    private GuestMemory memory(final int handle) {
        final ActiveGrants grants = owners[handle];
        if (grants == null) {
            throw new IllegalStateException("not mapped: handle=" + handle);
        }
        return grants.memory();
    }
}
