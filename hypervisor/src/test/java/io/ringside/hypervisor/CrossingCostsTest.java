package io.ringside.hypervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CrossingCostsTest {
    @Test
    void chargesNothingForWhatIsNotListed() {
        final CrossingCosts costs =
                new CrossingCosts("test", "made up", Map.of(Crossing.PORT_EXIT, 1200));
        for (final Crossing crossing : Crossing.values()) {
            assertThat(costs.nanos(crossing))
                    .as("%s", crossing)
                    .isEqualTo(crossing == Crossing.PORT_EXIT ? 1200 : 0);
            assertThat(CrossingCosts.COUNTS.nanos(crossing)).isZero();
        }
    }

    @Test
    void keepsItsFiguresWhenTheMapItWasMadeOfChanges() {
        final Map<Crossing, Integer> figures = new EnumMap<>(Crossing.class);
        figures.put(Crossing.KICK, 1);
        final CrossingCosts costs = new CrossingCosts("test", "made up", figures);
        figures.put(Crossing.KICK, 2);

        assertThat(costs.nanos(Crossing.KICK)).isEqualTo(1);
        assertThatThrownBy(() -> costs.nanos().put(Crossing.KICK, 3))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void refusesANegativeCost() {
        assertThatThrownBy(
                        () -> new CrossingCosts("test", "made up", Map.of(Crossing.INTERRUPT, -1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("negative cost: crossing=INTERRUPT nanos=-1");
    }
}
