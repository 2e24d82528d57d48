package io.ringside.xen.netfront.backend;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.ringside.hypervisor.GuestMemory;
import io.ringside.ringbuf.xen.BackRing;
import io.ringside.xen.netfront.protocol.ExtraInfo;
import io.ringside.xen.netfront.protocol.NetifLimits;
import io.ringside.xen.netfront.protocol.NetifStatus;
import io.ringside.xenbus.grant.GrantCopyBatch;
import io.ringside.xenbus.protocol.GnttabStatus;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The slots of one pass on the ring on which a frontend receives: pieces and records in the order
 * of the pages that they use, copied in one hypercall, and then answered.
 *
 * <p>Threads: one.
 */
final class ReceiveSlots {
    private static final long WORD_MASK = 0xFFFF;
    private static final int OFFSET_SHIFT = 16;
    private static final int FLAGS_SHIFT = 32;
    private static final int STATUS_SHIFT = 48;

    private final VifState vif;
    private final BackRing ring;
    private final PostedPages posted;
    private final StaticGrants grants;
    private final HostPages pages;
    private final GrantCopyBatch batch;
    private final UnsafeBuffer record = new UnsafeBuffer(new byte[ExtraInfo.BYTES]);
    private final ExtraInfo extra = new ExtraInfo().wrap(record, 0);

    private final long[] answers = new long[NetifLimits.RX_SLOTS];
    private final int[] copies = new int[NetifLimits.RX_SLOTS];
    private int count;

    ReceiveSlots(
            final VifState vif,
            final BackRing ring,
            final PostedPages posted,
            final StaticGrants grants,
            final HostPages pages) {
        this.vif = vif;
        this.ring = ring;
        this.posted = posted;
        this.grants = grants;
        this.pages = pages;
        batch = new GrantCopyBatch(2 * NetifLimits.RX_SLOTS);
    }

    /** Starts a new pass. */
    void reset() {
        count = 0;
        batch.reset();
    }

    /** How many slots are used. */
    int count() {
        return count;
    }

    /** How many pages are left. */
    int left() {
        return posted.count() - count;
    }

    /** The next slot holds a piece that lies in our pages. */
    void addPiece(
            final int from, final int lengthBytes, final int offsetBytes, final int newFlags) {
        answers[count] = answer(posted.id(count), offsetBytes, newFlags, lengthBytes);
        final int before = batch.count();
        final int reference = posted.reference(count);
        if (!grants.copyOut(reference, offsetBytes, pages.bytes(), from, lengthBytes)) {
            addCopies(from, reference, offsetBytes, lengthBytes);
        }
        copies[count] = batch.count() - before;
        count++;
    }

    private void addCopies(
            final int from, final int reference, final int offset, final int lengthBytes) {
        final int at = from & GuestMemory.PAGE_BYTES - 1;
        final int some = Math.min(lengthBytes, GuestMemory.PAGE_BYTES - at);
        batch.addOut(pages.frame(from), at, vif.frontendDomain, reference, offset, some);
        if (some < lengthBytes) {
            batch.addOut(
                    pages.frame(from + some),
                    0,
                    vif.frontendDomain,
                    reference,
                    offset + some,
                    lengthBytes - some);
        }
    }

    /** A record to be filled; {@link #addRecord} puts it into the next slot. */
    ExtraInfo record() {
        return extra;
    }

    /** The next slot holds the record. */
    void addRecord() {
        answers[count] = record.getLong(0, LITTLE_ENDIAN);
        copies[count] = 0;
        count++;
    }

    /** Copies all pieces, and answers all slots; the frontend sees it with the next push. */
    void finish() {
        if (batch.count() != 0) {
            vif.services.copier().copy(batch);
        }
        int nextCopy = 0;
        for (int i = 0; i < count; i++) {
            boolean isCopied = true;
            for (final int end = nextCopy + copies[i]; nextCopy < end; nextCopy++) {
                isCopied &= batch.status(nextCopy) == GnttabStatus.OKAY;
            }
            ring.buffer()
                    .putLong(
                            ring.responseOffset(),
                            isCopied ? answers[i] : failed(answers[i]),
                            LITTLE_ENDIAN);
            ring.responseFilled();
        }
        vif.counters.receiveSlots += count;
        posted.use(count);
    }

    private long failed(final long answer) {
        vif.counters.refused(NetbackRefusal.RECEIVE_COPY);
        return answer & ~(WORD_MASK << STATUS_SHIFT)
                | (NetifStatus.ERROR & WORD_MASK) << STATUS_SHIFT;
    }

    /** A whole {@code RxResponse} in one number, since it is written in one go. */
    static long answer(final int id, final int offsetBytes, final int flags, final int status) {
        return id & WORD_MASK
                | (offsetBytes & WORD_MASK) << OFFSET_SHIFT
                | (flags & WORD_MASK) << FLAGS_SHIFT
                | (status & WORD_MASK) << STATUS_SHIFT;
    }
}
