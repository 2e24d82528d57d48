package io.ringside.xen.netfront;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.guest.NetFrame;
import io.ringside.device.guest.NetStatus;
import io.ringside.xen.netfront.frontend.NetOffloads;
import io.ringside.xen.netfront.frontend.Netfront;
import io.ringside.xen.netfront.frontend.NetfrontOptions;
import io.ringside.xen.netfront.frontend.NetfrontRefusal;
import io.ringside.xen.netfront.protocol.Wakeups;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers from a backend that cannot be: each is counted, and none is an exception. */
final class HostileAnswersTest {
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

    /** Rows 39 and 42: an answer to a number that is not in flight, or not any more. */
    @ParameterizedTest
    @ValueSource(ints = {0, 300, 0xffff, -1})
    void closesOverAnAnswerToNothing(final int number) {
        final Netfront front = bench.newFrontend(Wakeups.ARMED, OPTIONS);
        final Workload workload = new Workload(bench, front);
        final RawNetback back = RawNetback.connect(bench, front);
        for (int i = 0; i < 2; i++) {
            front.submit(0, workload.frame(Workload.pattern(60, i), 30, 30));
        }
        front.commit();
        final int first = back.request(0).id();
        if (number == -1) { // The same one twice.
            back.answer(first, 0);
            back.answer(first, 0);
        } else if (number == 0) { // One that is free.
            back.answer(200 == first ? 201 : 200, 0);
        } else {
            back.answer(number, 0);
        }
        back.pushTx();
        bench.step(front);
        assertClosed(front, NetfrontRefusal.ID);
        bench.step(front);
        assertThat(workload.sentWith(NetStatus.GONE)).isEqualTo(2);
    }

    /** Row 42: answers to extra records that nobody wrote. */
    @Test
    void closesOverMoreAnswersToExtrasThanThereWere() {
        final Netfront front = bench.newFrontend(Wakeups.ARMED, OPTIONS);
        final Workload workload = new Workload(bench, front);
        final RawNetback back = RawNetback.connect(bench, front);
        front.submit(0, workload.frame(Workload.pattern(60, 1)));
        front.commit();
        back.answer(back.request(0).id(), 1);
        back.pushTx();
        bench.step(front);
        assertClosed(front, NetfrontRefusal.EXTRA_ANSWER);
    }

    /** A status that the protocol does not know, or that says no: the frame is an error. */
    @ParameterizedTest
    @CsvSource({"-1,0", "-2,0", "-3,1", "2,1", "32767,1", "-32768,1"})
    void endsAFrameAsAnErrorOverAnyStatusButOkay(final int status, final int refusals) {
        final Netfront front = bench.newFrontend(Wakeups.ARMED, OPTIONS);
        final Workload workload = new Workload(bench, front);
        final RawNetback back = RawNetback.connect(bench, front);
        front.submit(0, workload.frame(Workload.pattern(60, 1), 20, 40));
        front.commit();
        final int second = back.request(1).id();
        final int first = back.request(0).id();
        back.answer(second, status);
        back.answer(first, 0);
        back.pushTx();
        bench.step(front);
        assertThat(workload.sentWith(NetStatus.ERROR)).isEqualTo(1);
        assertThat(front.counters().refusals(NetfrontRefusal.STATUS)).isEqualTo(refusals);
        assertThat(front.isReady()).isTrue();
    }

    /** Rows 2 and 41: an index that overruns the ring, or that begins anew. */
    @ParameterizedTest
    @CsvSource({
        "true,4",
        "true,257",
        "true,-1",
        "true,0x7fffffff",
        "false,257",
        "false,-1",
        "false,1000000"
    })
    void closesOverAnIndexThatCannotBe(final boolean transmits, final String index) {
        final Netfront front = bench.newFrontend(Wakeups.ARMED, OPTIONS);
        final Workload workload = new Workload(bench, front);
        final RawNetback back = RawNetback.connect(bench, front);
        for (int i = 0; i < 3; i++) {
            front.submit(0, workload.frame(Workload.pattern(60, i)));
        }
        front.commit();
        if (transmits) {
            back.pushTxIndex(Integer.decode(index));
        } else {
            back.pushRxIndex(Integer.decode(index));
        }
        bench.step(front);
        assertClosed(front, NetfrontRefusal.RING_INDEX);
    }

    /** Row 41: only the frontend initialises a ring. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void closesWhenTheBackendInitialisesTheRingAnew(final boolean transmits) {
        final Netfront front = bench.newFrontend(Wakeups.ARMED, OPTIONS);
        final Workload workload = new Workload(bench, front);
        final RawNetback back = RawNetback.connect(bench, front);
        front.submit(0, workload.frame(Workload.pattern(60, 1)));
        front.commit();
        back.answerAll(0);
        back.deliver(Workload.pattern(60, 1), 0, 60, 0, 0);
        back.pushRx();
        bench.step(front);
        assertThat(workload.received).hasSize(1);
        if (transmits) {
            back.tx.setMemory(0, 4096, (byte) 0);
            back.kickTx();
        } else {
            back.rx.setMemory(0, 4096, (byte) 0);
            back.kickRx();
        }
        bench.step(front);
        assertClosed(front, NetfrontRefusal.RING_INDEX);
    }

    /** Row 1: what lies in a slot after it was looked at does not matter. */
    @Test
    void readsEverySlotOnce() {
        final Netfront front = bench.newFrontend(Wakeups.ARMED, OPTIONS);
        final Workload workload =
                new Workload(bench, front) {
                    @Override
                    public void transmitted(final NetFrame frame) {
                        super.transmitted(frame);
                        spoiler.run();
                    }

                    @Override
                    public void received(final int queue, final NetFrame frame) {
                        super.received(queue, frame);
                        spoiler.run();
                    }
                };
        final RawNetback back = RawNetback.connect(bench, front);
        final int[] next = {1, 0};
        final List<Integer> ids = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            front.submit(0, workload.frame(Workload.pattern(60, i)));
        }
        front.commit();
        for (int i = 0; i < 3; i++) {
            ids.add(back.request(i).id());
        }
        workload.spoiler =
                () -> { // All slots but the next, which are still to be looked at.
                    for (int i = 0; i < next[0]; i++) {
                        back.tx.putInt(64 + i * 12, -1);
                    }
                    for (int i = 0; i < next[1]; i++) {
                        back.rx.putLong(64 + i * 8, -1);
                    }
                };
        for (int i = 0; i < 3; i++) {
            next[0] = i + 1;
            back.answer(ids.get(i), 0);
            back.pushTx();
            bench.step(front);
        }
        for (int i = 0; i < 3; i++) {
            next[1] = i + 1;
            back.deliver(Workload.pattern(60, i), 0, 60, 0, 0);
            back.pushRx();
            bench.step(front);
        }
        assertThat(workload.sentWith(NetStatus.OK)).isEqualTo(3);
        assertThat(workload.received).hasSize(3);
        assertThat(front.counters().refusals()).isZero();
    }
}
