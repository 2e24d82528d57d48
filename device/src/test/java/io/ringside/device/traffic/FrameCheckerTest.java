package io.ringside.device.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.ringside.device.frame.FrameMetadata;
import io.ringside.device.traffic.FrameChecker.Verdict;
import io.ringside.testkit.Seed;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

final class FrameCheckerTest {
    private static final int FRAMES = 100_000;

    private final Traffic traffic = new Traffic(1, 2, 2, FrameMix.IMIX);
    private final FrameGenerator generator = new FrameGenerator(traffic, false);
    private final List<Long> latencies = new ArrayList<>();
    private final FrameChecker checker = new FrameChecker(traffic, latencies::add);
    private final UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(2000));
    private final FrameMetadata metadata = new FrameMetadata();

    private int writeOf(final int lengthBytes) {
        traffic.prepare(memory, 0);
        while (generator.nextBytes() != lengthBytes) {
            generator.skip();
        }
        return generator.write(memory, 0, 100, metadata);
    }

    @Test
    void findsAnyWrongBit() {
        for (final int lengthBytes : new int[] {60, 590, 1514}) {
            writeOf(lengthBytes);
            for (int bit = 0; bit < lengthBytes * 8; bit++) {
                final int at = bit / 8;
                final byte right = memory.getByte(at);
                memory.putByte(at, (byte) (right ^ 1 << bit % 8));
                assertThat(checker.check(memory, 0, lengthBytes, metadata, 100))
                        .as("length %s bit %s", lengthBytes, bit)
                        .isEqualTo(at == 42 || at == 43 ? Verdict.FOREIGN : Verdict.CORRUPT);
                memory.putByte(at, right);
            }
            assertThat(checker.check(memory, 0, lengthBytes, metadata, 100))
                    .isIn(Verdict.IN_ORDER, Verdict.AFTER_A_GAP);
        }
        assertThat(checker.corrupt()).isEqualTo((58 + 588 + 1512) * 8);
        assertThat(checker.foreign()).isEqualTo(3 * 16);
        assertThat(checker.received()).isEqualTo(3);
        assertThat(checker.receivedBytes()).isEqualTo(60 + 590 + 1514);
    }

    @Test
    void findsTheEndOfAnOlderFrameThatStayedBehind() {
        writeOf(1514);
        final UnsafeBuffer older = new UnsafeBuffer(new byte[1514]);
        older.putBytes(0, memory, 0, 1514);
        for (int missingBytes = 4; missingBytes < 1400; missingBytes += 3) {
            writeOf(1514);
            memory.putBytes(1514 - missingBytes, older, 1514 - missingBytes, missingBytes);
            assertThat(checker.check(memory, 0, 1514, metadata, 100))
                    .as("missing %s", missingBytes)
                    .isEqualTo(Verdict.CORRUPT);
        }
    }

    @Test
    void takesFramesOfAnyLengthFromTheSameMemory() {
        traffic.prepare(memory, 0);
        for (int i = 0; i < 1000; i++) {
            final int lengthBytes = generator.write(memory, 0, i, metadata);
            assertThat(checker.check(memory, 0, lengthBytes, metadata, i + 5L))
                    .isEqualTo(Verdict.IN_ORDER);
        }
        assertThat(latencies).hasSize(1000).containsOnly(5L);
    }

    @Test
    void knowsForeignFramesFromItsOwn() {
        assertThat(checker.check(memory, 0, 60, metadata, 0)).isEqualTo(Verdict.FOREIGN);
        writeOf(60);
        assertThat(checker.check(memory, 0, 59, metadata, 0)).isEqualTo(Verdict.FOREIGN);
        assertThat(checker.check(memory, 0, 61, metadata, 0)).isEqualTo(Verdict.CORRUPT);
        final FrameChecker other =
                new FrameChecker(new Traffic(2, 1, 2, FrameMix.IMIX), latency -> {});
        assertThat(other.check(memory, 0, 60, metadata, 0)).isEqualTo(Verdict.CORRUPT);
    }

    /** A model that keeps every number in a set. */
    @Test
    void countsLossOrderAndDuplicatesAsAModelThatForgetsNothing() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        final SequenceWindow window = new SequenceWindow(2);
        final Set<Long> seen = new HashSet<>();
        long expected = 0;
        for (int step = 0; step < 100_000; step++) {
            final long number =
                    switch (random.nextInt(8)) {
                        case 0 -> expected + random.nextInt(200);
                        case 1, 2 -> Math.max(0, expected - 1 - random.nextInt(1024));
                        case 3 -> random.nextInt(100) == 0 ? expected + 5000 : expected;
                        default -> expected;
                    };
            final int verdict = window.arrived(1, number);
            final String recipe = seed + " step " + step;
            if (number >= expected) {
                assertThat(verdict)
                        .as(recipe)
                        .isEqualTo(
                                number == expected
                                        ? SequenceWindow.IN_ORDER
                                        : SequenceWindow.AFTER_A_GAP);
                expected = number + 1;
                seen.add(number);
            } else {
                assertThat(verdict)
                        .as(recipe)
                        .isEqualTo(
                                seen.add(number) ? SequenceWindow.LATE : SequenceWindow.DUPLICATE);
            }
            assertThat(window.expected(1)).as(recipe).isEqualTo(expected);
        }
        assertThat(window.expected(0)).isZero();
        assertThat(window.arrived(1, expected - 1025)).isEqualTo(SequenceWindow.DUPLICATE);
    }

    @Test
    void tellsALateFrameFromALostAndADuplicatedOne() {
        final FrameGenerator plain =
                new FrameGenerator(new Traffic(1, 2, 1, FrameMix.BYTES_64), false);
        final FrameChecker one = new FrameChecker(plain.traffic(), latencies::add);
        final UnsafeBuffer third = new UnsafeBuffer(ByteBuffer.allocateDirect(60));
        plain.write(memory, 0, 0, metadata);
        assertThat(one.check(memory, 0, 60, metadata, 0)).isEqualTo(Verdict.IN_ORDER);
        plain.skip();
        plain.write(third, 0, 0, metadata);
        plain.write(memory, 0, 0, metadata);
        assertThat(one.check(memory, 0, 60, metadata, 0)).isEqualTo(Verdict.AFTER_A_GAP);
        assertThat(one.missing()).isEqualTo(2);
        assertThat(one.check(third, 0, 60, metadata, 0)).isEqualTo(Verdict.LATE);
        assertThat(one.check(third, 0, 60, metadata, 0)).isEqualTo(Verdict.DUPLICATE);
        assertThat(one.check(memory, 0, 60, metadata, 0)).isEqualTo(Verdict.DUPLICATE);
        assertThat(one.missing()).isEqualTo(1);
        assertThat(one.late()).isEqualTo(1);
        assertThat(one.duplicates()).isEqualTo(2);
        assertThat(one.received()).isEqualTo(5);
    }

    @Test
    void allocatesNothing() {
        final long[] sum = new long[1];
        final FrameChecker quiet = new FrameChecker(traffic, latency -> sum[0] += latency);
        traffic.prepare(memory, 0);
        checkMany(quiet);
        final ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long thread = Thread.currentThread().threadId();
        final long before = bean.getThreadAllocatedBytes(thread);
        checkMany(quiet);
        // The question itself may cost some bytes, but not one for every tenth frame.
        assertThat(bean.getThreadAllocatedBytes(thread) - before).isLessThan(FRAMES / 10);
        assertThat(quiet.received()).isEqualTo(2 * FRAMES);
    }

    private void checkMany(final FrameChecker quiet) {
        for (int i = 0; i < FRAMES; i++) {
            quiet.check(memory, 0, generator.write(memory, 0, i, metadata), metadata, i);
        }
    }
}
