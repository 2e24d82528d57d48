package io.ringside.xenbus.sim;

import io.ringside.hypervisor.Doorbell;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Vcpu;
import io.ringside.xenbus.protocol.DomainId;
import io.ringside.xenbus.protocol.SharedInfo;
import io.ringside.xenbus.sim.store.StoreLimits;
import io.ringside.xenbus.sim.store.XenStoreServer;
import io.ringside.xenbus.store.XenStore;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Xen in this process: domains, their grants, event channels, and one xenstore.
 *
 * <p>No domain is special to the hypervisor: any may lend, borrow, and serve devices. To the store,
 * domain 0 is privileged.
 *
 * <p>Errors: creating a domain whose number is taken or reserved is our own fault. Threads: any may
 * create domains; each domain says who may use it.
 */
public final class SimulatedXen {
    private final XenLimits limits;
    private final XenStoreServer storeServer;
    private final Object eventLock = new Object();
    private volatile Domain[] domains = new Domain[0];

    /** A Xen with the usual limits. */
    public SimulatedXen() {
        this(XenLimits.DEFAULTS, StoreLimits.DEFAULTS);
    }

    /** A Xen with limits of its own. */
    public SimulatedXen(final XenLimits limits, final StoreLimits storeLimits) {
        this.limits = limits;
        this.storeServer = new XenStoreServer(storeLimits);
    }

    /**
     * Makes a domain, and introduces it to the store.
     *
     * @param id its number
     * @param memory its memory, which must outlive it and all mappings of it
     * @param frames the frames of that memory; two are taken
     * @param vcpu counts what the domain asks of the hypervisor
     * @param doorbell wakes the domain
     */
    public Domain createDomain(
            final int id,
            final GuestMemory memory,
            final FrameAllocator frames,
            final Vcpu vcpu,
            final Doorbell doorbell) {
        return createDomain(id, memory, frames, List.of(new Processor(vcpu, doorbell)));
    }

    /**
     * Makes a domain with several processors, and introduces it to the store.
     *
     * @param id its number
     * @param memory its memory, which must outlive it and all mappings of it
     * @param frames the frames of that memory; two are taken
     * @param processors as many as have their part in the page shared with the hypervisor, 1 to 32
     */
    public synchronized Domain createDomain(
            final int id,
            final GuestMemory memory,
            final FrameAllocator frames,
            final List<Processor> processors) {
        if (processors.isEmpty() || processors.size() > SharedInfo.VCPUS) {
            throw new IllegalArgumentException(
                    "number of processors out of range: processors=" + processors.size());
        }
        checkFree(id);
        final Domain domain = new Domain(id, this, memory, frames, processors, storeServer);
        admit(domain);
        return domain;
    }

    /**
     * A connection to the store that speaks for a domain, for example for domain 0's tools.
     *
     * @param domain 0, or a domain that exists
     * @param doorbell is rung when a watch event waits
     */
    public XenStore connectStore(final int domain, final Doorbell doorbell) {
        return storeServer.connect(domain, doorbell);
    }

    /** The domains that there are; one that is suspended is not among them. */
    public List<Domain> domains() {
        return List.of(domains);
    }

    /** The store itself, for its figures. */
    public XenStoreServer storeServer() {
        return storeServer;
    }

    /** The domain of a number, or null. Takes no lock and allocates nothing. */
    @Nullable Domain domain(final int id) {
        for (final Domain domain : domains) {
            if (domain.id() == id) {
                return domain;
            }
        }
        return null;
    }

    /** The grants of a domain, or null. Takes no lock and allocates nothing. */
    @Nullable ActiveGrants activeGrants(final int id) {
        final Domain domain = domain(id);
        return domain == null ? null : domain.activeGrants();
    }

    /** Refuses a number that no domain can have now. */
    void checkFree(final int id) {
        if (!DomainId.isDomain(id)) {
            throw new IllegalArgumentException("domain number out of range: id=" + id);
        }
        if (domain(id) != null) {
            throw new IllegalStateException("domain exists: id=" + id);
        }
    }

    /** Puts a domain into the list: others find it. */
    synchronized void admit(final Domain domain) {
        final Domain[] more = Arrays.copyOf(domains, domains.length + 1);
        more[more.length - 1] = domain;
        domains = more;
    }

    XenLimits limits() {
        return limits;
    }

    /** Guards what joins the event channels of two domains. */
    Object eventLock() {
        return eventLock;
    }

    /** Takes a domain out of the list: nobody finds it any more. */
    synchronized void forget(final Domain gone) {
        final Domain[] fewer = new Domain[domains.length - 1];
        int kept = 0;
        for (final Domain domain : domains) {
            if (domain != gone) {
                fewer[kept++] = domain;
            }
        }
        domains = fewer;
    }
}
