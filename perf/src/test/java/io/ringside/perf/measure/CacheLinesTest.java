package io.ringside.perf.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CacheLinesTest {
    @Test
    void tellsATimeThatSomethingTook() throws InterruptedException {
        assertThat(CacheLines.roundTripNanos()).isFinite().isPositive();
    }
}
