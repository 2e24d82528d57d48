package io.ringside.xen.blkfront;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.device.guest.BlockStatus;
import io.ringside.xen.blkfront.frontend.Blkfront;
import io.ringside.xen.blkfront.protocol.BlkStatus;
import io.ringside.xen.blkfront.protocol.Wakeups;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the owner of a request may do to the device as it learns that the request is done. */
final class CompletionTest {
    private static final int REQUESTS = 4;

    /** What takes the ground from under the one who tells. */
    private enum Forbidden {
        WORK(Blkfront::doWork),
        SUSPEND(Blkfront::suspend),
        CLOSE(Blkfront::onClose);

        private final Consumer<Blkfront> act;

        Forbidden(final Consumer<Blkfront> act) {
            this.act = act;
        }
    }

    private final TestBench bench = new TestBench();
    private final List<BlockRequest> ended = new ArrayList<>();
    private final Blkfront front = bench.newFrontend(Wakeups.ARMED);

    @AfterEach
    void close() {
        bench.close();
    }

    @ParameterizedTest
    @EnumSource
    void refusesToLoseTheRingUnderAnAnswer(final Forbidden forbidden) {
        final RawBackend back =
                connectAndSubmit(request -> {
                    ended.add(request);
                    assertRefused(forbidden);
                });
        answerAll(back);
        bench.step(front);
        assertThat(ended).hasSize(REQUESTS);
        assertThat(ended).extracting(BlockRequest::status).containsOnly(BlockStatus.OK);
        assertThat(front.isReady()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void refusesItToWhoeverLearnsThatTheDeviceHasClosed(final Forbidden forbidden) {
        final RawBackend back =
                connectAndSubmit(request -> {
                    ended.add(request);
                    assertRefused(forbidden);
                });
        bench.putBackendKey("state", "6");
        bench.step(front);
        bench.step(front);
        assertThat(ended).hasSize(REQUESTS);
        assertThat(ended).extracting(BlockRequest::status).containsOnly(BlockStatus.ERROR);
        assertThat(front.isClosed()).isTrue();
        back.close();
    }

    @ParameterizedTest
    @EnumSource
    void refusesItToWhoeverLearnsOfAnAnswerAsTheDeviceIsSuspended(final Forbidden forbidden) {
        final RawBackend back =
                connectAndSubmit(request -> {
                    ended.add(request);
                    assertRefused(forbidden);
                });
        back.answer(0, BlkStatus.OKAY);
        back.push();
        front.suspend();
        assertThat(ended).hasSize(1);
        assertThat(front.isSuspended()).isTrue();
        assertThat(front.counters().replays()).isEqualTo(REQUESTS - 1);
    }

    /** What an owner throws goes to whoever runs the agent; no answer is lost by it. */
    @Test
    void goesOnWithTheNextAnswerAfterAnOwnerHasThrown() {
        final RawBackend back =
                connectAndSubmit(request -> {
                    ended.add(request);
                    if (ended.size() % 2 == 1) {
                        throw new IllegalStateException("not mine");
                    }
                });
        answerAll(back);
        for (int i = 0; i < REQUESTS / 2; i++) {
            assertThatThrownBy(() -> bench.step(front)).hasMessage("not mine");
        }
        bench.step(front);
        assertThat(ended).extracting(BlockRequest::sector).containsExactly(0L, 1L, 2L, 3L);
        front.suspend();
        assertThat(front.counters().replays()).isZero();
    }

    @Test
    void endsInGoodOrderWhenAnOwnerAsksForThat() {
        final RawBackend back =
                connectAndSubmit(request -> {
                    ended.add(request);
                    front.shutdown();
                    assertThat(front.submit(write(9))).isFalse();
                });
        answerAll(back);
        bench.step(front);
        bench.step(front);
        assertThat(ended).hasSize(REQUESTS);
        assertThat(bench.frontendKey("state")).isEqualTo("5");
    }

    private void assertRefused(final Forbidden forbidden) {
        assertThatThrownBy(() -> forbidden.act.accept(front))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("within a completion: what=");
    }

    private RawBackend connectAndSubmit(final Consumer<BlockRequest> owner) {
        front.completionsTo(owner::accept);
        final RawBackend back = RawBackend.connect(bench, front);
        for (int i = 0; i < REQUESTS; i++) {
            assertThat(front.submit(write(i))).isTrue();
        }
        front.commit();
        return back;
    }

    private static void answerAll(final RawBackend back) {
        for (int i = 0; i < REQUESTS; i++) {
            back.answer(i, BlkStatus.OKAY);
        }
        back.push();
    }

    private static BlockRequest write(final int sector) {
        return new BlockRequest(1)
                .reset(BlockOperation.WRITE, sector)
                .addSegment(TestDomain.address(100 + sector), 512);
    }
}
