package io.ringside.perf.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ringside.device.traffic.FrameMix;
import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.CrossingCosts;
import io.ringside.perf.scenario.NetDevices;
import io.ringside.perf.scenario.NetDirection;
import io.ringside.perf.scenario.NetRigs;
import io.ringside.perf.scenario.NetScenario;
import io.ringside.perf.scenario.RunControl;
import io.ringside.perf.scenario.UsageException;
import io.ringside.perf.scenario.Variant;
import io.ringside.perf.scenario.WakeupMode;
import io.ringside.perf.workload.FrameStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real runs of every card: every frame arrives, once, in order, and unaltered. */
class NetBenchTest {
    private static final int FRAMES = 3000;

    static Stream<Arguments> everyCardAndWay() throws UsageException {
        final List<Arguments> rows = new ArrayList<>();
        for (final Variant card : NetDevices.ALL.rows(List.of(), List.of())) {
            for (final NetDirection direction : NetDirection.values()) {
                for (final WakeupMode wakeups : WakeupMode.values()) {
                    rows.add(Arguments.of(card, direction, wakeups));
                }
            }
        }
        return rows.stream();
    }

    @ParameterizedTest
    @MethodSource("everyCardAndWay")
    void carriesAStreamThatIsGivenFrameForFrame(
            final Variant card, final NetDirection direction, final WakeupMode wakeups)
            throws Exception {
        for (final int queues : new int[] {1, 2}) {
            final NetScenario scenario = scenario(direction, wakeups, 0, queues);
            final NetResult.Run run =
                    new NetBench(
                                    scenario,
                                    FrameStream.of("random", randomFrames(card)),
                                    RunControl.NONE)
                            .frames(card, FRAMES);
            assertThat(run.verified()).as("%s", run).isTrue();
            assertThat(run.arrived()).isEqualTo(FRAMES);
            assertThat(run.losses().total()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("everyCardAndWay")
    void carriesFramesThatAreMadeUp(
            final Variant card, final NetDirection direction, final WakeupMode wakeups)
            throws Exception {
        for (final FrameMix mix :
                List.of(FrameMix.BYTES_64, FrameMix.IMIX, FrameMix.MTU_1500, FrameMix.MTU_9000)) {
            final FrameStream stream = FrameStream.of(mix, NetRigs.WIRE_MAC, NetRigs.GUEST_MAC);
            if (stream.maxFrameBytes() > NetRigs.mostFrameBytes(card)) {
                continue;
            }
            final NetResult.Run run =
                    new NetBench(scenario(direction, wakeups, 0, 1), stream, RunControl.NONE)
                            .frames(card, 4 * FRAMES);
            assertThat(run.verified()).as("%s", run).isTrue();
            assertThat(run.arrived()).isEqualTo(4 * FRAMES);
            assertThat(run.latency().getTotalCount()).isGreaterThanOrEqualTo(4 * FRAMES / 7);
        }
    }

    @Test
    void measuresTheHighestRateAndTheLatencyBelowIt() throws Exception {
        for (final NetDirection direction : NetDirection.values()) {
            final FrameStream stream =
                    FrameStream.of(FrameMix.IMIX, NetRigs.WIRE_MAC, NetRigs.GUEST_MAC);
            final NetResult result =
                    new NetBench(
                                    scenario(direction, WakeupMode.SLEEP, 1, 1),
                                    stream,
                                    RunControl.NONE)
                            .measure(NetDevices.ALL.plain(NetDevices.IDEAL));
            for (final NetResult.Run run :
                    List.of(result.highest(), result.half(), result.most())) {
                assertThat(run.verified()).as("%s", result).isTrue();
                assertThat(run.latency().getTotalCount() > 0)
                        .as("every seventh frame: %s", result)
                        .isEqualTo(run.arrived() >= 7);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"netvsc", "netvsc+aggregation", "xen-netfront", "xen-netfront+staging"})
    void countsWhatEitherHalfCopies(final String card) throws Exception {
        final FrameStream stream =
                FrameStream.of(FrameMix.BYTES_64, NetRigs.WIRE_MAC, NetRigs.GUEST_MAC);
        for (final NetDirection direction : NetDirection.values()) {
            final NetResult.Run run =
                    new NetBench(
                                    scenario(direction, WakeupMode.POLL, 0, 1),
                                    stream,
                                    RunControl.NONE)
                            .frames(NetDevices.ALL.variant(card), FRAMES);
            final long guest = run.use().frontend().bytesCopied();
            final long host = run.use().backend().bytesCopied();
            final long payload = 60L * run.arrived();
            if (card.startsWith("xen") || direction == NetDirection.RX) {
                assertThat(host).as("%s", run).isGreaterThanOrEqualTo(payload);
            } else {
                // A frame that finds no free section of the send buffer goes by its pages.
                assertThat(guest).as("%s", run).isPositive().isLessThanOrEqualTo(payload);
                assertThat(host).as("%s", run).isZero();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"rtl8139, TX, 3", "rtl8139, RX, 2.3125", "e1000, TX, 0.0625", "e1000, RX, 0.0625"})
    void countsEveryExitOfAnEmulatedCard(
            final String card, final NetDirection direction, final double exitsPerFrame)
            throws Exception {
        final FrameStream stream =
                FrameStream.of(FrameMix.BYTES_64, NetRigs.WIRE_MAC, NetRigs.GUEST_MAC);
        for (final WakeupMode wakeups : WakeupMode.values()) {
            final NetResult.Run run =
                    new NetBench(scenario(direction, wakeups, 0, 1), stream, RunControl.NONE)
                            .frames(NetDevices.ALL.variant(card), 64_000);
            // RTL8139: a status out a frame, one in, and four a group of four; or a look at the
            // ring and its offset, and five a group of sixteen. 82540EM: four a group of 64.
            assertThat(run.use().frontend().exits() / 64_000.0)
                    .as("%s", run)
                    .isCloseTo(exitsPerFrame, within(0.01));
            assertThat(run.use().frontend().count(Crossing.KICK)).isZero();
        }
    }

    private static NetScenario scenario(
            final NetDirection direction,
            final WakeupMode wakeups,
            final int gigabits,
            final int queues) {
        return new NetScenario(
                "test", direction, gigabits, queues, 0.2, wakeups, CrossingCosts.COUNTS);
    }

    private static List<byte[]> randomFrames(final Variant card) {
        final SplittableRandom random = new SplittableRandom(5);
        final List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < FRAMES; i++) {
            final byte[] frame = new byte[random.nextInt(14, NetRigs.mostFrameBytes(card) - 14)];
            random.nextBytes(frame);
            frame[0] &= (byte) ~1;
            frames.add(frame);
        }
        return frames;
    }
}
