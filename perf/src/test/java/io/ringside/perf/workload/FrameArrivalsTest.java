package io.ringside.perf.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.frame.FrameMetadata;
import io.ringside.device.traffic.FrameMix;
import io.ringside.testkit.Seed;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever receives a stream sees what was lost, altered, doubled or out of order. */
class FrameArrivalsTest {
    private static final int ROOM = 16384;

    private final UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(ROOM));
    private final FrameMetadata metadata = new FrameMetadata();
    private long nowNanos = 1000;

    static List<FrameMix> mixes() {
        return List.of(FrameMix.BYTES_64, FrameMix.IMIX, FrameMix.MTU_1500, FrameMix.MTU_9000);
    }

    @ParameterizedTest
    @MethodSource("mixes")
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
                arrivals.piece(memory, at, piece);
                at += piece;
            }
            arrivals.end(metadata);
        }
        assertThat(arrivals.arrived()).as("%s", seed).isEqualTo(2000);
        assertThat(arrivals.foreign()).as("%s", seed).isZero();
        assertThat(arrivals.disordered()).as("%s", seed).isZero();
    }

    @Test
    void seesOneByteAlteredAnywhere() {
        for (final FrameStream stream : streams()) {
            final int length = 60;
            for (int at = 0; at < length; at++) {
                final FrameSchedule schedule = schedule(stream);
                final FrameArrivals arrivals = arrivals(schedule);
                next(schedule);
                memory.putByte(at, (byte) (memory.getByte(at) ^ 0x40));
                arrive(arrivals, length);
                next(schedule);
                arrive(arrivals, length);
                assertThat(arrivals.foreign()).as("byte %d", at).isEqualTo(1);
                assertThat(arrivals.disordered()).as("byte %d", at).isZero();
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
    void takesAShortFrameThatACardHasPaddedWithZeros() {
        final byte[] given = new byte[42];
        new SplittableRandom(1).nextBytes(given);
        for (final int padding : new int[] {0, 1}) {
            final FrameSchedule schedule =
                    schedule(FrameStream.of("short", List.of(given, new byte[300])));
            final FrameArrivals arrivals = arrivals(schedule);
            next(schedule);
            memory.setMemory(42, 18, (byte) 0);
            memory.putByte(59, (byte) padding);
            arrive(arrivals, 60);
            assertThat(arrivals.foreign()).as("padding %d", padding).isEqualTo(padding);
        }
    }

    @Test
    void putsATagBackThatACardTellsBesideTheFrame() {
        final byte[] given = new byte[64];
        new SplittableRandom(2).nextBytes(given);
        given[12] = (byte) 0x81;
        given[13] = 0;
        for (final int change : new int[] {0, 1}) {
            final FrameSchedule schedule = schedule(FrameStream.of("tagged", List.of(given)));
            final FrameArrivals arrivals = arrivals(schedule);
            next(schedule);
            metadata.vlanTag(((given[14] & 0xFF) << 8 | given[15] & 0xFF) ^ change);
            memory.putBytes(12, given, 16, 48);
            arrive(arrivals, 60);
            metadata.clear();
            assertThat(arrivals.foreign()).as("change %d", change).isEqualTo(change);
        }
    }

    @Test
    void seesFramesOutOfOrderAndDoubled() {
        for (final FrameStream stream : streams()) {
            final List<byte[]> sent = new ArrayList<>();
            final FrameSchedule schedule = schedule(stream);
            for (int i = 0; i <= 192; i++) {
                final byte[] frame = new byte[next(schedule)];
                memory.getBytes(0, frame);
                sent.add(frame);
            }
            // Made up frames are in order within their flow: every 64th is of one.
            assertThat(disordered(schedule, sent, 0, 64, 128, 192)).isZero();
            assertThat(disordered(schedule, sent, 0, 128, 192)).as("lost").isZero();
            assertThat(disordered(schedule, sent, 0, 128, 64, 192)).isEqualTo(1);
            assertThat(disordered(schedule, sent, 0, 64, 64, 128)).isEqualTo(1);
        }
    }

    private long disordered(
            final FrameSchedule schedule, final List<byte[]> sent, final int... order) {
        final FrameArrivals arrivals = arrivals(schedule);
        for (final int i : order) {
            memory.putBytes(0, sent.get(i));
            arrive(arrivals, sent.get(i).length);
        }
        assertThat(arrivals.arrived()).isEqualTo(order.length);
        return arrivals.disordered() + arrivals.foreign();
    }

    @Test
    void findsWhatComesAfterAGap() {
        final FrameStream stream = FrameStream.of("given", given(500));
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
    void findsWhatComesAfterALossOfAnyLength() {
        for (final int frames : new int[] {1, 2, 3, 10, 500, 5000}) {
            for (final int lost : new int[] {1, frames / 2, frames - 1, frames, 3 * frames + 1}) {
                final FrameSchedule schedule = schedule(FrameStream.of("given", given(frames)));
                final FrameArrivals arrivals = arrivals(schedule);
                for (int i = 0; i < 4 * frames + 10_000; i++) {
                    final int length = next(schedule);
                    if (i < 700 || i >= 700 + lost) {
                        arrive(arrivals, length);
                    }
                }
                final String what = lost + " lost of rounds of " + frames;
                assertThat(arrivals.foreign()).as(what).isZero();
                assertThat(arrivals.disordered()).as(what).isZero();
            }
        }
    }

    @Test
    void takesNoFrameForOneThatIsStillToBeSent() {
        final FrameSchedule schedule = schedule(FrameStream.of("given", given(10)));
        final FrameArrivals arrivals = arrivals(schedule);
        for (int i = 0; i < 3; i++) {
            arrive(arrivals, next(schedule));
        }
        arrive(arrivals, 60);
        assertThat(arrivals.foreign()).as("the third, doubled").isEqualTo(1);
    }

    @Test
    void timesWhatComesAfterFramesThatTheWireDropped() {
        final FrameSchedule schedule =
                new FrameSchedule(
                        FrameStream.of("given", given(10)), 1000.0 / 84, Long.MAX_VALUE, false);
        final FrameArrivals arrivals = arrivals(schedule);
        for (int i = 0; i < 100; i++) {
            nowNanos += 100_000;
            while (schedule.isDue(nowNanos)) {
                if (schedule.backlog(nowNanos) > 30) {
                    schedule.drop();
                } else {
                    arrive(arrivals, next(schedule));
                }
            }
        }
        assertThat(arrivals.foreign()).isZero();
        assertThat(arrivals.disordered()).isZero();
        assertThat(arrivals.latency().getMaxValue()).isLessThan(31_100);
    }

    @Test
    void countsLatencyFromTheTimeAtWhichAFrameWasToBegin() {
        final FrameStream stream = FrameStream.of(FrameMix.BYTES_64, 1, 2);
        final FrameSchedule schedule =
                new FrameSchedule(stream, 1000.0 / 84, Long.MAX_VALUE, false);
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
        return List.of(
                FrameStream.of(FrameMix.BYTES_64, 1, 2), FrameStream.of("given", given(640)));
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
        return new FrameSchedule(stream, 0, Long.MAX_VALUE, false);
    }

    private FrameArrivals arrivals(final FrameSchedule schedule) {
        return new FrameArrivals(schedule, true, () -> nowNanos);
    }

    private int next(final FrameSchedule schedule) {
        schedule.prepare(memory, 0);
        return schedule.write(memory, 0, nowNanos, metadata);
    }

    private void arrive(final FrameArrivals arrivals, final int length) {
        arrivals.begin();
        arrivals.piece(memory, 0, length);
        arrivals.end(metadata);
    }
}
