package io.ringside.xenbus.sim.store;

import io.ringside.xenbus.protocol.DomainId;
import io.ringside.xenbus.protocol.XenStoreErrors;
import io.ringside.xenbus.store.XenStoreException;
import java.util.ArrayList;
import java.util.List;

/**
 * Who may do what with a node: a letter and a domain each, {@code n r w b} for nothing, reading,
 * writing, both.
 *
 * <p>The first entry names the owner, who may do everything; its letter is what every domain may do
 * that is not listed. An entry counts for the domain that had its number when the entry was made:
 * when that domain is gone, an owner's place falls to domain 0, and any other entry says nothing.
 */
final class StorePermissions {
    static final int NONE = 0;
    static final int READ = 1;
    static final int WRITE = 2;

    private static final String LETTERS = "nrwb";
    private static final int MAX_DIGITS = 5;

    private record Entry(int domain, long life, int access) {
        boolean counts(final StoreDomains domains) {
            return life != StoreDomains.NO_LIFE && domains.life(domain) == life;
        }
    }

    private final List<Entry> entries;

    private StorePermissions(final List<Entry> entries) {
        this.entries = entries;
    }

    /** Owned by the privileged domain, and nothing for anybody else. */
    static StorePermissions privileged(final StoreDomains domains) {
        final int owner = StoreDomains.PRIVILEGED;
        return new StorePermissions(List.of(new Entry(owner, domains.life(owner), NONE)));
    }

    /** Reads the form of the wire, for example {@code n1 r2}; {@code EINVAL} if it is none. */
    static StorePermissions parse(final List<String> texts, final StoreDomains domains)
            throws XenStoreException {
        if (texts.isEmpty()) {
            throw new XenStoreException(XenStoreErrors.EINVAL, "no permissions");
        }
        final List<Entry> entries = new ArrayList<>();
        for (final String text : texts) {
            final int access = text.isEmpty() ? -1 : LETTERS.indexOf(text.charAt(0));
            final int domain = parseDomain(text);
            if (access < 0 || domain < 0) {
                throw new XenStoreException(
                        XenStoreErrors.EINVAL, "not a permission: text=" + text);
            }
            entries.add(new Entry(domain, domains.life(domain), access));
        }
        return new StorePermissions(List.copyOf(entries));
    }

    /** The form of the wire: what counts now. */
    List<String> format(final StoreDomains domains) {
        final List<String> texts = new ArrayList<>();
        texts.add("" + LETTERS.charAt(entries.getFirst().access()) + owner(domains));
        for (int i = 1; i < entries.size(); i++) {
            final Entry entry = entries.get(i);
            if (entry.counts(domains)) {
                texts.add("" + LETTERS.charAt(entry.access()) + entry.domain());
            }
        }
        return texts;
    }

    /** The owner now. */
    int owner(final StoreDomains domains) {
        final Entry first = entries.getFirst();
        return first.counts(domains) ? first.domain() : StoreDomains.PRIVILEGED;
    }

    /**
     * Who is charged: the number in the owner's place, if it was a domain when it was put there.
     */
    int ownerNumber() {
        final Entry first = entries.getFirst();
        return first.life() == StoreDomains.NO_LIFE ? StoreDomains.PRIVILEGED : first.domain();
    }

    /** Whether a domain, or the one whose rights it has, may do all of what it wants. */
    boolean allows(final int domain, final int wanted, final StoreDomains domains) {
        final int target = domains.target(domain);
        return allowsItself(domain, wanted, domains)
                || (target != domain && allowsItself(target, wanted, domains));
    }

    private boolean allowsItself(final int domain, final int wanted, final StoreDomains domains) {
        if (StoreDomains.isPrivileged(domain) || owner(domains) == domain) {
            return true;
        }
        for (int i = 1; i < entries.size(); i++) {
            final Entry entry = entries.get(i);
            if (entry.domain() == domain && entry.counts(domains)) {
                return (entry.access() & wanted) == wanted;
            }
        }
        return (entries.getFirst().access() & wanted) == wanted;
    }

    /** The same, with another owner. */
    StorePermissions ownedBy(final int domain, final StoreDomains domains) {
        final List<Entry> changed = new ArrayList<>(entries);
        changed.set(0, new Entry(domain, domains.life(domain), entries.getFirst().access()));
        return new StorePermissions(List.copyOf(changed));
    }

    /** How many entries there are. */
    int size() {
        return entries.size();
    }

    private static int parseDomain(final String text) {
        if (text.length() < 2 || text.length() > 1 + MAX_DIGITS) {
            return -1;
        }
        int domain = 0;
        for (int i = 1; i < text.length(); i++) {
            final char digit = text.charAt(i);
            if (digit < '0' || digit > '9') {
                return -1;
            }
            domain = domain * 10 + (digit - '0');
        }
        return DomainId.isDomain(domain) ? domain : -1;
    }
}
