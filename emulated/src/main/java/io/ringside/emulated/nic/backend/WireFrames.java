package io.ringside.emulated.nic.backend;

import io.ringside.device.frame.ChecksumState;
import io.ringside.device.frame.FrameMetadata;
import io.ringside.device.frame.InternetChecksum;
import io.ringside.device.frame.SegmentationType;
import io.ringside.device.frame.TcpSegmenter;
import io.ringside.device.host.Packet;
import io.ringside.device.host.PacketArrivals;
import io.ringside.device.host.PacketPort;
import io.ringside.hypervisor.Vcpu;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What comes from a port, as a cable would carry it to a card that offloads nothing: cut into
 * segments, every checksum filled in, the VLAN tag in its place, padded to the shortest frame.
 *
 * <p>One frame at a time is laid out in private memory, where a model may look at it as long as it
 * likes. What cannot be made into such a frame is dropped and counted.
 *
 * <p>Threads: the vCPU's. Allocates nothing after construction.
 */
public final class WireFrames {
    /** Bytes of the shortest frame, without its check sequence. */
    public static final int SHORTEST_BYTES = 60;

    private static final int MAX_SEGMENTS = 256;
    private static final int MAX_REFUSED_AT_ONCE = 16;
    private static final int TAG_OFFSET = 12;
    private static final int TAG_BYTES = 4;
    private static final int TAG_TYPE = 0x8100;

    private final PacketPort port;
    private final Vcpu vcpu;
    private final int maxBytes;
    private final ByteBuffer bytes;
    private final UnsafeBuffer view;
    private final FrameMetadata metadata = new FrameMetadata();
    private final TcpSegmenter segmenter = new TcpSegmenter(MAX_SEGMENTS);
    private final PacketArrivals holder = this::hold;
    private @Nullable Packet packet;
    private boolean isCutting;
    private int lengthBytes;
    private long refused;

    /**
     * Stands between a port and a model.
     *
     * @param vcpu counts the bytes copied
     * @param maxBytes most bytes of a frame, without its check sequence
     * @param spareBytes room that the model wants behind a frame
     */
    public WireFrames(
            final PacketPort port, final Vcpu vcpu, final int maxBytes, final int spareBytes) {
        this.port = port;
        this.vcpu = vcpu;
        this.maxBytes = maxBytes;
        this.bytes = ByteBuffer.allocateDirect(maxBytes + spareBytes);
        this.view = new UnsafeBuffer(bytes);
    }

    /** Lays out the next frame; false if there is none now. */
    public boolean next() {
        for (int i = 0; i < MAX_REFUSED_AT_ONCE; i++) {
            if (isCutting) {
                if (layOutSegment()) {
                    return true;
                }
            } else if (port.take(holder, 1) == 0) {
                return false;
            } else if (layOut()) {
                return true;
            }
        }
        return false;
    }

    /** Its bytes, from 0 on. */
    public ByteBuffer bytes() {
        return bytes;
    }

    /** The same bytes. */
    public UnsafeBuffer view() {
        return view;
    }

    /** How many they are, without a check sequence. */
    public int lengthBytes() {
        return lengthBytes;
    }

    /** Packets that were dropped: too long, or not to be cut or summed up. */
    public long refused() {
        return refused;
    }

    private void hold(final Packet arrived) {
        packet = arrived;
    }

    private boolean layOut() {
        final Packet source = packet;
        if (source == null) {
            return false;
        }
        if (source.metadata().segmentation() != SegmentationType.NONE) {
            if (segmenter.begin(source, source.metadata(), false) == TcpSegmenter.Start.READY
                    && fits(segmenter.segmentBytes(), source.metadata())) {
                isCutting = true;
                return layOutSegment();
            }
            return refuse(source);
        }
        metadata.copyFrom(source.metadata());
        lengthBytes = source.totalBytes();
        if (!fits(lengthBytes, metadata)) {
            return refuse(source);
        }
        source.copyTo(view, 0);
        port.giveBack(source);
        return finish();
    }

    private boolean layOutSegment() {
        lengthBytes = segmenter.next(view, 0, metadata);
        final Packet source = packet;
        isCutting = segmenter.hasNext();
        if (source != null && !isCutting) {
            port.giveBack(source);
        }
        return finish();
    }

    private boolean fits(final int frameBytes, final FrameMetadata of) {
        return frameBytes >= TAG_OFFSET + Short.BYTES
                && frameBytes <= maxBytes - (of.hasVlanTag() ? TAG_BYTES : 0);
    }

    private boolean refuse(final Packet source) {
        refused++;
        port.giveBack(source);
        return false;
    }

    private boolean finish() {
        vcpu.copied(lengthBytes);
        if (metadata.checksum() == ChecksumState.BLANK
                && !InternetChecksum.fillIn(view, 0, lengthBytes, metadata)) {
            refused++;
            return false;
        }
        if (metadata.hasVlanTag()) {
            view.putBytes(TAG_OFFSET + TAG_BYTES, view, TAG_OFFSET, lengthBytes - TAG_OFFSET);
            bytes.putShort(TAG_OFFSET, (short) TAG_TYPE);
            bytes.putShort(TAG_OFFSET + Short.BYTES, (short) metadata.vlanTag());
            lengthBytes += TAG_BYTES;
        }
        while (lengthBytes < SHORTEST_BYTES) {
            bytes.put(lengthBytes, (byte) 0);
            lengthBytes++;
        }
        return true;
    }
}
