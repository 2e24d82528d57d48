package io.ringside.xen.netfront;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.guest.NetLimits;
import io.ringside.device.net.LoopbackPort;
import io.ringside.testkit.PairwiseRows;
import io.ringside.testkit.Seed;
import io.ringside.xen.netfront.backend.Netback;
import io.ringside.xen.netfront.backend.NetbackOptions;
import io.ringside.xen.netfront.frontend.HashSettings;
import io.ringside.xen.netfront.frontend.NetOffloads;
import io.ringside.xen.netfront.frontend.Netfront;
import io.ringside.xen.netfront.frontend.NetfrontOptions;
import io.ringside.xen.netfront.frontend.ReceivePages;
import io.ringside.xen.netfront.frontend.TransmitPages;
import io.ringside.xen.netfront.protocol.Wakeups;
import io.ringside.xenbus.sim.ResourceCount;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Both ends with every two values of every two keys: what they agree on is what either can do, and
 * frames come back as they were sent whatever that is.
 */
final class NetNegotiationMatrixTest {
    private static final int STEPS = 250;
    private static final int PORT_SLOTS = 24;

    /** A key of one end, and how many values it has here. */
    private enum Factor {
        FRONT_QUEUES(3),
        FRONT_SPLIT(2),
        FRONT_PIECES(2),
        FRONT_CHECKSUM_IPV4(2),
        FRONT_CHECKSUM_IPV6(2),
        FRONT_CUTS_IPV4(2),
        FRONT_CUTS_IPV6(2),
        FRONT_TRANSMIT_PAGES(3),
        FRONT_RECEIVE_PAGES(2),
        FRONT_RECEIVE_DEPTH(3),
        FRONT_DISTRUSTFUL(2),
        FRONT_HASHING(3),
        FRONT_STAGING(2),
        FRONT_MULTICAST(2),
        FRONT_HEADROOM(3),
        FRONT_WAKEUPS(2),
        BACK_QUEUES(3),
        BACK_PIECES(2),
        BACK_CHECKSUM_IPV6(2),
        BACK_CUTS_IPV4(2),
        BACK_CUTS_IPV6(2),
        BACK_SPLIT(2),
        BACK_MULTICAST(2),
        BACK_CONTROL(2),
        BACK_HEADROOM(2),
        BACK_GRANTS(3),
        BACK_WAKEUPS(2),
        TRUSTED(2),
        MTU(3);

        private final int valueCount;

        Factor(final int valueCount) {
            this.valueCount = valueCount;
        }
    }

    /** One row of values. */
    private record Row(int[] values) {
        int of(final Factor factor) {
            return values[Arrays.asList(Factor.values()).indexOf(factor)];
        }

        boolean is(final Factor factor) {
            return of(factor) == 1;
        }

        int of(final Factor factor, final int... meanings) {
            return meanings[of(factor)];
        }

        NetfrontOptions front() {
            return NetfrontOptions.PLAIN
                    .withQueues(of(Factor.FRONT_QUEUES, 1, 2, 16))
                    .withSplitEventChannels(is(Factor.FRONT_SPLIT))
                    .withOffloads(
                            new NetOffloads(
                                    is(Factor.FRONT_PIECES),
                                    is(Factor.FRONT_CHECKSUM_IPV4),
                                    is(Factor.FRONT_CHECKSUM_IPV6),
                                    is(Factor.FRONT_CUTS_IPV4),
                                    is(Factor.FRONT_CUTS_IPV6)))
                    .withTransmitPages(TransmitPages.values()[of(Factor.FRONT_TRANSMIT_PAGES)])
                    .withReceivePages(ReceivePages.values()[of(Factor.FRONT_RECEIVE_PAGES)])
                    .withReceiveDepth(of(Factor.FRONT_RECEIVE_DEPTH, 8, 256, 1000))
                    .withDistrustful(is(Factor.FRONT_DISTRUSTFUL))
                    .withHashing(hashing())
                    .withStaging(is(Factor.FRONT_STAGING))
                    .withMulticastControl(is(Factor.FRONT_MULTICAST))
                    .withXdpHeadroomBytes(of(Factor.FRONT_HEADROOM, 0, 64, 1000));
        }

