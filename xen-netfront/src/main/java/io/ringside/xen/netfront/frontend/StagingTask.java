package io.ringside.xen.netfront.frontend;

import io.ringside.xen.netfront.protocol.CtrlStatus;
import io.ringside.xen.netfront.protocol.CtrlType;
import io.ringside.xen.netfront.protocol.NetifGref;
import io.ringside.xenbus.grant.GrantTable;

/**
 * Asks a backend to keep pages of one queue mapped, so that it need not have them copied by the
 * hypervisor packet by packet; and to let go of them again.
 *
 * <p>A page that it does not keep is a page like others. So nothing waits for this, and nothing is
 * lost when the backend does less of it, or nothing. Threads: one.
 */
final class StagingTask implements ControlRing.Task {
    private final int queue;
    private final StagedPages pages;
    private final boolean removes;
    private final NetifGref entry = new NetifGref();
    private boolean sizeKnown;
    private int most; // pages that are to be told
    private int told; // pages that were
    private int telling; // pages of the request in flight

    private StagingTask(final int queue, final StagedPages pages, final boolean removes) {
        this.queue = queue;
        this.pages = pages;
        this.removes = removes;
        if (removes) {
            sizeKnown = true;
            most = pages.kept();
        }
    }

    /** Has as many pages of a queue kept as the backend will. */
    static StagingTask adding(final int queue, final StagedPages pages) {
        return new StagingTask(queue, pages, false);
    }

    /** Has all of them let go. */
    static StagingTask removing(final int queue, final StagedPages pages) {
        return new StagingTask(queue, pages, true);
    }

    @Override
    public boolean next(final ControlRing ring) {
        if (!sizeKnown) {
            ring.send(CtrlType.GET_GREF_MAPPING_SIZE, queue, 0, 0);
            return true;
        }
        telling = putList(ring);
        if (telling == 0) {
            return false;
        }
        final int type = removes ? CtrlType.DEL_GREF_MAPPING : CtrlType.ADD_GREF_MAPPING;
        ring.send(type, queue, ring.page().reference(), telling);
        return true;
    }

    private int putList(final ControlRing ring) {
        int count = 0;
        while (count < NetifGref.MAX_ENTRIES && told + count < most) {
            final int number = told + count;
            final int reference = pages.reference(number);
            if (reference == GrantTable.NO_REFERENCE) {
                most = number; // No grants left: that must do.
                break;
            }
            entry.wrap(ring.page().buffer(), count * NetifGref.BYTES)
                    .put(reference, pages.isForReading(number) ? NetifGref.READ_ONLY : 0);
            count++;
        }
        return count;
    }

    @Override
    public void answered(final int status, final int data) {
        final boolean done = status == CtrlStatus.SUCCESS;
        if (!sizeKnown) {
            sizeKnown = true;
            most = done ? (int) Math.min(pages.count(), Integer.toUnsignedLong(data)) : 0;
            return;
        }
        told += telling;
        if (removes) {
            pages.kept(0);
        } else if (done) {
            pages.kept(told);
        } else {
            most = told; // None of them is kept, and none after them.
        }
    }
}
