package io.ringside.xen.netfront;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.device.guest.NetFrame;
import io.ringside.device.guest.NetStatus;
import io.ringside.hypervisor.Crossing;
import io.ringside.xen.netfront.frontend.Netfront;
import io.ringside.xen.netfront.frontend.NetfrontOptions;
import io.ringside.xen.netfront.protocol.NetifStatus;
import io.ringside.xen.netfront.protocol.Wakeups;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How often a frontend that sleeps is woken for frames that are answered one by one. */
final class NetHoldOffTest {
    private final NetBench bench = new NetBench();
    private int answered;

    @AfterEach
    void close() {
        bench.close();
    }

    // Half of what is in flight: asked with nothing in flight 1, then 15, 8, 4, 2, 1 and 1.
    @ParameterizedTest
    @CsvSource({
        "1, 32, 32",
        "8, 32, 4",
        "12, 32, 3",
        "32, 32, 1",
        "256, 32, 1",
        "8, 5, 1",
        "8, 1, 1",
        "8, 9, 2",
        "0, 32, 7"
    })
    void wakesTheGuestOnceForSoManyAnswers(
            final int holdOff, final int depth, final int interrupts) {
        final Netfront front = newFrontend(holdOff);
        final RawNetback back = RawNetback.connect(bench, front);
        final Workload workload = new Workload(bench, front);
        runWhileWoken(front, true);
        for (int round = 1; round <= 3; round++) {
            submit(front, workload, depth);
            front.commit();
            runWhileWoken(front, true);
            final long before = bench.guest().count(Crossing.UPCALL);
            answerOneByOne(front, back, depth);
            assertThat(workload.sentWith(NetStatus.OK)).isEqualTo((long) round * depth);
            assertThat(bench.guest().count(Crossing.UPCALL) - before).isEqualTo(interrupts);
        }
        assertThat(front.counters().needlessWakeups()).isZero();
    }

    @Test
    void waitsForFramesThatFollowedButForNoneThatTheBackendCannotSee() {
        final Netfront front = newFrontend(8);
        final RawNetback back = RawNetback.connect(bench, front);
        final Workload workload = new Workload(bench, front);
        runWhileWoken(front, true);
        submit(front, workload, 2);
        front.commit();
        runWhileWoken(front, true);
        submit(front, workload, 3);
        front.commit();
        submit(front, workload, 3);
        runWhileWoken(front, true);
        answerOneByOne(front, back, 4);
        assertThat(workload.sent).isEmpty();
        answerOneByOne(front, back, 1);
        assertThat(workload.sent).hasSize(5);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 257})
    void refusesWhatIsNoHoldOff(final int holdOff) {
        assertThatThrownBy(() -> NetfrontOptions.PLAIN.withHoldOff(holdOff))
                .hasMessage("option out of range: holdOff=" + holdOff);
    }

    private Netfront newFrontend(final int holdOff) {
        return bench.newFrontend(Wakeups.ARMED, NetfrontOptions.PLAIN.withHoldOff(holdOff));
    }

    private static void submit(final Netfront front, final Workload workload, final int count) {
        for (int i = 0; i < count; i++) {
            final NetFrame frame = workload.frame(Workload.pattern(60, i));
            assertThat(front.submit(0, frame)).isTrue();
        }
    }

    private void answerOneByOne(final Netfront front, final RawNetback back, final int count) {
        for (int i = 0; i < count; i++) {
            back.answer(back.request(answered++).id(), NetifStatus.OKAY);
            back.pushTxAsAsked();
            runWhileWoken(front, false);
        }
    }

    /** The guest's processor halts when there is nothing to do. */
    private void runWhileWoken(final Netfront front, final boolean isAwake) {
        boolean awake = isAwake;
        while (awake | bench.guest().takeRing()) {
            awake = bench.step(front) != 0;
        }
    }
}