        @Nullable HashSettings hashing() {
            return switch (of(Factor.FRONT_HASHING)) {
                case 0 -> null;
                case 1 -> new HashSettings(15, Workload.pattern(40, 7), new int[0]);
                default -> new HashSettings(3, Workload.pattern(16, 7), new int[] {1, 0, 3, 2});
            };
        }

        NetbackOptions back() {
            return NetbackOptions.FULL
                    .withMaxQueues(of(Factor.BACK_QUEUES, 1, 3, 16))
                    .withStaticGrants(of(Factor.BACK_GRANTS, 0, 100, 512))
                    .withOffers(
                            new NetbackOptions.Offers(
                                    is(Factor.BACK_PIECES),
                                    is(Factor.BACK_CUTS_IPV4),
                                    is(Factor.BACK_CUTS_IPV6),
                                    is(Factor.BACK_CHECKSUM_IPV6),
                                    is(Factor.BACK_SPLIT),
                                    is(Factor.BACK_MULTICAST),
                                    is(Factor.BACK_CONTROL),
                                    is(Factor.BACK_HEADROOM)));
        }

        boolean pieces() {
            return is(Factor.FRONT_PIECES) && is(Factor.BACK_PIECES);
        }

        boolean trusts() {
            return is(Factor.TRUSTED) && !is(Factor.FRONT_DISTRUSTFUL);
        }

        boolean copies() {
            return !trusts()
                    || front().transmitPages() == TransmitPages.COPIED
                    || control() && is(Factor.FRONT_STAGING);
        }

        int queues() {
            return Math.min(front().queues(), back().maxQueues());
        }

        boolean control() {
            return is(Factor.BACK_CONTROL)
                    && (of(Factor.FRONT_HASHING) != 0
                            || front().queues() > 1
                            || is(Factor.FRONT_STAGING) && trusts());
        }

        boolean hashes() {
            return of(Factor.FRONT_HASHING) != 0 && control();
        }

        int mtuBytes() {
            return pieces() && of(Factor.MTU) == 2 ? 9000 : 1500;
        }

