package io.ringside.xenbus.sim;

import io.ringside.xenbus.sim.store.StoreUse;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything that domains have in use just now, to be held against an earlier count: what came and
 * went in between has leaked nothing if both are equal.
 *
 * <p>The frames of a domain's grant table, and of its event words, stay with it once it has needed
 * them: a count that others are held against is taken after a first round. Values are immutable.
 *
 * @param domains what each domain has, by its number
 * @param storeNodes how many nodes the store has, whoever owns them
 */
public record ResourceCount(SortedMap<Integer, OfDomain> domains, int storeNodes) {
    /**
     * What one domain has in use.
     *
     * @param frames page frames that its allocator has handed out
     * @param grants references that are out
     * @param lent uses that others have of its pages
     * @param mapped pages of others that it has mapped
     * @param ports event channel ports that are not closed
     * @param store what it has in the store
     */
    public record OfDomain(
            int frames, int grants, int lent, int mapped, int ports, StoreUse store) {}

    /** Counts every domain. Only while all of them are at rest. */
    public static ResourceCount of(final SimulatedXen xen) {
        final TreeMap<Integer, OfDomain> counts = new TreeMap<>();
        for (final Domain domain : xen.domains()) {
            counts.put(domain.id(), of(xen, domain));
        }
        return new ResourceCount(counts, xen.storeServer().nodeCount());
    }

    private static OfDomain of(final SimulatedXen xen, final Domain domain) {
        return new OfDomain(
                domain.frames().usedCount(),
                domain.grantTable().usedCount(),
                domain.foreignMappings(),
                domain.grantMapper().mappedCount(),
                domain.eventChannels().openPorts(),
                xen.storeServer().use(domain.id()));
    }

    /** The same count as if a domain had another number: it came back from a suspend with it. */
    public ResourceCount renumbered(final int from, final int to) {
        final TreeMap<Integer, OfDomain> counts = new TreeMap<>(domains);
        final OfDomain moved = counts.remove(from);
        if (moved == null) {
            throw new IllegalArgumentException("no such domain: from=" + from);
        }
        counts.put(to, moved);
        return new ResourceCount(counts, storeNodes);
    }
}
