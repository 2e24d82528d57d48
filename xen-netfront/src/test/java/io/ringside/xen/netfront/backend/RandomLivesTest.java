package io.ringside.xen.netfront.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.net.LearningSwitch;
import io.ringside.testkit.Seed;
import io.ringside.xen.netfront.protocol.CtrlType;
import io.ringside.xen.netfront.protocol.NetifGref;
import io.ringside.xen.netfront.protocol.Wakeups;
import io.ringside.xenbus.sim.ResourceCount;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many frontends at one switch, good and bad ones, that come and go: nothing of any is left. */
final class RandomLivesTest {
    private static final int GUESTS = 3;
    private static final int LIVES = 60;
    private static final int ROUNDS = 40;
    private static final String[] FEATURES = {
        "feature-rx-notify",
        "feature-sg",
        "feature-gso-tcpv4",
        "feature-gso-tcpv6",
        "feature-ipv6-csum-offload",
        "feature-no-csum-offload",
        "request-multicast-control"
    };

    private final BackBench bench = new BackBench(GUESTS);
    private final LearningSwitch lan = new LearningSwitch(GUESTS, 64, 1 << 16, 64, 1L << 40);
    private final Netback[] backs = new Netback[GUESTS];
    private final Seed seed = Seed.ofRun();
    private final SplittableRandom random = seed.random();
    private long nowNanos;

    @AfterEach
    void close() {
        bench.close();
    }

    private static long address(final int guest) {
        return 0x0016_3e00_0000L + guest;
    }

    private void settle() {
        for (int i = 0; i < 10_000; i++) {
            int work = 0;
            for (final Netback back : backs) {
                work += bench.step(back);
            }
            if (work == 0) {
                return;
            }
        }
        throw new AssertionError("never at rest: " + seed);
    }

    private RawFrontend connect(final int guest) {
        final Map<String, String> keys = new HashMap<>();
        keys.put("request-rx-copy", "1");
        for (final String feature : FEATURES) {
            keys.put(feature, Integer.toString(random.nextInt(2)));
        }
        keys.put("xdp-headroom", random.nextInt(3) == 0 ? "256" : "0");
        final int queues = 1 + random.nextInt(4);
        bench.putFrontendKey(guest, "multi-queue-num-queues", null);
        bench.putFrontendKey(guest, "event-channel-tx", null);
        return RawFrontend.connect(
                bench,
                backs[guest],
                guest,
                keys,
                queues,
                random.nextBoolean(),
                random.nextInt(3) == 0);
    }

    @ParameterizedTest
    @EnumSource(Wakeups.class)
    void leavesNothingOfAnyLife(final Wakeups wakeups) {
        for (int i = 0; i < GUESTS; i++) {
            backs[i] = bench.newBackend(i, lan.port(i), wakeups, NetbackOptions.FULL);
        }
        growTables();
        settle();
        final ResourceCount before = bench.resources();
        for (int life = 0; life < LIVES; life++) {
            final RawFrontend[] fronts = new RawFrontend[GUESTS];
            for (int i = 0; i < GUESTS; i++) {
                fronts[i] = connect(i);
            }
            for (int round = 0; round < ROUNDS; round++) {
                nowNanos += random.nextLong(5_000_000_000L);
                lan.timeIs(nowNanos);
                final int guest = random.nextInt(GUESTS);
                if (!backs[guest].isClosed()) {
                    act(fronts[guest], guest);
                }
                backs[guest].tick(nowNanos);
                settle();
            }
            for (int i = 0; i < GUESTS; i++) {
                end(fronts[i], i);
            }
            settle();
            for (int i = 0; i < GUESTS; i++) {
                lan.port(i).take(lan.port(i)::giveBack, 1000); // What nobody took.
            }
            assertThat(bench.resources().domains()).as(seed.toString()).isEqualTo(before.domains());
        }
        long sent = 0;
        long received = 0;
        long refused = 0;
        for (final Netback back : backs) {
            sent += back.counters().transmitPackets();
            received += back.counters().receivePackets();
            refused += back.counters().refusals();
        }
        assertThat(sent).as(seed.toString()).isPositive();
        assertThat(received).as(seed.toString()).isPositive();
        assertThat(refused).as(seed.toString()).isPositive();
    }

    private void end(final RawFrontend front, final int guest) {
        if (random.nextInt(4) == 0) {
            bench.putFrontendKey(guest, "state", "1"); // It begins anew without a word.
            settle();
        } else if (!backs[guest].isClosed()) {
            bench.putFrontendKey(guest, "state", random.nextBoolean() ? "6" : "5");
            settle();
        }
        front.takeBack();
        bench.create(guest, bench.vif(guest));
        settle();
    }

