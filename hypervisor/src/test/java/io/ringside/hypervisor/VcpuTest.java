package io.ringside.hypervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class VcpuTest {
    private static final CrossingCosts COSTS =
            new CrossingCosts(
                    "test", "made up", Map.of(Crossing.HYPERCALL, 1000, Crossing.MMIO_EXIT, 2500));

    private final SteppingClock clock = new SteppingClock();

    /** Goes on by one step each time it is read. */
    private static final class SteppingClock implements Clock {
        private long now = -50;
        private int stepNanos = 1;
        private int reads;

        @Override
        public long nanoTime() {
            reads++;
            now += stepNanos;
            return now;
        }
    }

    @Test
    void countsEachKindOfCrossingApart() {
        final Vcpu vcpu = new Vcpu("guest", CrossingCosts.COUNTS, clock);
        int times = 1;
        for (final Crossing crossing : Crossing.values()) {
            vcpu.cross(crossing);
            vcpu.cross(crossing, times);
            times++;
        }
        times = 1;
        for (final Crossing crossing : Crossing.values()) {
            assertThat(vcpu.count(crossing)).as("%s", crossing).isEqualTo(times + 1);
            times++;
        }
        assertThat(vcpu.name()).isEqualTo("guest");
    }

    @Test
    void chargesAHandOverAndNothingForItsKick() {
        final long[] stalled = new long[1];
        final Toll toll =
                new Toll() {
                    @Override
                    public void stall(final long nanos) {
                        stalled[0] += nanos;
                    }

                    @Override
                    public void copied(final long lengthBytes) {
                        stalled[0] += lengthBytes;
                    }
                };
        final CrossingCosts costs =
                new CrossingCosts("x", "y", Map.of(Crossing.KICK, 7), Map.of(), 6000);
        final Vcpu vcpu = new Vcpu("guest", costs, toll);
        vcpu.handOver();
        vcpu.handOver();
        vcpu.crossUncharged(Crossing.KICK);
        assertThat(vcpu.count(Crossing.KICK)).isEqualTo(3);
        assertThat(stalled[0]).isEqualTo(12_000);
        vcpu.cross(Crossing.KICK);
        assertThat(stalled[0]).isEqualTo(12_007);
    }

    @Test
    void addsUpWhatIsCopiedAndNeverChargesIt() {
        final Vcpu vcpu = new Vcpu("guest", COSTS, clock);
        vcpu.copied(4096);
        vcpu.copied(1L << 40);

        assertThat(vcpu.bytesCopied()).isEqualTo((1L << 40) + 4096);
        assertThat(clock.reads).isZero();
    }

    @Test
    void readsNoClockForACrossingThatCostsNothing() {
        final Vcpu counting = new Vcpu("guest", CrossingCosts.COUNTS, clock);
        for (final Crossing crossing : Crossing.values()) {
            counting.cross(crossing, 1000);
        }
        final Vcpu charging = new Vcpu("guest", COSTS, clock);
        charging.cross(Crossing.KICK, 1000);
        charging.cross(Crossing.HYPERCALL, 0);

        assertThat(clock.reads).isZero();
    }

    @Test
    void stallsForExactlyTheCostOfACrossing() {
        final Vcpu vcpu = new Vcpu("guest", COSTS, clock);
        vcpu.cross(Crossing.HYPERCALL);
        assertThat(clock.reads).isEqualTo(1 + 1000);

        vcpu.cross(Crossing.MMIO_EXIT);
        assertThat(clock.reads).isEqualTo(1 + 1000 + 1 + 2500);
    }

    @Test
    void stallsOnceForCrossingsChargedTogether() {
        final Vcpu vcpu = new Vcpu("guest", COSTS, clock);
        vcpu.cross(Crossing.HYPERCALL, 3);

        assertThat(clock.reads).isEqualTo(1 + 3000);
        assertThat(vcpu.count(Crossing.HYPERCALL)).isEqualTo(3);
    }

    @Test
    void chargesMoreNanosecondsThanAnIntHolds() {
        clock.stepNanos = 1_000_000_000;
        final Vcpu vcpu = new Vcpu("guest", COSTS, clock);
        vcpu.cross(Crossing.HYPERCALL, 5_000_000);

        assertThat(clock.reads).isEqualTo(1 + 5);
    }

    @Test
    void stallsAcrossTheWrapOfItsClock() {
        clock.now = Long.MAX_VALUE - 10;
        final Vcpu vcpu = new Vcpu("guest", COSTS, clock);
        vcpu.cross(Crossing.HYPERCALL);

        assertThat(clock.reads).isEqualTo(1 + 1000);
    }

    @Test
    void tellsItsTollOfEveryChargeAndCopyAtOnce() {
        final RecordingToll toll = new RecordingToll();
        final Vcpu vcpu = new Vcpu("guest", COSTS, toll);
        vcpu.cross(Crossing.MMIO_EXIT, 3);
        vcpu.cross(Crossing.KICK);
        vcpu.copied(60);

        assertThat(toll.stalledNanos).isEqualTo(7500);
        assertThat(toll.stalls).isEqualTo(1);
        assertThat(toll.copiedBytes).isEqualTo(60);
    }

    private static final class RecordingToll implements Toll {
        private long stalledNanos;
        private int stalls;
        private long copiedBytes;

        @Override
        public void stall(final long nanos) {
            stalledNanos += nanos;
            stalls++;
        }

        @Override
        public void copied(final long lengthBytes) {
            copiedBytes += lengthBytes;
        }
    }
}
