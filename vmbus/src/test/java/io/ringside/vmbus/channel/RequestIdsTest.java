package io.ringside.vmbus.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.testkit.Seed;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Threats, rows 39 and 42: ids are looked up, and never the same twice. */
class RequestIdsTest {
    private final RequestIds ids = new RequestIds(4);

    @Test
    void findsWhatIsInFlightAndNothingElse() {
        final int slot = ids.take();
        final long id = ids.idOf(slot);
        assertThat(id).isNotZero();
        assertThat(ids.slotOf(id)).isEqualTo(slot);
        assertThat(ids.inFlightCount()).isEqualTo(1);
        final long[] forged = {
            0, -1, -2, -3, -4, id + 1, id + (1L << 32), id | 1L << 63, Long.MIN_VALUE, 5, 1L << 40
        };
        for (final long number : forged) {
            assertThat(ids.slotOf(number)).as("id=%d", number).isEqualTo(RequestIds.NONE);
        }
        ids.release(slot);
        assertThat(ids.slotOf(id)).as("answered twice").isEqualTo(RequestIds.NONE);
        assertThat(ids.take()).isEqualTo(slot);
        assertThat(ids.slotOf(id)).as("answered late").isEqualTo(RequestIds.NONE);
        assertThatThrownBy(() -> ids.release(3)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void hasAsManySlotsAsItSays() {
        for (int i = 0; i < 4; i++) {
            assertThat(ids.take()).isNotEqualTo(RequestIds.NONE);
        }
        assertThat(ids.take()).isEqualTo(RequestIds.NONE);
    }

    @Test
    void neverUsesAnIdTwice() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        final Set<Long> used = new HashSet<>();
        final int[] taken = new int[4];
        int count = 0;
        for (int step = 0; step < 10_000; step++) {
            if (count < 4 && random.nextBoolean()) {
                taken[count] = ids.take();
                assertThat(used.add(ids.idOf(taken[count]))).as("%s", seed).isTrue();
                count++;
            } else if (count > 0) {
                final int which = random.nextInt(count);
                ids.release(taken[which]);
                taken[which] = taken[--count];
            }
        }
    }
}
