package io.ringside.xenbus.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.hypervisor.Crossing;
import io.ringside.testkit.Seed;
import io.ringside.xenbus.protocol.hypercall.Hypercall;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** A guest that calls with any numbers and any bytes gets answers, and hurts nobody. */
class HypercallRandomTest {
    private static final int CALLS = 20_000;

    private final Seed seed = Seed.ofRun();
    private final SplittableRandom random = seed.random();

    /** Threats, rows 10, 11 and 26. */
    @Test
    void survivesCallsOfRandomBytes() {
        for (final boolean from32Bits : new boolean[] {false, true}) {
            final SimulatedXen xen = new SimulatedXen();
            final TestDomain peer = new TestDomain(xen, 3);
            try (peer;
                    TestDomain hostile = new TestDomain(xen, 7)) {
                for (int i = 0; i < 20; i++) {
                    peer.domain().grantTable().grantAccess(7, peer.frames().allocate(), i % 2 == 0);
                    peer.domain().eventChannels().allocUnbound(7);
                }
                flood(hostile, new Hypercalls(hostile.domain(), from32Bits));
                assertThat(peer.domain().foreignMappings())
                        .as("%s", seed)
                        .isEqualTo(hostile.domain().grantMapper().mappedCount());
                hostile.domain().destroy();
                assertThat(peer.domain().foreignMappings()).as("%s", seed).isZero();
                assertThat(peer.domain().eventChannels().openPorts()).as("%s", seed).isEqualTo(20);
            }
        }
    }

    private void flood(final TestDomain hostile, final Hypercalls hypercalls) {
        final int first = hostile.frames().allocate(2);
        final UnsafeBuffer view = new UnsafeBuffer(0, 0);
        hostile.domain().memory().wrap(view, first * 4096L, 8192);
        for (int i = 0; i < CALLS; i++) {
            final int at = random.nextInt(8192 - 256);
            for (int word = 0; word < 64; word++) {
                view.putInt(at + 4 * word, number());
            }
            final boolean grants = random.nextBoolean();
            final long before = hostile.count(Crossing.HYPERCALL);
            final int answer =
                    hypercalls.call(
                            grants ? Hypercall.GRANT_TABLE_OP : Hypercall.EVENT_CHANNEL_OP,
                            random.nextInt(-1, 15),
                            first * 4096L + at,
                            random.nextInt(-1, 6));
            assertThat(answer).as("%s", seed).isLessThanOrEqualTo(0);
            assertThat(hostile.count(Crossing.HYPERCALL)).as("%s", seed).isGreaterThan(before);
        }
    }

    /** Mostly numbers that mean something: domains, references, ports, flags. */
    private int number() {
        return switch (random.nextInt(6)) {
            case 0 -> random.nextInt();
            case 1 -> 3;
            case 2 -> 7;
            case 3 -> 0x7FF0;
            case 4 -> 2 << random.nextInt(16);
            default -> random.nextInt(40);
        };
    }
}
