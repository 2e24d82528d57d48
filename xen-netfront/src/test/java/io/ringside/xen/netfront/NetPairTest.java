package io.ringside.xen.netfront;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.guest.NetFrame;
import io.ringside.device.guest.NetStatus;
import io.ringside.device.net.LoopbackPort;
import io.ringside.testkit.Seed;
import io.ringside.xen.netfront.backend.Netback;
import io.ringside.xen.netfront.backend.NetbackOptions;
import io.ringside.xen.netfront.frontend.NetOffloads;
import io.ringside.xen.netfront.frontend.Netfront;
import io.ringside.xen.netfront.frontend.NetfrontOptions;
import io.ringside.xen.netfront.frontend.ReceivePages;
import io.ringside.xen.netfront.frontend.TransmitPages;
import io.ringside.xen.netfront.protocol.Wakeups;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Frames through both ends and back, byte by byte. */
final class NetPairTest {
    private final NetBench bench = new NetBench();
    private final LoopbackPort port = new LoopbackPort(256, 65_535);

    @AfterEach
    void close() {
        port.close();
        bench.close();
    }

    @ParameterizedTest
    @CsvSource({
        "LENT,REUSED,ARMED,ARMED",
        "LENT,REVOKED,POLLED,ARMED",
        "KEPT,REUSED,ARMED,POLLED",
        "COPIED,REVOKED,POLLED,POLLED"
    })
    void bringsBackWhatItSends(
            final TransmitPages transmitPages,
            final ReceivePages receivePages,
            final Wakeups frontWakeups,
            final Wakeups backWakeups) {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        final Netfront front =
                bench.newFrontend(
                        frontWakeups,
                        NetfrontOptions.PLAIN
                                .withOffloads(NetOffloads.ALL)
                                .withTransmitPages(transmitPages)
                                .withReceivePages(receivePages));
        final Netback back = bench.newBackend(port, backWakeups, NetbackOptions.FULL);
        final Workload workload = new Workload(bench, front);
        bench.connect(front, back);
        bench.settle(front, back);

        final List<byte[]> expected = new ArrayList<>();
        final List<NetFrame> frames = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            final byte[] bytes = Workload.pattern(14 + random.nextInt(1501), i);
            final NetFrame frame = workload.frame(bytes, cut(random, bytes.length));
            while (!front.submit(0, frame)) {
                front.commit();
                bench.step(back);
                bench.step(front);
            }
            expected.add(bytes);
            frames.add(frame);
            if (random.nextInt(8) == 0) {
                front.commit();
                bench.step(random.nextBoolean() ? back : back);
                bench.step(front);
            }
        }
        front.commit();
        bench.settle(front, back);

        assertThat(workload.sent).as("%s", seed).containsExactlyInAnyOrderElementsOf(frames);
        assertThat(workload.sentWith(NetStatus.OK)).as("%s", seed).isEqualTo(400);
        assertThat(workload.received).as("%s", seed).hasSize(400);
        for (int i = 0; i < 400; i++) {
            assertThat(workload.received.get(i).bytes())
                    .as("frame %d, %s", i, seed)
                    .isEqualTo(expected.get(i));
        }
        assertThat(front.counters().refusals()).as("%s", seed).isZero();
    }

    /** Pieces of random lengths. */
    private static int[] cut(final SplittableRandom random, final int lengthBytes) {
        final int[] lengths = new int[1 + random.nextInt(Math.min(lengthBytes, 6))];
        int left = lengthBytes;
        for (int i = 0; i < lengths.length; i++) {
            final int most = left - (lengths.length - 1 - i);
            lengths[i] = i + 1 == lengths.length ? left : 1 + random.nextInt(most);
            left -= lengths[i];
        }
        return lengths;
    }
}
