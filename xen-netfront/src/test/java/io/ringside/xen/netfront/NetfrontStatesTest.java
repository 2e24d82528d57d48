package io.ringside.xen.netfront;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.device.guest.NetFrame;
import io.ringside.device.guest.NetStatus;
import io.ringside.xen.netfront.frontend.NetOffloads;
import io.ringside.xen.netfront.frontend.Netfront;
import io.ringside.xen.netfront.frontend.NetfrontOptions;
import io.ringside.xen.netfront.frontend.NetfrontRefusal;
import io.ringside.xen.netfront.frontend.TransmitPages;
import io.ringside.xen.netfront.protocol.Wakeups;
import io.ringside.xenbus.device.XenbusDevice;
import io.ringside.xenbus.sim.ResourceCount;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a frontend meets its backend and lets go of it, one step at a time. */
final class NetfrontStatesTest {
    private static final NetfrontOptions OPTIONS =
            NetfrontOptions.PLAIN.withOffloads(NetOffloads.ALL);

    private final NetBench bench = new NetBench();

    @AfterEach
    void close() {
        bench.close();
    }

    /** Row 22: nothing that may be asked of a card needs a connection. */
    private void askEverything(final Netfront front) {
        final NetFrame frame = new NetFrame(1).addSegment(4096, 64);
        if (!front.isReady()) {
            assertThat(front.submit(0, frame)).isFalse();
            assertThat(front.submit(99, frame)).isFalse();
            assertThatThrownBy(front::limits).hasMessageContaining("not connected");
        }
        front.commit();
        front.tick();
        front.settings().joinMulticast(0x01005e000001L);
        front.settings().leaveMulticast(0x01005e000001L);
        front.settings().filterMulticasts(true);
        front.settings().xdpHeadroom(0);
        assertThat(front.macAddress()).isEqualTo(0x00163e5e6c07L);
        assertThat(front.mtuBytes()).isEqualTo(1500);
        bench.step(front);
    }

    @Test
    void answersWhateverIsAskedInEveryState() {
        final XenbusDevice device = bench.frontendDevice();
        final Netfront front =
                bench.newFrontend(
                        device, Wakeups.ARMED, OPTIONS, bench.guest().domain().grantTable());
        final Workload workload = new Workload(bench, front);
        askEverything(front); // Initialising.
        assertThatThrownBy(front::resume).hasMessageContaining("not at rest");
        RawNetback.publish(bench);
        RawNetback back = RawNetback.share(bench, front);
        askEverything(front); // Told, but alone.
        back.join(front);
        askEverything(front);
        front.submit(0, workload.frame(Workload.pattern(60, 1)));
        front.shutdown();
        askEverything(front); // Draining.
        front.shutdown();
        assertThat(bench.frontendKey("state")).isEqualTo("4");
        back.answerAll(0);
        bench.step(front);
        assertThat(workload.sentWith(NetStatus.OK)).isEqualTo(1);
        assertThat(bench.frontendKey("state")).isEqualTo("5");
        askEverything(front); // Closing.
        bench.putBackendKey("state", "5");
        bench.step(front);
        assertThat(bench.frontendKey("state")).isEqualTo("6");
        askEverything(front); // Closed, with pages that the backend has mapped.
        assertThat(front.keptPages()).isEqualTo(2);
        back.close();
        bench.step(front);
        assertThat(front.keptPages()).isZero();

        front.resume();
        bench.putBackendKey("state", "2");
        back = RawNetback.share(bench, front);
        back.join(front);
        front.suspend();
        askEverything(front); // Suspended.
        front.suspend();
        assertThat(front.isSuspended()).isTrue();
        back.close();
        front.resume();
        askEverything(front);
        front.onClose();
        askEverything(front);
        front.onClose();
        assertThat(front.counters().refusals()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "6", "gone"})
    void letsGoOfABackendThatGoesWithoutAnAnswer(final String state) {
        final Netfront front = bench.newFrontend(Wakeups.ARMED, OPTIONS);
        final Workload workload = new Workload(bench, front);
        final RawNetback back = RawNetback.connect(bench, front);
        final NetFrame answered = workload.frame(Workload.pattern(60, 1));
        final NetFrame unanswered = workload.frame(Workload.pattern(60, 2), 30, 30);
        front.submit(0, answered);
        front.submit(0, unanswered);
        front.commit();
        back.answer(back.request(0).id(), 0);
        back.pushTx();
        bench.putBackendKey("state", state.equals("gone") ? null : state);
        for (int i = 0; i < 4; i++) {
            bench.step(front);
        }
        assertThat(front.isClosed()).isTrue();
        assertThat(answered.status()).as("it was answered before").isEqualTo(NetStatus.OK);
        assertThat(unanswered.status()).isEqualTo(NetStatus.GONE);
        assertThat(workload.sent).containsExactly(answered, unanswered);
        assertThat(front.isLinkUp()).isFalse();
        back.close();
        bench.step(front);
        front.resume();
        RawNetback.connect(bench, front);
    }

