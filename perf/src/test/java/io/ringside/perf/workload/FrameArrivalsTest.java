package io.ringside.perf.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.perf.scenario.FrameMix;
import io.ringside.testkit.Seed;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever receives a stream sees what was lost, altered, doubled or out of order. */
class FrameArrivalsTest {
    private static final int ROOM = 16384;

    private final UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(ROOM));
    private long nowNanos = 1000;

    @ParameterizedTest
    @EnumSource(FrameMix.class)
    void takesEveryFrameOfAStreamInAnyPieces(final FrameMix mix) {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        final FrameSchedule schedule = schedule(FrameStream.of(mix, 1, 2));
        final FrameArrivals arrivals = arrivals(schedule);
        for (int i = 0; i < 2000; i++) {
            final int length = next(schedule);
            arrivals.begin();
            int at = 0;
            while (at < length) {
                final int piece = Math.min(length - at, random.nextInt(1, 3000));
                arrivals.piece(memory.addressOffset() + at, piece);
                at += piece;
            }
            arrivals.end();
        }
        assertThat(arrivals.arrived()).as("%s", seed).isEqualTo(2000);
        assertThat(arrivals.foreign()).as("%s", seed).isZero();
        assertThat(arrivals.disordered()).as("%s", seed).isZero();
    }

    @Test
    void seesOneByteAlteredAnywhere() {
        for (final FrameStream stream : streams()) {
            final int length = stream.frameBytes(0);
            for (int at = 0; at < length; at++) {
                final FrameSchedule schedule = schedule(stream);
                final FrameArrivals arrivals = arrivals(schedule);
                next(schedule);
                final boolean inNumber = stream.isStamped() && at >= 42 && at < 48;
                memory.putByte(at, (byte) (memory.getByte(at) ^ 0x40));
                arrive(arrivals, length);
                next(schedule);
                arrive(arrivals, stream.frameBytes(1));
                assertThat(arrivals.foreign() + arrivals.disordered())
                        .as("byte %d, in the number %s", at, inNumber)
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void seesAFrameThatIsTooShortOrTooLong() {
        for (final FrameStream stream : streams()) {
            for (final int change : new int[] {-1, 1, -30}) {
                final FrameSchedule schedule = schedule(stream);
                final FrameArrivals arrivals = arrivals(schedule);
                final int length = next(schedule);
                arrive(arrivals, length + change);
                assertThat(arrivals.foreign()).isEqualTo(1);
            }
        }
    }

    @Test
    void seesFramesOutOfOrderAndDoubled() {
        for (final FrameStream stream : streams()) {
            final List<byte[]> sent = new ArrayList<>();
            final FrameSchedule schedule = schedule(stream);
            for (int i = 0; i < 4; i++) {
                final byte[] frame = new byte[next(schedule)];
                memory.getBytes(0, frame);
                sent.add(frame);
            }
            assertThat(disordered(stream, sent, 0, 1, 2, 3)).isZero();
            assertThat(disordered(stream, sent, 0, 2, 3)).as("lost, not disordered").isZero();
            assertThat(disordered(stream, sent, 0, 2, 1, 3)).isEqualTo(1);
            assertThat(disordered(stream, sent, 0, 1, 1, 2)).isEqualTo(1);
        }
    }

    private long disordered(final FrameStream stream, final List<byte[]> sent, final int... order) {
        final FrameArrivals arrivals = arrivals(schedule(stream));
        for (final int i : order) {
            memory.putBytes(0, sent.get(i));
            arrive(arrivals, sent.get(i).length);
        }
        assertThat(arrivals.arrived()).isEqualTo(order.length);
        return arrivals.disordered() + arrivals.foreign();
    }

    @Test
    void findsWhatComesAfterAGap() {
        final FrameStream stream = FrameStream.of(given(500));
        final FrameSchedule schedule = schedule(stream);
        final FrameArrivals arrivals = arrivals(schedule);
        int came = 0;
        for (int i = 0; i < 10_000; i++) {
            final int length = next(schedule);
            if (i % 7 != 3 && (i < 4000 || i > 4200)) {
                arrive(arrivals, length);
                came++;
            }
        }
        assertThat(arrivals.arrived()).isEqualTo(came);
        assertThat(arrivals.foreign()).isZero();
        assertThat(arrivals.disordered()).isZero();
    }

    @Test
    void countsLatencyFromTheTimeAtWhichAFrameWasToBegin() {
        final FrameStream stream = FrameStream.of(FrameMix.SMALL, 1, 2);
        final FrameSchedule schedule = new FrameSchedule(stream, 1000.0 / 84, Long.MAX_VALUE);
        final FrameArrivals arrivals = arrivals(schedule);
        assertThat(schedule.isDue(nowNanos)).as("the first frame").isTrue();
        nowNanos += 20_000; // The sender is held up: 21 frames are due, and go out at once.
        int sent = 0;
        while (schedule.isDue(nowNanos)) {
            arrive(arrivals, next(schedule));
            sent++;
        }
        assertThat(sent).isEqualTo(21);
        assertThat(arrivals.latency().getTotalCount()).as("numbers 0, 7 and 14").isEqualTo(3);
        assertThat(arrivals.latency().getMaxValue()).isBetween(20_000L, 20_020L);
        assertThat(arrivals.latency().getMinValue()).isBetween(5_980L, 6_020L);
    }

    private static List<FrameStream> streams() {
        return List.of(FrameStream.of(FrameMix.SMALL, 1, 2), FrameStream.of(given(64)));
    }

    private static List<byte[]> given(final int count) {
        final SplittableRandom random = new SplittableRandom(7);
        final List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            final byte[] frame = new byte[60];
            random.nextBytes(frame);
            frames.add(frame);
        }
        return frames;
    }

    private static FrameSchedule schedule(final FrameStream stream) {
        return new FrameSchedule(stream, 0, Long.MAX_VALUE);
    }

    private FrameArrivals arrivals(final FrameSchedule schedule) {
        return new FrameArrivals(schedule, true, () -> nowNanos);
    }

    private int next(final FrameSchedule schedule) {
        final int place = schedule.place();
        schedule.stream().write(place, schedule.number(), memory, 0);
        schedule.pass(nowNanos);
        return schedule.stream().frameBytes(place);
    }

    private void arrive(final FrameArrivals arrivals, final int length) {
        arrivals.begin();
        arrivals.piece(memory.addressOffset(), length);
        arrivals.end();
    }
}
