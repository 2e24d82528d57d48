package io.ringside.netvsc;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.guest.NetCompletions;
import io.ringside.device.guest.NetFrame;
import io.ringside.device.guest.NetStatus;
import io.ringside.device.net.LoopbackPort;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.netvsc.backend.NetvspOptions;
import io.ringside.netvsc.frontend.Netvsc;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Guest and host together. */
final class NetPairTest {
    private final List<NetFrame> sent = new ArrayList<>();
    private final List<String> came = new ArrayList<>();
    private final List<NetFrame> held = new ArrayList<>();
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);

    private NetCompletions completions(final NetBench bench) {
        return new NetCompletions() {
            @Override
            public void transmitted(final NetFrame frame) {
                sent.add(frame);
            }

            @Override
            public void received(final int queue, final NetFrame frame) {
                bench.memory.wrap(view, frame.segmentAddress(0), frame.segmentBytes(0));
                came.add(queue + ":" + frame.totalBytes() + ":" + view.getByte(14));
                held.add(frame);
            }

            @Override
            public void linkChanged() {}
        };
    }

    private NetFrame frame(final NetBench bench, final int number, final int lengthBytes) {
        final long at = ((long) bench.firstDataFrame << GuestMemory.PAGE_SHIFT) + number * 2048L;
        bench.memory.wrap(view, at, lengthBytes);
        view.setMemory(0, lengthBytes, (byte) number);
        view.putByte(0, (byte) 2);
        for (int i = 0; i < 6; i++) {
            view.putByte(i, (byte) (0x00_15_5D_00_00_01L >>> 8 * (5 - i)));
        }
        view.putByte(6, (byte) 2);
        return new NetFrame(4).addSegment(at, lengthBytes);
    }

    @Test
    void carriesFramesThereAndBack() {
        try (NetBench bench = NetBench.usual()) {
            final Netvsc guest = bench.join(NetBench.SMALL);
            assertThat(guest.isReady()).isTrue();
            guest.completionsTo(completions(bench));
            for (int i = 0; i < 20; i++) {
                assertThat(guest.submit(0, frame(bench, i, 60 + i))).isTrue();
            }
            guest.commit();
            bench.idle();
            assertThat(sent).hasSize(20).allMatch(frame -> frame.status() == NetStatus.OK);
            assertThat(came).hasSize(20);
            for (int i = 0; i < 20; i++) {
                assertThat(came.get(i)).isEqualTo("0:" + (60 + i) + ":" + i);
            }
            held.forEach(guest::giveBack);
            guest.commit();
            bench.idle();
            assertThat(bench.host.inFlight()).isZero();
            assertThat(guest.counters().refusals()).isZero();
            assertThat(guest.counters().messages()).isEqualTo(3); // Eight at most in each.
        }
    }

    @Test
    void opensTheChannelsThatItAskedFor() {
        try (NetBench bench =
                new NetBench(2, NetvspOptions.DEFAULTS, new LoopbackPort(1024, 70_000))) {
            final Netvsc guest = bench.join(NetBench.SMALL.withSubChannels(3, 2));
            assertThat(guest.isReady()).isTrue();
            assertThat(guest.limits().queues()).isEqualTo(4);
            assertThat(guest.limits().hashes()).isTrue();
            assertThat(bench.host.openChannels()).isEqualTo(4);
        }
    }

    @Test
    void givesEverythingBackAndConnectsAgain() {
        try (NetBench bench =
                new NetBench(2, NetvspOptions.DEFAULTS, new LoopbackPort(1024, 70_000))) {
            bench.connect();
            final String before = bench.figures();
            for (int i = 0; i < 3; i++) {
                final Netvsc guest = bench.join(NetBench.SMALL.withSubChannels(2, 2));
                assertThat(guest.isReady()).isTrue();
                guest.shutdown();
                bench.idle();
                assertThat(guest.isFinished()).isTrue();
                assertThat(bench.figures()).isEqualTo(before);
            }
            assertThat(bench.host.connections()).isEqualTo(3);
        }
    }
}
