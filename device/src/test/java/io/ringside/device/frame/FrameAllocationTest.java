package io.ringside.device.frame;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What is done to frames in software allocates nothing. */
final class FrameAllocationTest {
    private static final int ROUNDS = 20_000;

    private final RandomTcp tcp = new RandomTcp(new SplittableRandom(3), 4000);
    private final FrameBytes frame = TestFrame.inPieces(tcp.bytes, 1, 30, 77, 1001);
    private final UnsafeBuffer target = new UnsafeBuffer(ByteBuffer.allocateDirect(2000));
    private final TcpSegmenter segmenter = new TcpSegmenter(64);
    private final TransportChecksum checksum = new TransportChecksum();
    private final FlowHash hash = new FlowHash(new Toeplitz());
    private final FrameMetadata asked = new FrameMetadata();
    private final FrameMetadata said = new FrameMetadata();

    @Test
    void allocatesNothing() {
        hash.enable(EnumSet.allOf(HashType.class));
        asked.segmentInto(tcp.type(), 1448);
        assertThat(work()).isEqualTo(3L * ROUNDS);
        final ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long thread = Thread.currentThread().threadId();
        final long before = bean.getThreadAllocatedBytes(thread);
        work();
        // The question itself may cost some bytes, but not one for every tenth round.
        assertThat(bean.getThreadAllocatedBytes(thread) - before).isLessThan(ROUNDS / 10);
    }

    private long work() {
        long segments = 0;
        for (int i = 0; i < ROUNDS; i++) {
            checksum.locate(frame, said);
            InternetChecksum.fillIn(frame, said);
            checksum.verify(frame);
            hash.hash(frame, asked);
            segmenter.begin(frame, asked, false);
            while (segmenter.hasNext()) {
                segmenter.next(target, 0, said);
                segments++;
            }
        }
        return segments;
    }
}
