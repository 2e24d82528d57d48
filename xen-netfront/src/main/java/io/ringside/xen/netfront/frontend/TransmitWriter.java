package io.ringside.xen.netfront.frontend;

import io.ringside.device.frame.ChecksumState;
import io.ringside.device.frame.FrameMetadata;
import io.ringside.device.frame.SegmentationType;
import io.ringside.device.guest.NetFrame;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.ringbuf.xen.FrontRing;
import io.ringside.xen.netfront.protocol.ExtraInfo;
import io.ringside.xen.netfront.protocol.GsoType;
import io.ringside.xen.netfront.protocol.TxRequest;

/**
 * How a packet lies in the slots of a ring: its first piece, what is told beside it, and the other
 * pieces.
 *
 * <p>Threads: one.
 */
final class TransmitWriter {
    private final FrontRing ring;
    private final NetfrontCounters counters;
    private final TxRequest request = new TxRequest();
    private final ExtraInfo extra = new ExtraInfo();

    TransmitWriter(final FrontRing ring, final NetfrontCounters counters) {
        this.ring = ring;
        this.counters = counters;
    }

    /**
     * Writes a packet that lies in pages of its owner.
     *
     * @param head the number of its first piece
     * @param next the number of the piece behind another
     * @param pages knows the grant of each piece
     * @param hashType the number of the hash to tell, or {@link HashNames#NONE}
     */
    void putLent(
            final NetFrame frame,
            final int head,
            final int[] next,
            final CallersPages pages,
            final int hashType) {
        final int pieces = frame.segmentCount();
        int id = head;
        for (int i = 0; i < pieces; i++) {
            final int offset = (int) frame.segmentAddress(i) & GuestMemory.PAGE_BYTES - 1;
            final int more = i + 1 == pieces ? 0 : TxRequest.MORE_DATA;
            if (i == 0) {
                putFirst(pages.reference(id), offset, more, id, frame, hashType);
            } else {
                put(pages.reference(id), offset, more, id, frame.segmentBytes(i));
            }
            id = next[id];
        }
    }

    /** Writes a packet that is copied to pages of our own. */
    void putCopied(
            final NetFrame frame,
            final int head,
            final int[] next,
            final CopyPages pages,
            final int hashType) {
        pages.begin(frame);
        int left = frame.totalBytes();
        int id = head;
        while (left != 0) {
            final boolean first = id == head;
            final int offset = first ? CopyPages.startOf(id, left) : 0;
            final int length = Math.min(left, GuestMemory.PAGE_BYTES - offset);
            final int more = length == left ? 0 : TxRequest.MORE_DATA;
            pages.copy(id, offset, length);
            if (first) {
                putFirst(pages.granted(id), offset, more, id, frame, hashType);
            } else {
                put(pages.granted(id), offset, more, id, length);
            }
            left -= length;
            id = next[id];
        }
    }

    /** The first piece tells the length of all, and has the extra records behind it. */
    private void putFirst(
            final int reference,
            final int offset,
            final int more,
            final int id,
            final NetFrame frame,
            final int hashType) {
        final FrameMetadata metadata = frame.metadata();
        final boolean cut = metadata.segmentation() != SegmentationType.NONE;
        final boolean hashed = hashType != HashNames.NONE;
        final int extras = cut || hashed ? TxRequest.EXTRA_INFO : 0;
        put(reference, offset, checksumFlags(metadata) | extras | more, id, frame.totalBytes());
        if (cut) {
            final int type =
                    metadata.segmentation() == SegmentationType.TCP_IPV4
                            ? GsoType.TCP_IPV4
                            : GsoType.TCP_IPV6;
            startExtra().putGso(hashed ? ExtraInfo.MORE : 0, type, metadata.segmentPayloadBytes());
            ring.requestFilled();
        }
        if (hashed) {
            startExtra().putHash(0, hashType, HashNames.TOEPLITZ, metadata.hash());
            ring.requestFilled();
        }
    }

    /** A packet that is to be cut has its checksum blank, whether its owner says so or not. */
    private static int checksumFlags(final FrameMetadata metadata) {
        if (metadata.checksum() == ChecksumState.BLANK
                || metadata.segmentation() != SegmentationType.NONE) {
            return TxRequest.CHECKSUM_BLANK | TxRequest.DATA_VALIDATED;
        }
        return metadata.checksum() == ChecksumState.VALIDATED ? TxRequest.DATA_VALIDATED : 0;
    }

    private void put(
            final int reference, final int offset, final int flags, final int id, final int size) {
        request.wrap(ring.buffer(), ring.requestOffset()).put(reference, offset, flags, id, size);
        ring.requestFilled();
    }

    /** The next slot as an extra record; its last 4 bytes are zero. */
    private ExtraInfo startExtra() {
        final int offset = ring.requestOffset();
        ring.buffer().putInt(offset + ExtraInfo.BYTES, 0);
        counters.extras++;
        return extra.wrap(ring.buffer(), offset);
    }

    /** A packet without bytes, with an address beside it: two slots. */
    void putMulticast(final int id, final int type, final long address) {
        put(0, 0, TxRequest.EXTRA_INFO, id, 0);
        startExtra().putMulticast(type, 0, address);
        ring.requestFilled();
    }
}
