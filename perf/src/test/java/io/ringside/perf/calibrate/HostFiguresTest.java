package io.ringside.perf.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

final class HostFiguresTest {
    @Test
    void takesTheMiddleRoundAndTheEnds() {
        assertThat(Spread.of(5, 1, 9)).isEqualTo(new Spread(5, 1, 9));
        assertThat(Spread.of(4, 8).per(2)).isEqualTo(new Spread(4, 2, 4));
    }

    @Test
    void copiesBothSizesHotAndCold() {
        final List<Figure> figures = MemoryCopies.measure(16 << 20);
        assertThat(figures)
                .extracting(Figure::quantity)
                .containsExactly(
                        Quantity.COPY_1500_HOT,
                        Quantity.COPY_1500_COLD,
                        Quantity.COPY_4096_HOT,
                        Quantity.COPY_4096_COLD);
        assertOrdered(figures);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MemoryCopies.measure(4096))
                .withMessageContaining("areaBytes=4096");
    }

    @Test
    void halvesTheRoundTripOfAWake() throws InterruptedException {
        final List<Figure> figures = ThreadWakes.measure();
        assertOrdered(figures);
        assertThat(figures.getFirst().nanos().per(2)).isEqualTo(figures.getLast().nanos());
    }

    private static void assertOrdered(final List<Figure> figures) {
        for (final Figure figure : figures) {
            final Spread nanos = figure.nanos();
            assertThat(nanos.least()).as("%s", figure.quantity()).isPositive();
            assertThat(nanos.median()).isBetween(nanos.least(), nanos.most());
        }
    }
}