    @Test
    void refusesAStateThatABackendMayNotTell() {
        final Netfront front = bench.newFrontend(Wakeups.ARMED, OPTIONS);
        RawNetback.connect(bench, front);
        for (final String state : new String[] {"3", "7", "9", "0", "-4", "four"}) {
            bench.putBackendKey("state", state);
            bench.step(front);
        }
        assertThat(front.isReady()).isTrue();
    }

    @Test
    void closesWhereThereIsNoGrantOrPortLeft() {
        final Netfront front = bench.newFrontend(Wakeups.ARMED, OPTIONS);
        final var grants = bench.guest().domain().grantTable();
        int reference = grants.grantAccess(0, 1, true);
        int last = reference;
        while (reference != -1) {
            last = reference;
            reference = grants.grantAccess(0, 1, true);
        }
        RawNetback.publish(bench);
        bench.putBackendKey("state", "2");
        bench.step(front);
        assertThat(front.isClosed()).isTrue();
        grants.endAccess(last);
        front.resume();
        bench.step(front);
        assertThat(front.isClosed()).as("one is not enough").isTrue();
        assertThat(front.counters().refusals()).isZero();
    }

    /** Row 17: frames that are held outlive their connection, and are given back in the next. */
    @ParameterizedTest
    @EnumSource(TransmitPages.class)
    void keepsWhatTheWorkloadHoldsOverConnections(final TransmitPages pages) {
        final Netfront front = bench.newFrontend(Wakeups.ARMED, OPTIONS.withTransmitPages(pages));
        final Workload workload = new Workload(bench, front);
        RawNetback back = RawNetback.connect(bench, front);
        workload.holds = true;
        final int reference = back.offer(0).reference();
        back.deliver(Workload.pattern(60, 1), 0, 60, 0, 0);
        back.deliver(Workload.pattern(60, 2), 0, 60, 0, 0);
        back.pushRx();
        bench.step(front);
        front.onClose();
        assertThat(back.canWrite(reference)).as("nobody writes there any more").isFalse();
        back.close();
        bench.step(front);
        front.resume();
        back = RawNetback.connect(bench, front);
        for (int i = 0; i < 2; i++) {
            assertThat(workload.bytes(workload.received.get(i).frame()))
                    .isEqualTo(Workload.pattern(60, i + 1));
        }
        workload.release();
        workload.holds = false;
        for (int i = 0; i < 300; i++) {
            back.deliver(Workload.pattern(60, i), 0, 60, 0, 0);
            back.pushRx();
            bench.step(front);
        }
        assertThat(workload.received).hasSize(302);
        front.onClose();
        back.close();
        bench.step(front);
        assertThat(front.keptPages()).isZero();
    }

    @Test
    void returnsEverythingItTook() {
        bench.growGrantTable();
        final Netfront front =
                bench.newFrontend(
                        Wakeups.ARMED,
                        OPTIONS.withTransmitPages(TransmitPages.KEPT).withSplitEventChannels(true));
        final Workload workload = new Workload(bench, front);
        final NetFrame frame = workload.frame(Workload.pattern(60, 1));
        RawNetback.publish(bench);
        bench.step(front);
        final ResourceCount.OfDomain before = guest();
        for (int life = 0; life < 5; life++) {
            final RawNetback back = RawNetback.connect(bench, front);
            front.submit(0, frame);
            front.commit();
            back.answerAll(0);
            bench.step(front);
            front.onClose();
            back.close();
            bench.step(front);
            final ResourceCount.OfDomain after = guest();
            assertThat(after.frames()).isEqualTo(before.frames());
            assertThat(after.grants()).isEqualTo(before.grants());
            assertThat(after.ports()).isEqualTo(before.ports());
            front.resume();
        }
        assertThat(front.counters().refusals(NetfrontRefusal.KEPT_PAGE)).isZero();
    }

    private ResourceCount.OfDomain guest() {
        final ResourceCount.OfDomain count =
                ResourceCount.of(bench.xen()).domains().get(NetBench.GUEST);
        if (count == null) {
            throw new AssertionError("no guest");
        }
        return count;
    }
}
