package io.ringside.perf.jmh;

import io.ringside.device.media.Access;
import io.ringside.device.media.RamStore;
import io.ringside.hypervisor.CrossingCosts;
import io.ringside.perf.measure.DiskRun;
import io.ringside.perf.scenario.DiskDevices;
import io.ringside.perf.scenario.DiskPattern;
import io.ringside.perf.scenario.DiskRig;
import io.ringside.perf.scenario.DiskRigs;
import io.ringside.perf.scenario.DiskScenario;
import io.ringside.perf.scenario.RunControl;
import io.ringside.perf.scenario.WakeupMode;
import java.io.ByteArrayInputStream;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;
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
 * Random reads a second through a whole disk, both halves on a thread of their own that polls, on a
 * medium in memory; crossings are counted and charged nothing.
 *
 * <p>One invocation does {@link #READS} reads; one operation is one read, from its submission to
 * its checked completion.
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
public class DiskBenchmark {
    /** Reads of one invocation. */
    public static final int READS = 1 << 14;

    private static final int SECTOR_BYTES = 512;

    /** The disk, by its name in every report. */
    @Param("xen-blkfront")
    public String device = "xen-blkfront";

    /** Bytes of one read. */
    @Param("4096")
    public int blockBytes;

    /** Reads in flight. */
    @Param("32")
    public int depth;

    /** Bytes of the medium, a power of two; a small one stays in the processor's cache. */
    @Param("1048576")
    public int mediumBytes;

    private @Nullable RamStore store;
    private @Nullable DiskRig rig;
    private @Nullable Agent frontend;
    private @Nullable DiskReads reads;
    private @Nullable Partner host;

    /** Connects the disk and starts the host's thread. */
    @Setup(Level.Trial)
    public void start() throws Exception {
        final DiskScenario scenario =
                new DiskScenario(
                        DiskPattern.RANDREAD,
                        blockBytes,
                        depth,
                        0,
                        0,
                        1,
                        WakeupMode.POLL,
                        CrossingCosts.COUNTS);
        final RamStore stamped = stamped();
        store = stamped;
        final DiskRig made = DiskRigs.of(DiskDevices.ALL.variant(device), scenario, stamped);
        rig = made;
        new DiskRun(made, scenario, RunControl.NONE).connect();
        frontend = made.frontend();
        reads =
                new DiskReads(
                        made.disk(),
                        made.halves().guestMemory(),
                        made.halves().guestFrames(),
                        blockBytes,
                        mediumBytes / blockBytes,
                        depth);
        final Agent backend = made.backend();
        host = Partner.start("host", backend == null ? () -> 0 : backend::doWork);
    }

    private RamStore stamped() throws Exception {
        final byte[] bytes = new byte[mediumBytes];
        final UnsafeBuffer block = new UnsafeBuffer(bytes);
        for (int at = 0; at < mediumBytes; at += blockBytes) {
            block.wrap(bytes, at, blockBytes);
            DiskReads.stamp(block, at / blockBytes);
        }
        return RamStore.loadedFrom(
                new ByteArrayInputStream(bytes), mediumBytes / SECTOR_BYTES, Access.READ_WRITE);
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
        if (store != null) {
            store.close();
        }
    }

    /** Does {@link #READS} reads. */
    @Benchmark
    @OperationsPerInvocation(READS)
    public void read(final DataPath path) throws Exception {
        final DiskReads each = reads;
        final Agent guest = frontend;
        final Partner partner = host;
        if (each == null || guest == null || partner == null) {
            throw new IllegalStateException("not started: device=" + device);
        }
        final long bytesBefore = partner.allocatedBytes();
        each.add(READS);
        while (!each.isDone()) {
            if (each.start() + guest.doWork() == 0) {
                partner.idle();
            }
        }
        path.add(partner, bytesBefore, READS);
    }
}
