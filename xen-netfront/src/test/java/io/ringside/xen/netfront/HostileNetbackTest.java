package io.ringside.xen.netfront;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.device.guest.NetFrame;
import io.ringside.device.guest.NetStatus;
import io.ringside.testkit.Seed;
import io.ringside.xen.netfront.frontend.NetOffloads;
import io.ringside.xen.netfront.frontend.Netfront;
import io.ringside.xen.netfront.frontend.NetfrontOptions;
import io.ringside.xen.netfront.frontend.NetfrontRefusal;
import io.ringside.xen.netfront.frontend.ReceivePages;
import io.ringside.xen.netfront.frontend.TransmitPages;
import io.ringside.xen.netfront.protocol.Wakeups;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A backend that keeps pages, storms, and writes whatever it likes: none is an exception. */
final class HostileNetbackTest {
    private static final NetfrontOptions OPTIONS =
            NetfrontOptions.PLAIN.withOffloads(NetOffloads.ALL);

    private final NetBench bench = new NetBench();

    @AfterEach
    void close() {
        bench.close();
    }

    private static void assertClosed(final Netfront front, final NetfrontRefusal reason) {
        assertThat(front.isClosed()).isTrue();
        assertThat(front.isReady()).isFalse();
        assertThat(front.counters().refusals(reason)).isEqualTo(1);
    }

    /** Row 15: a page that is still mapped when its answer comes is not the guest's again. */
    @Test
    void closesOverAPageThatIsKeptBeyondItsAnswer() {
        final Netfront front = bench.newFrontend(Wakeups.ARMED, OPTIONS);
        final Workload workload = new Workload(bench, front);
        final RawNetback back = RawNetback.connect(bench, front);
        final NetFrame frame = workload.frame(Workload.pattern(60, 1));
        front.submit(0, frame);
        front.commit();
        back.mapAndKeep(back.request(0).reference(), true);
        back.answerAll(0);
        bench.step(front);
        assertClosed(front, NetfrontRefusal.KEPT_PAGE);
        assertThat(frame.status()).isEqualTo(NetStatus.ERROR);
        assertThat(front.keptPages()).isPositive();

        front.resume();
        back.giveBack();
        back.close();
        bench.step(front);
        assertThat(front.keptPages()).isZero();
        RawNetback.connect(bench, front);
    }

    /** Row 15: nor is one that was received into, where it is to be the guest's alone. */
    @Test
    void neverShowsAPageThatTheBackendHasStillMapped() {
        final Netfront front =
                bench.newFrontend(Wakeups.ARMED, OPTIONS.withReceivePages(ReceivePages.REVOKED));
        final Workload workload = new Workload(bench, front);
        final RawNetback back = RawNetback.connect(bench, front);
        back.mapAndKeep(back.offer(0).reference(), false);
        back.receive(0, 0, 0, 60);
        back.pushRx();
        bench.step(front);
        assertClosed(front, NetfrontRefusal.KEPT_PAGE);
        assertThat(workload.received).isEmpty();
        final int before = front.keptPages();
        back.close();
        bench.step(front);
        assertThat(before).isPositive();
        assertThat(front.keptPages()).isZero();
    }

    /** Row 15: grants that were to stay end as soon as the backend lets go of them. */
    @Test
    void waitsForPagesThatABackendKeepsAfterTheEnd() {
        final Netfront front =
                bench.newFrontend(Wakeups.ARMED, OPTIONS.withTransmitPages(TransmitPages.KEPT));
        final Workload workload = new Workload(bench, front);
        final RawNetback back = RawNetback.connect(bench, front);
        front.submit(0, workload.frame(Workload.pattern(60, 1)));
        front.commit();
        back.mapAndKeep(back.request(0).reference(), true);
        back.mapAndKeep(back.offer(7).reference(), false);
        back.answerAll(0);
        bench.step(front);
        assertThat(front.isReady()).isTrue();
        bench.putBackendKey("state", "6");
        bench.step(front);
        assertThat(front.isClosed()).isTrue();
        assertThat(front.keptPages()).as("two rings as well").isEqualTo(4);
        front.resume();
        bench.putBackendKey("state", "2");
        bench.step(front);
        assertThat(bench.frontendKey("state")).as("not with pages astray").isEqualTo("1");
        back.close();
        bench.step(front);
        bench.step(front);
        assertThat(bench.frontendKey("state")).isEqualTo("4");
    }

