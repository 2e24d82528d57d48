package io.ringside.perf.costs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.CrossingCosts;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CostProfileTest {
    private static final CostProfile PROFILE =
            new CostProfile(
                    "mine",
                    "of mine",
                    "mine.toml",
                    Map.of(
                            CostKey.HYPERCALL, new Cost(100.5, 50.4, 200, Basis.PUBLISHED, "a"),
                            CostKey.KICK, new Cost(7, 7, 7, Basis.ASSUMED, "b"),
                            CostKey.WAKE, new Cost(3000, 1, 9000, Basis.ASSUMED, "c")));

    @Test
    void hasAKeyForEveryCrossing() {
        final Map<Crossing, CostKey> keys = new EnumMap<>(Crossing.class);
        for (final Crossing crossing : Crossing.values()) {
            keys.put(crossing, CostKey.of(crossing));
            assertThat(CostKey.of(crossing).crossing()).isEqualTo(crossing);
            assertThat(CostKey.of(crossing).label())
                    .isEqualTo(crossing.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        }
        assertThat(keys.values()).doesNotHaveDuplicates().hasSize(11);
        assertThat(CostKey.values()).hasSize(18);
    }

    @Test
    void chargesWholeNanosecondsAtEveryEndOfTheRange() {
        final CrossingCosts nominal = PROFILE.crossingCosts();
        assertThat(nominal.name()).isEqualTo("mine");
        assertThat(nominal.source()).isEqualTo("of mine");
        assertThat(nominal.nanos(Crossing.HYPERCALL)).isEqualTo(101);
        assertThat(nominal.nanos(Crossing.KICK)).isEqualTo(7);
        assertThat(nominal.nanos(Crossing.UPCALL)).isZero();
        final CrossingCosts low = PROFILE.crossingCosts(Band.LOW);
        assertThat(low.name()).isEqualTo("mine (low)");
        assertThat(low.nanos(Crossing.HYPERCALL)).isEqualTo(50);
        final CrossingCosts high = PROFILE.crossingCosts(Band.HIGH);
        assertThat(high.name()).isEqualTo("mine (high)");
        assertThat(high.nanos(Crossing.HYPERCALL)).isEqualTo(200);
        assertThat(high.nanos(Crossing.KICK)).isEqualTo(7);
    }

    @Test
    void letsAHostPayOtherwiseThanItsGuests() {
        final CrossingCosts same = PROFILE.crossingCosts().ofHost();
        assertThat(same.nanos(Crossing.HYPERCALL)).isEqualTo(101);
        assertThat(same.nanos(Crossing.UPCALL)).isZero();
        final CrossingCosts apart =
                new CostProfile(
                                "x",
                                "y",
                                "z",
                                Map.of(
                                        CostKey.HYPERCALL, figure(1000),
                                        CostKey.UPCALL, figure(5000),
                                        CostKey.KICK, figure(200),
                                        CostKey.HOST_HYPERCALL, figure(300),
                                        CostKey.HOST_UPCALL, figure(0),
                                        CostKey.EXIT_HAND_OVER, figure(6000)))
                        .crossingCosts();
        assertThat(apart.nanos(Crossing.HYPERCALL)).isEqualTo(1000);
        assertThat(apart.nanos(Crossing.UPCALL)).isEqualTo(5000);
        assertThat(apart.ofHost().nanos(Crossing.HYPERCALL)).isEqualTo(300);
        assertThat(apart.ofHost().nanos(Crossing.UPCALL)).isZero();
        assertThat(apart.ofHost().nanos(Crossing.KICK)).isEqualTo(200);
        assertThat(apart.handOverNanos()).isEqualTo(6000);
        assertThat(apart.withoutHandOver().handOverNanos()).isZero();
    }

    private static Cost figure(final double nanos) {
        return new Cost(nanos, nanos, nanos, Basis.ASSUMED, "x");
    }

    @Test
    void isAPredictionWhereAUsedFigureIsAssumed() {
        assertThat(PROFILE.isPrediction()).isTrue();
        assertThat(PROFILE.assumed(EnumSet.allOf(CostKey.class)))
                .containsExactly(CostKey.KICK, CostKey.WAKE);
        assertThat(PROFILE.assumed(EnumSet.of(CostKey.WAKE, CostKey.UPCALL)))
                .containsExactly(CostKey.WAKE);
        assertThat(PROFILE.assumed(EnumSet.of(CostKey.HYPERCALL, CostKey.UPCALL))).isEmpty();
        assertThat(new CostProfile("x", "y", "z", Map.of()).isPrediction()).isFalse();
    }

    @Test
    void keepsItsFiguresWhenTheMapItWasMadeOfChanges() {
        final Map<CostKey, Cost> figures = new EnumMap<>(CostKey.class);
        figures.put(CostKey.KICK, new Cost(1, 1, 1, Basis.ASSUMED, "x"));
        final CostProfile profile = new CostProfile("x", "y", "z", figures);
        figures.clear();
        assertThat(profile.cost(CostKey.KICK).nanos()).isEqualTo(1);
        assertThatThrownBy(() -> profile.costs().clear())
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void refusesARangeThatDoesNotHoldItsFigure() {
        assertRefused(1, 2, 3);
        assertRefused(4, 2, 3);
        assertRefused(1, -1, 3);
        assertRefused(Double.NaN, 0, 3);
        assertRefused(1, 0, Double.POSITIVE_INFINITY);
    }

    private static void assertRefused(final double nanos, final double least, final double most) {
        assertThatThrownBy(() -> new Cost(nanos, least, most, Basis.ASSUMED, "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no range: least=" + least + " nanos=" + nanos + " most=" + most);
    }
}
