package io.ringside.perf.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SteadinessTest {
    private static final long WINDOW_NANOS = 40_000_000;

    private final Steadiness steadiness = new Steadiness();
    private long nanos = -5;
    private long operations;

    @Test
    void isReachedWhenTheLatestWindowsAgree() {
        assertThat(steadiness.isReached(nanos, 0)).isFalse();
        assertThat(after(100, 1000, 1500, 2000, 2100, 2050)).isFalse();
        assertThat(after(2080)).isFalse();
        assertThat(after(1950)).as("all of the latest five are within 10 %%").isTrue();
        assertThat(after(1000)).as("and no more").isFalse();
    }

    @Test
    void isNotReachedByARateThatGrows() {
        assertThat(steadiness.isReached(nanos, 0)).isFalse();
        for (int rate = 100; rate < 100_000; rate += rate / 20) {
            assertThat(after(rate)).as("rate %d", rate).isFalse();
        }
    }

    @Test
    void doesNotJudgeByWindowsOfFewOperations() {
        assertThat(steadiness.isReached(nanos, 0)).isFalse();
        assertThat(after(4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4))
                .as("four whole windows")
                .isFalse();
        assertThat(after(4)).as("five").isTrue();
    }

    @Test
    void isNotReachedByADeviceThatDoesNothing() {
        assertThat(after(0, 0, 0, 0, 0, 0, 0, 0)).isFalse();
    }

    private boolean after(final int... operationsOfWindows) {
        boolean reached = false;
        for (final int done : operationsOfWindows) {
            nanos += WINDOW_NANOS;
            operations += done;
            reached = steadiness.isReached(nanos, operations);
        }
        return reached;
    }
}
