package io.ringside.xen.blkfront.frontend;

import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.xen.blkfront.protocol.BlkKeys;
import io.ringside.xenbus.device.XenbusDevice;
import io.ringside.xenbus.grant.GrantTable;
import java.util.Arrays;
import org.agrona.collections.IntArrayList;

/**
 * The pages that requests in flight lend to the backend, and those that it did not give back.
 *
 * <p>Each page has a place here, and the places of one request hang together in a chain. Free
 * places are taken last in, first out, so that pages of our own stay in the cache and few of them
 * are ever made. What a place keeps between two requests is the {@link Lending}:
 *
 * <pre>
 *              page        grant              data
 *  CALLERS     caller's    for the request    never copied
 *  BOUNCED     our own     for the request    copied
 *  PERSISTENT  our own     until the close    copied
 * </pre>
 *
 * <p>A grant for one request allows reading only if the backend is to write to the disk, and is
 * taken back before anybody learns that the request is done. One that is still mapped then is kept
 * aside with its place and tried again later ({@link #reclaim}); until it is home its page is not
 * lent again. So there is no more memory in it than the places, whatever the backend keeps.
 *
 * <p>Threads: one.
 */
final class LentPages {
    /** No place: the end of a chain, or no room. */
    static final int NONE = -1;

    /** Whose pages are lent, and for how long. */
    enum Lending {
        /** The caller's own, to a backend that is trusted. */
        CALLERS,
        /** Our own in their stead, which show the backend the sectors of a request alone. */
        BOUNCED,
        /** The same, granted once: {@code feature-persistent}. */
        PERSISTENT
    }

    private static final int MAX_CALLERS_PAGES = 16_384;

    private final BlkfrontServices services;
    private final GrantTable grants;
    private final int backendDomain;
    private final Lending lending;
    private final PageCopies copies;

    private final int[] references;
    private final int[] frames;
    private final int[] next;
    private final int[] free;
    private int freeCount;
    private final IntArrayList kept = new IntArrayList();
    private int nextKept;
    private boolean closed;

    /**
     * Nothing is lent yet.
     *
     * @param capacity most pages lent at a time
     */
    LentPages(
            final BlkfrontServices services,
            final int backendDomain,
            final Lending lending,
            final int capacity) {
        this.services = services;
        this.grants = services.grants();
        this.backendDomain = backendDomain;
        this.lending = lending;
        this.copies = new PageCopies(services);
        this.references = new int[capacity];
        this.frames = new int[capacity];
        this.next = new int[capacity];
        this.free = new int[capacity];
        Arrays.fill(references, GrantTable.NO_REFERENCE);
        while (freeCount < capacity) {
            free[freeCount] = capacity - ++freeCount;
        }
    }

    /** No pages at all: before the first connection. */
    static LentPages none(final BlkfrontServices services, final int backendDomain) {
        return new LentPages(services, backendDomain, Lending.CALLERS, 0);
    }

    /** As many pages as a disk's rings can name, or as {@link BlkfrontOptions} allows. */
    static LentPages of(
            final BlkfrontServices services, final XenbusDevice device, final DiskKeys disk) {
        final boolean trusted = !"0".equals(device.ownText(BlkKeys.TRUSTED));
        final Lending lending;
        if (disk.persistent()) {
            lending = Lending.PERSISTENT;
        } else {
            lending = trusted ? Lending.CALLERS : Lending.BOUNCED;
        }
        final int most =
                lending == Lending.CALLERS ? MAX_CALLERS_PAGES : services.options().pooledPages();
        final int named = disk.limits().queueDepth() * disk.limits().maxSegments();
        return new LentPages(services, device.otherEndId(), lending, Math.min(most, named));
    }

    /**
     * Lends the pages of some segments of a request.
     *
     * @return the first place of the chain; {@link #NONE} if there is no room, here, in the grant
     *     table or in the guest's memory: then nothing is lent
     */
    int lend(final BlockRequest request, final int firstSegment, final int segmentCount) {
        if (segmentCount > freeCount) {
            return NONE;
        }
        final boolean toDisk = request.operation() != BlockOperation.READ;
        int head = NONE;
        int tail = NONE;
        for (int i = 0; i < segmentCount; i++) {
            final int place = free[freeCount - 1];
            if (!fill(place, request, firstSegment + i, toDisk)) {
                takeBack(head);
                return NONE;
            }
            freeCount--;
            next[place] = NONE;
            if (head == NONE) {
                head = place;
            } else {
                next[tail] = place;
            }
            tail = place;
        }
        return head;
    }

