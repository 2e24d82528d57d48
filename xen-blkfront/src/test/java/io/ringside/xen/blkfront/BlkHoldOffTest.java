package io.ringside.xen.blkfront;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.hypervisor.Crossing;
import io.ringside.xen.blkfront.frontend.Blkfront;
import io.ringside.xen.blkfront.frontend.BlkfrontOptions;
import io.ringside.xen.blkfront.protocol.Wakeups;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How often a frontend that sleeps is woken for requests that are answered one by one. */
final class BlkHoldOffTest {
    private final TestBench bench = new TestBench();
    private final List<BlockRequest> ended = new ArrayList<>();

    @AfterEach
    void close() {
        bench.close();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 32, 32",
        "8, 32, 4",
        "12, 32, 3",
        "32, 32, 1",
        "512, 32, 1",
        "8, 5, 1",
        "8, 1, 1",
        "8, 9, 2",
        "2, 7, 4"
    })
    void wakesTheGuestOnceForSoManyAnswers(
            final int holdOff, final int depth, final int interrupts) {
        final Blkfront front = newFrontend(holdOff);
        final RawBackend back = RawBackend.connect(bench, front);
        for (int round = 1; round <= 3; round++) {
            submit(front, depth);
            front.commit();
            runWhileWoken(front, true);
            final long before = bench.guest().count(Crossing.UPCALL);
            answerOneByOne(front, back, depth);
            assertThat(ended).hasSize(round * depth).doesNotHaveDuplicates();
            assertThat(bench.guest().count(Crossing.UPCALL) - before).isEqualTo(interrupts);
        }
        assertThat(front.counters().needlessWakeups()).isZero();
    }

    @Test
    void waitsForRequestsThatFollowedWhileItSlept() {
        final Blkfront front = newFrontend(8);
        final RawBackend back = RawBackend.connect(bench, front);
        submit(front, 2);
        front.commit();
        runWhileWoken(front, true);
        submit(front, 6);
        front.commit();
        runWhileWoken(front, true);
        answerOneByOne(front, back, 7);
        assertThat(ended).isEmpty();
        answerOneByOne(front, back, 1);
        assertThat(ended).hasSize(8);
    }

    @Test
    void waitsForNothingThatTheBackendCannotSee() {
        final Blkfront front = newFrontend(8);
        final RawBackend back = RawBackend.connect(bench, front);
        submit(front, 3);
        front.commit();
        runWhileWoken(front, true);
        submit(front, 5);
        runWhileWoken(front, true);
        answerOneByOne(front, back, 3);
        assertThat(ended).hasSize(3);
    }

    /** An answer that came between asking twice is taken at once. */
    @Test
    void overlooksNothingWhenItAsksAgain() {
        final Blkfront front = newFrontend(4);
        final RawBackend back = RawBackend.connect(bench, front);
        submit(front, 2);
        front.commit();
        runWhileWoken(front, true);
        answerOneByOne(front, back, 1);
        assertThat(ended).isEmpty();
        submit(front, 3);
        front.commit();
        runWhileWoken(front, true);
        assertThat(ended).hasSize(1);
        answerOneByOne(front, back, 4);
        assertThat(ended).hasSize(5);
    }

    @Test
    void closesOverAnIndexThatItFindsWhenItAsksAgain() {
        final Blkfront front = newFrontend(4);
        final RawBackend back = RawBackend.connect(bench, front);
        submit(front, 1);
        front.commit();
        runWhileWoken(front, true);
        back.pushIndex(1000);
        submit(front, 1);
        front.commit();
        front.doWork(); // Without the upcall.
        assertThat(front.counters().refusals()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 513})
    void refusesWhatIsNoHoldOff(final int holdOff) {
        assertThatThrownBy(() -> BlkfrontOptions.PLAIN.withHoldOff(holdOff))
                .hasMessage("option out of range: holdOff=" + holdOff);
    }

    private Blkfront newFrontend(final int holdOff) {
        final Blkfront front =
                bench.newFrontend(Wakeups.ARMED, BlkfrontOptions.PLAIN.withHoldOff(holdOff));
        front.completionsTo(ended::add);
        return front;
    }

    private void submit(final Blkfront front, final int count) {
        for (int i = 0; i < count; i++) {
            final BlockRequest request = new BlockRequest(1).reset(BlockOperation.WRITE, i);
            request.addSegment(TestDomain.address(64 + i), 512);
            assertThat(front.submit(request)).isTrue();
        }
    }

    private void answerOneByOne(final Blkfront front, final RawBackend back, final int count) {
        for (int i = 0; i < count; i++) {
            back.answer(back.answeredCount(), 0);
            back.pushAsAsked();
            runWhileWoken(front, false);
        }
    }

    /** The guest's processor halts when there is nothing to do. */
    private void runWhileWoken(final Blkfront front, final boolean isAwake) {
        boolean awake = isAwake;
        while (awake | bench.guest().takeRing()) {
            awake = bench.step(front) != 0;
        }
    }
}