    /** Row 17: a page belongs to one frame at a time, and to its holder until it is given back. */
    @Test
    void offersNoPageThatTheWorkloadHolds() {
        final Netfront front =
                bench.newFrontend(Wakeups.ARMED, NetfrontOptions.PLAIN.withReceiveDepth(64));
        final Workload workload = new Workload(bench, front);
        final RawNetback back = RawNetback.connect(bench, front);
        workload.holds = true;
        for (int i = 0; i < 64; i++) {
            back.deliver(Workload.pattern(60, i), 0, 60, 0, 0);
        }
        back.pushRx();
        bench.step(front);
        workload.holds = false;
        assertThat(back.offered()).isEqualTo(256 + 64);
        for (int i = 64; i < 256 + 64; i++) {
            back.deliver(Workload.pattern(1000, 255), 0, 1000, 0, 0);
        }
        back.pushRx();
        bench.step(front);
        for (int i = 0; i < 64; i++) {
            final NetFrame held = workload.received.get(i).frame();
            assertThat(workload.bytes(held)).isEqualTo(Workload.pattern(60, i));
        }
        workload.release();
        final NetFrame twice = workload.received.get(3).frame();
        assertThatThrownBy(() -> front.giveBack(twice)).hasMessageContaining("not lent");
    }

    /** Row 13: events without work cost no more than a budget, until somebody has time again. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bearsAStormOfEvents(final boolean split) {
        final Netfront front =
                bench.newFrontend(Wakeups.ARMED, OPTIONS.withSplitEventChannels(split));
        final Workload workload = new Workload(bench, front);
        final RawNetback back = RawNetback.connect(bench, front);
        for (int i = 0; i < 5000; i++) {
            back.kickTx();
            back.kickRx();
            bench.step(front);
        }
        final long borne = front.counters().wakeups();
        assertThat(borne).isLessThan(1100);
        assertThat(front.counters().needlessWakeups()).isPositive();

        back.deliver(Workload.pattern(60, 1), 0, 60, 0, 0);
        back.pushRx();
        bench.step(front);
        assertThat(workload.received).as("held back").isEmpty();
        front.tick();
        bench.step(front);
        assertThat(workload.received).hasSize(1);
        assertThat(front.counters().wakeups()).isLessThan(borne + 3);
    }

    /** Offers that make no sense count as not made; a network without an address is none. */
    @Test
    void takesNoOfferThatMakesNoSense() {
        final Netfront front =
                bench.newFrontend(Wakeups.ARMED, OPTIONS.withQueues(4).withStaging(true));
        bench.putBackendKey("feature-rx-copy", "1");
        bench.putBackendKey("feature-sg", "yes");
        bench.putBackendKey("feature-gso-tcpv4", "-1");
        bench.putBackendKey("feature-ipv6-csum-offload", "2");
        bench.putBackendKey("feature-ctrl-ring", "99999999999999999999");
        bench.putBackendKey("multi-queue-max-queues", "many");
        bench.putBackendKey("feature-multicast-control", "");
        final RawNetback back = RawNetback.share(bench, front);
        back.join(front);
        assertThat(front.limits().queues()).isEqualTo(1);
        assertThat(front.counters().refusals(NetfrontRefusal.OFFER)).isGreaterThanOrEqualTo(5);
        assertThat(front.limits().checksumIpv6()).isFalse();
    }

