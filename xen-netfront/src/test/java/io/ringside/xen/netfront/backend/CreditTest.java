package io.ringside.xen.netfront.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.xenbus.toolstack.VifConfig;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How much a frontend may send, by simulated time. */
final class CreditTest {
    private static final long MILLI = 1_000_000;

    private final BackBench bench = new BackBench();
    private final ScriptedPort port = new ScriptedPort();

    @AfterEach
    void close() {
        bench.close();
    }

    private Netback backend(final String rate) {
        final VifConfig vif = bench.vif(0);
        bench.create(0, vif.withRate(rate));
        return bench.newBackend(port);
    }

    private void tick(final Netback back, final long millis) {
        back.tick(millis * MILLI);
        bench.settle(back);
    }

    @Test
    void holdsAFrontendToItsRateOverAllQueues() {
        final Netback back = backend("10000,50000"); // 10,000 bytes each 50 ms.
        final RawFrontend front =
                RawFrontend.connect(bench, back, 0, RawFrontend.TAKES_ALL, 2, false, false);
        tick(back, 1000);
        for (int i = 0; i < 200; i++) {
            final RawQueue queue = front.queues.get(i % 2);
            queue.putPacket(i, TestFrames.plain(1000, i), 0);
        }
        front.queues.forEach(RawQueue::push);
        bench.settle(back);
        assertThat(port.sent).hasSize(10);
        tick(back, 1049);
        assertThat(port.sent).hasSize(10);
        tick(back, 1050);
        assertThat(port.sent).hasSize(20);
        tick(back, 1199);
        assertThat(port.sent).hasSize(40);
        for (int i = 0; i < 16; i++) {
            tick(back, 1200 + i * 50L);
        }
        assertThat(port.sent).hasSize(200);
        assertThat(back.counters().creditWaits()).isPositive();
        assertThat(back.counters().transmitErrors()).isZero();
        front.leave();
    }

    /** The longest packet passes sooner or later, though an interval grants less. */
    @Test
    void savesForALongPacket() {
        final Netback back = backend("1000,1000");
        final RawFrontend front = RawFrontend.connect(bench, back, RawFrontend.TAKES_ALL);
        tick(back, 1);
        final RawQueue queue = front.queue();
        final int page = queue.pageWith(0, TestFrames.plain(4096, 1));
        queue.put(page, 0, 4, 0, 9 * 4096);
        for (int i = 1; i < 9; i++) {
            queue.put(page, 0, i == 8 ? 0 : 4, i, 4096);
        }
        queue.push();
        bench.settle(back);
        tick(back, 36);
        assertThat(port.sent).isEmpty();
        tick(back, 37);
        assertThat(port.sent).hasSize(1);
        front.leave();
    }

    @Test
    void keepsNoMoreCreditThanABurst() {
        final TransmitCredit credit = Objects.requireNonNull(TransmitCredit.of("1000,1000"));
        assertThat(credit.take(1000, 0)).isTrue();
        assertThat(credit.take(1, 0)).isFalse();
        assertThat(credit.take(131_073, Long.MAX_VALUE / 2)).isFalse();
        assertThat(credit.take(131_072, Long.MAX_VALUE / 2)).isTrue();
        assertThat(credit.take(1, Long.MAX_VALUE / 2)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                "1000",
                "1000,",
                ",5",
                "a,b",
                "-1,5",
                "5,-1",
                "0,5",
                "99999999999999999999,5",
                "5,99999999999999999999",
                "5,5,5",
                " 5,5"
            })
    void boundsNothingByARateThatMakesNoSense(final String rate) {
        assertThat(TransmitCredit.of(rate)).isNull();
        final Netback back = bench.newBackend(port);
        bench.putBackendKey("rate", rate);
        final RawFrontend front = RawFrontend.connect(bench, back, RawFrontend.TAKES_ALL);
        front.queue().putPacket(1, TestFrames.plain(2000, 1), 0);
        front.queue().push();
        bench.settle(back);
        assertThat(port.sent).hasSize(1);
        assertThat(back.counters().refusals(NetbackRefusal.KEY)).isEqualTo(1);
        front.leave();
    }

    @Test
    void boundsNothingWithoutARateOrWithoutAnInterval() {
        final TransmitCredit none = Objects.requireNonNull(TransmitCredit.of(null));
        final TransmitCredit zero = Objects.requireNonNull(TransmitCredit.of("5,0"));
        for (int i = 0; i < 1000; i++) {
            assertThat(none.take(65_535, 0)).isTrue();
            assertThat(zero.take(65_535, 0)).isTrue();
        }
    }

    @Test
    void followsARateThatChanges() {
        final Netback back = bench.newBackend(port);
        final RawFrontend front = RawFrontend.connect(bench, back, RawFrontend.TAKES_ALL);
        bench.putBackendKey("rate", "100,1000");
        bench.settle(back);
        for (int i = 0; i < 4; i++) {
            front.queue().putPacket(i, TestFrames.plain(60, i), 0);
        }
        front.queue().push();
        bench.settle(back);
        assertThat(port.sent).hasSize(1);
        bench.putBackendKey("rate", null);
        bench.settle(back);
        assertThat(port.sent).hasSize(4);
        front.leave();
    }
}
