package io.ringside.device.traffic;

import io.ringside.device.frame.FrameMetadata;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes the frames of a {@link Traffic}, one after the other, to any memory.
 *
 * <p>Each length goes round all flows, so that every flow has the same mix. Nothing is allocated; a
 * frame costs a dozen stores. Threads: one.
 */
public final class FrameGenerator {
    private final Traffic traffic;
    private final boolean leavesBlank;
    private final int[] schedule;
    private final long[] sequences;
    private final int framesOfAFlow;
    private int next;
    private long frames;

    /**
     * Starts at the first frame.
     *
     * @param leaveBlank whether the checksum of UDP is left for somebody else to do
     */
    public FrameGenerator(final Traffic traffic, final boolean leaveBlank) {
        this.traffic = traffic;
        this.leavesBlank = leaveBlank;
        this.sequences = new long[traffic.flows()];
        this.framesOfAFlow = traffic.mix().cycle().size();
        this.schedule = new int[traffic.flows() * framesOfAFlow];
        for (int i = 0; i < schedule.length; i++) {
            final int place = i % framesOfAFlow;
            final int flow = (place + i / framesOfAFlow) % traffic.flows();
            final int size = traffic.sizeOf(traffic.mix().cycle().get(place));
            schedule[i] = traffic.row(flow, size);
        }
    }

    /** What it writes. */
    public Traffic traffic() {
        return traffic;
    }

    /** Length of the next frame, in bytes. */
    public int nextBytes() {
        return traffic.lengthOf(schedule[next]);
    }

    /**
     * Writes the next frame.
     *
     * @param memory where {@link Traffic#prepare} has been, or another frame of the same traffic
     * @param offsetBytes where the frame starts
     * @param nowNanos what it says of when it was sent
     * @param metadata becomes what is to be said of the frame
     * @return its length in bytes
     */
    public int write(
            final UnsafeBuffer memory,
            final int offsetBytes,
            final long nowNanos,
            final FrameMetadata metadata) {
        final int row = schedule[next];
        final long sequence = sequences[traffic.flowOf(row)];
        traffic.write(memory, offsetBytes, row, sequence, nowNanos, leavesBlank);
        if (leavesBlank) {
            metadata.checksumBlank(Traffic.TRANSPORT_OFFSET, Traffic.CHECKSUM_OFFSET);
        }
        skip();
        return traffic.lengthOf(row);
    }

    /** Counts the next frame as sent, and writes it nowhere. */
    public void skip() {
        sequences[traffic.flowOf(schedule[next])]++;
        next = next + 1 == schedule.length ? 0 : next + 1;
        frames++;
    }

    /** How many frames there are until all flows have had all lengths once, and it starts over. */
    public int roundFrames() {
        return schedule.length;
    }

    /** Counts so many whole rounds as sent. */
    public void skipRounds(final long rounds) {
        for (int i = 0; i < sequences.length; i++) {
            sequences[i] += rounds * framesOfAFlow;
        }
        frames += rounds * schedule.length;
    }

    /** How many frames were written or skipped. */
    public long frames() {
        return frames;
    }
}
