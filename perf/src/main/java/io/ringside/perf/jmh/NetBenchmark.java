package io.ringside.perf.jmh;

import io.ringside.hypervisor.CrossingCosts;
import io.ringside.perf.measure.RigRun;
import io.ringside.perf.scenario.NetDevices;
import io.ringside.perf.scenario.NetDirection;
import io.ringside.perf.scenario.NetRig;
import io.ringside.perf.scenario.NetRigs;
import io.ringside.perf.scenario.NetScenario;
import io.ringside.perf.scenario.RunControl;
import io.ringside.perf.scenario.WakeupMode;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.Agent;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Frames a second through a whole network card, both halves on a thread of their own that polls, or
 * on one thread where a model runs inside the guest's exits; crossings are counted and charged
 * nothing.
 *
 * <p>One invocation moves {@link #FRAMES} frames; one operation is one frame, from the sender to
 * its checked arrival.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
        value = 3,
        jvmArgsAppend = {
            "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"
        })
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class NetBenchmark {
    /** Frames of one invocation. */
    public static final int FRAMES = 1 << 16;

    /** The card, by its name in every report. */
    @Param("xen-netfront")
    public String card = "xen-netfront";

    /** Which way the frames go: tx or rx. */
    @Param({"tx", "rx"})
    public String direction = "tx";

    /** Bytes of one frame, without the frame check sequence. */
    @Param({"60", "1514"})
    public int frameBytes;

    private @Nullable NetRig rig;
    private @Nullable BenchPort port;
    private @Nullable Agent frontend;
    private @Nullable NetFrames frames;
    private @Nullable Partner host;

    /** Connects the card and starts the host's thread. */
    @Setup(Level.Trial)
    public void start() throws Exception {
        final NetScenario scenario =
                new NetScenario(
                        "flood",
                        NetDirection.valueOf(direction.toUpperCase(Locale.ROOT)),
                        0,
                        1,
                        1,
                        WakeupMode.POLL,
                        CrossingCosts.COUNTS);
        final BenchPort network = new BenchPort(frameBytes);
        final NetRig made = NetRigs.of(NetDevices.ALL.variant(card), scenario, network);
        new RigRun(made, WakeupMode.POLL, RunControl.NONE).connect();
        final Agent backend = made.backend();
        rig = made;
        port = network;
        frontend = backend == null ? telling(made.frontend(), network) : made.frontend();
        frames = new NetFrames(made.card(), made.halves(), frameBytes);
        final Agent inHost = backend == null ? null : telling(backend, network);
        host = Partner.start("host", () -> inHost == null ? 0 : inHost.doWork());
    }

    /** The agent whose thread the network belongs to. */
    private static Agent telling(final Agent agent, final BenchPort network) {
        return new Agent() {
            @Override
            public int doWork() throws Exception {
                final int work = agent.doWork();
                if (work == 0) {
                    network.tell();
                }
                return work;
            }

            @Override
            public String roleName() {
                return agent.roleName();
            }
        };
    }

    /** Stops the host's thread, and fails the trial if it had failed. */
    @TearDown(Level.Trial)
    public void stop() throws InterruptedException {
        if (host != null) {
            host.stop();
        }
        if (rig != null) {
            rig.close();
        }
    }

    /** Moves {@link #FRAMES} frames. */
    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public void move(final DataPath path) throws Exception {
        final NetFrames each = frames;
        final Agent guest = frontend;
        final Partner partner = host;
        final BenchPort network = port;
        if (each == null || guest == null || partner == null || network == null) {
            throw new IllegalStateException("not started: card=" + card);
        }
        final long bytesBefore = partner.allocatedBytes();
        final long end;
        final boolean sends = direction.equals("tx");
        if (sends) {
            each.add(FRAMES);
            end = each.sent() + FRAMES;
        } else {
            network.ask(FRAMES);
            end = each.received() + FRAMES;
        }
        while (sends ? network.sent() != end || !each.isSettled() : each.received() != end) {
            if (each.send() + guest.doWork() == 0) {
                partner.idle();
            }
        }
        each.send(); // What was given back last.
        path.add(partner, bytesBefore, FRAMES);
    }
}
