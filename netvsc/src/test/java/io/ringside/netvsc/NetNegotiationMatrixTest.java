package io.ringside.netvsc;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.guest.NetLimits;
import io.ringside.device.net.LoopbackPort;
import io.ringside.netvsc.backend.LargeSends;
import io.ringside.netvsc.backend.NetvspOffloads;
import io.ringside.netvsc.backend.NetvspOptions;
import io.ringside.netvsc.frontend.Netvsc;
import io.ringside.netvsc.frontend.NetvscFeatures;
import io.ringside.netvsc.frontend.NetvscOptions;
import io.ringside.netvsc.protocol.NvspVersion;
import io.ringside.testkit.PairwiseRows;
import io.ringside.testkit.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Both ends with every two values of every two options: what they agree on is what both can do, and
 * frames come back as they were sent whatever that is.
 */
final class NetNegotiationMatrixTest {
    private static final int FRAMES = 120;

    /** An option of one end, and how many values it has here. */
    private enum Factor {
        FRONT_VERSION(6),
        BACK_VERSION(6),
        FRONT_CHECKSUMS(2),
        FRONT_LARGE_SENDS(2),
        FRONT_VLAN_TAGS(2),
        FRONT_SCALING(2),
        FRONT_COALESCING(2),
        FRONT_CHANNELS(3),
        FRONT_MTU(3),
        FRONT_COPY(3),
        FRONT_AGGREGATED(3),
        FRONT_SPLIT(2),
        FRONT_POLLS(2),
        FRONT_RING(2),
        FRONT_DEPTH(2),
        BACK_OFFLOADS(6),
        BACK_CHANNELS(3),
        BACK_MTU(3),
        BACK_SECTION(3),
        BACK_PACKETS(3);

        private final int valueCount;

        Factor(final int valueCount) {
            this.valueCount = valueCount;
        }
    }

    /** One row of values. */
    private record Row(int[] values) {
        int of(final Factor factor) {
            return values[factor.ordinal()];
        }

        boolean is(final Factor factor) {
            return of(factor) == 1;
        }

        int of(final Factor factor, final int... meanings) {
            return meanings[of(factor)];
        }

        NvspVersion version(final Factor factor) {
            return NvspVersion.values()[of(factor)];
        }

        NetvscOptions front() {
            final int depth = of(Factor.FRONT_DEPTH, 4, 200);
            return NetBench.SMALL
                    .withNewest(version(Factor.FRONT_VERSION))
                    .withFeatures(
                            new NetvscFeatures(
                                    is(Factor.FRONT_CHECKSUMS),
                                    is(Factor.FRONT_LARGE_SENDS),
                                    is(Factor.FRONT_VLAN_TAGS),
                                    is(Factor.FRONT_SCALING),
                                    is(Factor.FRONT_COALESCING)))
                    .withSubChannels(of(Factor.FRONT_CHANNELS, 0, 1, 3), 2)
                    .withMtu(of(Factor.FRONT_MTU, 1000, 1500, 9000))
                    .withMemory(of(Factor.FRONT_RING, 3, 32), 1 << 20, 128 * 1024)
                    .withDepths(depth, depth)
                    .withCopying(
                            of(Factor.FRONT_COPY, 0, 700, 2048),
                            of(Factor.FRONT_AGGREGATED, 1, 8, 64),
                            is(Factor.FRONT_SPLIT))
                    .withPolling(is(Factor.FRONT_POLLS));
        }

        NetvspOptions back() {
            final NetvspOffloads offloads =
                    switch (of(Factor.BACK_OFFLOADS)) {
                        case 0 -> NetvspOffloads.NONE;
                        case 1 -> new NetvspOffloads(true, LargeSends.NONE, false);
                        case 2 -> new NetvspOffloads(true, LargeSends.BOTH, false);
                        case 3 -> new NetvspOffloads(true, LargeSends.NONE, true);
                        case 4 -> NetvspOffloads.ALL;
                        default -> new NetvspOffloads(true, LargeSends.VERSION_1, true);
                    };
            return new NetvspOptions(
                    version(Factor.BACK_VERSION),
                    NetvspOptions.DEFAULTS.macAddress(),
                    of(Factor.BACK_MTU, 1000, 1500, 9000),
                    NetvspOptions.DEFAULTS.linkBitsPerSecond(),
                    of(Factor.BACK_CHANNELS, 0, 2, 7),
                    offloads,
                    of(Factor.BACK_SECTION, 512, 2048, 6144),
                    of(Factor.BACK_PACKETS, 1, 8, 64),
                    64);
        }

        NvspVersion version() {
            final NvspVersion front = version(Factor.FRONT_VERSION);
            final NvspVersion back = version(Factor.BACK_VERSION);
            return front.isAtLeast(back) ? back : front;
        }

        int versionsTooNew() {
            return Math.max(0, of(Factor.FRONT_VERSION) - of(Factor.BACK_VERSION));
        }

