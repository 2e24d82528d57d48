package io.ringside.netvsc;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.net.LoopbackPort;
import io.ringside.netvsc.backend.NetvspOffloads;
import io.ringside.netvsc.backend.NetvspOptions;
import io.ringside.netvsc.frontend.Netvsc;
import io.ringside.netvsc.frontend.NetvscCounters;
import io.ringside.netvsc.frontend.NetvscFeatures;
import io.ringside.netvsc.frontend.NetvscOptions;
import io.ringside.testkit.Seed;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Random frames, in random pieces, with random offloads: what comes back is what was sent. */
final class RandomTrafficTest {
    private static final int FRAMES = 2500;

    private final Seed seed = Seed.ofRun();

    private NetvscCounters runs(
            final NetvspOptions hostOptions, final NetvscOptions options, final int processors) {
        final SplittableRandom random = seed.random();
        try (NetBench bench =
                new NetBench(processors, hostOptions, new LoopbackPort(256, 70_000))) {
            final Netvsc guest = bench.join(options);
            final Traffic traffic = new Traffic(bench, guest, random);
            int idle = 0;
            while ((traffic.sent < FRAMES || traffic.expectedFrames() > 0) && idle < 20_000) {
                for (int i = random.nextInt(8); i > 0 && traffic.sent < FRAMES; i--) {
                    traffic.send();
                }
                guest.commit();
                final int before = traffic.ended;
                for (int i = random.nextInt(4); i > 0; i--) {
                    bench.round();
                }
                final int backs = random.nextInt(6) == 0 ? 40 : random.nextInt(4);
                for (int i = 0; i < backs; i++) {
                    traffic.giveOneBack();
                }
                guest.commit();
                idle = traffic.ended == before && traffic.heldFrames() == 0 ? idle + 1 : 0;
                assertThat(traffic.faults).as("%s %s", seed, options).isEmpty();
            }
            while (traffic.heldFrames() > 0) {
                traffic.giveOneBack();
            }
            guest.commit();
            bench.idle();
            assertThat(traffic.missing()).as("%s %s", seed, options).isEmpty();
            assertThat(traffic.ended).as("%s", seed).isEqualTo(FRAMES);
            assertThat(traffic.underWay()).as("%s", seed).isZero();
            assertThat(bench.host.inFlight()).as("%s", seed).isZero();
            assertThat(guest.counters().refusals()).as("%s", seed).isZero();
            assertThat(guest.counters().failures()).as("%s", seed).isZero();
            return guest.counters();
        }
    }

    @Test
    void carriesEverythingByOneChannel() {
        final NetvscCounters counters = runs(NetvspOptions.DEFAULTS, NetBench.SMALL, 1);
        assertThat(counters.coalesced()).as("%s", seed).isPositive();
        assertThat(counters.copied()).as("%s", seed).isBetween(1L, FRAMES - 1L);
        assertThat(counters.messages()).as("%s", seed).isLessThan(FRAMES);
    }

    @Test
    void carriesEverythingBySeveralChannels() {
        runs(NetvspOptions.DEFAULTS, NetBench.SMALL.withSubChannels(3, 2), 2);
    }

    @Test
    void carriesEverythingByPagesAlone() {
        final NetvscOptions options = NetBench.SMALL.withCopying(0, 1, false);
        assertThat(runs(NetvspOptions.DEFAULTS, options, 1).messages()).isEqualTo(FRAMES);
    }

    @Test
    void carriesEverythingWithHeadersInTheSendBuffer() {
        runs(NetvspOptions.DEFAULTS, NetBench.SMALL.withCopying(200, 16, true), 1);
    }

    @Test
    void carriesEverythingWithoutOffloads() {
        runs(NetvspOptions.DEFAULTS.withOffloads(NetvspOffloads.NONE), NetBench.SMALL, 1);
    }

    /** The workload holds more than the frames that there are: the rest waits, and is not lost. */
    @Test
    void carriesEverythingThroughVeryLittleMemory() {
        final NetvscOptions tight =
                NetBench.SMALL
                        .withMemory(4, 32 * 1024, 16 * 1024)
                        .withDepths(6, 4)
                        .withFeatures(new NetvscFeatures(true, false, true, true, false));
        final NetvspOptions hosts = NetvspOptions.DEFAULTS.withBatches(32, 8);
        assertThat(runs(hosts, tight, 1).parked()).as("%s", seed).isPositive();
    }
}