    private boolean fill(
            final int place, final BlockRequest request, final int segment, final boolean toDisk) {
        if (lending == Lending.CALLERS) {
            frames[place] = frame(request, segment);
        } else if (frames[place] == BlkfrontServices.NO_FRAME) {
            frames[place] = copies.newFrame();
            if (frames[place] == BlkfrontServices.NO_FRAME) {
                return false;
            }
        }
        if (references[place] != GrantTable.NO_REFERENCE) {
            services.counters().persistentHits++;
        } else {
            references[place] =
                    grants.grantAccess(
                            backendDomain, frames[place], toDisk && lending != Lending.PERSISTENT);
            if (references[place] == GrantTable.NO_REFERENCE) {
                return false;
            }
            services.counters().grants++;
        }
        if (toDisk && lending != Lending.CALLERS) {
            copies.copyOut(frames[place], request, segment);
        }
        return true;
    }

    /** The place after another in its chain, or {@link #NONE}. */
    int next(final int place) {
        return next[place];
    }

    /** The grant reference of one lent page. */
    int reference(final int place) {
        return references[place];
    }

    /**
     * Ends the loans of a chain, with nothing delivered.
     *
     * @return how many pages are still mapped: they are kept aside
     */
    int takeBack(final int head) {
        final int keptPages = endGrants(head);
        release(head);
        return keptPages;
    }

    /**
     * Ends the loans of a chain, and gives the caller what was read, if all pages are home.
     *
     * @return how many pages are still mapped: they are kept aside
     */
    int deliver(final int head, final BlockRequest request, final int firstSegment) {
        final int keptPages = endGrants(head);
        if (keptPages == 0 && lending != Lending.CALLERS) {
            int segment = firstSegment;
            for (int place = head; place != NONE; place = next[place]) {
                copies.copyIn(frames[place], request, segment++);
            }
        }
        release(head);
        return keptPages;
    }

    private int endGrants(final int head) {
        if (lending == Lending.PERSISTENT) {
            return 0;
        }
        int keptPages = 0;
        for (int place = head; place != NONE; place = next[place]) {
            if (endGrant(place)) {
                continue;
            }
            kept.addInt(place);
            keptPages++;
        }
        return keptPages;
    }

    private boolean endGrant(final int place) {
        if (!grants.endAccess(references[place])) {
            return false;
        }
        references[place] = GrantTable.NO_REFERENCE;
        return true;
    }

    /** Frees the places of a chain, but not those that are kept. */
    private void release(final int head) {
        for (int place = head; place != NONE; place = next[place]) {
            if (lending == Lending.PERSISTENT || references[place] == GrantTable.NO_REFERENCE) {
                free[freeCount++] = place;
            }
        }
    }

    /** Whether a request names a page that the backend has kept. */
    boolean namesKeptPage(final BlockRequest request) {
        if (lending != Lending.CALLERS || kept.isEmpty()) {
            return false;
        }
        for (int segment = 0; segment < request.segmentCount(); segment++) {
            if (isKept(frame(request, segment))) {
                return true;
            }
        }
        return false;
    }

    private boolean isKept(final int frame) {
        for (int i = 0; i < kept.size(); i++) {
            if (frames[kept.getInt(i)] == frame) {
                return true;
            }
        }
        return false;
    }

    /**
     * Tries at most {@code limit} of the grants that were kept aside once more, in turn.
     *
     * @return how many came home
     */
    int reclaim(final int limit) {
        int home = 0;
        for (int tries = Math.min(limit, kept.size()); tries > 0; tries--) {
            if (nextKept >= kept.size()) {
                nextKept = 0;
            }
            final int place = kept.getInt(nextKept);
            if (endGrant(place)) {
                kept.fastUnorderedRemove(nextKept);
                if (closed) {
                    freeFrame(place);
                } else {
                    free[freeCount++] = place;
                }
                home++;
            } else {
                nextKept++;
            }
        }
        return home;
    }

    /** How many pages the backend has kept. */
    int keptCount() {
        return kept.size();
    }

    /** Whether the backend has kept so many that a request of so many segments never fits. */
    boolean isStarvedFor(final int segmentCount) {
        return references.length - kept.size() < segmentCount;
    }

    /**
     * Ends the grants that outlive requests, and gives the pages of our own back. Only when nothing
     * is lent; kept ones follow as they come home.
     */
    void close() {
        closed = true;
        while (freeCount > 0) {
            final int place = free[--freeCount];
            if (references[place] != GrantTable.NO_REFERENCE && !endGrant(place)) {
                kept.addInt(place);
            } else {
                freeFrame(place);
            }
        }
    }

    private void freeFrame(final int place) {
        if (lending != Lending.CALLERS && frames[place] != BlkfrontServices.NO_FRAME) {
            services.frames().free(frames[place]);
            frames[place] = BlkfrontServices.NO_FRAME;
        }
    }

    private static int frame(final BlockRequest request, final int segment) {
        return (int) (request.segmentAddress(segment) >>> GuestMemory.PAGE_SHIFT);
    }
}
