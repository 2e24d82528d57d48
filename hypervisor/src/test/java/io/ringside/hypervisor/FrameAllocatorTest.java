package io.ringside.hypervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.hypervisor.inprocess.InProcessMemory;
import io.ringside.testkit.Seed;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class FrameAllocatorTest {
    private static final int FRAMES = 64;

    private static FrameAllocator allocator() {
        try (InProcessMemory memory = InProcessMemory.anonymous(FRAMES)) {
            return new FrameAllocator(memory);
        }
    }

    @Test
    void handsOutEveryFrameButTheFirstOnce() {
        final FrameAllocator frames = allocator();
        final BitSet seen = new BitSet();
        for (int i = 1; i < FRAMES; i++) {
            final int frame = frames.allocate();
            assertThat(frame).isBetween(1, FRAMES - 1);
            assertThat(seen.get(frame)).as("frame %d", frame).isFalse();
            seen.set(frame);
        }
        assertThat(frames.usedCount()).isEqualTo(FRAMES - 1);
        assertThatThrownBy(frames::allocate)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("guest memory is full: wanted=1 used=63 frames=64");
    }

    @Test
    void findsTheOneFrameThatCameBack() {
        final FrameAllocator frames = allocator();
        for (int i = 1; i < FRAMES; i++) {
            frames.allocate();
        }
        frames.free(17);
        assertThat(frames.allocate()).isEqualTo(17);
    }

    @Test
    void refusesARunThatIsNotThereThoughEnoughFramesAre() {
        final FrameAllocator frames = allocator();
        for (int i = 1; i < FRAMES; i++) {
            frames.allocate();
        }
        for (int frame = 1; frame < FRAMES; frame += 2) {
            frames.free(frame);
        }
        assertThatThrownBy(() -> frames.allocate(2)).isInstanceOf(IllegalStateException.class);
        assertThat(frames.usedCount()).isEqualTo(31);

        frames.free(30);
        assertThat(frames.allocate(3)).isEqualTo(29);
    }

    @Test
    void refusesToTakeBackWhatIsNotOut() {
        final FrameAllocator frames = allocator();
        final int frame = frames.allocate();
        frames.free(frame);
        for (final int notOut : new int[] {frame, 0, -1, FRAMES, Integer.MIN_VALUE}) {
            assertThatThrownBy(() -> frames.free(notOut))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("not allocated: frame=" + notOut);
        }
        assertThat(frames.usedCount()).isZero();
    }

    @Test
    void refusesACountThatIsNone() {
        final FrameAllocator frames = allocator();
        for (final int count : new int[] {0, -1}) {
            assertThatThrownBy(() -> frames.allocate(count))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("frame count out of range: count=" + count);
        }
        assertThatThrownBy(() -> frames.allocate(FRAMES)).isInstanceOf(IllegalStateException.class);
        assertThat(frames.allocate(FRAMES - 1)).isEqualTo(1);
    }

    @Test
    void neverHandsOutAFrameThatIsOut() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        final FrameAllocator frames = allocator();
        final BitSet out = new BitSet();
        final List<Integer> owned = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            final int count = 1 + random.nextInt(5);
            if (random.nextBoolean() && hasRun(out, count)) {
                final int first = frames.allocate(count);
                for (int frame = first; frame < first + count; frame++) {
                    assertThat(frame).as("%s", seed).isBetween(1, FRAMES - 1);
                    assertThat(out.get(frame)).as("frame=%d, %s", frame, seed).isFalse();
                    out.set(frame);
                    owned.add(frame);
                }
            } else if (!owned.isEmpty()) {
                final int frame = owned.remove(/* index */ random.nextInt(owned.size()));
                frames.free(frame);
                out.clear(frame);
            }
            assertThat(frames.usedCount()).as("%s", seed).isEqualTo(out.cardinality());
        }
    }

    private static boolean hasRun(final BitSet out, final int count) {
        for (int first = 1; first + count <= FRAMES; first++) {
            if (out.get(first, first + count).isEmpty()) {
                return true;
            }
        }
        return false;
    }
}
