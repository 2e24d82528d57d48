package io.ringside.storvsc.backend;

import io.ringside.hypervisor.GuestMemory;
import io.ringside.ringbuf.vmbus.GpaDirectHeader;
import io.ringside.ringbuf.vmbus.IncomingRing;
import io.ringside.ringbuf.vmbus.PacketType;
import io.ringside.ringbuf.vmbus.RingStatus;
import io.ringside.storvsc.backend.scsi.ScatterList;
import io.ringside.storvsc.backend.scsi.ScsiTask;
import io.ringside.storvsc.protocol.DataDirection;
import io.ringside.storvsc.protocol.ScsiRequest;

/**
 * What a SCSI request brings into a task: its command, and where its data lies.
 *
 * <p>Peer's faults: anything that cannot be makes {@link #fill} false, and nothing of it is used.
 * Threads: one.
 */
final class RequestIntake {
    private final int maxTransferBytes;
    private final GpaDirectHeader header = new GpaDirectHeader();

    RequestIntake(final int maxTransferBytes) {
        this.maxTransferBytes = maxTransferBytes;
    }

    /** Whether the numbers of a request can be. */
    static boolean isSound(final ScsiRequest request) {
        return request.cdbLength() > 0
                && request.cdbLength() <= ScsiRequest.CDB_BYTES
                && request.direction() <= DataDirection.NONE;
    }

    /**
     * Fills a task from a request and the packet that {@code ring} took last, as a copy.
     *
     * @return false if it has more data than it may, or its ranges do not hold as much
     */
    boolean fill(final ScsiTask task, final ScsiRequest request, final IncomingRing ring) {
        request.copyCdb(task.cdb().buffer());
        task.cdb().length(request.cdbLength());
        task.direction(request.direction());
        final long dataBytes = request.dataBytes();
        if (dataBytes > maxTransferBytes) {
            return false;
        }
        if (ring.type() != PacketType.GPA_DIRECT) {
            return true; // Then there is no room for data, whatever its length.
        }
        if (!addRanges(task.data(), ring) || task.data().totalBytes() < dataBytes) {
            return false;
        }
        task.data().seal((int) dataBytes);
        return true;
    }

    private boolean addRanges(final ScatterList data, final IncomingRing ring) {
        header.wrap(ring);
        int status = header.nextRange();
        while (status == RingStatus.OK) {
            if (header.byteCount() > maxTransferBytes || !addRange(data)) {
                return false;
            }
            status = header.nextRange();
        }
        return status == RingStatus.EMPTY;
    }

    private boolean addRange(final ScatterList data) {
        int left = (int) header.byteCount();
        int inPage = header.byteOffset();
        for (int page = 0; left > 0; page++) {
            final int piece = Math.min(left, GuestMemory.PAGE_BYTES - inPage);
            final long frame = header.page(page);
            if (frame < 0
                    || frame > Integer.MAX_VALUE
                    || !data.add((frame << GuestMemory.PAGE_SHIFT) + inPage, piece)) {
                return false;
            }
            left -= piece;
            inPage = 0;
        }
        return true;
    }
}
