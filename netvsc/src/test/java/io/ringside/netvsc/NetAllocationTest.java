package io.ringside.netvsc;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.ringside.device.frame.SegmentationType;
import io.ringside.device.guest.NetCompletions;
import io.ringside.device.guest.NetFrame;
import io.ringside.device.net.LoopbackPort;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.netvsc.backend.NetvspOptions;
import io.ringside.netvsc.frontend.Netvsc;
import io.ringside.netvsc.frontend.NetvscOptions;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/**
 * Nothing is allocated between a frame that is sent and the same one given back, on either side.
 */
final class NetAllocationTest {
    private static final int WARM = 6_000;
    private static final int COUNTED = 6_000;

    /** What the JVM itself may take for the whole run. */
    private static final long FORGIVEN_BYTES = 64 * 1024;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private int transmitted;
    private int received;

    @Test
    void allocatesNothingOnTheWayOfSmallFrames() {
        allocatesNothing(NetBench.SMALL, 60, false);
    }

    @Test
    void allocatesNothingOnTheWayOfFramesInPages() {
        allocatesNothing(NetBench.SMALL.withCopying(100, 8, false), 1514, false);
    }

    @Test
    void allocatesNothingOnTheWayOfFramesThatAreCut() {
        allocatesNothing(NetBench.SMALL, 4000, true);
    }

    private void allocatesNothing(
            final NetvscOptions options, final int frameBytes, final boolean isCut) {
        try (NetBench bench =
                new NetBench(1, NetvspOptions.DEFAULTS, new LoopbackPort(256, 70_000))) {
            final Netvsc guest = bench.join(options);
            guest.completionsTo(new GivesBack(guest));
            final NetFrame[] frames = new NetFrame[8];
            for (int i = 0; i < frames.length; i++) {
                frames[i] = frame(bench, guest, i, frameBytes, isCut);
            }
            run(bench, guest, frames, WARM);
            final long id = Thread.currentThread().threadId();
            final long before = threads.getThreadAllocatedBytes(id);
            run(bench, guest, frames, COUNTED);
            assertThat(threads.getThreadAllocatedBytes(id) - before).isLessThan(FORGIVEN_BYTES);
            assertThat(received).isGreaterThanOrEqualTo(transmitted);
            assertThat(guest.counters().refusals()).isZero();
        }
    }

    private NetFrame frame(
            final NetBench bench,
            final Netvsc guest,
            final int number,
            final int frameBytes,
            final boolean isCut) {
        final long at = (long) (bench.firstDataFrame + number * 2) << GuestMemory.PAGE_SHIFT;
        bench.memory.wrap(view, at, frameBytes);
        view.setMemory(0, frameBytes, (byte) 0);
        for (int i = 0; i < 6; i++) {
            view.putByte(i, (byte) (guest.macAddress() >>> 8 * (5 - i)));
        }
        final NetFrame frame = new NetFrame(2).addSegment(at, frameBytes);
        if (isCut) {
            view.putShort(12, (short) 0x0800, ByteOrder.BIG_ENDIAN);
            view.putByte(14, (byte) 0x45);
            view.putShort(16, (short) (frameBytes - 14), ByteOrder.BIG_ENDIAN);
            view.putByte(23, (byte) 6);
            view.putByte(46, (byte) 0x50);
            frame.metadata().checksumBlank(34, 16);
            frame.metadata().segmentInto(SegmentationType.TCP_IPV4, 1000);
        }
        return frame;
    }

    private void run(
            final NetBench bench, final Netvsc guest, final NetFrame[] frames, final int times) {
        for (int i = 0; i < times; i++) {
            final int before = transmitted;
            for (final NetFrame frame : frames) {
                if (!guest.submit(0, frame)) {
                    throw new IllegalStateException("not taken: i=" + i);
                }
            }
            guest.commit();
            for (int rounds = 0; transmitted - before < frames.length; rounds++) {
                bench.turnHalves();
                if (rounds > 1000) {
                    throw new IllegalStateException("does not end: i=" + i);
                }
            }
            bench.turnHalves();
            bench.turnHalves();
        }
    }

    private final class GivesBack implements NetCompletions {
        private final Netvsc guest;

        GivesBack(final Netvsc guest) {
            this.guest = guest;
        }

        @Override
        public void transmitted(final NetFrame frame) {
            transmitted++;
        }

        @Override
        public void received(final int queue, final NetFrame frame) {
            received++;
            guest.giveBack(frame);
        }

        @Override
        public void linkChanged() {}
    }
}