    /** A backend that cannot copy, and a toolstack that gave no address. */
    @ParameterizedTest
    @CsvSource({"feature-rx-copy,0,true", "feature-rx-copy,no,true", "mac,,false", "mac,xx,false"})
    void closesWithoutWhatANetworkCannotBeWithout(
            final String key, final String value, final boolean backends) {
        final Netfront front = bench.newFrontend(Wakeups.ARMED, OPTIONS);
        RawNetback.publish(bench);
        if (backends) {
            bench.putBackendKey(key, value);
        } else {
            bench.putFrontendKey(key, value);
        }
        bench.putBackendKey("state", "2");
        bench.step(front);
        assertClosed(front, NetfrontRefusal.KEY);
        assertThat(bench.frontendKey("state")).isEqualTo("6");
    }

    /** Random bytes in both rings, and random indices: never an exception, never a wrong page. */
    @Test
    void bearsWhateverABackendWrites() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        int closed = 0;
        for (int life = 0; life < 100; life++) {
            try (NetBench world = new NetBench()) {
                final Netfront front =
                        world.newFrontend(
                                random.nextBoolean() ? Wakeups.ARMED : Wakeups.POLLED,
                                OPTIONS.withXdpHeadroomBytes(random.nextInt(2) * 64)
                                        .withReceivePages(
                                                random.nextBoolean()
                                                        ? ReceivePages.REUSED
                                                        : ReceivePages.REVOKED));
                final Workload workload = new Workload(world, front);
                final RawNetback back = RawNetback.connect(world, front);
                for (int round = 0; round < 20 && front.isReady(); round++) {
                    front.submit(0, workload.frame(Workload.pattern(100, round), 60, 40));
                    front.commit();
                    spoil(random, back);
                    world.step(front);
                }
                closed += front.isClosed() ? 1 : 0;
                world.step(front);
                for (final Workload.Received received : workload.received) {
                    assertThat(received.bytes().length).as("%s", seed).isBetween(14, 65_535);
                }
            } catch (final RuntimeException e) {
                throw new AssertionError(seed.toString(), e);
            }
        }
        assertThat(closed).as("%s", seed).isPositive();
    }

    private static void spoil(final SplittableRandom random, final RawNetback back) {
        switch (random.nextInt(6)) {
            case 0 -> back.answer(random.nextInt(300), random.nextInt(4) - 2);
            case 1 -> back.answerAll(random.nextInt(3) - 1);
            case 2 -> back.pushTxIndex(back.txAnswered + random.nextInt(40) - 20);
            case 3 ->
                    back.receive(
                            back.nextOffer(),
                            random.nextInt(5000),
                            random.nextInt(32),
                            random.nextInt(5000));
            case 4 -> {
                for (int i = random.nextInt(60); i > 0; i--) {
                    final int slot = back.nextOffer();
                    final boolean right = random.nextInt(20) != 0;
                    back.receive(
                            right ? slot : random.nextInt(300),
                            random.nextInt(200),
                            random.nextInt(4) == 0 ? random.nextInt(65_536) : random.nextInt(8),
                            random.nextInt(3000) - 10);
                }
                back.pushRx();
            }
            default -> back.pushRx();
        }
    }

    /** Row 44: nothing is offered to be cut whose sums the backend would not do. */
    @ParameterizedTest
    @CsvSource({
        "feature-ipv6-csum-offload,0,true,false",
        "feature-sg,0,false,false",
        "feature-gso-tcpv4,0,false,true",
        "feature-gso-tcpv6,0,true,false"
    })
    void letsNothingBeCutWithoutItsSums(
            final String key, final String value, final boolean ipv4, final boolean ipv6) {
        final Netfront front =
                bench.newFrontend(
                        Wakeups.ARMED, NetfrontOptions.PLAIN.withOffloads(NetOffloads.ALL));
        RawNetback.publish(bench);
        bench.putBackendKey(key, value);
        RawNetback.share(bench, front).join(front);
        assertThat(front.limits().segmentsTcpIpv4()).isEqualTo(ipv4);
        assertThat(front.limits().segmentsTcpIpv6()).isEqualTo(ipv6);
        assertThat(bench.frontendKey("feature-gso-tcpv4-prefix")).isNull();
    }
}
