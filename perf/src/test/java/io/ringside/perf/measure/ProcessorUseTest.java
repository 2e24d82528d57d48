package io.ringside.perf.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessorUseTest {
    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

    @Test
    void leavesOutWhatThisProcessAndItsChildrenDid() {
        final ProcessorUse use = new ProcessorUse(1000, 700, 0, 700);
        assertThat(use.othersProcessors()).isZero();
        assertThat(use.isDisturbed()).isFalse();
        assertThat(new ProcessorUse(1000, 800, 0, 300).othersProcessors())
                .isEqualTo(0.5 * PROCESSORS);
        assertThat(new ProcessorUse(1000, 800, 0, 300).isDisturbed()).isTrue();
    }

    @Test
    void tellsWhatAHypervisorBelowTook() {
        assertThat(new ProcessorUse(1000, 0, 30, 0).isStolen()).isTrue();
        assertThat(new ProcessorUse(1000, 0, 30, 0).stealShare()).isEqualTo(0.03);
        assertThat(new ProcessorUse(1000, 0, 10, 0).isStolen()).isFalse();
    }

    @Test
    void disturbsNobodyWhereTheSystemDoesNotTell() {
        final ProcessorUse use = new ProcessorUse(0, 0, 0, 0);
        assertThat(use.othersProcessors()).isNegative();
        assertThat(use.isDisturbed()).isFalse();
        assertThat(use.isStolen()).isFalse();
    }

    @Test
    void readsGrowingNumbersOfThisMachine() {
        final ProcessorUse before = ProcessorUse.now();
        final ProcessorUse use = ProcessorUse.now().since(before);
        assertThat(use.total()).isNotNegative();
        assertThat(use.own()).isNotNegative();
        assertThat(before.total()).isGreaterThanOrEqualTo(before.busy());
    }
}
