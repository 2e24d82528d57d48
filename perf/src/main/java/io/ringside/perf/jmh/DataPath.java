package io.ringside.perf.jmh;

import java.util.Objects;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.results.RunResult;

/**
 * What the two threads of a benchmark allocate while they do its operations, and nothing of what
 * JMH allocates around them: that is some 100 kB an iteration, however many operations it has.
 *
 * <p>JMH sets both counters to zero before each iteration and sums them over all of them.
 *
 * <p>Threads: JMH's.
 */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
public class DataPath {
    private static final String BYTES = "allocatedBytes";
    private static final String OPERATIONS = "operations";

    /** Bytes of heap that both threads allocated. */
    public long allocatedBytes;

    /** How many operations they did meanwhile. */
    public long operations;

    /** Both did so many operations since they had allocated {@code bytesBefore}. */
    void add(final Partner partner, final long bytesBefore, final long moreOperations) {
        allocatedBytes += partner.allocatedBytes() - bytesBefore;
        operations += moreOperations;
    }

    /** Bytes allocated for each operation in all measured iterations. */
    static double bytesPerOperation(final RunResult run) {
        return sum(run, BYTES) / sum(run, OPERATIONS);
    }

    private static double sum(final RunResult run, final String name) {
        return Objects.requireNonNull(run.getSecondaryResults().get(name), name).getScore();
    }
}
