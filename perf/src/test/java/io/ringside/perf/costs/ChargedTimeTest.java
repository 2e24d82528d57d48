package io.ringside.perf.costs;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.hypervisor.Crossing;
import io.ringside.perf.costs.ChargedTime.Charge;
import io.ringside.perf.costs.ChargedTime.Half;
import io.ringside.perf.measure.HalfCounts;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChargedTimeTest {
    private static final CostProfile PROFILE =
            new CostProfile(
                    "mine",
                    "of mine",
                    "mine.toml",
                    Map.of(
                            CostKey.HYPERCALL, new Cost(1000, 600, 1500, Basis.PUBLISHED, "a"),
                            CostKey.KICK, new Cost(200, 100, 400, Basis.ASSUMED, "b"),
                            CostKey.PORT_EXIT, new Cost(12_000, 8_000, 25_000, Basis.ASSUMED, "c"),
                            CostKey.PAGE_MAP, new Cost(700.4, 350.5, 700.4, Basis.DERIVED, "d"),
                            CostKey.WAKE, new Cost(3000, 1, 9000, Basis.ASSUMED, "e")));
    private static final HalfCounts NOTHING = new HalfCounts(Map.of(), 77);

    @Test
    void tellsWhatEachKindWasChargedOnEachHalf() {
        final ChargedTime time =
                ChargedTime.of(
                        PROFILE,
                        new HalfCounts(
                                Map.of(
                                        Crossing.HYPERCALL, 5L,
                                        Crossing.KICK, 5L,
                                        Crossing.UPCALL, 20L,
                                        Crossing.PORT_EXIT, 0L),
                                0),
                        new HalfCounts(Map.of(Crossing.HYPERCALL, 10L, Crossing.PAGE_MAP, 10L), 0),
                        10,
                        50_000);
        assertThat(time.charges())
                .containsExactly(
                        new Charge(CostKey.HYPERCALL, Half.FRONTEND, 0.5, 500, 300, 750),
                        new Charge(CostKey.UPCALL, Half.FRONTEND, 2, 0, 0, 0),
                        new Charge(CostKey.KICK, Half.FRONTEND, 0.5, 100, 50, 200),
                        new Charge(CostKey.HYPERCALL, Half.BACKEND, 1, 1000, 600, 1500),
                        new Charge(CostKey.PAGE_MAP, Half.BACKEND, 1, 700, 351, 700));
        assertThat(time.charged(Half.FRONTEND, Band.LOW)).isEqualTo(350);
        assertThat(time.charged(Half.FRONTEND, Band.NOMINAL)).isEqualTo(600);
        assertThat(time.charged(Half.FRONTEND, Band.HIGH)).isEqualTo(950);
        assertThat(time.charged(Half.BACKEND, Band.LOW)).isEqualTo(951);
        assertThat(time.charged(Half.BACKEND, Band.NOMINAL)).isEqualTo(1700);
        assertThat(time.charged(Half.BACKEND, Band.HIGH)).isEqualTo(2200);
        assertThat(time.operationNanos(Band.LOW)).isEqualTo(5000 - 250 - 749);
        assertThat(time.operationNanos(Band.NOMINAL)).isEqualTo(5000);
        assertThat(time.operationNanos(Band.HIGH)).isEqualTo(5000 + 350 + 500);
    }

    @Test
    void givesAnEmulatedDeviceTheBandOfItsOneHalf() {
        final ChargedTime time =
                ChargedTime.of(
                        PROFILE,
                        new HalfCounts(Map.of(Crossing.PORT_EXIT, 39L), 0),
                        NOTHING,
                        3,
                        3 * 160_000);
        assertThat(time.operationNanos(Band.LOW)).isEqualTo(160_000 - 13 * 4_000);
        assertThat(time.operationNanos(Band.NOMINAL)).isEqualTo(160_000);
        assertThat(time.operationNanos(Band.HIGH)).isEqualTo(160_000 + 13 * 13_000);
    }

    /** Both halves run at once, wholly charged: at the low end each still takes its own 600. */
    @Test
    void neverGoesBelowWhatAHalfIsStillCharged() {
        final HalfCounts one = new HalfCounts(Map.of(Crossing.HYPERCALL, 1L), 0);
        final HalfCounts two = new HalfCounts(Map.of(Crossing.HYPERCALL, 2L), 0);
        assertThat(ChargedTime.of(PROFILE, one, one, 1, 1000).operationNanos(Band.LOW))
                .isEqualTo(600);
        assertThat(ChargedTime.of(PROFILE, one, two, 1, 2000).operationNanos(Band.LOW))
                .isEqualTo(1200);
        assertThat(ChargedTime.of(PROFILE, two, one, 1, 2000).operationNanos(Band.LOW))
                .isEqualTo(1200);
    }

    @Test
    void predictsWhereACrossedKindHasAnAssumedCost() {
        final HalfCounts hypercalls = new HalfCounts(Map.of(Crossing.HYPERCALL, 5L), 0);
        final HalfCounts kicks = new HalfCounts(Map.of(Crossing.KICK, 1L, Crossing.UPCALL, 1L), 0);
        assertThat(ChargedTime.of(PROFILE, hypercalls, hypercalls, 5, 1).assumed()).isEmpty();
        final ChargedTime time = ChargedTime.of(PROFILE, hypercalls, kicks, 5, 1);
        assertThat(time.used()).containsExactly(CostKey.HYPERCALL, CostKey.UPCALL, CostKey.KICK);
        assertThat(time.assumed()).containsExactly(CostKey.KICK);
        assertThat(ChargedTime.of(PROFILE, NOTHING, NOTHING, 5, 1).assumed()).isEmpty();
    }

    @Test
    void standsWhereNothingEnded() {
        final ChargedTime time = ChargedTime.of(PROFILE, NOTHING, NOTHING, 0, 123);
        for (final Band band : Band.values()) {
            assertThat(time.operationNanos(band)).isEqualTo(123);
        }
        assertThat(time.charges()).isEmpty();
    }
}
