package io.ringside.xen.netfront.frontend;

import io.ringside.device.guest.NetFrame;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.xen.netfront.protocol.NetifLimits;
import io.ringside.xenbus.grant.GrantQuarantine;
import io.ringside.xenbus.grant.GrantTable;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The pages that one queue receives into, and the frames in which they are lent to the workload.
 *
 * <pre>
 *            take              (the ring)             lend               giveBack
 *  free page ----&gt; offered to the backend ----&gt; filled ----&gt; with the workload ----&gt; free page
 *                          ^                       |
 *                          +------- recycle -------+   of a packet that is dropped
 * </pre>
 *
 * <p>It outlives connections, since the workload may hold frames longer than one lasts. A page
 * becomes one when it is needed first, is zeroed, and goes back to the guest when the connection
 * ends, or when the workload has done with it. Its grant stays with it, or is taken back each time
 * that it is filled: see {@link ReceivePages}. Free pages are taken last in, first out, so that few
 * of them are ever made.
 *
 * <p>Threads: one.
 */
final class ReceivePool {
    /** No page. */
    static final int NONE = -1;

    /** Most pieces of one packet: Linux's backend does not count the first. */
    static final int MAX_PIECES = NetifLimits.PACKET_SLOTS + 1;

    private static final int NO_FRAME = 0;

