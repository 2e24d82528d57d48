package io.ringside.perf.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.frame.ChecksumState;
import io.ringside.device.frame.FrameMetadata;
import io.ringside.device.frame.InternetChecksum;
import io.ringside.device.frame.SegmentationType;
import io.ringside.device.frame.TcpSegmenter;
import io.ringside.device.guest.NetCompletions;
import io.ringside.device.guest.NetDevice;
import io.ringside.device.guest.NetFrame;
import io.ringside.device.guest.NetStatus;
import io.ringside.device.host.Packet;
import io.ringside.hypervisor.GuestMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A guest of one card that sends frames of TCP as its operating system would: left undone as far as
 * the card takes that, and cut and summed up before where it does not.
 */
final class SwitchedGuest implements NetCompletions {
    static final int ETHERNET_BYTES = 14;
    static final int TCP_OFFSET = 34;

    private static final int TCP_FIELD = 16;
    private static final int MOST_BYTES = 1 << 17;
    private static final int PAGES = MOST_BYTES / GuestMemory.PAGE_BYTES;

    private final NetRig rig;
    private final NetDevice card;
    private final int segmentPayloadBytes;
    private final long address;
    private final UnsafeBuffer memory = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private final List<byte[]> received = new ArrayList<>();
    private boolean sent = true;
    private int uncut;
    private int blank;
    private int longest;

    SwitchedGuest(final NetRig rig, final int segmentPayloadBytes) {
        this.rig = rig;
        this.segmentPayloadBytes = segmentPayloadBytes;
        card = rig.card();
        address = (long) rig.halves().guestFrames().allocate(PAGES) << GuestMemory.PAGE_SHIFT;
        rig.halves().guestMemory().wrap(memory, address, MOST_BYTES);
        card.completionsTo(this);
    }

    /** What came, in its order, as it lay in memory. */
    List<byte[]> received() {
        return received;
    }

    /** How many frames came that are still to be cut. */
    int uncut() {
        return uncut;
    }

    /** How many frames came whose sum is still to be done. */
    int blank() {
        return blank;
    }

    /** Bytes of the longest frame that came. */
    int longest() {
        return longest;
    }

    /**
     * Sends a frame of TCP over IPv4 whose sum is still to be done.
     *
     * @param others steps everybody else
     */
    void send(final byte[] frame, final Step others) throws Exception {
        final FrameMetadata metadata = new FrameMetadata();
        metadata.checksumBlank(TCP_OFFSET, TCP_FIELD);
        final boolean isLong = payloadBytes(frame) > segmentPayloadBytes;
        if (isLong) {
            metadata.segmentInto(SegmentationType.TCP_IPV4, segmentPayloadBytes);
        }
        if (isLong && !card.limits().segmentsTcpIpv4()) {
            cutAndSend(frame, metadata, others);
        } else if (!isLong && !card.limits().checksumIpv4()) {
            final UnsafeBuffer whole = new UnsafeBuffer(frame.clone());
            assertThat(InternetChecksum.fillIn(whole, 0, frame.length, metadata)).isTrue();
            submit(whole.byteArray(), metadata, others);
        } else {
            submit(frame, metadata, others);
        }
    }

    private void cutAndSend(final byte[] frame, final FrameMetadata metadata, final Step others)
            throws Exception {
        final UnsafeBuffer whole = new UnsafeBuffer(ByteBuffer.allocateDirect(frame.length));
        whole.putBytes(0, frame);
        final TcpSegmenter segmenter = new TcpSegmenter(PAGES * 4);
        final boolean leavesBlank = card.limits().checksumIpv4();
        assertThat(
                        segmenter.begin(
                                new Packet(1, 0).add(whole, 0, frame.length),
                                metadata,
                                leavesBlank))
                .isEqualTo(TcpSegmenter.Start.READY);
        while (segmenter.hasNext()) {
            final FrameMetadata ofSegment = new FrameMetadata();
            final UnsafeBuffer segment =
                    new UnsafeBuffer(ByteBuffer.allocateDirect(segmenter.segmentBytes()));
            final byte[] bytes = new byte[segmenter.next(segment, 0, ofSegment)];
            segment.getBytes(0, bytes);
            submit(bytes, ofSegment, others);
        }
    }

    private void submit(final byte[] bytes, final FrameMetadata metadata, final Step others)
            throws Exception {
        memory.putBytes(0, bytes);
        final NetFrame frame = new NetFrame(card.limits().maxSegments());
        for (int at = 0; at < bytes.length; at += GuestMemory.PAGE_BYTES) {
            frame.addSegment(address + at, Math.min(GuestMemory.PAGE_BYTES, bytes.length - at));
        }
        frame.metadata().copyFrom(metadata);
        sent = false;
        assertThat(card.submit(0, frame)).isTrue();
        card.commit();
        for (int step = 0; !sent; step++) {
            assertThat(step).as("steps without an answer").isLessThan(10_000);
            others.run();
        }
    }

    @Override
    public void transmitted(final NetFrame frame) {
        assertThat(frame.status()).isEqualTo(NetStatus.OK);
        sent = true;
    }

    @Override
    public void received(final int queue, final NetFrame frame) {
        final byte[] bytes = new byte[frame.totalBytes()];
        int at = 0;
        for (int i = 0; i < frame.segmentCount(); i++) {
            final int length = frame.segmentBytes(i);
            rig.halves().guestMemory().wrap(view, frame.segmentAddress(i), length);
            view.getBytes(0, bytes, at, length);
            at += length;
        }
        longest = Math.max(longest, bytes.length);
        final FrameMetadata metadata = frame.metadata();
        if (metadata.segmentation() != SegmentationType.NONE) {
            uncut++;
        }
        if (metadata.checksum() == ChecksumState.BLANK) {
            blank++;
        } else {
            assertThat(isSummedUp(bytes)).as("the sum that stands in the frame").isTrue();
        }
        received.add(bytes);
        card.giveBack(frame);
        card.commit();
    }

    /** The sum over pseudo header, header and payload of TCP over IPv4 comes out. */
    private static boolean isSummedUp(final byte[] frame) {
        final UnsafeBuffer bytes = new UnsafeBuffer(frame);
        final int tcpBytes = ipBytes(frame) - 20;
        int sum = InternetChecksum.add(0, bytes, 26, 8);
        sum = InternetChecksum.addWord(sum, 6);
        sum = InternetChecksum.addWord(sum, tcpBytes);
        return InternetChecksum.add(sum, bytes, TCP_OFFSET, tcpBytes) == 0xFFFF;
    }

    @Override
    public void linkChanged() {
        // It stays up.
    }

    /** Where the payload of a frame of TCP over IPv4 starts. */
    static int payloadOffset(final byte[] frame) {
        return TCP_OFFSET + (frame[TCP_OFFSET + 12] >> 4 & 0xF) * Integer.BYTES;
    }

    /** Its length; a short frame may have bytes behind it. */
    static int payloadBytes(final byte[] frame) {
        return ETHERNET_BYTES + ipBytes(frame) - payloadOffset(frame);
    }

    private static int ipBytes(final byte[] frame) {
        return new UnsafeBuffer(frame).getShort(16, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }

    /** One turn of everybody. */
    @FunctionalInterface
    interface Step {
        void run() throws Exception;
    }
}
