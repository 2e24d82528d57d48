package io.ringside.xen.netfront;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.net.LoopbackPort;
import io.ringside.testkit.Seed;
import io.ringside.xen.netfront.backend.Netback;
import io.ringside.xen.netfront.backend.NetbackOptions;
import io.ringside.xen.netfront.frontend.NetOffloads;
import io.ringside.xen.netfront.frontend.Netfront;
import io.ringside.xen.netfront.frontend.NetfrontOptions;
import io.ringside.xen.netfront.protocol.Wakeups;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Both ends sleep whenever they say that they may, and are woken for everything that matters. */
final class NetSleepTest {
    private static final int PORT_SLOTS = 24;

    private final NetBench bench = new NetBench();
    private final LoopbackPort port = new LoopbackPort(PORT_SLOTS, 65_535);

    @AfterEach
    void close() {
        port.close();
        bench.close();
    }

    @ParameterizedTest
    @CsvSource({"false,1,0", "true,1,0", "true,3,0", "false,1,1", "true,1,8", "true,2,256"})
    void losesNoWakeup(final boolean split, final int queues, final int holdOff) {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        final Netfront front =
                bench.newFrontend(
                        Wakeups.ARMED,
                        NetfrontOptions.PLAIN
                                .withOffloads(NetOffloads.ALL)
                                .withSplitEventChannels(split)
                                .withQueues(queues)
                                .withHoldOff(holdOff));
        final Netback back = bench.newBackend(port, Wakeups.ARMED, NetbackOptions.FULL);
        final RandomFrames workload =
                new RandomFrames(bench.guest(), front, random.split(), seed.toString());
        bench.connect(front, back);
        bench.settle(front, back);

        boolean guestAwake = true;
        boolean hostAwake = true;
        for (int i = 0; i < 20_000; i++) {
            guestAwake |= bench.guest().takeRing();
            hostAwake |= bench.host().takeRing();
            if (!guestAwake && !hostAwake) {
                assertThat(workload.endedCount())
                        .as("everybody sleeps: %s", seed)
                        .isEqualTo(workload.submittedCount());
                workload.release();
                workload.step();
                front.commit();
                guestAwake = true;
            } else if (guestAwake && (!hostAwake || random.nextBoolean())) {
                guestAwake = bench.step(front) != 0;
            } else {
                hostAwake = bench.step(back) != 0;
            }
        }
        assertThat(workload.receivedCount()).as("%s", seed).isGreaterThan(500);
        assertThat(front.counters().kicks())
                .as("%s: no more than one for each ring and commit", seed)
                .isLessThan(front.counters().framesSent() * 2);
        assertThat(front.counters().refusals()).as("%s", seed).isZero();
    }
}
