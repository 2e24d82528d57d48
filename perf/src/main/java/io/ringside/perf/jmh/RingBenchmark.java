package io.ringside.perf.jmh;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
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
 * Messages a second between two threads, whole: sent, received, checked, and where the ring has
 * replies, replied to.
 *
 * <p>One invocation sends {@link #BURST} messages in batches and waits until the receiver has them
 * all; one operation is one message. A thread that finds nothing to do pauses for 20 spin-waits;
 * all rings run in the same loops.
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
public class RingBenchmark {
    /** Messages of one invocation. */
    public static final int BURST = 1 << 16;

    /** The ring, by its name in tables. */
    @Param({"byte-ring", "slot-ring", "agrona-one-to-one", "disruptor", "jctools-spsc"})
    public String ring = "slot-ring";

    /** Bytes of one message. */
    @Param({"64", "256", "1500", "4096"})
    public int payloadBytes;

    /** Messages published at once, where the ring can. */
    @Param({"1", "32"})
    public int batch;

    private final AtomicLong received = new AtomicLong();
    private @Nullable Transfer transfer;
    private @Nullable Partner receiver;
    private long sent;
    private long taken; // The receiver's.

    /** Makes the ring and starts the receiver. */
    @Setup(Level.Trial)
    public void start() {
        final Transfer made = Transfer.named(ring, payloadBytes, batch);
        transfer = made;
        receiver = Partner.start("receiver", () -> receive(made));
    }

    /** Stops the receiver and fails the trial if it had failed. */
    @TearDown(Level.Trial)
    public void stop() throws InterruptedException {
        if (receiver != null) {
            receiver.stop();
        }
        if (transfer != null) {
            transfer.close();
        }
    }

    /** Sends one burst, and waits for its end. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public long transfer(final DataPath path) {
        final Transfer to = transfer;
        final Partner partner = receiver;
        if (to == null || partner == null) {
            throw new IllegalStateException("not started");
        }
        final long bytesBefore = partner.allocatedBytes();
        final int limit = batch;
        int left = BURST;
        while (left > 0) {
            final int count = to.send(Math.min(limit, left));
            left -= count;
            if (count == 0) {
                partner.idle();
            }
        }
        sent += BURST;
        while (received.getAcquire() != sent || !to.settled()) {
            partner.idle();
        }
        path.add(partner, bytesBefore, BURST);
        return sent;
    }

    private int receive(final Transfer from) {
        final int count = from.receive(batch);
        if (count == 0) {
            // Told only when caught up, so that telling costs the sender nothing.
            received.setRelease(taken);
        }
        taken += count;
        return count;
    }
}