    private final NetfrontServices services;
    private final NetfrontCounters counters;
    private final GrantTable grants;
    private final GrantQuarantine quarantine;
    private final int queue;
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);

    private final int[] frameNumbers;
    private final int[] references;
    private final int[] free;
    private int freeCount;

    private final NetFrame[] frames;
    private final int[] pages; // of the frames, MAX_PIECES for each
    private final int[] pieceCounts; // of the frames, 0 for one that is not lent
    private final int[] freeFrames;
    private int freeFrameCount;

    private final int[] connections; // in which a page was granted
    private int connection;
    private int backendDomain;
    private ReceivePages policy = ReceivePages.REUSED;
    private boolean open;

    /**
     * No pages yet.
     *
     * @param quarantine where pages go that the backend does not let go of
     * @param queue which queue it is
     */
    ReceivePool(final Kit kit, final GrantQuarantine quarantine, final int queue) {
        this.services = kit.services();
        this.counters = kit.counters();
        this.grants = services.grants();
        this.quarantine = quarantine;
        this.queue = queue;
        final int pageCount = kit.options().receiveBuffers();
        frameNumbers = new int[pageCount];
        references = new int[pageCount];
        connections = new int[pageCount];
        free = new int[pageCount];
        Arrays.fill(references, GrantTable.NO_REFERENCE);
        while (freeCount < pageCount) {
            free[freeCount] = pageCount - ++freeCount;
        }
        final int depth = kit.options().receiveDepth();
        frames = new NetFrame[depth];
        pages = new int[depth * MAX_PIECES];
        pieceCounts = new int[depth];
        freeFrames = new int[depth];
        for (int i = 0; i < depth; i++) {
            frames[i] = new NetFrame(MAX_PIECES);
            frames[i].tag(tag(i));
            freeFrames[i] = depth - 1 - i;
        }
        freeFrameCount = depth;
    }

    private int tag(final int frame) {
        return queue << Short.SIZE | frame;
    }

    /** Which queue's pool a frame came from, if it came from one. */
    static int queueOf(final NetFrame frame) {
        return frame.tag() >>> Short.SIZE;
    }

    /** A connection begins. */
    void open(final int newBackendDomain, final ReceivePages newPolicy) {
        backendDomain = newBackendDomain;
        policy = newPolicy;
        connection++;
        open = true;
    }

    /** A free page, to be offered, or {@link #NONE}. */
    int take() {
        if (freeCount == 0) {
            return NONE;
        }
        final int page = free[freeCount - 1];
        if (granted(page) == GrantTable.NO_REFERENCE) {
            return NONE;
        }
        freeCount--;
        return page;
    }

    /** Sees to it that a page is there and granted; {@link GrantTable#NO_REFERENCE} if not. */
    int granted(final int page) {
        if (frameNumbers[page] == NO_FRAME) {
            frameNumbers[page] = newFrame();
        }
        if (references[page] == GrantTable.NO_REFERENCE) {
            references[page] = grants.grantAccess(backendDomain, frameNumbers[page], false);
            connections[page] = connection;
            counters.grants++;
        }
        return references[page];
    }

    /** How many pages there may be. */
    int pageCount() {
        return frameNumbers.length;
    }

    /** A page that shows nothing of who had it before. */
    private int newFrame() {
        final int frame = services.frames().allocate();
        services.memory()
                .wrap(view, (long) frame << GuestMemory.PAGE_SHIFT, GuestMemory.PAGE_BYTES);
        view.setMemory(0, GuestMemory.PAGE_BYTES, (byte) 0);
        return frame;
    }

    /** The grant of an offered page. */
    int reference(final int page) {
        return references[page];
    }

    /** Where a page begins in the guest's memory. */
    long address(final int page) {
        return (long) frameNumbers[page] << GuestMemory.PAGE_SHIFT;
    }

    /**
     * The backend has done with a page: takes its grant back, where that is the policy.
     *
     * @return false if it has the page still mapped: the page is gone for now
     */
    boolean filled(final int page) {
        if (policy == ReceivePages.REUSED) {
            return true;
        }
        final boolean home = quarantineUnlessHome(page);
        if (!home) {
            free[freeCount++] = page; // With another frame the next time.
        }
        return home;
    }

    private boolean quarantineUnlessHome(final int page) {
        final int reference = references[page];
        references[page] = GrantTable.NO_REFERENCE;
        if (grants.endAccess(reference)) {
            return true;
        }
        quarantine.release(reference, frameNumbers[page]);
        frameNumbers[page] = NO_FRAME;
        return false;
    }

    /**
     * An offered or filled page is free again: what it holds is of no use. One that the workload
     * has held for longer than its connection lasted was granted to somebody else.
     */
    void recycle(final int page) {
        free[freeCount++] = page;
        if (!open || connections[page] != connection) {
            freePage(page);
        }
    }

    /** Whether a packet can be lent now. */
    boolean hasFrame() {
        return freeFrameCount != 0;
    }

    /** A frame without pieces, for {@link #lend}. Only if {@link #hasFrame}. */
    NetFrame nextFrame() {
        return frames[freeFrames[freeFrameCount - 1]].reset();
    }

    /** Lends the frame of {@link #nextFrame}, with the pages of its pieces. */
    void lend(final int[] pieces, final int count) {
        final int frame = freeFrames[--freeFrameCount];
        pieceCounts[frame] = count;
        System.arraycopy(pieces, 0, pages, frame * MAX_PIECES, count);
    }

    /** Ends the loan of a frame. */
    void giveBack(final NetFrame frame) {
        final int number = frame.tag() & 0xffff;
        if (number >= frames.length || frames[number] != frame || pieceCounts[number] == 0) {
            throw new IllegalArgumentException("not lent by this device: tag=" + frame.tag());
        }
        final int first = number * MAX_PIECES;
        for (int i = 0; i < pieceCounts[number]; i++) {
            recycle(pages[first + i]);
        }
        pieceCounts[number] = 0;
        freeFrames[freeFrameCount++] = number;
    }

    /**
     * The connection has ended, and all pages are free or with the workload: free ones go back to
     * the guest, and the backend can write to none of the others, unless it has them mapped.
     */
    void close() {
        open = false;
        for (int i = 0; i < freeCount; i++) {
            freePage(free[i]);
        }
        for (int frame = 0; frame < frames.length; frame++) {
            for (int piece = 0; piece < pieceCounts[frame]; piece++) {
                final int page = pages[frame * MAX_PIECES + piece];
                final int reference = references[page];
                if (reference != GrantTable.NO_REFERENCE && grants.endAccess(reference)) {
                    references[page] = GrantTable.NO_REFERENCE;
                }
            }
        }
    }

    private void freePage(final int page) {
        if (references[page] != GrantTable.NO_REFERENCE) {
            quarantine.release(references[page], frameNumbers[page]);
            references[page] = GrantTable.NO_REFERENCE;
        } else if (frameNumbers[page] != NO_FRAME) {
            services.frames().free(frameNumbers[page]);
        }
        frameNumbers[page] = NO_FRAME;
    }
}
