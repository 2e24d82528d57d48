package io.ringside.perf.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.perf.scenario.DiskPattern;
import io.ringside.testkit.Seed;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DiskStreamTest {
    private static final int BLOCKS = 97;
    private static final int DRAWN = 20_000;

    private final Seed seed = Seed.ofRun();

    private List<String> drawn(
            final DiskPattern pattern, final long blocks, final long streamSeed) {
        final DiskStream stream = new DiskStream(pattern, blocks, streamSeed);
        final List<String> all = new ArrayList<>();
        for (int i = 0; i < DRAWN; i++) {
            all.add(stream.next() + (stream.isWrite() ? "w" : "r"));
        }
        return all;
    }

    @ParameterizedTest
    @EnumSource
    void isTheSameForTheSameSeed(final DiskPattern pattern) {
        final long any = seed.random().nextLong();
        assertThat(drawn(pattern, BLOCKS, any))
                .as("%s", seed)
                .isEqualTo(drawn(pattern, BLOCKS, any));
    }

    @ParameterizedTest
    @EnumSource
    void staysOnTheDiskAndReachesEveryBlock(final DiskPattern pattern) {
        final boolean[] seen = new boolean[BLOCKS];
        final DiskStream stream = new DiskStream(pattern, BLOCKS, seed.random().nextLong());
        for (int i = 0; i < DRAWN; i++) {
            final long block = stream.next();
            assertThat(block).as("%s", seed).isBetween(0L, BLOCKS - 1L);
            seen[(int) block] = true;
        }
        assertThat(seen).as("%s", seed).doesNotContain(false);
    }

    @ParameterizedTest
    @EnumSource
    void writesAsOftenAsThePatternSays(final DiskPattern pattern) {
        final long writes =
                drawn(pattern, BLOCKS, seed.random().nextLong()).stream()
                        .filter(each -> each.endsWith("w"))
                        .count();
        if (pattern.writePercent() % 100 == 0) {
            assertThat(writes).isEqualTo(DRAWN * pattern.writePercent() / 100L);
        } else { // Ten standard deviations of a binomial distribution.
            assertThat(writes).as("%s", seed).isBetween(DRAWN / 2 - 710L, DRAWN / 2 + 710L);
        }
    }

    @Test
    void goesFromTheStartToTheEndAndOverAgain() {
        final DiskStream stream = new DiskStream(DiskPattern.READ, 3, 1);
        final List<Long> blocks = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            blocks.add(stream.next());
        }
        assertThat(blocks).containsExactly(0L, 1L, 2L, 0L, 1L, 2L, 0L);
    }

    @Test
    void drawsAnotherOrderForAnotherSeed() {
        assertThat(drawn(DiskPattern.RANDREAD, 1L << 40, 1))
                .isNotEqualTo(drawn(DiskPattern.RANDREAD, 1L << 40, 2));
    }
}