    private void growTables() {
        for (int i = 0; i < GUESTS; i++) {
            final int[] references = new int[4000];
            for (int j = 0; j < references.length; j++) {
                references[j] = bench.guest(i).domain().grantTable().grantAccess(0, 1, true);
            }
            for (final int reference : references) {
                bench.guest(i).domain().grantTable().endAccess(reference);
            }
        }
    }

    private void act(final RawFrontend front, final int guest) {
        final RawQueue queue = front.queues.get(random.nextInt(front.queues.size()));
        switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> send(queue, guest);
            case 4, 5, 6 -> {
                if (queue.posted - queue.filled() < 200 && queue.posted < 600) {
                    queue.post(1 + random.nextInt(20));
                }
            }
            case 7 -> {
                queue.put(random.nextInt(5000), 0, random.nextInt(4) * 4, 1, random.nextInt(4096));
                queue.push();
            }
            case 8 -> {
                if (random.nextInt(4) == 0) {
                    queue.pushIndex(random.nextInt());
                } else {
                    queue.putPage(random.nextInt(65_536), random.nextInt(5000));
                    queue.pushPages();
                }
            }
            case 9 -> ask(front, queue);
            case 10 ->
                    bench.putFrontendKey(
                            guest,
                            random.nextBoolean() ? "state" : "request-multicast-control",
                            Integer.toString(random.nextInt(9)));
            default -> bench.guest(guest).domain().eventChannels().dispatch();
        }
    }

    private void send(final RawQueue queue, final int guest) {
        final long to =
                random.nextInt(3) == 0 ? 0xffff_ffff_ffffL : address(random.nextInt(GUESTS));
        for (int i = random.nextInt(10); i >= 0; i--) {
            queue.putPacket(i, TestFrames.to(to, address(guest)), random.nextInt(4) == 0 ? 2 : 0);
        }
        final byte[] large =
                random.nextBoolean()
                        ? TestFrames.tcpIpv4(3000, guest)
                        : TestFrames.tcpIpv6(3000, guest);
        queue.put(queue.pageWith(0, large), 0, 8 | 1, 20, large.length);
        queue.putExtra().putGso(0, 1 + random.nextInt(2), 1 + random.nextInt(2000));
        queue.push();
    }

    private void ask(final RawFrontend front, final RawQueue queue) {
        if (!front.hasControl()) {
            return;
        }
        final int listFrame = queue.newFrame();
        for (int i = 0; i < 4; i++) {
            new NetifGref()
                    .wrap(bench.guest(front.number).page(listFrame), 8 * i)
                    .put(queue.lend(queue.newFrame(), false), random.nextInt(2));
        }
        final int list = queue.lend(listFrame, false);
        front.ask(
                random.nextInt(12),
                random.nextInt(3),
                random.nextInt(5) == 0 ? random.nextInt() : list,
                random.nextInt(6));
        front.ask(CtrlType.SET_HASH_ALGORITHM, 1, 0, 0);
        front.ask(CtrlType.SET_HASH_FLAGS, random.nextInt(16), 0, 0);
    }

    /** A frame goes where its address was seen, to all others of a group, and nowhere else. */
    @Test
    void joinsFrontendsAtASwitch() {
        for (int i = 0; i < GUESTS; i++) {
            backs[i] = bench.newBackend(i, lan.port(i), Wakeups.ARMED, NetbackOptions.FULL);
        }
        final RawQueue[] queues = new RawQueue[GUESTS];
        for (int i = 0; i < GUESTS; i++) {
            final RawFrontend front =
                    RawFrontend.connect(bench, backs[i], i, RawFrontend.TAKES_ALL, 1, false, false);
            queues[i] = front.queue();
            queues[i].post(100);
        }
        for (int i = 0; i < GUESTS; i++) {
            queues[i].putPacket(1, TestFrames.to(0xffff_ffff_ffffL, address(i)), 0);
            queues[i].push();
            settle();
        }
        for (int i = 0; i < GUESTS; i++) {
            assertThat(queues[i].received()).hasSize(GUESTS - 1);
        }
        for (int i = 0; i < 10; i++) {
            queues[0].putPacket(i, TestFrames.to(address(2), address(0)), 0);
        }
        queues[0].push();
        settle();
        assertThat(queues[1].received()).isEmpty();
        assertThat(queues[2].received()).hasSize(10);
    }
}