        boolean sums() {
            return is(Factor.FRONT_CHECKSUMS) && of(Factor.BACK_OFFLOADS) != 0;
        }

        boolean cuts() {
            final LargeSends largeSends = back().offloads().largeSends();
            return sums() && is(Factor.FRONT_LARGE_SENDS) && largeSends != LargeSends.NONE;
        }

        boolean cutsIpv6() {
            return cuts() && back().offloads().largeSends() == LargeSends.BOTH;
        }

        boolean coalesces() {
            return is(Factor.FRONT_COALESCING)
                    && of(Factor.BACK_OFFLOADS) >= 3
                    && version().hasReceiveCoalescing();
        }

        int queues() {
            return version().hasSubChannels() && is(Factor.FRONT_SCALING)
                    ? 1 + Math.min(front().subChannels(), back().maxSubChannels())
                    : 1;
        }

        @Override
        public String toString() {
            final StringBuilder text = new StringBuilder();
            for (final Factor factor : Factor.values()) {
                text.append(factor).append('=').append(of(factor)).append(' ');
            }
            return text.toString();
        }
    }

    @Test
    void agreesOnWhatBothEndsCanDoForEveryPairOfValues() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        final int[] valueCounts = new int[Factor.values().length];
        Arrays.setAll(valueCounts, factor -> Factor.values()[factor].valueCount);
        final PairwiseRows matrix = new PairwiseRows(valueCounts, random.split());
        final List<int[]> walked = new ArrayList<>();
        for (final int[] values : matrix.rows()) {
            final Row row = new Row(values);
            walk(row, random.split(), seed + " " + row);
            walked.add(values);
        }
        final int covered = matrix.countCovered(walked);
        System.out.println(
                "netvsc negotiation: "
                        + walked.size()
                        + " rows, pairs covered "
                        + covered
                        + " of "
                        + matrix.pairCount());
        assertThat(covered).isEqualTo(matrix.pairCount());
    }

    private static void walk(final Row row, final SplittableRandom random, final String seed) {
        try (NetBench bench = new NetBench(2, row.back(), new LoopbackPort(128, 70_000))) {
            bench.connect();
            final String atFirst = bench.figures();
            final Netvsc guest = bench.join(row.front());
            assertThat(guest.isReady()).as(seed).isTrue();
            checkAgreement(row, guest, seed);
            final Traffic traffic = new Traffic(bench, guest, random);
            run(bench, guest, traffic, random);
            assertThat(traffic.faults).as(seed).isEmpty();
            assertThat(traffic.missing()).as(seed).isEmpty();
            assertThat(traffic.ended).as(seed).isEqualTo(FRAMES);
            assertThat(guest.counters().refusals()).as(seed).isZero();
            assertThat(guest.counters().failures()).as(seed).isZero();
            assertThat(bench.host.counters().refusals())
                    .as(seed)
                    .isEqualTo(row.versionsTooNew()); // Each was offered once.
            assertThat(guest.counters().coalesced() > 0)
                    .as(seed)
                    .isEqualTo(row.coalesces() && traffic.cut > 0);
            guest.shutdown();
            bench.idle();
            assertThat(guest.isFinished()).as(seed).isTrue();
            assertThat(bench.figures()).as(seed).isEqualTo(atFirst);
        }
    }

    private static void checkAgreement(final Row row, final Netvsc guest, final String seed) {
        final NetLimits limits = guest.limits();
        assertThat(guest.version()).as(seed).isEqualTo(row.version());
        assertThat(guest.mtuBytes())
                .as(seed)
                .isEqualTo(Math.min(row.front().mtuBytes(), row.back().mtuBytes()));
        assertThat(limits.queues()).as(seed).isEqualTo(row.queues());
        assertThat(limits.hashes()).as(seed).isEqualTo(row.queues() > 1);
        assertThat(limits.checksumIpv4()).as(seed).isEqualTo(row.sums());
        assertThat(limits.checksumIpv6()).as(seed).isEqualTo(row.sums());
        assertThat(limits.segmentsTcpIpv4()).as(seed).isEqualTo(row.cuts());
        assertThat(limits.segmentsTcpIpv6()).as(seed).isEqualTo(row.cutsIpv6());
        assertThat(limits.vlanTags())
                .as(seed)
                .isEqualTo(row.is(Factor.FRONT_VLAN_TAGS) && row.version() != NvspVersion.V1);
    }

    private static void run(
            final NetBench bench,
            final Netvsc guest,
            final Traffic traffic,
            final SplittableRandom random) {
        for (int i = 0; i < 20_000; i++) {
            if (traffic.sent == FRAMES
                    && traffic.missing().isEmpty()
                    && traffic.heldFrames() == 0) {
                break;
            }
            for (int frames = random.nextInt(6); frames > 0 && traffic.sent < FRAMES; frames--) {
                traffic.send();
            }
            guest.commit();
            bench.round();
            for (int backs = random.nextInt(8); backs > 0; backs--) {
                traffic.giveOneBack();
            }
            guest.commit();
        }
        bench.idle();
    }
}
