package io.ringside.netvsc;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.net.LoopbackPort;
import io.ringside.netvsc.backend.NetvspOptions;
import io.ringside.netvsc.frontend.Netvsc;
import io.ringside.netvsc.frontend.NetvscFeatures;
import io.ringside.netvsc.frontend.NetvscOptions;
import io.ringside.netvsc.protocol.NvspVersion;
import io.ringside.testkit.Seed;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Lives of a card that end anyhow, at any time: everything is given back, each frame once. */
final class RandomLivesTest {
    private static final int LIVES = 60;

    private final Seed seed = Seed.ofRun();
    private final SplittableRandom random = seed.random();

    @Test
    void givesEverythingBackHoweverItEnds() {
        final NetvspOptions hostOptions = NetvspOptions.DEFAULTS.withSubChannels(3);
        int reached = 0;
        try (NetBench bench = new NetBench(2, hostOptions, new LoopbackPort(256, 70_000))) {
            bench.connect();
            final String before = bench.figures();
            for (int life = 0; life < LIVES; life++) {
                final String what = "%s life %d".formatted(seed, life);
                final Netvsc guest = bench.start(options());
                final Traffic traffic = new Traffic(bench, guest, random);
                final boolean early = random.nextInt(5) == 0;
                for (int i = 0; !guest.isReady() && i < (early ? random.nextInt(40) : 2000); i++) {
                    bench.round();
                }
                assertThat(guest.isReady() || early).as(what).isTrue();
                reached += guest.isReady() ? 1 : 0;
                live(bench, guest, traffic);
                end(bench, guest, hostOptions);
                while (traffic.heldFrames() > 0) {
                    assertThat(guest.isFinished()).as(what).isFalse();
                    traffic.giveOneBack();
                }
                bench.idle();
                assertThat(traffic.faults).as(what).isEmpty();
                assertThat(traffic.underWay()).as(what).isZero();
                assertThat(traffic.ended).as(what).isEqualTo(traffic.sent);
                assertThat(guest.isFinished()).as(what).isTrue();
                assertThat(bench.figures()).as(what).isEqualTo(before);
            }
        }
        assertThat(reached).isGreaterThan(LIVES / 2);
    }

    private NetvscOptions options() {
        final NvspVersion[] versions = NvspVersion.values();
        return NetBench.SMALL
                .withNewest(versions[random.nextInt(versions.length)])
                .withSubChannels(random.nextInt(4), 2)
                .withMemory(8, 64 * 1024 << random.nextInt(3), 64 * 1024)
                .withDepths(1 + random.nextInt(64), 1 + random.nextInt(64))
                .withCopying(random.nextInt(3) * 700, 1 + random.nextInt(20), random.nextBoolean())
                .withPolling(random.nextBoolean())
                .withFeatures(
                        new NetvscFeatures(
                                random.nextBoolean(),
                                random.nextBoolean(),
                                random.nextBoolean(),
                                random.nextBoolean(),
                                random.nextBoolean()));
    }

    private void live(final NetBench bench, final Netvsc guest, final Traffic traffic) {
        for (int i = random.nextInt(100); i > 0 && guest.isReady(); i--) {
            for (int frames = random.nextInt(5); frames > 0; frames--) {
                traffic.send();
            }
            if (random.nextInt(3) != 0) {
                guest.commit();
            }
            bench.round();
            for (int backs = random.nextInt(5); backs > 0; backs--) {
                traffic.giveOneBack();
            }
        }
    }

    private void end(final NetBench bench, final Netvsc guest, final NetvspOptions hostOptions) {
        switch (random.nextInt(3)) {
            case 0 -> {
                bench.host.revoke();
                bench.idle();
                bench.offerAgain(hostOptions);
            }
            case 1 -> {
                guest.shutdown();
                bench.host.revoke();
                bench.idle();
                bench.offerAgain(hostOptions);
            }
            default -> guest.shutdown();
        }
        bench.idle();
        assertThat(guest.isClosed()).as("%s", seed).isTrue();
    }
}
