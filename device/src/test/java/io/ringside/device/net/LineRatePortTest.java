package io.ringside.device.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.device.frame.ChecksumState;
import io.ringside.device.host.Packet;
import io.ringside.device.host.PacketPort;
import io.ringside.device.traffic.FrameChecker;
import io.ringside.device.traffic.FrameGenerator;
import io.ringside.device.traffic.FrameMix;
import io.ringside.device.traffic.LineRate;
import io.ringside.device.traffic.Traffic;
import io.ringside.testkit.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class LineRatePortTest extends PacketPortContract {
    private static final long HOST = 0x0200_0000_0001L;
    private static final long GUEST = 0x0200_0000_0002L;
    private static final int FLOWS = 4;
    private static final int NANOS_OF_A_SECOND = 1_000_000_000;

    private final Traffic toGuest = new Traffic(HOST, GUEST, FLOWS, FrameMix.BYTES_64);
    private final Traffic fromGuest = new Traffic(GUEST, HOST, FLOWS, FrameMix.IMIX);
    private final FrameChecker sink = new FrameChecker(fromGuest, latency -> {});
    private final LineRatePort port =
            new LineRatePort(
                    SLOTS,
                    MAX_FRAME_BYTES,
                    new FrameGenerator(toGuest, false),
                    LineRate.gigabits(10),
                    sink,
                    this::now);
    private long now;
    private boolean started;

    private long now() {
        return now;
    }

    @Override
    PacketPort sender() {
        return port;
    }

    @Override
    PacketPort receiver() {
        return port;
    }

    /** 84 bytes take 67.2 ns at 10 Gbit/s; the fifth part of a nanosecond adds up. */
    @Override
    void arrive(final int frames) {
        if (!started) {
            started = true;
            port.start();
        }
        for (int i = 0; i < frames; i++) {
            now += 68;
            port.tick();
        }
    }

    private static void givesRate(
            final FrameMix mix, final LineRate rate, final long framesOfASecond) {
        final long[] clock = new long[1];
        final Traffic traffic = new Traffic(HOST, GUEST, FLOWS, mix);
        final LineRatePort port =
                new LineRatePort(
                        SLOTS,
                        mix.maxFrameBytes(),
                        new FrameGenerator(traffic, false),
                        rate,
                        new FrameChecker(traffic, latency -> {}),
                        () -> clock[0]);
        port.start();
        for (int i = 0; i < 1000; i++) {
            clock[0] += NANOS_OF_A_SECOND / 1000;
            port.tick();
        }
        assertThat(port.offered()).as("%s %s", mix.name(), rate).isEqualTo(framesOfASecond);
        assertThat(port.offeredInVain()).isEqualTo(framesOfASecond - SLOTS);
        assertThat(port.dropped()).isEqualTo(framesOfASecond - SLOTS);
    }

    /** The numbers are those of RFC 2544, and bits divided by bits for the rest. */
    @Test
    void offersWhatAWireOfItsRateCarries() {
        givesRate(FrameMix.BYTES_64, LineRate.gigabits(1), 1_488_095);
        givesRate(FrameMix.BYTES_64, LineRate.gigabits(10), 14_880_952);
        givesRate(FrameMix.BYTES_64, LineRate.gigabits(25), 37_202_380);
        givesRate(FrameMix.BYTES_64, LineRate.gigabits(40), 59_523_809);
        givesRate(FrameMix.BYTES_64, LineRate.gigabits(100), 148_809_523);
        givesRate(FrameMix.MTU_1500, LineRate.gigabits(10), 812_743);
        givesRate(FrameMix.MTU_9000, LineRate.gigabits(100), 1_383_049);
        givesRate(FrameMix.BYTES_64, LineRate.gigabits(10, 50), 7_440_476);
    }

    /**
     * Seven of 84, four of 614 and one of 1538 bytes on the wire are 4582 bytes; the last 2908 of a
     * second's 1.25 billion bytes are six frames.
     */
    @Test
    void offersAMixInItsOrder() {
        givesRate(FrameMix.IMIX, LineRate.gigabits(10), 1_250_000_000 / 4582 * 12 + 6);
    }

    @Test
    void offersNothingBeforeItStartsOrAfterItStops() {
        now += 1000;
        port.tick();
        assertThat(port.offered()).isZero();
        port.start();
        now += 68;
        assertThat(port.take(port::giveBack, SLOTS)).isEqualTo(1);
        port.stop();
        now += 1000;
        assertThat(port.take(port::giveBack, SLOTS)).isZero();
        port.start();
        now += 66;
        assertThat(port.take(port::giveBack, SLOTS)).isZero();
        now += 2;
        assertThat(port.take(port::giveBack, SLOTS)).isEqualTo(1);
    }

    @Test
    void saysInEachFrameWhenItsLastBitCame() {
        final List<Long> latencies = new ArrayList<>();
        final FrameChecker guest = new FrameChecker(toGuest, latencies::add);
        port.start();
        now = 500;
        port.take(packet -> check(guest, packet, 500), 7);
        assertThat(latencies).containsExactly(432L, 365L, 298L, 231L, 164L, 96L, 29L);
    }

    private static void check(final FrameChecker guest, final Packet packet, final long now) {
        assertThat(guest.check(packet.segment(0), 0, packet.totalBytes(), packet.metadata(), now))
                .isIn(FrameChecker.Verdict.IN_ORDER, FrameChecker.Verdict.AFTER_A_GAP);
    }

    @Test
    void losesWhatNobodyTookAndNothingElse() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        final FrameChecker guest = new FrameChecker(toGuest, latency -> {});
        port.start();
        for (int step = 0; step < 20_000; step++) {
            now += random.nextInt(500);
            port.take(
                    packet -> {
                        check(guest, packet, now);
                        port.giveBack(packet);
                    },
                    random.nextInt(SLOTS));
        }
        port.stop();
        port.take(port::giveBack, SLOTS);
        assertThat(port.offeredInVain()).as(seed.toString()).isPositive();
        assertThat(guest.corrupt() + guest.foreign() + guest.duplicates() + guest.late())
                .as(seed.toString())
                .isZero();
        assertThat(guest.missing())
                .as(seed.toString())
                .isBetween(port.offeredInVain() - 10 * SLOTS, port.offeredInVain());
    }

    @Test
    void skipsAsManyFramesInOneLongPauseAsInManyShortOnes() {
        final LineRatePort other =
                new LineRatePort(
                        SLOTS,
                        MAX_FRAME_BYTES,
                        new FrameGenerator(fromGuest, false),
                        LineRate.gigabits(40),
                        sink,
                        this::now);
        final LineRatePort twin =
                new LineRatePort(
                        SLOTS,
                        MAX_FRAME_BYTES,
                        new FrameGenerator(fromGuest, false),
                        LineRate.gigabits(40),
                        sink,
                        this::now);
        other.start();
        twin.start();
        for (int i = 0; i < 10_000; i++) {
            now += 137;
            twin.tick();
        }
        other.tick();
        assertThat(other.offered()).isEqualTo(twin.offered());
        now += 10_000;
        other.take(other::giveBack, SLOTS);
        twin.take(twin::giveBack, SLOTS);
        final List<String> frames = new ArrayList<>();
        now += 1000;
        other.take(packet -> frames.add(bytes(packet)), SLOTS);
        twin.take(packet -> assertThat(bytes(packet)).isEqualTo(frames.removeFirst()), SLOTS);
        assertThat(frames).isEmpty();
    }

    @Test
    void hasANextFrameForWhoeverTakesItWithoutALimit() {
        final LineRatePort fast =
                new LineRatePort(
                        SLOTS,
                        MAX_FRAME_BYTES,
                        new FrameGenerator(toGuest, false),
                        LineRate.UNLIMITED,
                        sink,
                        this::now);
        final int[] wakes = new int[1];
        fast.wakeWith(() -> wakes[0]++);
        assertThat(fast.take(fast::giveBack, 5)).isZero();
        fast.start();
        fast.tick();
        assertThat(wakes[0]).isEqualTo(1);
        final FrameChecker guest = new FrameChecker(toGuest, latency -> {});
        for (int i = 0; i < 1000; i++) {
            assertThat(
                            fast.take(
                                    packet -> {
                                        check(guest, packet, now);
                                        fast.giveBack(packet);
                                    },
                                    5))
                    .isEqualTo(5);
        }
        assertThat(guest.received()).isEqualTo(5000);
        assertThat(guest.missing()).isZero();
        assertThat(fast.take(packet -> {}, SLOTS + 1)).isEqualTo(SLOTS);
        assertThat(fast.take(packet -> {}, 1)).isZero();
        assertThat(fast.dropped()).isZero();
    }

    @Test
    void checksWhatIsSentInAnyPieces() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        final FrameGenerator guest = new FrameGenerator(fromGuest, true);
        fromGuest.prepare(memory, 0);
        for (int i = 0; i < 500; i++) {
            packet.reset();
            final int lengthBytes = guest.write(memory, 0, now, packet.metadata());
            final int first = 1 + random.nextInt(lengthBytes - 1);
            packet.add(memory, 0, first).add(memory, first, lengthBytes - first);
            assertThat(packet.metadata().checksum()).isEqualTo(ChecksumState.BLANK);
            assertThat(port.send(packet)).isTrue();
        }
        assertThat(sink.received()).as(seed.toString()).isEqualTo(500);
        assertThat(sink.missing() + sink.corrupt() + sink.foreign()).isZero();
        assertThat(port.checker()).isSameAs(sink);
    }

    @Test
    void refusesFramesThatDoNotFitIn() {
        assertThatThrownBy(() ->
                        new LineRatePort(
                                SLOTS,
                                1513,
                                new FrameGenerator(fromGuest, false),
                                LineRate.UNLIMITED,
                                sink,
                                this::now))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("maxFrameBytes=1513");
    }
}