        static Wakeups wakeups(final int value) {
            return value == 0 ? Wakeups.ARMED : Wakeups.POLLED;
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
    void agreesOnWhatEitherEndCanDoForEveryPairOfValues() {
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
        System.out.printf(
                "network negotiation: %d factors, %d rows, %d of %d pairs%n",
                valueCounts.length, walked.size(), covered, matrix.pairCount());
        assertThat(covered).as("%s", seed).isEqualTo(matrix.pairCount());
    }

    private static void walk(final Row row, final SplittableRandom random, final String what) {
        try (NetBench bench = new NetBench();
                LoopbackPort port = new LoopbackPort(PORT_SLOTS, 65_535)) {
            bench.putFrontendKey("trusted", row.is(Factor.TRUSTED) ? "1" : "0");
            bench.putFrontendKey("mtu", new String[] {null, "1500", "9000"}[row.of(Factor.MTU)]);
            bench.growGrantTable();
            final Netback back =
                    bench.newBackend(port, Row.wakeups(row.of(Factor.BACK_WAKEUPS)), row.back());
            final Netfront front =
                    bench.newFrontend(Row.wakeups(row.of(Factor.FRONT_WAKEUPS)), row.front());
            final RandomFrames workload = new RandomFrames(bench.guest(), front, random, what);
            final ResourceCount before = ResourceCount.of(bench.xen());
            bench.connect(front, back);
            bench.settle(front, back);
            assertAgreed(row, bench, front, what);

            for (int i = 0; i < STEPS; i++) {
                workload.step();
                for (int steps = random.nextInt(4); steps > 0; steps--) {
                    if (random.nextBoolean()) {
                        bench.step(front);
                    } else {
                        bench.step(back);
                    }
                }
            }
            finish(bench, front, back, workload);
            assertFrames(row, front, workload, what);

            front.shutdown();
            bench.settle(front, back);
            assertThat(front.isClosed()).as(what).isTrue();
            assertThat(front.keptPages()).as(what).isZero();
            assertSame(ResourceCount.of(bench.xen()), before, what);
        } catch (final RuntimeException e) {
            throw new AssertionError(what, e);
        }
    }

    private static void finish(
            final NetBench bench,
            final Netfront front,
            final Netback back,
            final RandomFrames workload) {
        front.commit();
        int last = -1;
        while (last != workload.receivedCount()) {
            last = workload.receivedCount();
            workload.release();
            front.commit();
            bench.settle(front, back);
        }
    }

    private static void assertAgreed(
            final Row row, final NetBench bench, final Netfront front, final String what) {
        final NetLimits limits = front.limits();
        final boolean pieces = row.pieces();
        assertThat(limits.queues()).as(what).isEqualTo(row.queues());
        assertThat(limits.maxSegments()).as(what).isEqualTo(pieces || row.copies() ? 18 : 1);
        assertThat(limits.checksumIpv4()).as(what).isEqualTo(row.is(Factor.FRONT_CHECKSUM_IPV4));
        assertThat(limits.checksumIpv6())
                .as(what)
                .isEqualTo(row.is(Factor.FRONT_CHECKSUM_IPV6) && row.is(Factor.BACK_CHECKSUM_IPV6));
        assertThat(limits.segmentsTcpIpv4())
                .as(what)
                .isEqualTo(
                        pieces
                                && limits.checksumIpv4()
                                && row.is(Factor.FRONT_CUTS_IPV4)
                                && row.is(Factor.BACK_CUTS_IPV4));
        assertThat(limits.segmentsTcpIpv6())
                .as(what)
                .isEqualTo(
                        pieces
                                && limits.checksumIpv6()
                                && row.is(Factor.FRONT_CUTS_IPV6)
                                && row.is(Factor.BACK_CUTS_IPV6));
        assertThat(limits.hashes()).as(what).isEqualTo(row.hashes());
        assertThat(front.mtuBytes()).as(what).isEqualTo(row.mtuBytes());
        assertThat(bench.frontendKey("ctrl-ring-ref") != null).as(what).isEqualTo(row.control());
        final String directory = row.queues() == 1 ? "" : "queue-0/";
        assertThat(bench.frontendKey(directory + "event-channel-rx") != null)
                .as(what)
                .isEqualTo(row.is(Factor.FRONT_SPLIT) && row.is(Factor.BACK_SPLIT));
        assertThat(bench.frontendKey("xdp-headroom") != null)
                .as(what)
                .isEqualTo(row.is(Factor.BACK_HEADROOM));
        assertThat(bench.frontendKey("request-multicast-control"))
                .as(what)
                .isEqualTo(
                        row.is(Factor.FRONT_MULTICAST) && row.is(Factor.BACK_MULTICAST)
                                ? "1"
                                : "0");
        assertThat(front.counters().refusals()).as(what).isZero();
    }

    private static void assertFrames(
            final Row row, final Netfront front, final RandomFrames workload, final String what) {
        assertThat(workload.submittedCount()).as(what).isGreaterThan(100);
        assertThat(workload.endedCount()).as(what).isEqualTo(workload.submittedCount());
        assertThat(workload.receivedCount()).as(what).isEqualTo(workload.submittedCount());
        assertThat(front.counters().transmitErrors()).as(what).isZero();
        assertThat(front.counters().receiveErrors()).as(what).isZero();
        assertThat(front.counters().refusals()).as(what).isZero();
        assertThat(front.counters().bytesCopied() != 0).as(what).isEqualTo(row.copies());
        if (!row.hashes()) {
            assertThat(workload.hashedCount()).as(what).isZero();
        }
    }

    /** The host keeps what it read with; the guest, all but what its store directory holds. */
    private static void assertSame(
            final ResourceCount after, final ResourceCount before, final String what) {
        for (final int domain : new int[] {NetBench.HOST, NetBench.GUEST}) {
            final ResourceCount.OfDomain now = Objects.requireNonNull(after.domains().get(domain));
            final ResourceCount.OfDomain then =
                    Objects.requireNonNull(before.domains().get(domain));
            assertThat(now.frames()).as(what).isEqualTo(then.frames());
            assertThat(now.grants()).as(what).isEqualTo(then.grants());
            assertThat(now.ports()).as(what).isEqualTo(then.ports());
            assertThat(now.mapped()).as(what).isEqualTo(then.mapped());
        }
    }
}
