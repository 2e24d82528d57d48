package io.ringside.netvsc;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.net.LoopbackPort;
import io.ringside.hypervisor.Trace;
import io.ringside.netvsc.backend.Netvsp;
import io.ringside.netvsc.backend.NetvspOptions;
import io.ringside.netvsc.frontend.Netvsc;
import io.ringside.netvsc.frontend.NetvscOptions;
import io.ringside.netvsc.protocol.NvspVersion;
import io.ringside.testkit.Seed;
import io.ringside.vmbus.protocol.Guid;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Cards come and go, at any moment and by either end, and nothing is left of them. */
final class RandomCardsTest {
    private static final int LIVES = 25;

    /** Row 34: closed while opening, reset while closing, rescinded at any step. */
    @Test
    void leavesNothingBehindHoweverALifeEnds() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        try (NetBench bench = NetBench.usual()) {
            bench.connect();
            bench.host.revoke(); // This test brings its own.
            bench.idle();
            final int frames = bench.frames.allocate(StreamingGuest.frames());
            final String before = bench.figures();
            int carried = 0;
            for (int life = 0; life < LIVES; life++) {
                final String description = seed + " life=" + life;
                carried += live(bench, life, frames, random, description);
                assertThat(bench.figures()).as(description).isEqualTo(before);
            }
            assertThat(carried).as("%s", seed).isPositive();
        }
    }

    private static int live(
            final NetBench bench,
            final int life,
            final int frames,
            final SplittableRandom random,
            final String description) {
        final CountingPort port = new CountingPort(new LoopbackPort(64, 70_000));
        final NetvspOptions hostOptions =
                NetvspOptions.DEFAULTS
                        .withNewest(version(random))
                        .withMacAddress(TcpStreams.address(0))
                        .withSubChannels(random.nextInt(4));
        final Netvsp host =
                new Netvsp(
                        bench.server,
                        bench.memory,
                        new Guid(1000 + life, 77),
                        hostOptions,
                        port,
                        () -> {},
                        Trace.OFF);
        turn(bench, host, null, 10);
        final NetvscOptions guestOptions =
                NetBench.SMALL.withNewest(version(random)).withSubChannels(random.nextInt(4), 1);
        final Netvsc card =
                new Netvsc(bench.channel(), bench.memory, bench.frames, guestOptions, Trace.OFF);
        final StreamingGuest guest =
                new StreamingGuest(
                        0,
                        bench.memory,
                        frames,
                        card,
                        new TcpStreams(),
                        random.split(),
                        description);
        for (int steps = random.nextInt(300); steps > 0; steps--) {
            step(guest, card, random);
            turn(bench, host, card, 1);
        }
        final int end = random.nextInt(3);
        if (end != 0) {
            card.shutdown();
            turn(bench, host, card, random.nextInt(60));
        }
        if (end == 2) {
            turn(bench, host, card, 300);
        }
        host.revoke();
        for (int i = 0; i < 600; i++) {
            guest.giveBack(true);
            turn(bench, host, card, 1);
        }
        assertThat(card.isFinished()).as(description).isTrue();
        assertThat(host.openChannels()).as(description).isZero();
        assertThat(host.isReady()).as(description).isFalse();
        assertThat(port.lent()).as(description).isZero();
        return guest.received;
    }

    private static void step(
            final StreamingGuest guest, final Netvsc card, final SplittableRandom random) {
        if (random.nextInt(3) == 0 && guest.send(0)) {
            card.commit();
        }
        if (random.nextInt(100) == 0) {
            guest.mayLose(); // What comes before its filter is set anew.
            card.reset();
        }
        if (random.nextInt(4) == 0) {
            guest.giveBack(false);
        }
    }

    private static NvspVersion version(final SplittableRandom random) {
        final NvspVersion[] versions = NvspVersion.values();
        return versions[versions.length - 1 - random.nextInt(random.nextInt(versions.length) + 1)];
    }

    private static void turn(
            final NetBench bench,
            final Netvsp host,
            final @Nullable Netvsc card,
            final int rounds) {
        for (int i = 0; i < rounds; i++) {
            bench.round();
            host.doWork();
            if (card != null) {
                card.doWork();
            }
        }
    }
}
