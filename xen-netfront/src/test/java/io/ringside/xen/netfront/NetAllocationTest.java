package io.ringside.xen.netfront;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.ringside.device.frame.SegmentationType;
import io.ringside.device.guest.NetCompletions;
import io.ringside.device.guest.NetFrame;
import io.ringside.device.guest.NetStatus;
import io.ringside.device.net.LoopbackPort;
import io.ringside.xen.netfront.backend.Netback;
import io.ringside.xen.netfront.backend.NetbackOptions;
import io.ringside.xen.netfront.frontend.HashSettings;
import io.ringside.xen.netfront.frontend.NetOffloads;
import io.ringside.xen.netfront.frontend.Netfront;
import io.ringside.xen.netfront.frontend.NetfrontOptions;
import io.ringside.xen.netfront.frontend.ReceivePages;
import io.ringside.xen.netfront.frontend.TransmitPages;
import io.ringside.xen.netfront.protocol.Wakeups;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The path of a frame of any kind, out and back again, allocates nothing. */
final class NetAllocationTest {
    private static final int FRAMES = 24;
    private static final int WINDOWS = 10;
    private static final int ROUNDS = 60;

    private final NetBench bench = new NetBench();
    private final LoopbackPort port = new LoopbackPort(2 * FRAMES, 65_535);
    private final NetFrame[] frames = new NetFrame[FRAMES];
    private long ended;
    private long failed;
    private long received;

    @AfterEach
    void close() {
        port.close();
        bench.close();
    }

    @ParameterizedTest
    @CsvSource({
        "LENT,REUSED,ARMED,false,1",
        "LENT,REVOKED,POLLED,false,1",
        "KEPT,REUSED,ARMED,false,3",
        "COPIED,REVOKED,ARMED,false,1",
        "COPIED,REUSED,POLLED,true,1",
        "COPIED,REUSED,ARMED,true,2"
    })
    void allocatesNothingOnTheWay(
            final TransmitPages transmitPages,
            final ReceivePages receivePages,
            final Wakeups wakeups,
            final boolean staging,
            final int queues) {
        final NetfrontOptions options =
                NetfrontOptions.PLAIN
                        .withOffloads(NetOffloads.ALL)
                        .withTransmitPages(transmitPages)
                        .withReceivePages(receivePages)
                        .withStaging(staging)
                        .withQueues(queues)
                        .withHashing(new HashSettings(15, Workload.pattern(40, 1), new int[0]));
        final Netfront front = bench.newFrontend(wakeups, options);
        final Netback back = bench.newBackend(port, wakeups, NetbackOptions.FULL);
        final Workload workload = new Workload(bench, front);
        bench.connect(front, back);
        bench.settle(front, back);
        for (int i = 0; i < FRAMES; i++) {
            frames[i] = frame(workload, i);
        }
        front.completionsTo(new Counting(front));
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        threads.setThreadAllocatedMemoryEnabled(true);

        // What the compiler allocates is not in every window.
        long least = Long.MAX_VALUE;
        for (int window = 0; window < WINDOWS; window++) {
            final long allocatedBefore = threads.getCurrentThreadAllocatedBytes();
            rounds(front, back, queues);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - allocatedBefore);
        }

        assertThat(ended).isEqualTo((long) WINDOWS * ROUNDS * FRAMES);
        assertThat(failed).isZero();
        assertThat(received).isEqualTo(ended);
        assertThat(least).isZero();
    }

    private static NetFrame frame(final Workload workload, final int number) {
        if (number % 8 == 7) {
            final NetFrame frame = workload.frame(Frames.tcp(4, 9000, true), 54, 4000, 4000, 1000);
            frame.metadata().checksumBlank(34, 16);
            frame.metadata().segmentInto(SegmentationType.TCP_IPV4, 1448);
            return frame;
        }
        if (number % 2 == 1) {
            final NetFrame frame = workload.frame(Frames.tcp(6, 900, true, number), 74, 900);
            frame.metadata().checksumBlank(54, 16);
            return frame;
        }
        return workload.frame(Workload.pattern(60, number));
    }

    private void rounds(final Netfront front, final Netback back, final int queues) {
        for (int round = 0; round < ROUNDS; round++) {
            final long target = ended + FRAMES;
            for (int i = 0; i < FRAMES; i++) {
                while (!front.submit(i % queues, frames[i])) {
                    front.commit();
                    bench.step(back);
                    bench.step(front);
                }
            }
            front.commit();
            while (ended != target || received != target) {
                bench.step(back);
                bench.step(front);
            }
        }
    }

    private final class Counting implements NetCompletions {
        private final Netfront front;

        private Counting(final Netfront front) {
            this.front = front;
        }

        @Override
        public void transmitted(final NetFrame frame) {
            ended++;
            failed += frame.status() == NetStatus.OK ? 0 : 1;
        }

        @Override
        public void received(final int queue, final NetFrame frame) {
            received++;
            front.giveBack(frame);
        }

        @Override
        public void linkChanged() {
            failed++;
        }
    }
}
