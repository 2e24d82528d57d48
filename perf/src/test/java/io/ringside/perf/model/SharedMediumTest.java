package io.ringside.perf.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When a medium is done. */
class SharedMediumTest {
    @Test
    void worksOnAsManyAtOnceAsItHasPlaces() {
        final SharedMedium medium = new SharedMedium(new MediumTime(100, 2, 0));
        assertThat(medium.doneNanos(0, 4096)).isEqualTo(100);
        assertThat(medium.doneNanos(10, 4096)).isEqualTo(110);
        assertThat(medium.doneNanos(20, 4096)).isEqualTo(200);
        assertThat(medium.doneNanos(500, 4096)).isEqualTo(600);
    }

    @Test
    void carriesBytesOneAfterTheOther() {
        final SharedMedium medium = new SharedMedium(new MediumTime(100, 0, 1_000_000_000));
        assertThat(medium.doneNanos(0, 4000)).isEqualTo(4100);
        assertThat(medium.doneNanos(0, 4000)).isEqualTo(8100);
        assertThat(medium.doneNanos(20_000, 1000)).isEqualTo(21_100);
    }

    @Test
    void takesNoTimeOfItsOwnInMemory() {
        final SharedMedium medium = new SharedMedium(MediumTime.MEMORY);
        assertThat(medium.isMemory()).isTrue();
        assertThat(medium.doneNanos(7, 4096)).isEqualTo(7);
    }
}
