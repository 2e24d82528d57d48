package io.ringside.xenbus.sim;

import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Vcpu;
import io.ringside.xenbus.protocol.GnttabStatus;
import io.ringside.xenbus.protocol.hypercall.GnttabMapGrantRef;
import io.ringside.xenbus.protocol.hypercall.GnttabUnmapAndReplace;
import io.ringside.xenbus.protocol.hypercall.GnttabUnmapGrantRef;
import org.agrona.collections.Long2LongHashMap;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Mapping and unmapping by arguments as bytes, as a domain with a memory of its own may do it: to
 * an address where nothing is mapped yet, and not for devices.
 *
 * <p>Which handle is mapped at which address is remembered here; memory itself does not change. The
 * flush that ends an array of unmaps is its caller's to count. Threads: one (the domain's).
 */
final class GrantMapCalls {
    private static final long NOTHING = -1;
    private static final int KINDS = GnttabMapGrantRef.HOST_MAP | GnttabMapGrantRef.DEVICE_MAP;
    private static final int IMPOSSIBLE =
            GnttabMapGrantRef.DEVICE_MAP
                    | GnttabMapGrantRef.APPLICATION_MAP
                    | GnttabMapGrantRef.CONTAINS_PTE;

    private final DomainGrantMapper mapper;
    private final Vcpu vcpu;
    private final Long2LongHashMap handleOfPage = new Long2LongHashMap(NOTHING);
    private final Long2LongHashMap pageOfHandle = new Long2LongHashMap(NOTHING);
    private final GnttabMapGrantRef map = new GnttabMapGrantRef();
    private final GnttabUnmapGrantRef unmap = new GnttabUnmapGrantRef();
    private final GnttabUnmapAndReplace replace = new GnttabUnmapAndReplace();

    GrantMapCalls(final DomainGrantMapper mapper, final Vcpu vcpu) {
        this.mapper = mapper;
        this.vcpu = vcpu;
    }

    /** {@code GNTTABOP_map_grant_ref}, one of an array. */
    void map(final UnsafeBuffer argument) {
        map.wrap(argument, 0);
        final int handle = mapPage();
        if (handle < 0) {
            map.status(handle);
            return;
        }
        final long page = page(map.hostAddress());
        handleOfPage.put(page, handle);
        pageOfHandle.put(handle, page);
        vcpu.cross(Crossing.PAGE_MAP);
        map.status(GnttabStatus.OKAY).handle(handle).busAddress(busAddress(handle));
    }

    private int mapPage() {
        final int flags = map.flags();
        if ((flags & KINDS) == 0) {
            return GnttabStatus.BAD_GNTREF;
        }
        if ((flags & IMPOSSIBLE) != 0) {
            return GnttabStatus.GENERAL_ERROR;
        }
        if (handleOfPage.get(page(map.hostAddress())) != NOTHING) {
            return GnttabStatus.BAD_VIRT_ADDR;
        }
        final boolean readOnly = (flags & GnttabMapGrantRef.READ_ONLY) != 0;
        return mapper.mapOne(map.domain(), map.reference(), readOnly);
    }

    /** {@code GNTTABOP_unmap_grant_ref}, one of an array. */
    void unmap(final UnsafeBuffer argument) {
        unmap.wrap(argument, 0);
        unmap.status(unmapPage(unmap.handle(), unmap.hostAddress(), unmap.busAddress()));
    }

    /** {@code GNTTABOP_unmap_and_replace}, one of an array: only nothing can go in its place. */
    void replace(final UnsafeBuffer argument) {
        replace.wrap(argument, 0);
        replace.status(
                replace.newAddress() != 0
                        ? GnttabStatus.GENERAL_ERROR
                        : unmapPage(replace.handle(), replace.hostAddress(), 0));
    }

    /** Lays a view over the page that is mapped at an address; false if none is. */
    boolean wrap(final UnsafeBuffer view, final long hostAddress) {
        final long handle = handleOfPage.get(page(hostAddress));
        if (handle == NOTHING) {
            return false;
        }
        mapper.wrap(view, (int) handle);
        return true;
    }

    private int unmapPage(final int handle, final long hostAddress, final long deviceAddress) {
        if (!mapper.isMapped(handle)) {
            return GnttabStatus.BAD_HANDLE;
        }
        final long page = page(hostAddress);
        if (pageOfHandle.get(handle) != page
                || (deviceAddress != 0 && deviceAddress != busAddress(handle))) {
            return GnttabStatus.GENERAL_ERROR;
        }
        handleOfPage.remove(page);
        pageOfHandle.remove(handle);
        vcpu.cross(Crossing.PAGE_UNMAP);
        return mapper.unmapOne(handle);
    }

    private long busAddress(final int handle) {
        return (long) mapper.frame(handle) << GuestMemory.PAGE_SHIFT;
    }

    private static long page(final long address) {
        return address >>> GuestMemory.PAGE_SHIFT;
    }
}
